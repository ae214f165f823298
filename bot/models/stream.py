"""Server-sent events: from bytes, cut anywhere, to the data of each event."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_EVENT_BYTES = 4 * 1024 * 1024
"""More than any event of a chat; beyond it, a host is sending something else."""


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""A stream may begin with it."""


class EventTooLong(Exception):
    """An event that does not end."""


class EventReader:
    """Reads events as their bytes arrive.

    Only a line feed, with or without a carriage return before it, ends a line. Text decoders also break lines
    at U+2028, U+0085 and others, which may stand raw in JSON; no byte of a longer UTF-8 sequence is a line
    feed, so lines are cut as bytes and decoded whole.
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._searched = 0
        self._data: list[str] = []
        self._data_bytes = 0

    def feed(self, data: bytes) -> Iterator[str]:
        """Yield the data of every event that `data` completes.

        Raises:
            EventTooLong: an event exceeds `LONGEST_EVENT_BYTES`.
        """
        self._rest += data
        while (end := self._rest.find(b"\n", self._searched)) >= 0:
            line = bytes(self._rest[:end])
            del self._rest[: end + 1]
            self._searched = 0
            yield from self._take(line.removeprefix(_BYTE_ORDER_MARK).removesuffix(b"\r"))
        self._searched = len(self._rest)
        self._check_length()

    def close(self) -> Iterator[str]:
        """Yield the data of a last event that no blank line ended: not every server sends one."""
        if self._rest:
            yield from self._take(bytes(self._rest).removesuffix(b"\r"))
            self._rest.clear()
        yield from self._take(b"")

    def _take(self, line: bytes) -> Iterator[str]:
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" ").decode("utf-8", "replace"))
            self._data_bytes += len(line)
            self._check_length()
        elif not line and self._data:
            data = "\n".join(self._data)
            self._data.clear()
            self._data_bytes = 0
            yield data

    def _check_length(self) -> None:
        if len(self._rest) + self._data_bytes > LONGEST_EVENT_BYTES:
            raise EventTooLong
