"""How long it takes from a model's last word to the posted message, against a bare webhook post in the same run."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import aiohttp
from aiohttp import web

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.server import RehearsalDiscord
from bot.rehearsal.world.webhooks import Webhook
from tests.benchmarks.figures import Figure
from tests.benchmarks.playing import CAST, SECONDS_AT_MOST, NewWords, PostClock, a_bench, connected
from tests.end_to_end.stage import Stage
from tests.openrouter import Recorded, Reply, ScriptedOpenRouter

TURNS, TURNS_QUICK = 60, 15
TURNS_TO_WARM_UP = 4
NETWORKS = {"Discord on this machine": 0.0, "Discord 100 ms away": 0.1}
RATIO_AIMED_AT = 1.2


async def measure(quick: bool = False) -> list[Figure]:
    """Return both latencies and their ratio, beside a Discord with and without a network in between; medians."""
    figures: list[Figure] = []
    for where, seconds_away in NETWORKS.items():
        figures += await _beside(where, seconds_away, TURNS_QUICK if quick else TURNS)
    return figures


async def _beside(where: str, seconds_away: float, turns: int) -> list[Figure]:
    host = HeldOpenRouter()
    async with a_bench(host) as stage, connected(stage), aiohttp.ClientSession() as session:
        network = Network(stage.discord, seconds_away)
        bare_post = BarePost(stage, session)
        await stage.start(*CAST[:2], rounds=turns)
        taken = await _take_turns(host, network, bare_post, PostClock(stage.discord), stage, turns)
    bare, bot = median(taken.seconds_of_bare_posts), median(taken.seconds_of_bot)
    return [
        Figure(f"a bare webhook post, {where}", bare * 1000, "ms"),
        Figure(f"last token to posted message, {where}", bot * 1000, "ms"),
        Figure("what the bot adds", (bot - bare) * 1000, "ms"),
        Figure("the two as a ratio", bot / bare, "x", RATIO_AIMED_AT),
        Figure("requests to Discord in between, at most", max(taken.requests), "requests", 1),
    ]


@dataclass(slots=True)
class _Taken:
    """What was measured, turn by turn."""

    seconds_of_bare_posts: list[float] = field(default_factory=list[float])
    seconds_of_bot: list[float] = field(default_factory=list[float])
    requests: list[int] = field(default_factory=list[int])


async def _take_turns(
    host: HeldOpenRouter, network: Network, bare_post: BarePost, clock: PostClock, stage: Stage, turns: int
) -> _Taken:
    """Take turns, each held back shortly before its end until a bare post has been made."""
    taken = _Taken()
    for turn in range(1, TURNS_TO_WARM_UP + turns + 1):
        await host.is_held()
        await bare_post.make()
        bare = await clock.until(turn, bare_post.webhook.channel) - bare_post.began_at
        requests_before = network.requests
        host.let_go()
        bot = await clock.until(turn, stage.channel) - host.last_token_at
        if turn > TURNS_TO_WARM_UP:
            taken.seconds_of_bare_posts.append(bare)
            taken.seconds_of_bot.append(bot)
            taken.requests.append(network.requests - requests_before)
    return taken


class HeldOpenRouter(ScriptedOpenRouter):
    """Streams an answer and holds back its last token until it is let go."""

    EVENTS_HELD_BACK = 4
    """The last words, the end, the usage and `[DONE]`: hosts send them in one go."""

    def __init__(self) -> None:
        super().__init__()
        words = NewWords()
        self.script = lambda _request: Reply(text=words.line())
        self.last_token_at = 0.0
        self._held = asyncio.Semaphore(0)
        self._let_go = asyncio.Semaphore(0)

    async def is_held(self) -> None:
        """Wait until the next answer stands before its last token."""
        async with asyncio.timeout(SECONDS_AT_MOST):
            await self._held.acquire()

    def let_go(self) -> None:
        """Let the answer that is held back come to its end."""
        self._let_go.release()

    async def _stream(self, http: web.Request, recorded: Recorded, reply: Reply) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": reply.media_type})
        await response.prepare(http)
        events = list(self._events(recorded, reply))
        for event in events[: -self.EVENTS_HELD_BACK]:
            await response.write(event)
        self._held.release()
        await self._let_go.acquire()
        self.last_token_at = time.perf_counter()
        await response.write(b"".join(events[-self.EVENTS_HELD_BACK :]))
        return response


class Network:
    """The way to Discord: takes its time over every request, and counts them."""

    def __init__(self, discord: RehearsalDiscord, seconds_away: float) -> None:
        self.requests = 0
        self._seconds_away = seconds_away
        discord.rest.before_effect.append(self._pass)

    async def _pass(self, _call: Call) -> Answer | None:
        self.requests += 1
        if self._seconds_away:
            await asyncio.sleep(self._seconds_away)
        return None


class BarePost:
    """The same words posted by aiohttp alone: what nobody can do without."""

    def __init__(self, stage: Stage, session: aiohttp.ClientSession) -> None:
        channel = stage.guild.add_text_channel("bare")
        self.webhook: Webhook = stage.discord.world.add_webhook(channel, "Bare")
        self.began_at = 0.0
        self._session = session
        self._address = f"{stage.discord.api_url}/webhooks/{self.webhook.id}/{self.webhook.token}"
        self._body: dict[str, Any] = {
            "content": NewWords().line(),
            "username": f"AI-1 ({CAST[0]})",
            "avatar_url": "https://cdn.discordapp.com/embed/avatars/0.png",
            "allowed_mentions": {"parse": []},
        }

    async def make(self) -> None:
        """Post the words and read Discord's answer."""
        self.began_at = time.perf_counter()
        async with self._session.post(self._address, params={"wait": "1"}, json=self._body) as response:
            response.raise_for_status()
            await response.json()
