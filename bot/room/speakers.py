"""Whose words a line of an answer claims to be: the seat's own, another's, or the house's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from operator import attrgetter
from string import Formatter
from typing import NamedTuple

from bot.room.looks import Looks, as_it_looks
from bot.room.markup import line_end_from
from bot.words import languages, translations

_SEAT = r"A[ \t]*+(?:I|(?-i:l))[ \t]*+-?[ \t]*+(?P<{}>[0-9]{{1,3}})"
"""Also with a small L, which looks the same."""
_LABEL = re.compile(r"(?P<name>.+?) \((?P<model>.+)\)", re.DOTALL)
_SAYS = "💬"
"""Begins a line in which the house says a person's words: `💬 **Ann**: …`."""
_MARKS = r"(?:[ \t*_#]++|-#)*+"
_EDGE = rf"(?P<edge>{_MARKS}(?:{_SAYS}{_MARKS})?)"
_SIGNS = f"⏸▶⏹✅⏭🔇🔈🔀👂🎼🎨🚫⚠🚪🍴🏠🎛⏳❌🙈{_SAYS}"
"""What lines of the house begin with that somebody could pose with."""
_TELLING_LENGTH = 9
"""Characters between what changes in a line of the house by which it is known; fewer may stand in any line."""


def _lines_of_the_house() -> str:
    """Return the pattern of the lines that begin with a sign, in every language: the sign, then the telling part."""
    said = {line for one in languages() for both in translations(one).items() for line in both}
    parts = {(line[0], _telling_part(as_it_looks(line[1:]))) for line in said if line[0] in _SIGNS}
    return "|".join(
        rf"{sign}[^\n]*?{re.escape(part)}[^\n]*" for sign, part in sorted(parts) if len(part) >= _TELLING_LENGTH
    )


def _telling_part(line: str) -> str:
    """Return the longest part of a sentence in which nothing is filled in."""
    return max((before.strip(" *.") for before, *_ in Formatter().parse(line.partition("\n")[0])), key=len)


_HOUSE = re.compile(
    rf"^{_MARKS}"
    r"(?:\[[^\[\]\n]{1,80} (?:modified|adjusted) (?:their|\S{1,40}['’]s) (?:system prompt|temperature)\]"
    r"|\[[^\[\]\n]{1,80} (?:invited|removed) AI-[0-9][^\n]*\]"
    r"|\[[^\[\]\n]{1,80} gave AI-[0-9]{1,3} another model: [^\n]*\]"
    r"|\[[^\[\]\n]{1,80} (?:paused|resumed|stopped|ended|opened|forked) the room\b[^\[\]\n]*\]"
    r"|\[[^\[\]\n]{1,80} (?:muted|unmuted|skipped the turn of) AI-[0-9][^\n]*\]"
    r"|\[Discord did not let the words of [^\n]*\]"
    r"|\[(?:[0-9]+ (?:person|people) reacted|Nobody reacts to) [^\n]*\]"
    r"|\[Your ![^\n]{1,40} was (?:carried out|refused)\b[^\n]*"
    r"|(?:🎨|✨|💭|🌡|🚫|⚠|🔇)[ \t]*+(?:\[?AI-[0-9]|\[[^\[\]\n]{1,80}\]:)[^\n]*"
    r"|🎨[^\n]{1,80} created an image[^\n]*"
    r"|(?:⏸|▶|⏹)[^\n]*\bthe room\b[^\n]*"
    rf"|[{_SIGNS}][^\n]*`/backroom [^\n]*"
    rf"|{_lines_of_the_house()}"
    r"|Maximum of [0-9]{1,2} AIs already reached)[ \t*_.]*$",
    re.MULTILINE | re.IGNORECASE,
)


class Claim(Enum):
    """What a line claims by its beginning."""

    OWN = auto()
    """The seat's own name stands before the words."""
    OTHER = auto()
    """Another's name stands before them, written as the room writes it: `[AI-2]:`, `AI-2 (Kimi K2):`, `**AI-2:**`."""
    PERHAPS_OTHER = auto()
    """Another's bare name and a colon: a line of a script, or somebody spoken to."""
    HOUSE = auto()
    """The line looks like a notice of the house."""


class Claimed(NamedTuple):
    """A line that claims something: where the claim begins, where the words behind it do, where the line ends."""

    start: int
    words: int
    end: int
    claim: Claim


