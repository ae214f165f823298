"""The scene of a storm: what its incidents act on, and what is to be put right again afterwards."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.webhooks import Webhook

if TYPE_CHECKING:
    from bot.rehearsal.server import RehearsalDiscord

LOBBY = "lobby"


class Scene:
    """A channel with a room in it. Incidents draw from `random`, so that the same seed brings the same ones."""

    def __init__(self, discord: RehearsalDiscord, channel: Channel, seed: int) -> None:
        self.discord = discord
        self.channel = channel
        self.random = random.Random(f"incidents {seed}")  # noqa: S311 - a storm is to be had again
        self._to_put_right: dict[Callable[[], None], asyncio.TimerHandle] = {}

    @property
    def webhooks(self) -> list[Webhook]:
        """The bot's own webhooks in the channel."""
        own = self.discord.world.application.id
        return [webhook for webhook in self.channel.webhooks.values() if webhook.application_id == own]

    def lobby(self) -> Channel:
        """Return another channel of the guild."""
        found = (channel for channel in self.channel.guild.text_channels if channel.name == LOBBY)
        return next(found, None) or self.channel.guild.add_text_channel(LOBBY)

    def note(self, kind: str, route: str, sentence: str) -> None:
        """Write down what happens."""
        self.discord.faults.note(kind, route, sentence)

    def put_right_after(self, seconds: float, put_right: Callable[[], None]) -> None:
        """Undo something after a while, at the latest when the storm is over."""

        def now() -> None:
            if self._to_put_right.pop(put_right, None) is not None:
                put_right()

        self._to_put_right[put_right] = asyncio.get_running_loop().call_later(seconds, now)

    def put_all_right(self) -> None:
        """Undo at once what is not undone yet."""
        while self._to_put_right:
            put_right, timer = self._to_put_right.popitem()
            timer.cancel()
            put_right()
