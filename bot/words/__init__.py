"""In which language the house speaks: English, or what one of the TOML files here makes of its sentences.

A sentence is written in English where it is said, as `t("{name} paused the room.", name=name)`, and that English is
its key in the files. What AIs are told, and lines in the manner of the room such as `[AI-2 adjusted their
temperature]`, are not translated: they are how a room works, the same everywhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources

ENGLISH = "en"

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def t(sentence: str, /, **values: object) -> str:
    """Return a sentence of the house in the language that is spoken here, with `values` in place of its braces."""
    template = translations(_language.get()).get(sentence, sentence)
    return template.format(**values) if values else template


@contextmanager
def spoken(locale: str) -> Generator[None]:
    """Speak the language of a locale of Discord's (`de`, `en-US`) within the block; English where there is none."""
    token = _language.set(language_of(locale))
    try:
        yield
    finally:
        _language.reset(token)


def speak(locale: str) -> None:
    """Speak the language of a locale from now on in this task."""
    _language.set(language_of(locale))


def language_of(locale: str) -> str:
    """Return the language in which the house can speak to somebody with a locale of Discord's."""
    language = locale.partition("-")[0].lower()
    return language if language in languages() else ENGLISH


@cache
def languages() -> frozenset[str]:
    """Return every language that the house speaks beside English."""
    files = resources.files(__name__).iterdir()
    return frozenset(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


@cache
def translations(language: str) -> Mapping[str, str]:
    """Return the sentences of a language by their English; none for English itself."""
    if language not in languages():
        return {}
    text = (resources.files(__name__) / f"{language}.toml").read_text("utf-8")
    return {english: said for english, said in tomllib.loads(text).items() if isinstance(said, str)}