class Speakers:
    """Everyone whose name may stand before a line of a room, as one seat sees them.

    Labels are as in `AI-3 (Claude 3 Opus)`; one without a model is a person's name. A seat that is not named here
    is another too: nobody speaks for a seat that has left or was never taken.
    """

    def __init__(self, label: str, others: Sequence[str]) -> None:
        self._own, self._own_model = _parts(as_it_looks(label))
        own_seat = re.fullmatch(_SEAT.format("seat"), self._own, re.IGNORECASE)
        self._own_number = int(own_seat["seat"]) if own_seat else None
        named = [_parts(as_it_looks(other)) for other in others]
        self._people = {name for name, model in named if not model}
        names = {self._own, self._own_model, *self._people, *(model for _, model in named)} - {""}
        known = "|".join([_SEAT.format("seat"), *map(re.escape, sorted(names, key=len, reverse=True))])
        prefix = (
            rf"{_EDGE}(?P<opens>\[[ \t]*+)?(?P<name>{known})(?![\w-])"
            r"(?:[ \t]*+(?P<model>\((?:[^()\n]|\([^()\n]*+\))*+\)))?(?P<closes>[ \t]*+\])?"
            r"(?P<mark>[*_]*+)[ \t]*+(?P<colon>[:：])?+(?P<mark_behind>[*_]*+)[ \t]*+"
        )
        self._beginning = re.compile("^" + prefix, re.MULTILINE | re.IGNORECASE)
        self._prefix = re.compile(prefix, re.IGNORECASE)

    def claims(self, text: str) -> list[Claimed]:
        """Return the lines of a text that claim to be somebody's, in order."""
        looks = Looks(text)
        first = len(looks.text) - len(looks.text.lstrip())
        found = [Claimed(line.start(), line.end(), line.end(), Claim.HOUSE) for line in _HOUSE.finditer(looks.text)]
        for beginning in self._beginning.finditer(looks.text):
            claimed = self._claimed(looks.text, beginning, is_first=beginning.start() <= first)
            if claimed is not None:
                found.append(claimed)
        there = [
            Claimed(looks.before(one.start), looks.behind(one.words), looks.behind(one.end), one.claim) for one in found
        ]
        return sorted(there, key=attrgetter("start"))

    def _claimed(self, text: str, beginning: re.Match[str], *, is_first: bool) -> Claimed | None:
        """Return what a line claims: its own name may stand before it several times, or before another's."""
        line_end = line_end_from(text, beginning.end())
        claim = self._claim(beginning, line_end, is_first=is_first)
        if claim is None:
            return None
        start, prefix = beginning.start(), beginning
        if claim is Claim.OWN and _emphasis(beginning) and not _is_bold(beginning):
            start = beginning.end("edge")  # the emphasis goes on into the words
        while claim is Claim.OWN and prefix.end() < line_end and (again := self._prefix.match(text, prefix.end())):
            behind = self._claim(again, line_end, is_first=is_first)
            if behind not in (Claim.OWN, Claim.OTHER):
                break
            claim, prefix = behind, again
        return Claimed(start, prefix.end(), line_end, claim)

    def _claim(self, prefix: re.Match[str], line_end: int, *, is_first: bool) -> Claim | None:
        opens, closes, model, colon = prefix.group("opens", "closes", "model", "colon")
        if bool(opens) != bool(closes):
            return None
        is_heading = prefix.end() == line_end and bool(opens or model)
        if self._is_own(prefix):
            return Claim.OWN if colon or is_heading or (opens and is_first) else None
        if prefix["name"].casefold() == self._own_model:
            return Claim.OWN if is_first and colon else None
        return self._claim_of_other(prefix, is_heading=is_heading)

    def _claim_of_other(self, prefix: re.Match[str], *, is_heading: bool) -> Claim | None:
        if not prefix["colon"]:
            return Claim.OTHER if is_heading and prefix["seat"] else None
        if prefix["opens"] or _SAYS in prefix["edge"] or (prefix["seat"] and (prefix["model"] or _is_bold(prefix))):
            return Claim.OTHER
        return Claim.PERHAPS_OTHER

    def _is_own(self, prefix: re.Match[str]) -> bool:
        if seat := prefix["seat"]:
            return int(seat) == self._own_number
        return prefix["name"].casefold() == self._own and self._own not in self._people


def _is_bold(prefix: re.Match[str]) -> bool:
    """Whether the emphasis that opens before a name closes behind it."""
    return bool(_emphasis(prefix) and (prefix["mark"] or prefix["mark_behind"]))


def _emphasis(prefix: re.Match[str]) -> str:
    return prefix["edge"].strip(f" \t#-{_SAYS}")


def _parts(label: str) -> tuple[str, str]:
    parts = _LABEL.fullmatch(label)
    return (parts["name"].casefold(), parts["model"].casefold()) if parts else (label.casefold(), "")
