"""How much of what Discord's limits allow is posted, by rooms that have more to say than that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.rehearsal.rest.limits import DISCORD_POSTS_A_CHANNEL, DISCORD_POSTS_A_WEBHOOK
from bot.rehearsal.world.channels import Channel
from tests.benchmarks.figures import Figure
from tests.benchmarks.playing import CAST, NewWords, PostClock, a_bench, connected
from tests.openrouter import Reply

SEATS = 2
ROOMS_AT_ONCE = 2
SHARE_AIMED_AT = 0.95
TOO_MANY_REQUESTS = 429


async def measure(quick: bool = False) -> list[Figure]:
    """Return posts a minute of one room and of several at once, and their share of what is allowed.

    The first posts of a minute are held back by the webhook's limit alone, the others by the channel's. The quick
    way sees only the former: the latter shows itself after a whole minute.
    """
    posts_of_minute, minute = DISCORD_POSTS_A_CHANNEL
    posts_at_once, seconds = DISCORD_POSTS_A_WEBHOOK
    bursts = posts_of_minute // posts_at_once - 1
    spans = [(bursts * posts_at_once, bursts * seconds)]
    if not quick:
        spans.append((posts_of_minute, minute))
    return [figure for rooms in (1, ROOMS_AT_ONCE) for figure in await _measure(rooms, spans)]


async def _measure(rooms: int, spans: Sequence[tuple[int, float]]) -> list[Figure]:
    """Let rooms talk as fast as they may; a span is so many posts, and after how many seconds the next is allowed."""
    async with a_bench() as stage, connected(stage, posts_a_minute=DISCORD_POSTS_A_CHANNEL[0]):
        words = NewWords()
        stage.host.script = lambda _request: Reply(pieces=[words.line()])
        stage.discord.limits.are_enforced = True
        clock = PostClock(stage.discord)
        channels = [stage.guild.add_text_channel(f"room-{number}") for number in range(rooms)]
        await asyncio.gather(*(stage.start(*CAST[:SEATS], rounds=0, channel=channel) for channel in channels))
        slowest = [
            max(await asyncio.gather(*(_seconds_of(clock, channel, *span) for channel in channels))) for span in spans
        ]
        refused = sum(exchange.status == TOO_MANY_REQUESTS for exchange in stage.discord.exchanges)
    who = "one room" if rooms == 1 else f"the slower of {rooms} rooms at once"
    figures: list[Figure] = []
    for (posts, seconds_at_least), seconds in zip(spans, slowest, strict=True):
        figures += [
            Figure(f"{posts} posts of {who}", posts / seconds * 60, "posts/min"),
            Figure("as a share of the most that is allowed", seconds_at_least / seconds, "x", at_least=SHARE_AIMED_AT),
        ]
    return [*figures, Figure("answers of 429", refused, "answers", 0)]


async def _seconds_of(clock: PostClock, channel: Channel, posts: int, seconds_at_least: float) -> float:
    """Return the seconds from a room's first post to the one after so many."""
    seconds_at_most = 2 * seconds_at_least
    return await clock.until(posts + 1, channel, seconds_at_most) - await clock.until(1, channel)
