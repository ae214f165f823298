"""How often we post: under Discord's limits for webhooks, the one that no header tells of included."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import ceil

from bot.errors import DiscordUnavailable
from bot.words import later, t

DISCORD_POSTS_A_WEBHOOK = (5, 2.0)
"""Posts and seconds: what the headers of a webhook's answers show."""
DISCORD_POSTS_A_CHANNEL = (30, 60.0)
"""Posts and seconds for all webhooks of a channel, its threads included: told by a Discord engineer, shown nowhere."""
KEPT_FOR_WORDS = 6
"""Posts of a channel's minute that pictures leave to words: as many as one long message has parts."""
SECONDS_NOBODY_HEARS_OF = 10.0
"""So long Discord may ask to wait, at once or bit by bit, before anybody is shown that it does."""
_AGAIN_AND_AGAIN = later("Discord asks again and again to wait for a moment. What was said waits.")


@dataclass(slots=True)
class _Window:
    """At most so many posts in any so many seconds; `posted` are the moments of the newest ones."""

    posts: int
    seconds: float
    posted: deque[float] = field(default_factory=deque[float])

    def seconds_until_free(self, now: float, posts: int = 1) -> float:
        """Return how long to wait until so many posts are allowed at once."""
        while self.posted and self.posted[0] <= now - self.seconds:
            self.posted.popleft()
        too_many = min(len(self.posted) + posts - self.posts, len(self.posted))
        return self.posted[too_many - 1] + self.seconds - now if too_many > 0 else 0.0


class _Channel:
    def __init__(self, posts_a_minute: int) -> None:
        self.of_webhook = _Window(*DISCORD_POSTS_A_WEBHOOK)
        self.of_minute = _Window(posts_a_minute, DISCORD_POSTS_A_CHANNEL[1])
        self.closed_until = 0.0
        self.barred_until = 0.0
        self.asked: tuple[float, float] | None = None  # since when Discord asks to wait, and its longest wait
        self.one_post = asyncio.Lock()

    def seconds_until_free(self, now: float) -> float:
        """Return how long until a post is allowed."""
        waits = (self.of_webhook.seconds_until_free(now), self.of_minute.seconds_until_free(now))
        return max(0.0, self.closed_until - now, *waits)

    def asks_since(self, now: float) -> tuple[float, float] | None:
        """Return since when Discord asks to wait, and its longest wait; None where it took a post or was left alone."""
        return self.asked if now - self.closed_until <= SECONDS_NOBODY_HEARS_OF else None


class Budget:
    """Keeps every channel's posts under its limits; no channel waits for another.

    Channels are those of the webhooks: a thread's posts count for its parent. A post counts from the moment when
    Discord has answered it: Discord counts it earlier, so it never sees more of them in a window than we do.

    Args:
        posts_a_minute: for a channel; 0 is without limit, so that only Discord's own answers slow us down.
        clock: tells seconds.
    """

    def __init__(
        self, posts_a_minute: int = DISCORD_POSTS_A_CHANNEL[0], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._posts_a_minute = posts_a_minute
        self._clock = clock
        self._channels: defaultdict[int, _Channel] = defaultdict(lambda: _Channel(posts_a_minute))
        self._barred_until = 0.0

    @asynccontextmanager
    async def one_post(self, channel_id: int) -> AsyncGenerator[None]:
        """Wait until one more post is allowed, let it be made within the block, and count it.

        Raises:
            DiscordUnavailable: that takes longer than anybody waits here.
        """
        channel = self._channels[channel_id]
        async with channel.one_post:
            while seconds := channel.seconds_until_free(self._clock()):  # noqa: ASYNC110 - it is the time that frees it
                await asyncio.sleep(seconds)
            self.check_open(channel_id)
            try:
                yield
                channel.asked = None
            finally:
                self._count(channel)

    def seconds_until_pictures(self, channel_id: int) -> float:
        """Return how long a picture has to wait, so that enough posts are left for words."""
        return max(0.0, self._channels[channel_id].of_minute.seconds_until_free(self._clock(), 1 + KEPT_FOR_WORDS))

    def close(self, channel_id: int, seconds: float, *, asked: bool = True) -> None:
        """Let nothing be posted for so long, because Discord `asked` for it or is out."""
        channel, now = self._channels[channel_id], self._clock()
        if asked:
            since, longest = channel.asks_since(now) or (now, 0.0)
            channel.asked = (since, max(longest, seconds))
        channel.closed_until = max(channel.closed_until, now + seconds)

    def asks_to_wait(self, channel_id: int) -> str:
        """Say that Discord asks to wait, where that takes long enough to be shown; nothing where it does not."""
        channel = self._channels[channel_id]
        since, longest = channel.asks_since(self._clock()) or (channel.closed_until, 0.0)
        if channel.closed_until - since < SECONDS_NOBODY_HEARS_OF:
            return ""
        return _asks_to_wait(longest) if longest >= SECONDS_NOBODY_HEARS_OF else t(_AGAIN_AND_AGAIN)

    def bar(self, channel_id: int, seconds: float, *, everywhere: bool = False) -> None:
        """Let nothing be tried for so long, there or `everywhere`: Discord asks for longer than we wait."""
        until = self._clock() + seconds
        if everywhere:
            self._barred_until = max(self._barred_until, until)
        else:
            channel = self._channels[channel_id]
            channel.barred_until = max(channel.barred_until, until)

    def check_open(self, channel_id: int) -> None:
        """Raise `DiscordUnavailable` until the moment has come that Discord asked for."""
        seconds = max(self._barred_until, self._channels[channel_id].barred_until) - self._clock()
        if seconds > 0:
            raise DiscordUnavailable(_asks_to_wait(seconds))

    def _count(self, channel: _Channel) -> None:
        if self._posts_a_minute:
            channel.of_webhook.posted.append(self._clock())
            channel.of_minute.posted.append(self._clock())


def _asks_to_wait(seconds: float) -> str:
    return t("Discord asks to wait {seconds:.0f} seconds. What was said waits.", seconds=ceil(seconds))
