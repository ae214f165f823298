"""What a turn's own work takes early and late in a room: everything but the model and Discord."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from statistics import median
from types import SimpleNamespace

import aiohttp
from pydantic import SecretStr

from bot.models.answering import Answer, Ask
from bot.models.endpoints import Endpoint
from bot.models.request_body import request_body
from bot.settings import OPENROUTER_API
from tests.benchmarks.figures import Figure
from tests.benchmarks.playing import CAST, SECONDS_AT_MOST, NewWords, a_bench, connected

MOMENTS, MOMENTS_QUICK = (10, 100, 1_000), (10, 100)
TURNS_AROUND = 10
RATIO_AIMED_AT = 1.2
"""Flat, as far as a machine with other things to do can show it."""


async def measure(quick: bool = False) -> list[Figure]:
    """Return milliseconds a turn, medians around several moments, and their ratios to the first."""
    first, *later = (
        (moment, median(seconds) * 1000) for moment, seconds in await _seconds(MOMENTS_QUICK if quick else MOMENTS)
    )
    return [
        *(Figure(f"a turn's own work around turn {moment:,}", spent, "ms") for moment, spent in (first, *later)),
        *(
            Figure(f"turn {moment:,} as a ratio to turn {first[0]}", spent / first[1], "x", RATIO_AIMED_AT)
            for moment, spent in later
        ),
    ]


async def _seconds(moments: tuple[int, ...]) -> list[tuple[int, list[float]]]:
    """Bring one room to each moment, then let each take a turn in turn: what the machine does meanwhile meets all."""
    answerer = InstantAnswerer()
    way_to_discord = TimeAtDiscord()
    async with a_bench() as stage, connected(stage, answerer) as bot:
        bot.supplies.posting_session.trace_configs.append(way_to_discord.trace())
        for moment in moments:
            channel = stage.guild.add_text_channel(f"turn-{moment}")
            held = answerer.hold_next_room(after_turns=moment - TURNS_AROUND)
            await stage.start(*CAST, rounds=0, channel=channel)
            await held.is_held()
        for _ in range(2 * TURNS_AROUND):
            for room in answerer.rooms:
                at_discord = way_to_discord.seconds
                spent = await room.take_turn()
                room.seconds_of_turns.append(spent - (way_to_discord.seconds - at_discord))
    return [(moment, room.seconds_of_turns) for moment, room in zip(moments, answerer.rooms, strict=True)]


@dataclass(slots=True)
class HeldRoom:
    """A room that takes so many turns freely, and then one whenever it is told to."""

    after_turns: int
    asked_at: float = 0.0
    turns: int = 0
    seconds_of_turns: list[float] = field(default_factory=list[float])
    held: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    let_go: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def is_held(self) -> None:
        """Wait until the room asks a model, and gets no answer yet."""
        async with asyncio.timeout(SECONDS_AT_MOST):
            await self.held.acquire()

    async def take_turn(self) -> float:
        """Answer, and return the seconds until the next request is ready to be sent."""
        began = time.perf_counter()
        self.let_go.release()
        await self.is_held()
        return self.asked_at - began


class InstantAnswerer:
    """Answers at once with some 300 characters, never the same twice, unless the room is to be held."""

    def __init__(self) -> None:
        self.rooms: list[HeldRoom] = []
        self._by_session: dict[str, HeldRoom] = {}
        self._words = NewWords()
        self._endpoint = Endpoint(OPENROUTER_API, SecretStr("a-key-for-benchmarks"))

    def hold_next_room(self, after_turns: int) -> HeldRoom:
        """Return how the next room that asks is held; it has to ask before another is announced."""
        self.rooms.append(HeldRoom(after_turns))
        return self.rooms[-1]

    async def ask(self, request: Ask) -> Answer:
        """Make the request as it would be sent, and answer it."""
        request_body(request, self._endpoint, request.model.answer_tokens)
        room = self._by_session.setdefault(request.session.rpartition("-AI-")[0], self.rooms[-1])
        room.asked_at = time.perf_counter()
        if room.turns >= room.after_turns:
            room.held.release()
            await room.let_go.acquire()
        room.turns += 1
        return Answer(self._words.line(300), served_by="host")


class TimeAtDiscord:
    """Adds up the seconds that webhook posts spend on their way to Discord and back; they come one at a time."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._began_at = 0.0

    def trace(self) -> aiohttp.TraceConfig:
        """Return what a session needs in order to be timed."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._begin)
        trace.on_request_end.append(self._end)
        trace.freeze()
        return trace

    async def _begin(self, _session: aiohttp.ClientSession, _context: SimpleNamespace, _request: object) -> None:
        self._began_at = time.perf_counter()

    async def _end(self, _session: aiohttp.ClientSession, _context: SimpleNamespace, _response: object) -> None:
        self.seconds += time.perf_counter() - self._began_at
