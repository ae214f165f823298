r"""How the texts of a directive are quoted: the marks, what closes them, what `\"` means.

A text ends with the last quote of its line that matches the one it begins with, so that inner quotes and
apostrophes survive. A single quote with a letter behind it is an apostrophe and closes nothing. A text runs over
several lines if its own line does not close it (it holds no matching quote, or its quotes do not pair up and words
follow the last one) and the next line whose quotes do not pair up ends with the quote that is missing. That line
must not begin a directive of its own; in single quotes, no blank line may come before it. So a quote that was never
closed takes nothing from the paragraphs below, however many well-paired quotes they hold: it ends with its line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bot.room.markup import line_end_from
from bot.room.quotes import INNER_OPENING, OPENING, QUOTES, Quote

_MAY_FOLLOW = " \t\r.,;:!?…*_)"
"""What may stand between a closing quote and the end of its line."""


class Reading(NamedTuple):
    """A text that was read, where in the source the reading ended, and whether a quote that ends its line closed it."""

    text: str
    end: int
    is_whole: bool = False


class Quotations:
    """The quoted texts of a source, read from wherever one begins."""

    def __init__(self, source: str, begins_directive: Callable[[int], bool]) -> None:
        self._source = source
        self._begins_directive = begins_directive
        self._unpaired_lines: dict[str, tuple[int, int]] = {}

    def opening(self, place: int, end: int) -> Quote | None:
        """Return the quote that begins a text at `place`, before `end`."""
        mark = OPENING.match(self._source, place, end)
        return QUOTES[mark[0]] if mark else None

    def next_opening(self, place: int, line_end: int) -> int:
        """Return where the rest of a line opens a quote, or the end of the line."""
        mark = INNER_OPENING.search(self._source, place, line_end)
        return mark.start() if mark else line_end

    def first(self, quote: Quote, place: int, line_end: int) -> Reading:
        """Read the text that `quote` opens at `place`, up to the first quote of the line that matches."""
        start = place + len(quote.opening)
        ends = [(end, mark) for mark in quote.any_closings if (end := self._find(quote, mark, start, line_end)) != -1]
        if ends:
            end, mark = min(ends)
            return Reading(quote.unescaped(self._source[start:end]).strip(), end + len(mark))
        return Reading(quote.unescaped(self._source[start:line_end], is_closed=False).strip(), line_end)

    def last(self, quote: Quote, place: int, line_end: int) -> Reading:
        """Read the text that `quote` opens at `place`, as the head of this file says."""
        start = place + len(quote.opening)
        close = self._last_closing(quote, start, line_end)
        if close == -1 and quote.mistaken:
            close = self._mistaken_closing(quote, start, line_end)
        if close == -1 or not self._settles(quote, place, close, line_end):
            farther = self._closing_below(quote, line_end)
            if farther is not None:
                return self._read(quote, start, *farther)
        if close == -1:
            return Reading(quote.unescaped(self._source[start:line_end], is_closed=False).strip(), line_end)
        return self._read(quote, start, close, line_end)

    def _read(self, quote: Quote, start: int, close: int, line_end: int) -> Reading:
        is_whole = self._ends_line(close + len(quote.closings[0]), line_end)
        return Reading(quote.unescaped(self._source[start:close]).strip(), line_end, is_whole)

    def _ends_line(self, close: int, line_end: int) -> bool:
        """Whether at most punctuation and emphasis marks stand between a place and the end of its line."""
        return not self._source[close:line_end].strip(_MAY_FOLLOW)

    def _settles(self, quote: Quote, place: int, close: int, line_end: int) -> bool:
        """Whether a text is surely over with the last matching quote of its line."""
        if quote.is_apostrophe or len(quote.opening) > 1 or self._ends_line(close + 1, line_end):
            return True
        return quote.balance(self._source[place:line_end]) == 0

    def _closing_below(self, quote: Quote, line_end: int) -> tuple[int, int] | None:
        """Return the closing quote of a text that runs over the lines below, and the end of its line."""
        start = self._next_unpaired_line(quote, line_end + 1)
        if start > len(self._source) or self._begins_directive(start):
            return None
        end = line_end_from(self._source, start)
        close = self._last_closing(quote, start, end)
        if close == -1 or not self._ends_line(close + len(quote.closings[0]), end):
            return None
        if not quote.is_apostrophe and quote.balance(self._source[start:end]) != 1:
            return None
        return close, end

    def _next_unpaired_line(self, quote: Quote, place: int) -> int:
        """Return the start of the first line from `place` on that decides whether a text is closed below.

        It is past the source if there is none.

        The last finding is kept for each quote: every line is looked at once, however many texts are unclosed.
        """
        since, found = self._unpaired_lines.get(quote.opening, (0, -1))
        if not since <= place <= found:
            found = self._search_unpaired_line(quote, place)
            self._unpaired_lines[quote.opening] = place, found
        return found

    def _search_unpaired_line(self, quote: Quote, place: int) -> int:
        source = self._source
        while mark := quote.marks.search(source, max(0, place - 1) if quote.is_apostrophe else place):
            if mark[0].startswith("\n"):
                return mark.start() + 1
            start = source.rfind("\n", 0, mark.start()) + 1
            end = line_end_from(source, start)
            if start >= place and self._is_unpaired(quote, start, end):
                return start
            place = end + 1
        return len(source) + 1

    def _is_unpaired(self, quote: Quote, start: int, end: int) -> bool:
        if not quote.is_apostrophe:
            return quote.balance(self._source[start:end]) != 0
        close = self._last_closing(quote, start, end)
        return (close != -1 and self._ends_line(close + 1, end)) or self._begins_directive(start)

    def _last_closing(self, quote: Quote, start: int, line_end: int) -> int:
        if len(quote.closings) == 1:
            return self._rfind(quote, quote.closings[0], start, line_end)
        return max(self._rfind(quote, mark, start, line_end) for mark in quote.closings)

    def _mistaken_closing(self, quote: Quote, start: int, line_end: int) -> int:
        """Return the quote of another style that ends the line, if nothing on the line opens it."""
        for mark, opening in quote.mistaken:
            close = self._source.rfind(mark, start, line_end)
            if close == -1 or not self._ends_line(close + 1, line_end) or self._is_escaped(close, start):
                continue
            if self._source.find(opening, start, close) == -1:
                return close
        return -1

    def _rfind(self, quote: Quote, mark: str, start: int, end: int) -> int:
        place = self._source.rfind(mark, start, end)
        while place != -1 and not self._closes(quote, mark, place, start):
            place = self._source.rfind(mark, start, place + len(mark) - 1)
        return place

    def _find(self, quote: Quote, mark: str, start: int, end: int) -> int:
        place = self._source.find(mark, start, end)
        while place != -1 and not self._closes(quote, mark, place, start):
            place = self._source.find(mark, place + 1, end)
        return place

    def _closes(self, quote: Quote, mark: str, place: int, start: int) -> bool:
        if self._is_escaped(place, start):
            return False
        behind = self._source[place + len(mark) : place + len(mark) + 1]
        return not (quote.is_apostrophe and behind.isalnum())

    def _is_escaped(self, place: int, start: int) -> bool:
        before = place
        while before > start and self._source[before - 1] == "\\":
            before -= 1
        return (place - before) % 2 == 1
