"""Channels and threads: where messages stand, and who may do what there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire import places as wire
from bot.rehearsal.wire.messages import message_event
from bot.rehearsal.world.events import Event, Intent
from bot.rehearsal.world.happenings import Edited, Happening, Posted, Whispered
from bot.rehearsal.world.messages import Message, MessageFlag
from bot.rehearsal.world.permissions import EVERYTHING, Overwrite, Permission, permissions_in
from bot.rehearsal.world.signal import Signal
from bot.rehearsal.world.snowflakes import now
from bot.rehearsal.world.watching import Watch

if TYPE_CHECKING:
    from bot.rehearsal.world.guilds import Guild
    from bot.rehearsal.world.webhooks import Webhook

SECONDS_TO_WAIT = 10.0


class ChannelType(IntEnum):
    """Discord's kinds of channels that are met here."""

    TEXT = 0
    DIRECT = 1
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


class Channel:
    """A text channel."""

    is_thread = False
    is_direct = False

    def __init__(
        self, guild: Guild, channel_id: int, name: str, *, topic: str | None = None, nsfw: bool = False
    ) -> None:
        self.guild = guild
        self.id = channel_id
        self.name = name
        self.topic = topic
        self.nsfw = nsfw
        self.type = ChannelType.TEXT
        self.position = len(guild.channels)
        self.overwrites: dict[int, Overwrite] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.history: dict[int, Message] = {}
        self.last_message_id: int | None = None
        self.is_deleted = False
        self._changed = Signal()
        self._watches: list[Watch] = []

    @property
    def rule_giver(self) -> Channel:
        """The channel whose overwrites count here: itself, or a thread's parent."""
        return self

    @property
    def only_for(self) -> set[int] | None:
        """The ids of the members who alone see it, beside moderators; None where it is open to all."""
        return None

    @property
    def messages(self) -> list[Message]:
        """All messages that stand here now, oldest first, without the bot's "is thinking"."""
        return [message for message in self.history.values() if not message.is_loading]

    @property
    def bot_permissions(self) -> Permission:
        """What the bot may do here; nothing where it is no member of the guild."""
        bot = self.guild.bot
        return permissions_in(self, bot) if bot is not None else Permission.NONE

    @property
    def bot_can_see(self) -> bool:
        """Whether the bot may see this channel."""
        return Permission.VIEW_CHANNEL in self.bot_permissions

    @property
    def guild_shown(self) -> dict[str, Any]:
        """The guild's id in Discord's JSON, as messages and events carry it; nothing where there is no guild."""
        return {"guild_id": str(self.guild.id)}

    def shown(self) -> dict[str, Any]:
        """Return the channel in Discord's JSON."""
        return wire.channel(self)

    def publish(self, message: Message) -> Message:
        """Let a message appear: here, or before one person's eyes when it is ephemeral."""
        if message.is_ephemeral and message.interaction is not None:
            self.tell(Whispered(message.interaction.person, message))
            return message
        self.history[message.id] = message
        self.last_message_id = message.id
        shown = self.guild.world.shows_content_of(message)
        self.announce("MESSAGE_CREATE", message_event(message), Intent.GUILD_MESSAGES, shows_content=shown)
        self.tell(Posted(message))
        return message

    def forget(self, message: Message) -> None:
        """Take a message out of the history."""
        self.history.pop(message.id, None)

    def pin(self, message: Message, *, pinned: bool) -> None:
        """Pin a message, or unpin it."""
        message.pinned_at = now() if pinned else None
        data = {
            "guild_id": str(self.guild.id),
            "channel_id": str(self.id),
            "last_pin_timestamp": now().isoformat(),
        }
        self.announce("CHANNEL_PINS_UPDATE", data, Intent.GUILDS)
        self.tell(Edited(message))

    def set_bot_permissions(self, permissions: Permission) -> None:
        """Let the bot do exactly this here, whatever its roles say."""
        self.set_permissions(self.guild.world.application.bot.id, permissions)

    def set_permissions(self, member_id: int, permissions: Permission) -> None:
        """Let a member do exactly this here, whatever its roles say."""
        self._overwrite(member_id, Overwrite(permissions, EVERYTHING & ~permissions, is_for_a_member=True))

    def take_bot_permissions(self, permissions: Permission) -> None:
        """Deny the bot these here; all else stays as its roles say."""
        denied = Overwrite(Permission.NONE, permissions, is_for_a_member=True)
        self._overwrite(self.guild.world.application.bot.id, denied)

    def give_back_bot_permissions(self) -> None:
        """Let the bot's roles decide again what it may do here."""
        self.rule_giver.overwrites.pop(self.guild.world.application.bot.id, None)
        self.rule_giver.announce_changed()

    def _overwrite(self, member_id: int, overwrite: Overwrite) -> None:
        self.rule_giver.overwrites[member_id] = overwrite
        self.rule_giver.announce_changed()

    def announce_changed(self) -> None:
        """Tell that the channel's name, topic or rules changed."""
        self.announce("CHANNEL_UPDATE", self.shown(), Intent.GUILDS, only_where_seen=False)

    def add_thread(self, name: str, *, is_private: bool = False) -> Thread:
        """Open a thread of the guild's owner under this channel; a private one is seen by those who `join` it."""
        thread_id = self.guild.world.ids.next()
        return self.open_thread(Thread(self, thread_id, name, self.guild.owner.id, is_private=is_private))

    def open_thread(self, thread: Thread) -> Thread:
        """Let a new thread be seen."""
        self.guild.channels[thread.id] = thread
        thread.announce_opened(newly=True)
        return thread

    def delete(self) -> None:
        """Delete the channel with its threads and webhooks."""
        for thread in [thread for thread in self.guild.threads if thread.parent is self]:
            thread.delete()
        data = self.shown()
        self.guild.world.forget_webhooks_of(self)
        self._leave("CHANNEL_DELETE", data)

    def tell(self, happening: Happening) -> None:
        """Show a happening to everyone who watches."""
        for watch in self._watches:
            watch.see(happening)
        self.guild.world.tell(happening)
        self._changed.give()

    def watch(self) -> Watch:
        """Return what happens from now on, as it happens; close it by leaving its `with`."""
        watch = Watch(self._watches)
        self._watches.append(watch)
        return watch

    async def wait_until(
        self, claim: Callable[[Channel], bool], seconds: float = SECONDS_TO_WAIT, what: str = "what was awaited"
    ) -> None:
        """Wait until a claim about this channel holds; raise `TimeoutError` that shows the channel as it is."""
        if not await self._changed.wait_until(lambda: claim(self), seconds):
            raise TimeoutError(f"{what} did not happen in #{self.name} within {seconds:g} s. {self._summary()}")

    async def wait_for(
        self, claim: Callable[[Message], bool], seconds: float = SECONDS_TO_WAIT, what: str = "such a message"
    ) -> Message:
        """Return the first message here for which the claim holds, waiting for it when there is none yet."""
        await self.wait_until(lambda channel: any(map(claim, channel.messages)), seconds, what)
        return next(filter(claim, self.messages))

    async def wait_for_messages(self, count: int, seconds: float = SECONDS_TO_WAIT) -> list[Message]:
        """Wait until at least `count` messages stand here, and return all of them."""
        await self.wait_until(lambda channel: len(channel.messages) >= count, seconds, f"message {count}")
        return self.messages

    def _summary(self) -> str:
        lines = [f"  {message.author_name}: {message.content[:120]!r}" for message in self.messages[-10:]]
        return "\n".join([f"It holds {len(self.messages)} messages; the last are:", *lines])

    def _leave(self, event: str, data: dict[str, Any]) -> None:
        self.is_deleted = True
        self.announce(event, data, Intent.GUILDS, only_where_seen=False)
        self.guild.channels.pop(self.id, None)
        self._changed.give()

    def announce(
        self,
        name: str,
        data: dict[str, Any],
        intent: Intent,
        *,
        shows_content: bool = True,
        only_where_seen: bool = True,
    ) -> None:
        """Tell the gateway of something here."""
        seen_in = self if only_where_seen else None
        self.guild.world.announce(Event(name, data, intent, self.guild, seen_in, shows_content))


