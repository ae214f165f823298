"""From sentences with slots to sentences: `{a:thing}`, `{far:doing}`, `{this|that}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from bot.models.offline.themes import Theme

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”*)»]*\s+|\n+")
_A_BEFORE_VOWEL = re.compile(r"\b([Aa])( \**)(?=[aeiouAEIOU])(?!one|uni|use|eu)")
_WORD = re.compile(r"[a-z0-9'’]+")
_NUMBERS = (4, 6, 7, 9, 11, 12, 14, 16, 17, 19, 24, 26, 27, 29, 34, 37, 39, 44, 46, 47, 49)
"""All of them become ordinals with `th`."""


class SlotUnknown(KeyError):
    """There is nothing now that this slot could stand for: nobody to address, nothing to quote."""


Choose = Callable[[Sequence[str]], str]


class Grammar:
    """Fills the slots of one turn.

    Args:
        near: the theme of the turn.
        far: another one, for slots such as `{far:thing}`.
        known: what slots stand for by themselves: `other`, `echo`, `motif`, ...
        choose: picks one of several phrases.
        dice: for numbers and alternatives.
    """

    def __init__(self, near: Theme, far: Theme, known: Mapping[str, str], choose: Choose, dice: Random) -> None:
        self._near, self._far = near, far
        self._known = known
        self._choose = choose
        self._dice = dice

    def fill(self, template: str) -> str:
        """Return the template with all slots filled; the same slot twice is the same phrase.

        Raises:
            SlotUnknown: a slot has nothing to stand for in this turn.
        """
        chosen: dict[str, str] = {}
        while slot := _INNERMOST.search(template):
            template = template[: slot.start()] + self._value(slot.group(1), chosen) + template[slot.end() :]
        return _A_BEFORE_VOWEL.sub(r"\1n\2", template)

    def _value(self, slot: str, chosen: dict[str, str]) -> str:
        if "|" in slot:
            return self._dice.choice(slot.split("|"))
        parts = slot.split(":")
        modifiers = {part for part in parts if part in ("a", "b", "far")}
        name = next(part for part in parts if part not in modifiers)
        key = ("far:" if "far" in modifiers else "") + name
        if key not in chosen:
            chosen[key] = self._phrase(name, "far" in modifiers, set(chosen.values()))
        phrase = chosen[key]
        bold = f"**{phrase}**" if "b" in modifiers else phrase
        return f"{article(phrase)} {bold}" if "a" in modifiers else bold

    def _phrase(self, name: str, far: bool, taken: set[str]) -> str:
        if name == "n":
            return str(self._dice.choice(_NUMBERS))
        if name in self._known:
            return self._known[name]
        name = name.rstrip("2")
        theme = self._far if far else self._near
        if name not in theme.phrases:
            raise SlotUnknown(name)
        return self._choose([phrase for phrase in theme.phrases[name] if phrase not in taken])


def article(noun: str) -> str:
    """Return `a` or `an`."""
    return "an" if noun[:1].lower() in "aeiou" and not noun.startswith(("one", "uni", "use")) else "a"


def sentences(text: str) -> list[str]:
    """Cut a text into its sentences; a new line ends one too."""
    return [part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if part]


def gist(sentence: str) -> str:
    """Return what makes a sentence the same as another: its words alone, in small letters."""
    return " ".join(_WORD.findall(sentence.lower()))


def capitalized(text: str) -> str:
    """Return the text with a capital where a sentence begins, and the word I as a capital."""
    text = re.sub(r"\bi\b(?=[ ',’]|$)", "I", text)
    return re.sub(
        r"(^[\"“*«‘'(\s]*|[.!?…][\"”*)»]*\s+[\"“*«‘'(]*)([a-z])", lambda m: m.group(1) + m.group(2).upper(), text
    )


def uncapitalized(text: str) -> str:
    """Return the text in small letters, the names of seats excepted."""
    return re.sub(r"\bai-(\d+)\b", r"AI-\1", text.lower())
