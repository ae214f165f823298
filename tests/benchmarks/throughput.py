"""How many turns a second the bot takes when models answer at once and the pace is 0."""

from __future__ import annotations

import asyncio

from bot.rehearsal.world.channels import Channel
from tests.benchmarks.figures import Figure
from tests.benchmarks.playing import CAST, NewWords, PostClock, a_bench, connected
from tests.openrouter import Reply

SEATS = 2
ROUNDS, ROUNDS_QUICK = 150, 20
ROOMS_AT_ONCE = 5
TURNS_TO_WARM_UP = 2 * SEATS


async def measure(quick: bool = False) -> list[Figure]:
    """Return turns a second of one room, and of several at once all together."""
    rounds = ROUNDS_QUICK if quick else ROUNDS
    one = await _turns_a_second(rooms=1, rounds=rounds)
    several = await _turns_a_second(rooms=ROOMS_AT_ONCE, rounds=max(2 * TURNS_TO_WARM_UP, rounds // 3))
    return [
        Figure("turns of one room", one, "turns/s"),
        Figure(f"turns of {ROOMS_AT_ONCE} rooms at once, all together", several, "turns/s"),
        Figure("several rooms as a ratio to one", several / one, "x"),
    ]


async def _turns_a_second(rooms: int, rounds: int) -> float:
    async with a_bench() as stage, connected(stage):
        words = NewWords()
        stage.host.script = lambda _request: Reply(pieces=[words.line()])
        clock = PostClock(stage.discord)
        channels = [stage.guild.add_text_channel(f"room-{number}") for number in range(rooms)]
        await asyncio.gather(*(stage.start(*CAST[:SEATS], rounds=rounds, channel=channel) for channel in channels))
        turns = rounds * SEATS
        spans = await asyncio.gather(*(_span(clock, channel, turns) for channel in channels))
    began, ended = min(began for began, _ in spans), max(ended for _, ended in spans)
    return rooms * (turns - TURNS_TO_WARM_UP) / (ended - began)


async def _span(clock: PostClock, channel: Channel, turns: int) -> tuple[float, float]:
    """Return when the room's last turn of warming up was posted, and its last turn."""
    return await clock.until(TURNS_TO_WARM_UP, channel), await clock.until(turns, channel)
