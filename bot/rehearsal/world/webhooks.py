"""A webhook: a door into a channel for whoever holds its token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.rehearsal.world.events import Event, Intent

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel
    from bot.rehearsal.world.members import User

DISCORD_WEBHOOKS_A_CHANNEL = 15
"""More are refused with 30007."""


def new_webhook_token() -> str:
    """Return a token as long as Discord's: 68 letters, digits, dashes and underscores."""
    return secrets.token_urlsafe(51)


@dataclass(eq=False, slots=True, kw_only=True)
class Webhook:
    """An incoming webhook. `application_id` is set for those that a bot created."""

    id: int
    name: str
    channel: Channel
    creator: User
    application_id: int | None
    avatar: str | None = None
    token: str = field(default_factory=new_webhook_token)

    def delete(self) -> None:
        """Remove the webhook; its messages stay."""
        self.channel.webhooks.pop(self.id, None)
        self.channel.guild.world.webhooks.pop(self.id, None)
        announce_webhooks_changed(self.channel)

    def move(self, channel: Channel) -> None:
        """Move the webhook to another channel of its guild."""
        left = self.channel
        left.webhooks.pop(self.id, None)
        self.channel = channel
        channel.webhooks[self.id] = self
        announce_webhooks_changed(left)
        announce_webhooks_changed(channel)

    def rename(self, name: str) -> None:
        """Give the webhook another name."""
        self.name = name
        announce_webhooks_changed(self.channel)


def announce_webhooks_changed(channel: Channel) -> None:
    """Tell that a channel's webhooks are no longer the same; which one, nobody is told."""
    data = {"guild_id": str(channel.guild.id), "channel_id": str(channel.id)}
    channel.guild.world.announce(Event("WEBHOOKS_UPDATE", data, Intent.GUILD_WEBHOOKS, channel.guild, channel))
