"""A message: what it says and shows, and what can be done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.messages import emoji_of_reaction, message_event, reaction_event
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.happenings import Deleted, Edited, Happening, Reacted, Unreacted, Whispered
from bot.rehearsal.world.snowflakes import now

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel, Thread
    from bot.rehearsal.world.interactions import Interaction
    from bot.rehearsal.world.members import Member, Role, User

DISCORD_REACTIONS_A_MESSAGE = 20
"""Distinct emojis; more are refused with 30010."""


class MessageType(IntEnum):
    """Discord's kinds of messages that are met here."""

    DEFAULT = 0
    PIN_ADDED = 6
    THREAD_CREATED = 18
    REPLY = 19
    COMMAND = 20
    CONTEXT_MENU_COMMAND = 23


class MessageFlag(IntFlag):
    """Discord's message flags."""

    NONE = 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    IS_COMPONENTS_V2 = 1 << 15


@dataclass(eq=False, slots=True, kw_only=True)
class Attachment:
    """A file on a message. `description` is its alt text; width and height are those of a picture."""

    id: int
    filename: str
    data: bytes
    url: str
    description: str | None = None
    content_type: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Mentions:
    """Whom a message pings."""

    users: list[User] = field(default_factory=list["User"])
    roles: list[Role] = field(default_factory=list["Role"])
    everyone: bool = False


@dataclass(eq=False, kw_only=True)
class Message:
    """A message in a channel, or, when it is ephemeral, in front of one person."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    type: MessageType = MessageType.DEFAULT
    flags: MessageFlag = MessageFlag.NONE
    embeds: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    components: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    mentions: Mentions = field(default_factory=Mentions)
    tts: bool = False
    nonce: int | str | None = None
    webhook_id: int | None = None
    application_id: int | None = None
    interaction: Interaction | None = None
    reply_to: Message | None = None
    reactions: dict[str, list[User]] = field(default_factory=dict[str, list["User"]])
    super_reactions: dict[str, list[User]] = field(default_factory=dict[str, list["User"]])
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    thread: Thread | None = None

    @property
    def author_name(self) -> str:
        """The name that stands over the message: a persona's, a bot's, or a person's, who may have a nickname."""
        member = self.channel.guild.members.get(self.author.id)
        return self.author.name if member is None else member.name

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return MessageFlag.EPHEMERAL in self.flags

    @property
    def is_loading(self) -> bool:
        """Whether it only says that the bot is thinking."""
        return MessageFlag.LOADING in self.flags

    @property
    def url(self) -> str:
        """The address at which a client would show the message."""
        guild = self.channel.guild_shown.get("guild_id", "@me")
        return f"https://discord.com/channels/{guild}/{self.channel.id}/{self.id}"

    def changed(self) -> None:
        """Tell that the message was edited."""
        self.edited_at = now()
        self._announce("MESSAGE_UPDATE", message_event(self), Edited(self))

    def delete(self) -> None:
        """Take the message away."""
        self.channel.forget(self)
        data = {"id": str(self.id), "channel_id": str(self.channel.id), **self.channel.guild_shown}
        self._announce("MESSAGE_DELETE", data, Deleted(self))

    @staticmethod
    def delete_together(messages: Sequence[Message]) -> None:
        """Take several messages of one channel away at once, as a moderator does."""
        channel = messages[0].channel
        for message in messages:
            channel.forget(message)
        data = {"ids": [str(message.id) for message in messages], "channel_id": str(channel.id), **channel.guild_shown}
        channel.announce("MESSAGE_DELETE_BULK", data, Intent.GUILD_MESSAGES)
        for message in messages:
            channel.tell(Deleted(message))

    def react(self, who: Member, emoji: str, *, is_super: bool = False) -> None:
        """Add somebody's reaction, or super reaction; a second one with the same emoji changes nothing."""
        users = self.reactions.setdefault(emoji, [])
        if who.user not in users:
            users.append(who.user)
            if is_super:
                self.super_reactions.setdefault(emoji, []).append(who.user)
            self._announce_reaction("MESSAGE_REACTION_ADD", who, emoji, is_super=is_super)
            self.channel.tell(Reacted(self, who.name, emoji))

    def unreact(self, who: Member, emoji: str) -> None:
        """Take somebody's reaction away, where there is one."""
        users = self.reactions.get(emoji, [])
        if who.user in users:
            users.remove(who.user)
            if not users:
                del self.reactions[emoji]
            supers = self.super_reactions.get(emoji, [])
            if is_super := who.user in supers:
                supers.remove(who.user)
            self._announce_reaction("MESSAGE_REACTION_REMOVE", who, emoji, is_super=is_super)
            self.channel.tell(Unreacted(self, who.name, emoji))

    def clear_reactions(self, emoji: str | None = None) -> None:
        """Take away all reactions, or all with one emoji."""
        ids = {
            "channel_id": str(self.channel.id),
            "message_id": str(self.id),
            **self.channel.guild_shown,
        }
        if emoji is None:
            self.reactions.clear()
            self.super_reactions.clear()
            self._announce_to_gateway("MESSAGE_REACTION_REMOVE_ALL", ids, Intent.GUILD_MESSAGE_REACTIONS)
        elif self.reactions.pop(emoji, None) is not None:
            self.super_reactions.pop(emoji, None)
            data = {**ids, "emoji": emoji_of_reaction(emoji)}
            self._announce_to_gateway("MESSAGE_REACTION_REMOVE_EMOJI", data, Intent.GUILD_MESSAGE_REACTIONS)

    def _announce_reaction(self, name: str, who: Member, emoji: str, *, is_super: bool) -> None:
        data = reaction_event(self, who, emoji, added=name.endswith("ADD"), is_super=is_super)
        self._announce_to_gateway(name, data, Intent.GUILD_MESSAGE_REACTIONS)

    def _announce(self, name: str, data: dict[str, Any], happening: Happening) -> None:
        if self.is_ephemeral and self.interaction is not None:
            self.channel.tell(Whispered(self.interaction.person, self))
            return
        self._announce_to_gateway(name, data, Intent.GUILD_MESSAGES)
        self.channel.tell(happening)

    def _announce_to_gateway(self, name: str, data: dict[str, Any], intent: Intent) -> None:
        shown = self.channel.guild.world.shows_content_of(self)
        self.channel.announce(name, data, intent, shows_content=shown)
