"""A database that another program keeps locked: the doctor says so, and writes nothing to find it out."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import pytest

from bot.storage import hold_lease, open_database
from bot.storage.holder import Holder
from tests.doctor.conftest import Surgery
from tests.storage.happenings import OPENED, here

SECONDS_OF_A_WRITE = 0.2


@asynccontextmanager
async def a_journal(surgery: Surgery) -> AsyncGenerator[None]:
    """Leave a database with a room in it, which nobody has open."""
    async with open_database(surgery.stage.settings().database_url) as database:
        await database.journal.open_room(here(), [OPENED])
    yield


@contextmanager
def locked(surgery: Surgery, *statements: str) -> Generator[sqlite3.Connection]:
    """Keep the database locked as another program would."""
    other = sqlite3.connect(surgery.stage.database, isolation_level=None)
    try:
        for statement in statements:
            other.execute(statement)
        yield other
    finally:
        other.close()


def contents(surgery: Surgery) -> dict[str, bytes]:
    files = (file for file in surgery.stage.folder.iterdir() if not file.name.endswith("-shm"))
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize(
    "statements",
    [("BEGIN IMMEDIATE",), ("BEGIN EXCLUSIVE",), ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE")],
    ids=["for writing", "for reading and writing", "for good"],
)
async def test_a_lock_that_another_program_keeps_is_bad_and_nothing_is_changed(
    surgery: Surgery, statements: tuple[str, ...]
) -> None:
    async with a_journal(surgery):
        with locked(surgery, *statements):
            before = contents(surgery)
            report = await surgery.examine(DISCORD_TOKEN="")
            assert contents(surgery) == before
    ((state, words),) = report.of("Database")
    assert state == "bad"
    assert "locked" in words
    assert "End " in words
    assert report.code == 1


async def test_a_lock_that_is_kept_for_a_moment_is_no_matter(surgery: Surgery) -> None:
    async with a_journal(surgery):
        with locked(surgery, "BEGIN IMMEDIATE") as other:
            asyncio.get_running_loop().call_later(SECONDS_OF_A_WRITE, other.execute, "ROLLBACK")
            report = await surgery.examine(DISCORD_TOKEN="")
    assert report.state_of("Database") == "ok"


async def test_where_a_bot_runs_its_locks_are_no_matter(surgery: Surgery) -> None:
    holder = Holder(socket.gethostname(), os.getppid(), "of another run")
    async with open_database(surgery.stage.settings().database_url) as database, hold_lease(database, holder=holder):
        with locked(surgery, "BEGIN IMMEDIATE"):
            report = await surgery.examine(DISCORD_TOKEN="")
    assert report.state_of("Database") == "ok"


async def test_a_database_that_nobody_has_open_is_left_as_it_is(surgery: Surgery) -> None:
    async with a_journal(surgery):
        before = contents(surgery)
        report = await surgery.examine(DISCORD_TOKEN="")
        assert contents(surgery) == before
    assert report.state_of("Database") == "ok"
