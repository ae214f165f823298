"""What a seat itself says in its model's answer: the rest is cut before anything else is read from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.room.cuts import trimmed, without
from bot.room.markup import Blocks
from bot.room.speakers import Claim, Claimed, Speakers

PASSES = 3
"""A cut can bring what it hid to the beginning of a line, such as a thought behind a name; nobody nests deeper."""

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def spoken_by(answer: str, label: str, others: Sequence[str]) -> str:
    """Return what the seat with this label says for itself, which may be nothing.

    Reasoning goes, the seat's own name before its words, what it says in another's name (up to its own name, or to
    the end), and lines that look like notices of the house. Fenced code stays as it is, and so does a quotation
    (`> [AI-2]: …`). A bare `AI-2:` is taken for a speaker only where the answer is a script: it writes another's
    name as the room does, or its own before a line that is not its first. Otherwise AI-2 is spoken to.

    Args:
        answer: the model's words as they came.
        label: the seat's own, such as `AI-3 (Claude 3 Opus)`.
        others: the labels of the other seats, and the names of people.
    """
    speakers = _speakers(label, tuple(others))
    text = legible(answer)
    for _ in range(PASSES):
        before = text
        text = without(text, _thoughts(text))
        text = without(text, _not_own(text, speakers))
        if text == before:
            break
    return trimmed(text)


@lru_cache(maxsize=64)
def _speakers(label: str, others: tuple[str, ...]) -> Speakers:
    return Speakers(label, others)


def without_thoughts(answer: str) -> str:
    """Return an answer as it came, but for reasoning, which is never published."""
    return without(answer, _thoughts(answer))


def legible(answer: str) -> str:
    """Make every line end a line feed, drop control characters, and replace halves of surrogate pairs."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _LINE_ENDS.sub("\n", answer)))


def _thoughts(text: str) -> Iterator[tuple[int, int]]:
    if "<" not in text and "◁" not in text:
        return
    blocks, place = Blocks(text), 0
    while block := blocks.first_from(place):
        if block.is_thought:
            yield block.start, block.end
        place = block.end


def _not_own(text: str, speakers: Speakers) -> Iterator[tuple[int, int]]:
    """Yield the spans of own names, of what is said for others, and of lines in the manner of the house."""
    claims = _outside_fences(text, speakers.claims(text))
    is_script = _is_script(text, claims)
    foreign_since: int | None = None
    for line in claims:
        if line.claim is Claim.OWN:
            yield line.start if foreign_since is None else foreign_since, line.words
            foreign_since = None
        elif foreign_since is not None:
            continue
        elif line.claim is Claim.OTHER or (is_script and line.claim is Claim.PERHAPS_OTHER):
            foreign_since = line.start
        elif line.claim is Claim.HOUSE:
            yield line.start, line.end
    if foreign_since is not None:
        yield foreign_since, len(text)


def _is_script(text: str, claims: Sequence[Claimed]) -> bool:
    return any(
        line.claim is Claim.OTHER or (line.claim is Claim.OWN and text[: line.start].strip(" \t\n*_#"))
        for line in claims
    )


def _outside_fences(text: str, claims: Sequence[Claimed]) -> list[Claimed]:
    """Return the claims that are not inside a fence, each line's first."""
    if not claims:
        return []
    blocks, place = Blocks(text), 0
    outside: list[Claimed] = []
    for line in claims:
        place = blocks.past(place, line.start)
        if line.start >= place:
            outside.append(line)
            place = line.words
    return outside
