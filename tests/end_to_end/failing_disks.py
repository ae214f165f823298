"""Disks that fail under a bot that runs, for real: SQLite itself says so, or the computer does. They can be mended."""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from bot.client import BackroomBot
from tests.end_to_end.other_programs import SECONDS_OF_PATIENCE
from tests.end_to_end.stage import Stage
from tests.storage.disks import a_small_disk, fill

PLENTY = 1_000_000
PAGE_BYTES = 4096
DISK_BYTES = 8 * 1024 * 1024


class FailingDisk(ABC):
    """The disk of a stage's bot, which is sound until it `fails`."""

    told = ""
    """What people and operators are told of it."""

    async def fails(self, bot: BackroomBot) -> None:
        """Let nothing be written down any more; where that takes the database's lock, the bot can go on to free it."""
        await asyncio.to_thread(self.break_down, bot)

    async def is_mended(self) -> None:
        """Let things be written down again."""
        await asyncio.to_thread(self.mend)

    @abstractmethod
    def break_down(self, bot: BackroomBot) -> None:
        """Fail at once, whatever the bot is at."""

    @abstractmethod
    def mend(self) -> None:
        """Be sound again."""


class Limited(FailingDisk):
    """Every connection is told something before it is used, and the contrary once the disk is mended."""

    told, limit, lifted = "", "", ""

    def __init__(self) -> None:
        self._pragma = ""

    def break_down(self, bot: BackroomBot) -> None:
        pool = bot.supplies.database.transactions._readers.sync_engine.pool  # pyright: ignore[reportPrivateUsage]
        if not self._pragma:
            event.listen(pool, "checkout", self._tell)
        self._pragma = self.limit

    def mend(self) -> None:
        self._pragma = self.lifted

    def _tell(self, connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(self._pragma)
        cursor.close()


class FullDatabase(Limited):
    """The file has no page left and cannot grow: only what fits into the pages that are in use is written."""

    told = "The disk that holds the journal is full."
    limit, lifted = "PRAGMA max_page_count = 1", f"PRAGMA max_page_count = {PLENTY}"

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def break_down(self, bot: BackroomBot) -> None:
        with closing(sqlite3.connect(self._file, SECONDS_OF_PATIENCE, isolation_level=None)) as connection:
            (pages,) = connection.execute("PRAGMA freelist_count").fetchone()
            connection.execute("INSERT INTO marks VALUES ('filler', ?)", ["0" * PAGE_BYTES * (pages + 1)])
        super().break_down(bot)

    def mend(self) -> None:
        super().mend()
        with closing(sqlite3.connect(self._file, SECONDS_OF_PATIENCE, isolation_level=None)) as connection:
            connection.execute("DELETE FROM marks WHERE name = 'filler'")


class ReadOnlyDatabase(Limited):
    """No connection may write."""

    told = "The journal's database is read-only."
    limit, lifted = "PRAGMA query_only = ON", "PRAGMA query_only = OFF"


class FullDisk(FailingDisk):
    """A disk of some megabytes on which nothing is left."""

    told = "The disk that holds the journal is full."

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filler: Path | None = None

    def break_down(self, bot: BackroomBot) -> None:
        self._filler = fill(self._folder)

    def mend(self) -> None:
        if self._filler is not None:
            self._filler.unlink()


class BreaksOffAfterCommit:
    """A database that writes an entry of a kind down and then breaks off, once: its connection is lost.

    Where it is `unread`, it also says no when it is next asked for entries.
    """

    def __init__(self, bot: BackroomBot, kind: str, *, unread: bool = False) -> None:
        self._kind = kind
        self.broke_off = False
        self.is_to_be_unread = unread
        engine = bot.supplies.database.transactions._readers.sync_engine  # pyright: ignore[reportPrivateUsage]
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "before_cursor_execute", self._execute)

    def _commit(self, connection: Connection) -> None:
        last = connection.exec_driver_sql("SELECT kind FROM entries ORDER BY at DESC, seq DESC LIMIT 1").scalar()
        if last == self._kind and not self.broke_off:
            self.broke_off = True
            connection.connection.commit()
            raise sqlite3.OperationalError("connection lost")

    def _execute(self, _connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if self.broke_off and self.is_to_be_unread and statement.startswith("SELECT entries.seq"):
            self.is_to_be_unread = False
            raise sqlite3.OperationalError("cannot be read")


class FailsToReadOnce:
    """A database that writes an entry of a kind down, and the next time that it is asked for entries says no."""

    def __init__(self, bot: BackroomBot, kind: str, then: Callable[[], None] = lambda: None) -> None:
        self._kind, self._then = kind, then
        self._is_written = self.failed = False
        engine = bot.supplies.database.transactions._readers.sync_engine  # pyright: ignore[reportPrivateUsage]
        event.listen(engine, "before_cursor_execute", self._execute)

    def _execute(
        self, _connection: Connection, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        self._is_written |= statement.startswith("INSERT INTO entries") and self._kind in str(parameters)
        if self._is_written and not self.failed and statement.startswith("SELECT entries.seq"):
            self.failed = True
            self._then()
            raise sqlite3.OperationalError("cannot be read")


class FailsToOpen:
    """A database that is full when it is to open a room for the so many-th time, and only then."""

    def __init__(self, bot: BackroomBot, time: int = 1) -> None:
        self._times_left = time
        engine = bot.supplies.database.transactions._readers.sync_engine  # pyright: ignore[reportPrivateUsage]
        event.listen(engine, "before_cursor_execute", self._execute)

    def _execute(self, _connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO rooms"):
            self._times_left -= 1
            if self._times_left == 0:
                raise sqlite3.OperationalError("database or disk is full")


@contextmanager
def a_full_disk(stage: Stage) -> Iterator[FailingDisk]:
    """Give a stage a small disk for its journal, or skip the test."""
    with a_small_disk(stage.folder / "disk", DISK_BYTES) as folder:
        stage.folder = folder
        yield FullDisk(folder)


@contextmanager
def a_full_database(stage: Stage) -> Iterator[FailingDisk]:
    """Give a stage a database that will not grow."""
    yield FullDatabase(stage.database)


@contextmanager
def a_read_only_database(_: Stage) -> Iterator[FailingDisk]:
    """Give a stage a database that will be read-only."""
    yield ReadOnlyDatabase()


Breaking = Callable[[Stage], Any]
DISKS: dict[str, Breaking] = {
    "full disk": a_full_disk,
    "full database": a_full_database,
    "read-only": a_read_only_database,
}
