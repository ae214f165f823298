"""What can be talked about: themes with their phrases, and how they are recognized in what others said."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NOUNS = ("thing", "things", "stuff")
FADING = 0.7
"""How much less each older message counts when a motif is chosen."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: its phrases by slot (`thing`, `doing`, ...), and the themes that a talk drifts to from it."""

    name: str
    following: tuple[str, ...]
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Motif:
    """A noun that was heard, the theme that it belongs to, and whether it is one thing or stuff, not many."""

    noun: str
    theme: str
    is_singular: bool


class Themes:
    """All themes of the offline cast."""

    def __init__(self, themes: Mapping[str, Theme]) -> None:
        self._themes = dict(themes)
        self._owners: dict[str, str] = {}
        for theme in themes.values():
            for slot in NOUNS:
                for noun in theme.phrases[slot]:
                    self._owners.setdefault(noun, theme.name)
        longest_first = sorted(self._owners, key=len, reverse=True)
        self._noun = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)

    def __getitem__(self, name: str) -> Theme:
        """Return a theme by its name."""
        return self._themes[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all themes."""
        return tuple(self._themes)

    def motifs(self, texts: Sequence[str]) -> list[Motif]:
        """Return the motifs of some texts (oldest first), the most present first; newer texts weigh more."""
        weights: Counter[str] = Counter()
        for age, text in enumerate(reversed(texts)):
            for noun in self._noun.findall(text):
                weights[noun.lower()] += FADING**age  # pyright: ignore[reportArgumentType] - weights are shares
        ranked = sorted(weights, key=lambda noun: (-weights[noun], noun))
        return [self._motif(noun) for noun in ranked]

    def _motif(self, noun: str) -> Motif:
        theme = self._themes[self._owners[noun]]
        return Motif(noun, theme.name, noun not in theme.phrases["things"])


@cache
def themes() -> Themes:
    """Read the themes; once is enough."""
    table = tomllib.loads(Path(__file__).with_name("themes.toml").read_text("utf-8"))
    return Themes({name: _theme(name, entry) for name, entry in table.items()})


def _theme(name: str, entry: Mapping[str, list[str]]) -> Theme:
    phrases = {slot: tuple(words) for slot, words in entry.items() if slot != "next"}
    return Theme(name, tuple(entry["next"]), phrases)
