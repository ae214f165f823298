"""Where a text too long for one message is best cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from bot.posting.fences import FENCE, Fence, Fences
from bot.posting.graphemes import length, reach, whole_until

CLOSING = f"\n{FENCE}"

_WHITESPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]*_~]*$")
_HEADING = re.compile(r"(?:#{1,3}|-#) ")


class _Kind(IntEnum):
    """What a cut parts, the best cut last."""

    WORDS = 0
    LINES_OF_CODE = 1
    SENTENCES = 2
    BLOCKS_OF_CODE = 3
    LINES = 4
    PARAGRAPHS = 5


_LEAST_FILLED = {
    _Kind.WORDS: 0.6,
    _Kind.LINES_OF_CODE: 0.2,
    _Kind.SENTENCES: 0.5,
    _Kind.BLOCKS_OF_CODE: 0.4,
    _Kind.LINES: 0.4,
    _Kind.PARAGRAPHS: 0.3,
}
"""The part of a message that has to be filled before a cut of this kind is taken."""


@dataclass(frozen=True, slots=True)
class _Window:
    """The stretch of the text in which the next cut may be: no further than `end`, in code than `code_end`."""

    start: int
    end: int
    code_end: int


class Cutter:
    """Finds one cut after the other in one text."""

    def __init__(self, text: str, limit: int) -> None:
        self.text = text
        self.limit = limit
        self.fences = Fences(text)

    def next_cut(self, start: int) -> int:
        """Return where the message that begins at `start` ends, which is also where the next one begins."""
        if self._rest_fits(start):
            return len(self.text)
        window = self._window(start)
        by_kind: dict[_Kind, list[int]] = {}
        for place, kind in self._places(window):
            by_kind.setdefault(kind, []).append(place)
        for kind in sorted(by_kind, reverse=True):
            filled = start + (window.end - start) * _LEAST_FILLED[kind]
            if places := [place for place in by_kind[kind] if place >= filled]:
                return self._most_even(start, places)
        return self._anywhere(window)

    def skip_blank(self, start: int) -> int:
        """Return where the next message has something to say, from `start` on."""
        blank = None if self.fences.around(start) else _WHITESPACE.match(self.text, start)
        return blank.end() if blank else start

    def opening_at(self, start: int) -> str:
        """Return what a message that begins at `start` has to open with: the fence it continues, if any."""
        fence = self.fences.around(start)
        return fence.opening if fence else ""

    def _rest_fits(self, start: int) -> bool:
        if len(self.text) - start > self.limit:
            return False
        closing = len(CLOSING) if self.fences.left_open else 0
        return length(self.opening_at(start) + self.text[start:]) + closing <= self.limit

    def _window(self, start: int) -> _Window:
        room = self.limit - length(self.opening_at(start))
        end = reach(self.text, start, room)
        code_end = reach(self.text, start, room - len(CLOSING))
        if end == len(self.text):
            end = code_end  # the whole rest did not fit: its last fence is open, and closing it takes room too
        torn = self.fences.around(end)
        if torn and start < torn.start and self._is_whole_in_one(torn):
            return _Window(start, torn.start, torn.start)
        blank = _WHITESPACE.match(self.text, end)
        if blank and not self.fences.around(blank.end()):
            end = blank.end()  # whitespace at a message's end costs nothing: it is not sent
        return _Window(start, end, code_end)

    def _is_whole_in_one(self, fence: Fence) -> bool:
        if fence.end - fence.start > self.limit:
            return False
        closing = 0 if fence.closed else len(CLOSING)
        return length(self.text[fence.start : fence.end]) + closing <= self.limit

    def _places(self, window: _Window) -> Iterator[tuple[int, _Kind]]:
        for blank in _WHITESPACE.finditer(self.text, window.start, window.end):
            fence = self.fences.around(blank.end())
            if fence is None:
                yield blank.end(), self._kind(blank)
            elif place := self._place_in_code(blank, fence, window):
                code = _Kind.BLOCKS_OF_CODE if blank[0].count("\n") > 1 else _Kind.LINES_OF_CODE
                yield place, code if "\n" in blank[0] else _Kind.WORDS

    def _kind(self, blank: re.Match[str]) -> _Kind:
        edge = self._touches_fence(blank)
        if edge or _BLANK_LINE.search(blank[0]):
            after_heading = _HEADING.match(self.text, self.text.rfind("\n", 0, blank.start()) + 1)
            return _Kind.SENTENCES if after_heading else _Kind.PARAGRAPHS
        if "\n" in blank[0]:
            return _Kind.LINES if blank[0].endswith("\n") else _Kind.SENTENCES  # an indented line is a continuation
        ended = _SENTENCE_END.search(self.text, max(0, blank.start() - 4), blank.start())
        return _Kind.SENTENCES if ended else _Kind.WORDS

    def _touches_fence(self, blank: re.Match[str]) -> bool:
        if "\n" not in blank[0]:
            return False
        return self.text.startswith(FENCE, blank.end()) or self.text.endswith(FENCE, 0, blank.start())

    def _place_in_code(self, blank: re.Match[str], fence: Fence, window: _Window) -> int | None:
        line = blank[0].rfind("\n")
        if line < 0 and fence.start > window.start:
            return None  # better to begin the block in a message of its own than to tear a line of it
        place = blank.end() if line < 0 else blank.start() + line + 1
        leaves_both = max(fence.first, window.start) < place <= fence.last
        return place if leaves_both and place <= window.code_end and blank.start() > window.start else None

    def _most_even(self, start: int, places: list[int]) -> int:
        rest = len(self.text) - start
        messages = -(-rest // self.limit)
        needed = start + rest - (messages - 1) * self.limit
        if enough := [place for place in places if place >= needed]:
            return min(enough, key=lambda place: abs(place - start - rest / messages))
        return places[-1]

    def _anywhere(self, window: _Window) -> int:
        fence = self.fences.around(window.end)
        if fence is None:
            place = whole_until(self.text, window.start, window.end)
            return window.end if self.fences.around(place) else place
        if fence.start > window.start:
            return fence.start
        return whole_until(self.text, max(window.start, fence.first), min(window.code_end, fence.last))
