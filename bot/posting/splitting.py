"""A text of any length as messages that Discord takes, each of which reads well alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.posting.cuts import CLOSING, Cutter
from bot.posting.graphemes import is_blank, length

DISCORD_MESSAGE_LIMIT = 2000
MESSAGES_BEFORE_FILE = 6
LEAD_IN_LENGTH = 1500
SHORTEST_LIMIT = 64
"""Below this a fence's opening and closing leave too little room between them."""

ATTACHED = "… (the whole message is attached)"

__all__ = ["DISCORD_MESSAGE_LIMIT", "MESSAGES_BEFORE_FILE", "Parts", "lay_out", "length", "split"]


@dataclass(frozen=True, slots=True)
class Parts:
    """A text as it is posted: the messages in order, and the whole text when they only lead in to a file of it."""

    messages: tuple[str, ...]
    file: str | None = None


def lay_out(text: str, limit: int = DISCORD_MESSAGE_LIMIT) -> Parts:
    """Return `text` as at most six messages of `limit` characters, or as its beginning and a Markdown file.

    Blank text is no message.
    """
    messages = tuple(islice(_messages(text, limit), MESSAGES_BEFORE_FILE + 1))
    if len(messages) <= MESSAGES_BEFORE_FILE:
        return Parts(messages)
    beginning = next(_messages(text, LEAD_IN_LENGTH))
    return Parts((f"{beginning}\n\n{ATTACHED}",), file=text)


def split(text: str, limit: int = DISCORD_MESSAGE_LIMIT) -> list[str]:
    """Return `text` as messages of at most `limit` UTF-16 units, cut at paragraphs, else lines, else words.

    A message begins and ends with something to see, as Discord trims it. A code fence that a cut would tear is
    closed and opened again with its language, and one left open is closed. Nothing else is added, and nothing
    is lost but whitespace: at the cuts, and what of a gap is longer than a quarter of a message. Blank text is
    no message at all.

    Raises:
        ValueError: if `limit` is below 64.
    """
    if limit < SHORTEST_LIMIT:
        raise ValueError(f"a message of {limit} characters is too short to split into")
    return list(_messages(text, limit))


def _messages(text: str, limit: int) -> Iterator[str]:
    cutter = Cutter(_without_chasms(text, limit // 4), limit)
    start = cutter.skip_blank(0)
    while start < len(cutter.text):
        cut = cutter.next_cut(start)
        message = _message(cutter, start, cut)
        if not is_blank(message):
            yield message
        start = cutter.skip_blank(cut)


def _without_chasms(text: str, longest: int) -> str:
    return re.sub(rf"(\s{{{longest}}})\s+", r"\1", text)


def _message(cutter: Cutter, start: int, cut: int) -> str:
    piece = cutter.text[start:cut]
    if cutter.fences.around(cut) or (cut == len(cutter.text) and cutter.fences.left_open):
        piece = piece.removesuffix("\n") + CLOSING
    return (cutter.opening_at(start) + piece).strip()
