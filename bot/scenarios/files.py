"""Reading scenarios from their files: the built-in ones, and an operator's own beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.errors import SettingsError
from bot.room.state import SEATS_IN_A_ROOM
from bot.scenarios.scenario import Scenario

_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\r\n]+$")]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    title: Annotated[_Line, Field(max_length=60)]
    summary: _Line
    prompt: _Words
    opening: _Words
    cast: Annotated[list[_Line], Field(min_length=1, max_length=SEATS_IN_A_ROOM)]
    adult: bool = False


def read_scenarios(own: Path | None = None) -> list[Scenario]:
    """Return the built-in scenarios in the order of their files, then those of the folder `own`.

    One of a built-in's title takes its place.

    Raises:
        SettingsError: the folder or a file in it cannot be used; the sentence names it.
    """
    found = {scenario.title.casefold(): scenario for scenario in _read_all(resources.files("bot.scenarios").iterdir())}
    if own is not None:
        try:
            files = list(own.iterdir())
        except OSError as error:
            raise SettingsError(f"SCENARIOS_FOLDER: {own} cannot be read: {error.strerror}.") from None
        for scenario in _read_all(files):
            found[scenario.title.casefold()] = scenario
    return list(found.values())


def _read_all(files: Iterable[Traversable]) -> list[Scenario]:
    ours = sorted((file for file in files if file.name.endswith(".toml")), key=lambda file: file.name)
    return [_read(file) for file in ours]


def _read(file: Traversable) -> Scenario:
    try:
        fields = _File.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"SCENARIOS_FOLDER: {file} is no TOML that can be read: {error}") from None
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False)]
        raise SettingsError(f"SCENARIOS_FOLDER: {file}: {'; '.join(problems)}.") from None
    key = file.name.removesuffix(".toml").split("-", 1)[-1]
    return Scenario(key, fields.title, fields.summary, fields.prompt, fields.opening, tuple(fields.cast), fields.adult)
