"""What a host sends as words, made into text that Discord shows and every database stores."""

from __future__ import annotations

import re
import unicodedata

MARKS_ON_A_LETTER = 8
"""Combining marks that one letter bears; no script needs more, and towers of them cover the lines of others."""

_MARKS = frozenset({"Mn", "Me"})

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""All but tab and what ends a line. PostgreSQL takes no NUL."""
_DIRECTIONS = re.compile(r"[\u202a-\u202e]")
"""Overrides and embeddings, which Unicode advises against: they turn around what others write behind them."""
_TAGS = re.compile(r"[\U000e0000-\U000e0fff]{9,}")
"""Invisible letters that can hold a text of their own; flags take no more than eight."""


def legible(text: str) -> str:
    """Return `text` without what cannot be stored or shown; half a surrogate pair becomes U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if whole.isascii():
        return _CONTROLS.sub("", whole)
    return _without_towers(_TAGS.sub("", _DIRECTIONS.sub("", _CONTROLS.sub("", whole))))


def _without_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in _MARKS else 0
        if marks <= MARKS_ON_A_LETTER:
            kept.append(character)
    return "".join(kept)
