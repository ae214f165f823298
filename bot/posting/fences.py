"""Where a text's code fences are, as Discord reads them: no nesting, the next three backticks close."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

FENCE = "```"
LONGEST_LANGUAGE = 24

_LANGUAGE = re.compile(rf"([A-Za-z0-9_+\-.#]{{1,{LONGEST_LANGUAGE}}})\n")
_LEFT_OPEN = re.compile(rf"```(?:[A-Za-z0-9_+\-.#]{{1,{LONGEST_LANGUAGE}}})?[^\S\n]*\n")
_NEWLINES = re.compile(r"\n*")


@dataclass(frozen=True, slots=True)
class Fence:
    """One fenced block of a text.

    `text[start:end]` is all of it, `text[body:close]` what stands between its backticks (after the language's
    line); `first` and `last` are where its first and last visible characters stand. One that is not closed
    runs to the end of the text.
    """

    start: int
    body: int
    close: int
    end: int
    language: str
    closed: bool
    first: int
    last: int

    @property
    def opening(self) -> str:
        """The line that opens the block again in another message."""
        return f"{FENCE}{self.language}\n"


class Fences:
    """The fenced blocks of one text, in order."""

    def __init__(self, text: str) -> None:
        self.all = find_fences(text)
        self._starts = [fence.start for fence in self.all]

    def around(self, index: int) -> Fence | None:
        """Return the block that a cut before `text[index]` would tear, if there is one."""
        before = bisect_right(self._starts, index - 1) - 1
        if before < 0 or index >= self.all[before].end:
            return None
        return self.all[before]

    @property
    def left_open(self) -> bool:
        """Whether the last block is not closed."""
        return bool(self.all) and not self.all[-1].closed


def find_fences(text: str) -> list[Fence]:
    """Return every fenced block of `text`, an unclosed one at its end included, in linear time.

    Three backticks that neither close later nor stand on a line of their own are just three backticks.
    """
    fences: list[Fence] = []
    at = text.find(FENCE)
    while at >= 0:
        fence = _closed_at(text, at) or _left_open_at(text, at)
        if fence is not None:
            fences.append(fence)
        at = text.find(FENCE, fence.end if fence else at + 1)
    return fences


def _closed_at(text: str, start: int) -> Fence | None:
    after = start + len(FENCE)
    named = _LANGUAGE.match(text, after)
    bodies = [(named.end(), named[1])] if named else []
    bodies.append((after + text.startswith("\n", after), ""))
    for body, language in bodies:
        # Discord wants one character between the backticks that is not a line's end, be it a backtick.
        shown = _NEWLINES.match(text, body).end()  # pyright: ignore[reportOptionalMemberAccess]
        close = text.find(FENCE, shown + 1)
        if close >= 0:
            return _fence(text, start, body, close, close + len(FENCE), language)
    return None


def _left_open_at(text: str, start: int) -> Fence | None:
    opened = _LEFT_OPEN.match(text, start)
    alone = not text[text.rfind("\n", 0, start) + 1 : start].strip()
    if not opened or not alone or not text[opened.end() :].strip():
        return None
    language = text[start + len(FENCE) : opened.end()].strip()
    return _fence(text, start, opened.end(), len(text), len(text), language)


def _fence(text: str, start: int, body: int, close: int, end: int, language: str) -> Fence:
    inner = text[body:close]
    first = body + len(inner) - len(inner.lstrip())
    last = body + len(inner.rstrip()) - 1
    return Fence(start, body, close, end, language, close < end, first, last)
