"""What writing a turn into the journal costs, at the beginning of a room and late in a long one."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bot.room.entries import Answered, CarriedOut, Entry, Opened, Spoke
from bot.room.posts import Post
from bot.storage import Database, Place, open_database

TURNS_MEASURED = 300
ENTRIES_OF_A_LONG_JOURNAL = 100_000
_ENTRIES_A_WRITE = 5_000

_OPENED = Opened(
    by=1, by_name="Ann", scenario="Test", prompt="Talk.", opening="Begin.", rounds=0, seconds_between_turns=0
)
_TURN: tuple[Entry, ...] = (
    Answered(turn=1, seat=1, text="An answer of some length. " * 40, served_by="host/model"),
    CarriedOut(verb="temperature", texts=("1.2",), done=True, outcome="Your temperature is 1.2 now.", seat=1),
    Spoke(turn=1, seat=1, text="An answer of some length. " * 40),
)
_POST = Post("An answer of some length. " * 40, seat=1, persona="AI-1 (Kimi K2)", model="Kimi K2")


async def measure() -> list[tuple[str, float]]:
    """Return milliseconds, by what they were spent on; medians, of one turn each unless it says otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "journal.sqlite3"
        bare = await asyncio.to_thread(_bare_transaction, Path(folder) / "bare.sqlite3")
        async with open_database(f"sqlite+aiosqlite:///{file}") as database:
            room = await database.journal.open_room(Place(1, 1), [_OPENED])
            blank = await _append_turns(database, room)
            await _lengthen(database, room)
            long = await _append_turns(database, room)
            settle = await _post_all(database, room)
            started = time.perf_counter()
            entries = len(await database.journal.entries(room))
            read = time.perf_counter() - started
    return [
        ("journal: the same rows by sqlite3 alone, for comparison, ms", bare),
        ("journal: append 3 entries and 1 post, blank journal, ms", blank),
        (f"journal: append 3 entries and 1 post, after {ENTRIES_OF_A_LONG_JOURNAL:,} entries, ms", long),
        ("journal: mark a post as posted, ms", settle),
        (f"journal: read {entries:,} entries, all together, ms", read * 1000),
    ]


async def _append_turns(database: Database, room: int) -> float:
    spent: list[float] = []
    for _ in range(TURNS_MEASURED):
        started = time.perf_counter()
        await database.journal.append(room, _TURN, [_POST])
        spent.append(time.perf_counter() - started)
    return median(spent) * 1000


async def _lengthen(database: Database, room: int) -> None:
    for _ in range(ENTRIES_OF_A_LONG_JOURNAL // _ENTRIES_A_WRITE):
        await database.journal.append(room, [_TURN[2]] * _ENTRIES_A_WRITE)


async def _post_all(database: Database, room: int) -> float:
    spent: list[float] = []
    for owed in await database.outbox.waiting(room):
        started = time.perf_counter()
        await database.outbox.mark_posted(owed.id, owed.id)
        spent.append(time.perf_counter() - started)
    return median(spent) * 1000


def _bare_transaction(file: Path) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, words TEXT)")
    spent: list[float] = []
    for _ in range(TURNS_MEASURED):
        started = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO rows (words) VALUES (?)", [(_POST.text,)] * 4)
        connection.execute("COMMIT")
        spent.append(time.perf_counter() - started)
    connection.close()
    return median(spent) * 1000


if __name__ == "__main__":
    for name, number in asyncio.run(measure()):
        sys.stdout.write(f"{number:10.2f}  {name}\n")
