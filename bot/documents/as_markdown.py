"""A room for people to read, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.documents.reading import Reading, Said
from bot.room.kept import KeptRoom
from bot.words import t

_POSES = re.compile(
    r"^(?P<inside>(?: {0,3}+(?:>[ \t]?+|(?:[-*+]|\d{1,9}[.)])[ \t]++))*+)"
    r"(?= {0,3}(?:#{1,6}(?:\s|$)|=+\s*$|-+\s*$|</?(?:pre|script|style|textarea)\b|<[!?])| {1,3}(?:```|~~~))",
    re.IGNORECASE,
)
"""What begins or underlines a heading, HTML that swallows what comes after it, and a fence that may end with a list."""
_FENCE = re.compile(r"(?P<marks>`{3,}|~{3,})(?P<more>[^\n]*)")


def as_markdown(room: KeptRoom) -> str:
    """Return a room for people to read: who said what and when, what the house said, and the most loved lines."""
    return "\n\n".join(_parts(Reading(room))) + "\n"


def _parts(room: Reading) -> Iterator[str]:
    yield f"# {room.title}"
    if room.opening:
        yield room.opening
    if room.state.seats:
        yield "\n".join(f"- {seat.label}" for seat in room.state.seats)
    for part in room.body():
        if isinstance(part, Said):
            yield f"### {part.who} · {part.at}"
            yield _harmless(part.words)
        else:
            yield "\n".join(f"> {line}".rstrip() for line in _harmless(part.words).splitlines())
    if loved := list(room.loved()):
        yield f"## {t('The most loved lines')}"
        yield "\n".join(f"- {one.reactions} · {one.whose}: “{one.words}”" for one in loved)


def _harmless(text: str) -> str:
    """Return words that cannot pose as a heading of ours, nor swallow what comes after them."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        marks = _FENCE.fullmatch(line)
        if fence:
            lines.append(line)
            if marks is not None and marks["marks"].startswith(fence) and not marks["more"].strip():
                fence = ""
        elif marks is not None and not (line.startswith("`") and "`" in marks["more"]):
            fence = marks["marks"]
            lines.append(line)
        else:
            lines.append(_POSES.sub(r"\g<inside>\\", line).replace("<!--", "<\\!--"))
    return "\n".join([*lines, fence] if fence else lines)
