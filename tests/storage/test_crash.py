"""A program that is killed, or fails, with the database open."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot.room.entries import Spoke
from bot.storage import Database, open_database

CHECKOUT = Path(__file__).parents[2]
KILLS = 5


async def _killed(url: str, seconds: float) -> tuple[int, int]:
    """Run the writer, kill it `seconds` after its first turn; return the last entry and turn that it said were safe."""
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.writer", url, cwd=CHECKOUT, stdout=PIPE
    )
    assert writer.stdout is not None
    said = [await asyncio.wait_for(writer.stdout.readline(), 60)]
    await asyncio.sleep(seconds)
    writer.kill()
    said += (await writer.stdout.read()).splitlines(keepends=True)
    await writer.wait()
    whole = [line.decode().split() for line in said if line.endswith(b"\n")]
    wrote = max(int(number) for what, number in whole if what == "wrote")
    return wrote, max((int(number) for what, number in whole if what == "posted"), default=0)


async def _check_whole(database: Database, wrote: int, posted: int) -> None:
    room = await database.journal.room_at(1)
    assert room is not None
    written = await database.journal.entries(room)
    turns = (len(written) - 1) // 3
    assert len(written) >= wrote
    assert [one.seq for one in written] == list(range(1, 3 * turns + 2))
    assert [one.entry.turn for one in written if isinstance(one.entry, Spoke)] == list(range(1, turns + 1))
    await database.pictures.load(room, turns)
    known = await database.outbox.known_message_ids(room, since=0)
    waiting = [owed.id for owed in await database.outbox.waiting(room)]
    assert sorted([*known, *waiting]) == list(range(1, turns + 1))
    assert len(known) >= posted


async def test_a_program_killed_in_the_middle_leaves_whole_turns_only(sqlite_file: Path) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_file}"
    chance = random.Random(7)
    for _ in range(KILLS):
        wrote, posted = await _killed(url, chance.uniform(0, 0.05))
        async with open_database(url) as database:
            await _check_whole(database, wrote, posted)
    connection = sqlite3.connect(sqlite_file)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


FAILS_INSIDE = """
import asyncio, sys
from bot.storage import open_database
from tests.storage.happenings import OPENED, here, turn_of

async def main():
    async with open_database(sys.argv[1]) as database:
        room = await database.journal.open_room(here(), [OPENED])
        left_alone = [asyncio.create_task(database.journal.append(room, turn_of(n))) for n in range(20)]
        await asyncio.sleep(0.01)
        raise RuntimeError("as it happens")

asyncio.run(main())
"""
NEVER_CLOSES = """
import asyncio, sys
from bot.storage import open_database

async def main():
    opening = open_database(sys.argv[1])
    database = await opening.__aenter__()
    await database.journal.unended_rooms()
    globals()["kept"] = opening, database
    raise RuntimeError("as it happens")

asyncio.run(main())
"""


@pytest.mark.parametrize("program", [FAILS_INSIDE, NEVER_CLOSES], ids=["fails inside", "never closes"])
async def test_a_program_that_fails_with_the_database_open_still_ends(sqlite_file: Path, program: str) -> None:
    url = f"sqlite+aiosqlite:///{sqlite_file}"
    failing = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, cwd=CHECKOUT, stderr=PIPE)
    _, complaint = await asyncio.wait_for(failing.communicate(), 60)
    assert failing.returncode == 1
    assert b"as it happens" in complaint
    async with open_database(url) as database:
        for room, _ in await database.journal.unended_rooms():
            assert len(await database.journal.entries(room)) % 3 == 1
