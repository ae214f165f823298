"""Reads and writes that are whole: each is finished or undone, also when its caller is cancelled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StorageError
from bot.storage.engine import SECONDS_TO_WAIT, WRITES
from bot.storage.failures import told_plainly
from bot.words import later

T = TypeVar("T")

CLOSED = later("The journal is closed, because the program ends.")

SECONDS_IN_HASTE = 2.0
"""So long, in all, who has to end waits for another program's lock; Docker kills what takes 10 s."""
SECONDS_IN_HASTE_AT_LEAST = 0.2
"""Longer than a program needs that only writes."""


class Transactions:
    """The transactions of one database: any number that read, one at a time that writes.

    `work` is given a connection within a transaction and returns what the caller gets; when it raises,
    nothing of it is kept. Both methods raise `StorageError` when the database fails.
    """

    def __init__(self, engine: AsyncEngine, check_file: Callable[[], None] | None = None) -> None:
        self._readers = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._one_writer = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._is_closed = False
        self._check_file = check_file
        self.check_before_writing: Callable[[Connection], None] | None = None
        """May refuse a transaction that writes by raising `StorageError`, once it has the database to itself."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` reads, all of it from the same moment."""
        return await self._to_the_end(self._readers, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns once its writes are on the disk.

        Cancelled while it waits for its turn, it has written nothing; cancelled later, it ends first.
        """

        def checked(connection: Connection) -> T:
            if self.check_before_writing is not None:
                self.check_before_writing(connection)
            return work(connection)

        async with self._one_writer:
            self.check_in_place()
            return await self._to_the_end(self._writer, checked)

    def check_in_place(self) -> None:
        """Raise `StorageError` while the path of a SQLite file does not lead to the one that is open."""
        if self._check_file is not None:
            self._check_file()

    def make_haste(self) -> None:
        """Wait for locks no longer than whoever ends the program would: what is not written then, a crash loses too."""
        ends = time.monotonic() + SECONDS_IN_HASTE
        waiting = {SECONDS_TO_WAIT: lambda: max(SECONDS_IN_HASTE_AT_LEAST, ends - time.monotonic())}
        self._readers = self._readers.execution_options(**waiting)
        self._writer = self._writer.execution_options(**waiting)

    async def close(self) -> None:
        """Let what has begun end, and begin nothing more: a late caller is told so, and opens no new connection."""
        self._is_closed = True
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _to_the_end(self, engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
        if self._is_closed:
            raise StorageError(CLOSED)
        task = asyncio.ensure_future(_transact(engine, work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        try:
            return await to_the_end(task)
        except StorageError:
            self.check_in_place()  # of a file that is gone SQLite says that it is damaged, or locked
            raise


async def _transact(engine: AsyncEngine, work: Callable[[Connection], T]) -> T:
    with told_plainly():
        async with engine.begin() as connection:
            return await connection.run_sync(work)


async def to_the_end(doing: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
    """Await `doing` and let it end before a cancellation of the caller goes on."""
    task = asyncio.ensure_future(doing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:  # once is enough: it is raised below
                continue
        if not task.cancelled():
            task.exception()  # nobody is left to be told
        raise


@contextmanager
def overwriting(connection: Connection) -> Generator[None]:
    """Let SQLite write zeros over what is deleted: otherwise it stays in the file until its place is needed."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
