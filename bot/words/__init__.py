"""In which language the house speaks: English, or what a folder here makes of its sentences.

A sentence is written in English where it is said, as `t("{name} paused the room.", name=name)`, and that English is its
key in the TOML files of each language's folder. Where nobody knows yet who is told, as in an error, `later` keeps it
for `t`; a log and a terminal show its English. What AIs are told, and lines in the manner of the room such as
`[AI-2 adjusted their temperature]`, are not translated: they are how a room works, the same everywhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any, Self

ENGLISH = "en"
WITH_DECIMAL_COMMA = frozenset({"de"})
LOCALES_REMEMBERED = 64
"""Discord has 34, and asks for every name and description of a command in each."""
_COMMA_FOR_POINT = str.maketrans(".,", ",.")

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)
_language_of_asker: ContextVar[str] = ContextVar("language_of_asker", default=ENGLISH)


def t(sentence: str, /, **values: object) -> str:
    """Return a sentence of the house in the language that is spoken here, with `values` in place of its braces."""
    return _said(_language.get(), sentence, values)


def for_asker(sentence: str, /, **values: object) -> str:
    """Return a sentence as `t` does, in the language of whoever asks for something: also where a room's is spoken."""
    return _said(_language_of_asker.get(), sentence, values)


def _said(language: str, sentence: str, values: Mapping[str, object]) -> str:
    if isinstance(sentence, _Unsaid):
        sentence, values = sentence.template, sentence.values
    template = translations(language).get(sentence, sentence)
    return _Numbers(language).vformat(template, (), values) if values else template


class _Numbers(Formatter):
    """Writes sentences, and the numbers in them as a language writes numbers."""

    def __init__(self, language: str) -> None:
        self._has_decimal_comma = language in WITH_DECIMAL_COMMA

    def format_field(self, value: Any, format_spec: str) -> str:
        written = super().format_field(value, format_spec)
        is_number = isinstance(value, int | float) and self._has_decimal_comma
        return written.translate(_COMMA_FOR_POINT) if is_number else written


def later(sentence: str, /, **values: object) -> str:
    """Return a sentence to be said through `t` when it is known to whom; until then it reads in English.

    Its `values` stay with it as long as it is handed on whole, also by an error: `t(str(error))` says them as well.
    """
    return _Unsaid(sentence, values) if values else sentence


class _Unsaid(str):
    """A sentence in English that knows of what it was made."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Self:
        unsaid = super().__new__(cls, _said(ENGLISH, template, values))
        unsaid.template, unsaid.values = template, values
        return unsaid

    def __str__(self) -> str:
        return self  # and not a copy, which would know nothing


@contextmanager
def spoken(locale: str) -> Generator[None]:
    """Speak the language of a locale of Discord's (`de`, `en-US`) within the block; English where there is none."""
    token = _language.set(language_of(locale))
    try:
        yield
    finally:
        _language.reset(token)


def speak(locale: str) -> None:
    """Speak the language of whoever asks for something, by its locale, from now on in this task."""
    _language.set(language_of(locale))
    _language_of_asker.set(language_of(locale))


@lru_cache(maxsize=LOCALES_REMEMBERED)
def language_of(locale: str) -> str:
    """Return the language in which the house can speak to somebody with a locale of Discord's."""
    language = locale.partition("-")[0].lower()
    return language if language in languages() else ENGLISH


@cache
def languages() -> frozenset[str]:
    """Return every language that the house speaks beside English."""
    return frozenset(folder.name for folder in resources.files(__name__).iterdir() if _files_of(folder))


@cache
def translations(language: str) -> Mapping[str, str]:
    """Return the sentences of a language by their English; none for English itself."""
    if language not in languages():
        return {}
    said: dict[str, str] = {}
    for written in _written_in(language):
        said |= {key: value for key, value in written.items() if isinstance(value, str)}
    return said


@cache
def names(language: str) -> Mapping[str, str]:
    """Return the names of commands, options and choices in a language, as its files' tables `[names]` have them."""
    called: dict[str, str] = {}
    for written in _written_in(language) if language in languages() else ():
        called |= written.get("names", {})
    return called


def _written_in(language: str) -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text("utf-8")) for file in _files_of(resources.files(__name__) / language)]


def _files_of(folder: Traversable) -> list[Traversable]:
    return [file for file in folder.iterdir() if file.name.endswith(".toml")] if folder.is_dir() else []