class Thread(Channel):
    """A thread under a channel. Webhooks and permission overwrites are its parent's."""

    is_thread = True

    def __init__(self, parent: Channel, thread_id: int, name: str, owner_id: int, *, is_private: bool = False) -> None:
        super().__init__(parent.guild, thread_id, name)
        self.parent = parent
        self.owner_id = owner_id
        self.type = ChannelType.PRIVATE_THREAD if is_private else ChannelType.PUBLIC_THREAD
        self.member_ids: set[int] = {owner_id}
        self.messages_ever = 0
        self.auto_archive_minutes = 1440
        self.is_archived = False
        self.is_locked = False
        self.archived_or_opened_at: datetime = now()

    @property
    def rule_giver(self) -> Channel:
        """The parent."""
        return self.parent

    @property
    def only_for(self) -> set[int] | None:
        """The thread's members, when it is private."""
        return self.member_ids if self.type is ChannelType.PRIVATE_THREAD else None

    def shown(self) -> dict[str, Any]:
        """Return the thread in Discord's JSON."""
        return wire.thread(self)

    def publish(self, message: Message) -> Message:
        """Let a message appear; an archived thread is opened by it."""
        if self.is_archived and not message.is_ephemeral:
            self.set_archived(archived=False)
        if MessageFlag.EPHEMERAL not in message.flags:
            self.messages_ever += 1
        return super().publish(message)

    def set_archived(self, *, archived: bool, locked: bool | None = None) -> None:
        """Archive the thread or open it again; `locked` keeps everyone but moderators from opening it."""
        self.is_archived = archived
        self.is_locked = self.is_locked if locked is None else locked
        self.archived_or_opened_at = now()
        self.announce_changed()

    def announce_changed(self) -> None:
        """Tell that the thread's name or state changed."""
        self.announce("THREAD_UPDATE", self.shown(), Intent.GUILDS)

    def announce_opened(self, *, newly: bool) -> None:
        """Tell that the thread is there: because it is new, or because the bot was added to it."""
        data = {**self.shown(), **({"newly_created": True} if newly else {})}
        self.announce("THREAD_CREATE", data, Intent.GUILDS)

    def join(self, user_id: int) -> None:
        """Make somebody a member of the thread."""
        could_see = self.bot_can_see
        self.member_ids.add(user_id)
        if not could_see and self.bot_can_see:
            self.announce_opened(newly=False)
        if user_id == self.guild.world.application.bot.id:
            data = {**wire.thread_member(self, user_id), "guild_id": str(self.guild.id)}
            self.announce("THREAD_MEMBER_UPDATE", data, Intent.GUILDS)

    def delete(self) -> None:
        """Delete the thread."""
        data = {
            "id": str(self.id),
            "guild_id": str(self.guild.id),
            "parent_id": str(self.parent.id),
            "type": int(self.type),
        }
        self._leave("THREAD_DELETE", data)
