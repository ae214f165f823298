"""What a paused room keeps in memory."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

from bot.app import open_bot
from bot.client import BackroomBot
from bot.room.entries import Answered, Joined, Opened, Paused, Spoke
from bot.settings import Settings
from bot.storage import Place
from tests.benchmarks.figures import Figure
from tests.benchmarks.playing import CAST, NewWords

ROOMS = 200
TURNS_A_ROOM = 20
SEATS = 2
MEMORY_OF_THIS_PROCESS = Path("/proc/self/status")


async def measure() -> list[Figure]:
    """Return KiB a room: what Python allocated for it, and what the process grew by."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_bot(_settings(Path(folder))) as bot:
            words = NewWords()
            await _open_rooms(bot, words, range(ROOMS // 2))  # what the first rooms load stays for all
            tasks = len(asyncio.all_tasks())
            grown = await _bytes_resident(bot, words, range(1_000, 1_000 + ROOMS))
            allocated = await _bytes_allocated(bot, words, range(2_000, 2_000 + ROOMS))
            tasks = len(asyncio.all_tasks()) - tasks
    room = f"a paused room after {TURNS_A_ROOM} turns of 300 characters"
    figures = [Figure(f"{room}, by tracemalloc", allocated / ROOMS / 1024, "KiB/room")]
    if grown is not None:
        figures.append(Figure("the same, by growth of the resident set", grown / ROOMS / 1024, "KiB/room"))
    return [*figures, Figure(f"tasks of {2 * ROOMS} such rooms", tasks, "tasks", 0)]


def _settings(folder: Path) -> Settings:
    address = f"sqlite+aiosqlite:///{(folder / 'journal.sqlite3').as_posix()}"
    chosen: dict[str, Any] = {"_env_file": None, "database_url": address}
    return Settings(**chosen)


async def _bytes_allocated(bot: BackroomBot, words: NewWords, channels: range) -> int:
    tracemalloc.start()
    try:
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        await _open_rooms(bot, words, channels)
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


async def _bytes_resident(bot: BackroomBot, words: NewWords, channels: range) -> int | None:
    """Return by how much the process grew; None where the system does not say."""
    gc.collect()
    before = _resident_bytes()
    await _open_rooms(bot, words, channels)
    gc.collect()
    after = _resident_bytes()
    return None if before is None or after is None else after - before


def _resident_bytes() -> int | None:
    if not MEMORY_OF_THIS_PROCESS.exists():
        return None
    lines = MEMORY_OF_THIS_PROCESS.read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


async def _open_rooms(bot: BackroomBot, words: NewWords, channels: range) -> None:
    for channel_id in channels:
        await _open_room(bot, words, channel_id + 1)


async def _open_room(bot: BackroomBot, words: NewWords, channel_id: int) -> None:
    """Open a room and let all its turns be written down; the words of every turn are its own."""
    opened = Opened(
        by=1, by_name="Ann", scenario="Test", prompt="Talk.", opening="Begin.", rounds=0, seconds_between_turns=0
    )
    cast = [Joined(seat=seat, model=model) for seat, model in enumerate(CAST[:SEATS], 1)]
    room = await bot.rooms.open(Place(1, channel_id), [opened, *cast], [])
    async with room.draft() as draft:
        for turn in range(1, TURNS_A_ROOM + 1):
            seat = (turn - 1) % SEATS + 1
            answer = words.line(300)
            draft.enter(Answered(turn=turn, seat=seat, text=answer, served_by="host/model", heard=turn))
            draft.enter(Spoke(turn=turn, seat=seat, text=answer))
        draft.enter(Paused(reason="", by_name="Ann"))
