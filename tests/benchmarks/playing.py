"""The real bot on a stage for benchmarks: connected to a Discord of our own, with a clock at its channels."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app import open_bot
from bot.client import BackroomBot
from bot.models.answering import Answerer
from bot.rehearsal.server import RehearsalDiscord
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.happenings import Happening, Posted
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.signal import Signal
from tests.end_to_end.stage import Stage
from tests.openrouter import ScriptedOpenRouter

SECONDS_AT_MOST = 60.0
"""No wait of a benchmark is longer: then something is broken, and not slow."""

CAST = ("Gemini 3 Flash", "Kimi K2", "DeepSeek R1", "GPT-5.5", "Grok 4.5")


@asynccontextmanager
async def a_bench(host: ScriptedOpenRouter | None = None) -> AsyncGenerator[Stage]:
    """Open a stage in a folder of its own, with `host` as the OpenRouter; at its end Discord must have been content."""
    with tempfile.TemporaryDirectory() as folder:
        async with RehearsalDiscord.open() as discord, host or ScriptedOpenRouter() as scripted:
            guild = discord.add_guild("The Back Room")
            channel = guild.add_text_channel("backroom")
            ann = guild.add_member("Ann", permissions=Permission.MANAGE_CHANNELS)
            yield Stage(discord, scripted, guild, channel, ann, Path(folder))
            if discord.problems:
                raise RuntimeError(f"What was measured is not what happens on Discord: {discord.problems[0]}")


@asynccontextmanager
async def connected(stage: Stage, answerer: Answerer | None = None, **settings: Any) -> AsyncGenerator[BackroomBot]:
    """Run the bot on the stage until the block ends, with `answerer` in place of models on the network."""
    async with open_bot(stage.settings(**settings), answerer=answerer) as bot:
        session = asyncio.create_task(bot.run_until_closed(stage.discord.token), name="bot")
        try:
            await stage.discord.bot_is_ready()
            yield bot
        finally:
            session.cancel()
            await asyncio.gather(session, return_exceptions=True)


class NewWords:
    """Talks without end and never in circles: a room whose lines are all alike is paused."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        letters = "bdfghklmnprstvwz", "aeiou", "lmnrst", "aeiou", "lmnrst"
        self._words = ["".join(map(self._random.choice, letters)) for _ in range(200)]

    def line(self, characters: int = 320) -> str:
        """Return some words that were hardly said in this order before."""
        return " ".join(self._random.choices(self._words, k=characters // 6))


class PostClock:
    """Notes the moment at which Discord has stored each message of a persona, by channel."""

    def __init__(self, discord: RehearsalDiscord) -> None:
        self._moments: dict[int, list[float]] = {}
        self._stored = Signal()
        discord.on_happening(self._see)

    async def until(self, count: int, channel: Channel, seconds_at_most: float = SECONDS_AT_MOST) -> float:
        """Wait until so many messages of personas stand in a channel; return when the last of them was stored."""
        moments = self._moments.setdefault(channel.id, [])
        if not await self._stored.wait_until(lambda: len(moments) >= count, seconds_at_most):
            raise TimeoutError(f"#{channel.name} holds {len(moments)} messages of personas and not {count}.")
        return moments[count - 1]

    def _see(self, happening: Happening) -> None:
        if isinstance(happening, Posted) and happening.message.webhook_id is not None:
            self._moments.setdefault(happening.message.channel.id, []).append(time.perf_counter())
            self._stored.give()
