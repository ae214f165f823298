"""A room for people to read, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.documents.reading import Reading, Said
from bot.room.kept import KeptRoom
from bot.words import t

_POSES = re.compile(
    r"^(?P<inside>[ \t]++(?=```|~~~)"
    r"|(?:[ \t]*+(?:>|(?:[-*+]|\d{1,9}[.)])[ \t]++(?=\S)))*+[ \t]*+(?=#{1,6}(?:\s|$)|=+\s*$|-+\s*$|<[a-z/!?]))",
    re.IGNORECASE,
)
"""What begins or underlines a heading, begins HTML, or opens a fence that may end with a list; at any depth."""
_OPENS = re.compile(r"(?P<marks>`{3,}|~{3,})(?P<more>[^\n]*)")
_CLOSES = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})[ \t]*")


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
            yield "\n".join(f"> {line}".rstrip(" ") for line in _harmless(part.words.expandtabs(4)).split("\n"))
    if loved := list(room.loved()):
        yield f"## {t('The most loved lines')}"
        yield "\n".join(f"- {one.reactions} · {one.whose}: {t('“{words}”', words=one.words)}" for one in loved)


def _harmless(text: str) -> str:
    """Return words that cannot pose as a heading of ours, nor swallow what comes after them."""
    lines: list[str] = []
    fence = ""
    for line in re.sub(r"\r\n?", "\n", text).split("\n"):
        opens, closes = _OPENS.fullmatch(line), _CLOSES.fullmatch(line)
        if fence:
            lines.append(line)
            if closes is not None and closes["marks"].startswith(fence):
                fence = ""
        elif opens is not None and not (line.startswith("`") and "`" in opens["more"]):
            fence = opens["marks"]
            lines.append(line)
        else:
            lines.append(_POSES.sub(r"\g<inside>\\", line).replace("<!--", "<\\!--"))
    return "\n".join([*lines, fence] if fence else lines)
