"""The lines that are typed into a terminal, as they come, without holding anything up."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Generator
from typing import TextIO

_BYTES_AT_ONCE = 4096


async def typed_lines(source: TextIO) -> AsyncIterator[str]:
    """Yield each line of a terminal or a pipe, until it ends."""
    arrived: asyncio.Queue[bytes] = asyncio.Queue()
    with _reading(source.fileno(), arrived):
        begun = b""
        while data := await arrived.get():
            *lines, begun = (begun + data).split(b"\n")
            for line in lines:
                yield line.decode(errors="replace")
        if begun:
            yield begun.decode(errors="replace")


@contextlib.contextmanager
def _reading(descriptor: int, arrived: asyncio.Queue[bytes]) -> Generator[None]:
    """Put what arrives into the queue; nothing (`b""`) is the end.

    No `connect_read_pipe`: that makes the descriptor non-blocking, and with it the same terminal's output.
    """
    loop = asyncio.get_running_loop()

    def read() -> None:
        data = _read(descriptor)
        if not data:
            loop.remove_reader(descriptor)
        arrived.put_nowait(data)

    try:
        loop.add_reader(descriptor, read)
    except (NotImplementedError, OSError):  # Windows, and what cannot be waited for: a file, the null device
        threading.Thread(target=_read_on, args=(descriptor, loop, arrived), name="keyboard", daemon=True).start()
        yield
        return
    try:
        yield
    finally:
        loop.remove_reader(descriptor)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _BYTES_AT_ONCE)
    except OSError:  # the terminal is gone
        return b""


def _read_on(descriptor: int, loop: asyncio.AbstractEventLoop, arrived: asyncio.Queue[bytes]) -> None:
    data = b"begun"
    while data:
        data = _read(descriptor)
        with contextlib.suppress(RuntimeError):  # the loop is closed: the rehearsal is over
            loop.call_soon_threadsafe(arrived.put_nowait, data)
