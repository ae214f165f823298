"""How many of our requests Discord has refused lately: it shuts out who goes on and on, and we stop long before."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable

import aiohttp

from bot.errors import DiscordUnavailable
from bot.words import later, t

DISCORD_INVALID_REQUESTS = (10_000, 600.0)
"""Answers of 401, 403 and 429 and seconds, for one IP address: one more, and Cloudflare lets nothing through."""
INVALID_REQUESTS_AT_MOST = DISCORD_INVALID_REQUESTS[0] // 20
_INVALID = frozenset({401, 403, 429})

_FOR_A_MINUTE = later(
    "Discord has refused {count} requests of the bot within ten minutes, and shuts out bots that go on. "
    "The bot posts nothing for 1 minute; its log says what was refused."
)
_FOR_MINUTES = later(
    "Discord has refused {count} requests of the bot within ten minutes, and shuts out bots that go on. "
    "The bot posts nothing for {minutes} minutes; its log says what was refused."
)

_log = logging.getLogger("backroom.posting")


class InvalidRequests:
    """Counts what Discord refused within its ten minutes; nothing is posted while there is too much of it."""

    def __init__(self, at_most: int = INVALID_REQUESTS_AT_MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_most = at_most
        self._clock = clock
        self._moments: deque[float] = deque(maxlen=at_most)

    def trace(self) -> aiohttp.TraceConfig:
        """Return what lets an HTTP session tell of its answers; one that raises at some does not tell of those."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._see)
        return config

    def see(self, answer: aiohttp.ClientResponse) -> None:
        """Count an answer, if it counts; a limit that is shared with others is nobody's fault."""
        if answer.status in _INVALID and answer.headers.get("X-RateLimit-Scope") != "shared":
            self._moments.append(self._clock())
            _log.info("Discord answered %s %s with %d", answer.method, answer.url.path, answer.status)

    def check(self) -> None:
        """Raise `DiscordUnavailable` while Discord has refused too much."""
        if seconds := self._seconds_to_wait():
            minutes = max(1, round(seconds / 60))
            sentence = _FOR_A_MINUTE if minutes == 1 else _FOR_MINUTES
            raise DiscordUnavailable(t(sentence, count=self._at_most, minutes=minutes))

    def _seconds_to_wait(self) -> float:
        if len(self._moments) < self._at_most:
            return 0.0
        return max(0.0, self._moments[0] + DISCORD_INVALID_REQUESTS[1] - self._clock())

    async def _see(
        self, _session: aiohttp.ClientSession, _context: object, params: aiohttp.TraceRequestEndParams
    ) -> None:
        self.see(params.response)
