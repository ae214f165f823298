"""The catalogue: every model that can be invited, by whatever name people and AIs call it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bot.errors import SettingsError
from bot.models.catalogue_file import read_catalogue
from bot.models.endpoints import EndpointEntry
from bot.models.model import Model, Temperature
from bot.models.naming import Names

__all__ = ["AUTOCOMPLETE_LIMIT", "Catalogue", "Model", "Temperature"]

PACKAGED = Path(__file__).with_name("catalogue.toml")

AUTOCOMPLETE_LIMIT = 25
"""Discord shows no more choices."""


class Catalogue:
    """All models, in the order in which people are offered them, and the endpoints that they name.

    Raises:
        SettingsError: two models go by the same name or alias.
    """

    def __init__(self, models: Sequence[Model], endpoints: Mapping[str, EndpointEntry] | None = None) -> None:
        self.models = tuple(models)
        self.endpoints: Mapping[str, EndpointEntry] = MappingProxyType(dict(endpoints or {}))
        self._names = Names(self.models)

    @classmethod
    def load(cls, models_file: Path | None = None) -> Catalogue:
        """Read the built-in catalogue, and `models_file` on top: it adds models or changes them by name.

        Raises:
            SettingsError: a file cannot be read, or an entry is not what it should be.
        """
        return _read(models_file) if models_file else _built_in()

    def resolve(self, name: str) -> Model:
        """Return the one model that `name` means: name, alias or id in any spelling, or one word of it mistyped.

        Raises:
            ModelNotFound: it means none or could mean several. No other model is ever taken in its place.
        """
        return self._names.resolve(name)

    def search(self, text: str, limit: int = AUTOCOMPLETE_LIMIT) -> list[Model]:
        """Return what to offer a person who has typed `text` so far, best first."""
        return self._names.search(text, limit)


@cache
def _built_in() -> Catalogue:
    return _read(None)


def _read(models_file: Path | None) -> Catalogue:
    models, endpoints = read_catalogue(PACKAGED, models_file)
    try:
        return Catalogue(models, endpoints)
    except SettingsError as error:
        raise SettingsError(f"MODELS_FILE: {models_file or PACKAGED}: {error}") from None
