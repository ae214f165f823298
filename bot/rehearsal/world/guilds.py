"""A guild: its channels, its roles, its members, and whether the bot is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from bot.rehearsal.wire.people import member as member_shown
from bot.rehearsal.wire.people import role as role_shown
from bot.rehearsal.wire.people import user as user_shown
from bot.rehearsal.wire.places import guild as guild_shown
from bot.rehearsal.wire.places import guild_event
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.events import Event, Intent
from bot.rehearsal.world.forums import Forum
from bot.rehearsal.world.members import Member, Role, User
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, PERSON_PERMISSIONS, Permission

if TYPE_CHECKING:
    from bot.rehearsal.world.world import World

AnyChannel = TypeVar("AnyChannel", bound=Channel)


class Guild:
    """A guild. Its @everyone role allows nothing: the bot has what its own role says, and people have theirs."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.id = world.ids.next()
        self.name = name
        self.preferred_locale = "en-US"
        self.is_available = True
        self.command_permissions_are_lifted = False
        self._invited_with = BOT_PERMISSIONS
        self.channels: dict[int, Channel] = {}
        self.members: dict[int, Member] = {}
        self.everyone = Role(id=self.id, name="@everyone", permissions=Permission.NONE, position=0)
        self.roles: dict[int, Role] = {self.everyone.id: self.everyone}
        self.owner = User(id=world.ids.next(), name="Owner")

    @property
    def bot(self) -> Member | None:
        """The bot as a member, or None where it is not."""
        return self.members.get(self.world.application.bot.id)

    @property
    def text_channels(self) -> list[Channel]:
        """The channels without the threads, forums among them."""
        return [channel for channel in self.channels.values() if not channel.is_thread]

    @property
    def threads(self) -> list[Thread]:
        """The threads of all channels."""
        return [channel for channel in self.channels.values() if isinstance(channel, Thread)]

    def add_text_channel(self, name: str, *, topic: str | None = None, nsfw: bool = False) -> Channel:
        """Make a text channel; `nsfw` makes it an age-restricted one."""
        return self._add(Channel(self, self.world.ids.next(), name, topic=topic, nsfw=nsfw))

    def add_forum(self, name: str, *, topic: str | None = None, nsfw: bool = False) -> Forum:
        """Make a forum, whose posts are threads."""
        return self._add(Forum(self, self.world.ids.next(), name, topic=topic, nsfw=nsfw))

    def add_member(
        self,
        name: str,
        permissions: Permission = Permission.NONE,
        *,
        nick: str | None = None,
        locale: str = "en-US",
    ) -> Person:
        """Let a person join who may, besides what everyone may, do what `permissions` says.

        `nick` is what others call them here, `locale` the language of their client.
        """
        person = Person(guild=self, user=User(id=self.world.ids.next(), name=name), nick=nick, locale=locale)
        person.roles.append(self._add_role(f"{name}'s role", PERSON_PERMISSIONS | permissions))
        self.members[person.id] = person
        data = {**member_shown(person), "guild_id": str(self.id)}
        self.world.announce(Event("GUILD_MEMBER_ADD", data, Intent.GUILD_MEMBERS, self))
        return person

    def remove_member(self, person: Member) -> None:
        """Let a person leave."""
        del self.members[person.id]
        data = {"guild_id": str(self.id), "user": user_shown(person.user)}
        self.world.announce(Event("GUILD_MEMBER_REMOVE", data, Intent.GUILD_MEMBERS, self))

    def invite_bot(self, permissions: Permission = BOT_PERMISSIONS) -> None:
        """Let the bot join, with a role of its own that holds these permissions."""
        bot = self.world.application.bot
        self._invited_with = permissions
        role = self._add_role(bot.name, permissions, bot_id=bot.id)
        self.members[bot.id] = Member(guild=self, user=bot, roles=[role])
        self.world.announce(Event("GUILD_CREATE", guild_event(self), Intent.GUILDS, self))

    def remove_bot(self) -> None:
        """Kick the bot."""
        bot = self.members.pop(self.world.application.bot.id)
        for role in bot.roles:
            del self.roles[role.id]
        self.world.announce(Event("GUILD_DELETE", {"id": str(self.id)}, Intent.GUILDS))

    def set_bot_permissions(self, permissions: Permission) -> None:
        """Change what the bot's own role allows."""
        bot = self.members[self.world.application.bot.id]
        bot.roles[0].permissions = permissions
        data = {"guild_id": str(self.id), "role": role_shown(bot.roles[0])}
        self._announce("GUILD_ROLE_UPDATE", data)

    def set_preferred_locale(self, locale: str) -> None:
        """Let the guild prefer another language."""
        self.preferred_locale = locale
        self._announce("GUILD_UPDATE", guild_shown(self))

    def take_bot_permissions(self, permissions: Permission) -> None:
        """Take these from the bot's own role; all else stays."""
        self.set_bot_permissions(self.members[self.world.application.bot.id].roles[0].permissions & ~permissions)

    def give_back_bot_permissions(self) -> None:
        """Let the bot's own role allow again what the bot was invited with."""
        self.set_bot_permissions(self._invited_with)

    def lift_command_permissions(self) -> None:
        """Offer every command to everyone, as an administrator can in the server's settings."""
        self.command_permissions_are_lifted = True

    def set_available(self, *, available: bool) -> None:
        """Let the guild be gone for a while, as in an outage of Discord, or come back."""
        self.is_available = available
        if available:
            self._announce("GUILD_CREATE", {**guild_event(self), "unavailable": False})
        else:
            data = {"id": str(self.id), "unavailable": True}
            self.world.announce(Event("GUILD_DELETE", data, Intent.GUILDS))

    def delete(self) -> None:
        """Delete the guild."""
        self.world.guilds.pop(self.id)
        self.world.announce(Event("GUILD_DELETE", {"id": str(self.id)}, Intent.GUILDS))

    def _add(self, channel: AnyChannel) -> AnyChannel:
        self.channels[channel.id] = channel
        self._announce("CHANNEL_CREATE", channel.shown())
        return channel

    def _add_role(self, name: str, permissions: Permission, *, bot_id: int | None = None) -> Role:
        role = Role(
            id=self.world.ids.next(),
            name=name,
            permissions=permissions,
            position=len(self.roles),
            bot_id=bot_id,
        )
        self.roles[role.id] = role
        self._announce("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": role_shown(role)})
        return role

    def _announce(self, name: str, data: dict[str, Any]) -> None:
        self.world.announce(Event(name, data, Intent.GUILDS, self))
