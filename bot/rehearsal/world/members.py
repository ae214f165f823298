"""Who is there: users, roles, and users as members of a guild."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.rehearsal.world.permissions import Permission, permissions_in
from bot.rehearsal.world.snowflakes import now

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel
    from bot.rehearsal.world.guilds import Guild
    from bot.rehearsal.world.messages import Message


@dataclass(eq=False, slots=True, kw_only=True)
class User:
    """Somebody who writes messages: a person, a bot, or a webhook's persona."""

    id: int
    name: str
    is_bot: bool = False
    is_persona: bool = False
    avatar_url: str | None = None

    @property
    def username(self) -> str:
        """The unique name: a person's is lower case without spaces, a persona's is what it is called."""
        return self.name if self.is_persona else self.name.lower().replace(" ", "_")


@dataclass(eq=False, slots=True, kw_only=True)
class Role:
    """A role of a guild; `bot_id` names the bot that it was made for."""

    id: int
    name: str
    permissions: Permission
    position: int
    bot_id: int | None = None


@dataclass(eq=False, kw_only=True)
class Member:
    """A user in a guild."""

    guild: Guild
    user: User
    roles: list[Role] = field(default_factory=list[Role])
    joined_at: datetime = field(default_factory=now)
    nick: str | None = None
    takes_direct_messages: bool = True
    """Switched off, the bot's direct messages are refused with 50007."""

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name that others see."""
        return self.nick or self.user.name

    @property
    def direct_messages(self) -> list[Message]:
        """What stands between this member and the bot alone, oldest first."""
        channel = self.guild.world.direct_channels.get(self.id)
        return [] if channel is None else channel.messages

    def permissions_in(self, channel: Channel) -> Permission:
        """Return what this member may do in a channel."""
        return permissions_in(channel, self)
