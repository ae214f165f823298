"""What the bot's process keeps in memory under a flood: five rooms, long answers, two pictures a turn, no pauses."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

from bot.rehearsal.world.channels import Channel
from tests.benchmarks.figures import Figure
from tests.benchmarks.playing import CAST, NewWords, a_bench
from tests.end_to_end.stage import Stage
from tests.openrouter import Reply

ROOMS = 5
SEATS = 3
IS_TOLD = Path("/proc/self/status").exists()
MOMENTS, MOMENTS_QUICK = (100, 200, 400), (25, 50)
"""Turns of all rooms together."""
SHARE_OF_HUGE_ANSWERS = 0.05
CHARACTERS, CHARACTERS_OF_HUGE_ANSWERS = 6_000, 59_000
SECONDS_AT_MOST = 600.0
SECONDS_BETWEEN_LOOKS = 0.05
MIB_MORE_AT_MOST = 32
"""For twice as many turns: pictures and long answers on their way at the one moment and not at the other, no more."""


async def measure(quick: bool = False) -> list[Figure]:
    """Return MiB of the resident set after so many turns; nothing where the system does not say."""
    moments = MOMENTS_QUICK if quick else MOMENTS
    async with a_bench() as stage:
        stage.host.script = Flood()
        stage.host.picture_script = lambda _request: Reply(cost=0)  # no room is to stop for its budget
        async with stage.process() as process:
            memory = Path(f"/proc/{process.pid}/status")
            if not IS_TOLD:
                return []
            rested = _mib_resident(memory)
            channels = [stage.guild.add_text_channel(f"room-{number}") for number in range(ROOMS)]
            await asyncio.gather(*(stage.start(*CAST[:SEATS], rounds=0, channel=channel) for channel in channels))
            kept = [(turns, await _mib_after(turns, stage, memory)) for turns in moments]
            await _stop(stage, channels)
    growth = kept[-1][1] - kept[-2][1]
    return [
        Figure("the bot in a process of its own, without rooms", rested, "MiB"),
        *(Figure(f"after {turns} turns of {ROOMS} rooms", mib, "MiB") for turns, mib in kept),
        Figure(f"more after {kept[-1][0]} turns than after {kept[-2][0]}", growth, "MiB", MIB_MORE_AT_MOST),
    ]


class Flood:
    """Answers at length and asks for pictures, never twice the same; now and then it goes on as long as it may."""

    def __init__(self) -> None:
        self._words = NewWords()
        self._random = random.Random(1)

    def __call__(self, _request: dict[str, Any]) -> Reply:
        """Return the next answer."""
        is_huge = self._random.random() < SHARE_OF_HUGE_ANSWERS
        text = self._words.line(CHARACTERS_OF_HUGE_ANSWERS if is_huge else CHARACTERS)
        return Reply(text=f'{text}\n\n!image "{self._words.line(60)}"\n\n!image "{self._words.line(60)}"')


async def _mib_after(turns: int, stage: Stage, memory: Path) -> float:
    async with asyncio.timeout(SECONDS_AT_MOST):
        while len(stage.host.chats) < turns:  # noqa: ASYNC110 - what is waited for is not ours to signal
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    return _mib_resident(memory)


async def _stop(stage: Stage, channels: list[Channel]) -> None:
    for channel in channels:
        await stage.ann.slash(channel, "backroom stop")


def _mib_resident(memory: Path) -> float:
    return next(int(line.split()[1]) / 1024 for line in memory.read_text().splitlines() if line.startswith("VmRSS:"))
