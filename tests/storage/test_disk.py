"""A disk that fails while the program runs: what is told, that nothing is torn, and that it goes on by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.errors import StorageError
from bot.storage import Database, open_database
from tests.storage.disks import a_small_disk, fill
from tests.storage.happenings import OPENED, here, turn_of, words

SECONDS_IN_WHICH_HASTE_ENDS = 60.0


@pytest.fixture
async def journal(sqlite_file: Path) -> AsyncIterator[Database]:
    """A database with one room, that waits for nobody's lock."""
    async with open_database(f"sqlite+aiosqlite:///{sqlite_file}", seconds_to_wait_for_a_lock=0.05) as database:
        assert await database.journal.open_room(here(), [OPENED]) == 1
        yield database


async def _fails_whole(database: Database, told: str, known: int = 1) -> None:
    """A turn cannot be written; nothing of it is there, and what was there can be read."""
    with pytest.raises(StorageError, match=told):
        await database.journal.append(1, turn_of(1), [words("one" * 5000)], after=known)
    assert len(await database.journal.entries(1)) == known
    assert await database.outbox.waiting(1) == []


async def _goes_on(database: Database, known: int = 1) -> None:
    await database.check_writable()
    await database.journal.append(1, turn_of(1), [words("one" * 5000)], after=known)
    assert len(await database.journal.entries(1)) == known + 3
    assert len(await database.outbox.waiting(1)) == 1


async def test_a_database_in_good_order_is_writable(database: Database) -> None:
    await database.check_writable()
    await database.check_writable()


async def test_a_full_database(journal: Database) -> None:
    await _set(journal, "PRAGMA max_page_count = 1")  # SQLite takes the number of pages that it has
    await _fails_whole(journal, "disk that holds the journal is full. Make room on it")
    with pytest.raises(StorageError, match="full"):  # though a few bytes could be written
        await journal.check_writable()
    await _set(journal, "PRAGMA max_page_count = 1000000")
    await _goes_on(journal)


async def test_a_full_disk(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk") as disk:
        async with open_database(f"sqlite+aiosqlite:///{disk / 'journal.sqlite3'}") as database:
            await database.journal.open_room(here(), [OPENED])
            filler = fill(disk)
            await _fails_whole(database, "disk that holds the journal is full")
            with pytest.raises(StorageError, match="full"):
                await database.check_writable()
            filler.unlink()
            await _goes_on(database)


async def test_another_program_that_keeps_the_database_locked(journal: Database, sqlite_file: Path) -> None:
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await _fails_whole(journal, "keeps the journal's database locked")
    with pytest.raises(StorageError, match="locked"):
        await journal.check_writable()
    other.close()
    await _goes_on(journal)


async def test_who_makes_haste_does_not_wait_for_another_program(sqlite_file: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{sqlite_file}", seconds_to_wait_for_a_lock=600) as database:
        await database.check_writable()
        other = sqlite3.connect(sqlite_file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        database.transactions.make_haste()
        writing = [asyncio.create_task(database.check_writable()) for _ in range(3)]
        _, waiting = await asyncio.wait(writing, timeout=SECONDS_IN_WHICH_HASTE_ENDS)
        other.close()
        assert waiting == set()
        assert ["locked" in str(task.exception()) for task in writing] == [True] * 3
        await database.check_writable()


async def test_a_connection_that_may_only_read_is_given_up(journal: Database) -> None:
    await _set(journal, "PRAGMA query_only = ON")
    await _fails_whole(journal, "read-only. Let the bot write")
    await _goes_on(journal)


async def test_a_database_that_became_read_only_under_every_connection(journal: Database, sqlite_file: Path) -> None:
    await asyncio.gather(*(journal.journal.entries(1) for _ in range(8)))
    for _ in range(4):
        await _set(journal, "PRAGMA query_only = ON")
    await _fails_whole(journal, "read-only")
    await _goes_on(journal)


async def _set(database: Database, pragma: str) -> None:
    """Change what a connection of the pool may do."""

    def work(connection: Connection) -> None:
        connection.exec_driver_sql(pragma)

    await database.transactions.read(work)
