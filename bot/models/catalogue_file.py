"""Reading the catalogue's files: the built-in one, and an operator's on top of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import SettingsError
from bot.models.endpoints import EndpointEntry
from bot.models.model import OPENROUTER, Effort, Model, Reasoning, Temperature
from bot.models.naming import key_of

LONGEST_DISPLAY_NAME = 60
"""Discord allows 80 characters for a persona's name, and `AI-10 (…)` is around this one."""


def _speakable(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_DISPLAY_NAME or not name.isprintable() or set(name) & set('"[]()'):
        raise ValueError(f"should be a name of 1 to {LONGEST_DISPLAY_NAME} characters without quotes or brackets")
    return name


def _web_address(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?", url):
        raise ValueError("should be an address such as http://127.0.0.1:11434/v1, without a user, password or query")
    return url


def _variable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise ValueError("should be the name of a variable of the environment such as HOME_KEY, not the key itself")
    return name


_Name = Annotated[str, AfterValidator(_speakable)]
_Url = Annotated[str, AfterValidator(_web_address)]
_Variable = Annotated[str, AfterValidator(_variable)]
_Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _TemperatureTable(_Entry):
    kind: Literal["range", "fixed", "ignored"] = "range"
    low: float = Field(0, ge=0, le=2)
    high: float = Field(2, ge=0, le=2)
    default: float | None = Field(None, ge=0, le=2)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError("low should not be above high")
        if self.kind == "fixed" and self.default is None:
            raise ValueError("a fixed temperature should say which in default")
        return self


class _ModelTable(_Entry):
    name: _Name
    aliases: tuple[_Name, ...] = ()
    id: str = Field(min_length=1, max_length=200)
    endpoint: str = OPENROUTER
    sees_images: bool = False
    temperature: _TemperatureTable = Field(default_factory=_TemperatureTable.model_construct)
    reasoning: Reasoning = "none"
    least_effort: Effort | None = None
    context_tokens: int = Field(8_192, ge=1_024)
    max_output_tokens: int = Field(4_096, ge=16)
    usd_per_million_prompt_tokens: _Price | None = None
    usd_per_million_completion_tokens: _Price | None = None
    retired: str = ""
    instead: tuple[str, ...] = ()

    def model(self) -> Model:
        values = {field.name: getattr(self, field.name) for field in fields(Model)}
        values["temperature"] = Temperature(**self.temperature.model_dump())
        values["retired"] = self.retired.strip() or None
        return Model(**values)


class _EndpointTable(_Entry):
    base_url: _Url
    key_env: _Variable | None = None


class _File(_Entry):
    models: tuple[dict[str, object], ...] = ()
    endpoints: dict[_Name, dict[str, object]] = {}


@dataclass(frozen=True, slots=True)
class _Sourced:
    """A table, and the file to blame for it."""

    table: Mapping[str, object]
    path: Path


def read_catalogue(packaged: Path, own: Path | None) -> tuple[tuple[Model, ...], dict[str, EndpointEntry]]:
    """Return the models and endpoints of `packaged` with those of `own` added, or laid over them by name.

    Raises:
        SettingsError: a file cannot be read, or an entry is not what it should be.
    """
    models: dict[str, _Sourced] = {}
    endpoints: dict[str, EndpointEntry] = {}
    for path in (packaged, own):
        if path is not None:
            file = _read_file(path)
            _lay_over(models, file.models, path)
            endpoints |= _endpoints(file, path, allow_openrouter=path is packaged)
    read = tuple(_model(entry, endpoints) for entry in models.values())
    _check_replacements(read, models.values())
    return read, endpoints


def _read_file(path: Path) -> _File:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"MODELS_FILE: {path} cannot be read: {error.strerror or error}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"MODELS_FILE: {path} is not valid TOML: {error}.") from None
    try:
        return _File.model_validate(tables)
    except ValidationError as error:
        raise _unusable(path, "its tables should be [[models]] and [endpoints.NAME]", error) from None


def _lay_over(models: dict[str, _Sourced], tables: Iterable[Mapping[str, object]], path: Path) -> None:
    seen: set[str] = set()
    for table in tables:
        key = key_of(str(table.get("name", "")))
        if key and key in seen:
            raise SettingsError(f'MODELS_FILE: {path}: the model "{table["name"]}" stands there twice.')
        seen.add(key)
        below: Mapping[str, object] = models[key].table if key in models else {}
        models[key] = _Sourced({**below, **table, **_name_of(below)}, path)


def _name_of(table: Mapping[str, object]) -> dict[str, object]:
    return {"name": table["name"]} if "name" in table else {}


def _endpoints(file: _File, path: Path, *, allow_openrouter: bool) -> dict[str, EndpointEntry]:
    if OPENROUTER in file.endpoints and not allow_openrouter:
        raise SettingsError(
            f"MODELS_FILE: {path}: the endpoint openrouter is set by OPENROUTER_BASE_URL and "
            "OPENROUTER_API_KEY; give an endpoint of your own another name."
        )
    return {name: _endpoint(name, table, path) for name, table in file.endpoints.items()}


def _endpoint(name: str, table: Mapping[str, object], path: Path) -> EndpointEntry:
    try:
        return EndpointEntry(name, **_EndpointTable.model_validate(table).model_dump())
    except ValidationError as error:
        raise _unusable(path, f'endpoint "{name}"', error) from None


def _model(entry: _Sourced, endpoints: Mapping[str, EndpointEntry]) -> Model:
    called = f'model "{entry.table.get("name", "(without a name)")}"'
    try:
        model = _ModelTable.model_validate(entry.table).model()
    except ValidationError as error:
        raise _unusable(entry.path, called, error) from None
    if model.endpoint not in endpoints:
        known = ", ".join(endpoints)
        raise SettingsError(
            f'MODELS_FILE: {entry.path}: {called}: endpoint should be one of {known}, not "{model.endpoint}".'
        )
    return model


def _check_replacements(models: Iterable[Model], entries: Iterable[_Sourced]) -> None:
    known = {model.name for model in models}
    for model, entry in zip(models, entries, strict=True):
        missing = [name for name in model.instead if name not in known]
        if missing:
            raise SettingsError(
                f'MODELS_FILE: {entry.path}: model "{model.name}": instead names {", ".join(missing)}, '
                "which should be the display name of a model in the catalogue."
            )


def _unusable(path: Path, entry: str, error: ValidationError) -> SettingsError:
    problems = [
        f"{'.'.join(str(part) for part in problem['loc']) or 'it'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return SettingsError(f"MODELS_FILE: {path}: {entry}: {'; '.join(problems)}.")
