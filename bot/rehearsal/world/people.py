"""What a person does: writes, reacts, deletes, uses commands, presses buttons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.people import member as member_shown
from bot.rehearsal.world.channels import Channel, ChannelType, Thread
from bot.rehearsal.world.commands import find_command, find_message_command
from bot.rehearsal.world.components import chosen, face_of, face_of_choice, find_button, find_select
from bot.rehearsal.world.events import Event, Intent
from bot.rehearsal.world.interactions import Interaction, InteractionKind
from bot.rehearsal.world.members import Member
from bot.rehearsal.world.mentions import mentions_in
from bot.rehearsal.world.messages import DISCORD_REACTIONS_A_MESSAGE, Attachment, Message, MessageType
from bot.rehearsal.world.option_values import Resolved
from bot.rehearsal.world.permissions import MayNot, Permission, permissions_of
from bot.rehearsal.world.pictures import measure
from bot.rehearsal.world.replies import SECONDS_TO_SETTLE, Reply
from bot.rehearsal.world.threads import open_public_thread
from bot.rehearsal.world.webhooks import Webhook

if TYPE_CHECKING:
    from bot.rehearsal.world.forums import Forum

DISCORD_NICKNAME_LIMIT = 32
DISCORD_MESSAGES_DELETED_AT_ONCE = 100


@dataclass(eq=False, kw_only=True)
class Person(Member):
    """A member who acts. Each action is checked against their permissions and raises `MayNot`."""

    locale: str = "en-US"

    async def slash(self, channel: Channel, command: str, /, **options: Any) -> Reply:
        """Use a command such as `backroom start` and return what comes of it.

        Raise `CommandNotOffered` or `OptionRefused` for what a client would not send.
        """
        offered = find_command(self, channel, command)
        data = offered.data(options)
        typed = " ".join([offered.line, *(f"{name}:{_as_typed(value)}" for name, value in options.items())])
        interaction = Interaction(InteractionKind.COMMAND, self, channel, typed, data)
        interaction.begin()
        return await Reply(interaction).wait_until_settled()

    async def autocomplete(
        self, channel: Channel, command: str, /, option: str, text: str = "", **others: Any
    ) -> list[tuple[str, str | int | float]]:
        """Type `text` into an option and return the choices offered for it, as (name, value)."""
        offered = find_command(self, channel, command)
        definition = next((one for one in offered.options if one["name"] == option), None)
        if definition is not None and not definition.get("autocomplete"):
            raise ValueError(f"the option {option!r} of {offered.line} does not autocomplete")
        data = offered.data({**others, option: text}, focused=option)
        interaction = Interaction(InteractionKind.AUTOCOMPLETE, self, channel, f"{offered.line} {option}:", data)
        interaction.begin()
        await interaction.changed.wait_until(lambda: interaction.is_settled, SECONDS_TO_SETTLE)
        return interaction.choices

    async def uses_on(self, message: Message, command: str) -> Reply:
        """Use a command of the message's context menu (Apps → …). Raise `CommandNotOffered` where there is none."""
        self._must_see(message)
        offered = find_message_command(self, message.channel, command)
        interaction = Interaction(
            InteractionKind.COMMAND, self, message.channel, f"“{command}”", offered.data_for(message), source=None
        )
        interaction.begin()
        return await Reply(interaction).wait_until_settled()

    async def press(self, message: Message, button: str) -> Reply:
        """Press a button, named by its label or its custom id.

        Raise `NoSuchComponent` where there is none, `MayNot` for one that is disabled.
        """
        self._must_see(message)
        pressed = find_button(message, button)
        data = {"custom_id": pressed["custom_id"], "component_type": pressed["type"], "id": pressed["id"]}
        return await self._act_on(message, f"[ {face_of(pressed)} ]", data)

    async def selects(self, message: Message, select: str, values: Sequence[Any] | str) -> Reply:
        """Choose from a select, named by its custom id or its placeholder.

        Values are labels or values of its options; members, roles or channels where it takes such.
        """
        self._must_see(message)
        found = find_select(message, select)
        resolved: Resolved = {}
        sent = chosen(found, [values] if isinstance(values, str) else values, resolved)
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found["id"], "values": sent}
        data |= {"resolved": resolved} if resolved else {}
        return await self._act_on(message, f"[ {face_of_choice(found, sent)} ]", data)

    async def _act_on(self, message: Message, line: str, data: dict[str, Any]) -> Reply:
        interaction = Interaction(InteractionKind.COMPONENT, self, message.channel, line, data, source=message)
        interaction.begin()
        return await Reply(interaction).wait_until_settled()

    async def says(
        self,
        channel: Channel,
        content: str,
        *,
        reply_to: Message | None = None,
        pings: bool = True,
        files: dict[str, bytes] | None = None,
    ) -> Message:
        """Write a message; `files` holds the bytes of each file by its name. A reply `pings` unless told otherwise."""
        if channel.type is ChannelType.FORUM:
            raise MayNot(f"nobody can write in the forum #{channel.name} itself: posts are opened there")
        if isinstance(channel, Thread) and channel.is_locked:
            self._must(channel, Permission.MANAGE_THREADS)
        self._must(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
        message = self._written(channel, content, files)
        if reply_to is not None:
            message.type, message.reply_to = MessageType.REPLY, reply_to
            if pings and reply_to.webhook_id is None and reply_to.author not in message.mentions.users:
                message.mentions.users.append(reply_to.author)
        return channel.publish(message)

    async def opens_post(
        self, forum: Forum, title: str, content: str, *, files: dict[str, bytes] | None = None
    ) -> Thread:
        """Open a post in a forum with its first message."""
        self._must(forum, Permission.SEND_MESSAGES)
        return forum.open_post(title, self._written(forum, content, files))

    async def opens_thread(self, channel: Channel, name: str, *, on: Message | None = None) -> Thread:
        """Open a public thread in a text channel, on a message or on none."""
        self._must(channel, Permission.CREATE_PUBLIC_THREADS)
        if on is not None and on.thread is not None:
            raise MayNot("that message has a thread already")
        return open_public_thread(channel, name, self.user, on=on)

    async def takes_nickname(self, nick: str | None) -> None:
        """Be called something else in this guild; None gives the own name back."""
        if Permission.CHANGE_NICKNAME not in permissions_of(self):
            raise MayNot(f"{self.name} may not change their nickname")
        if nick is not None and not 1 <= len(nick) <= DISCORD_NICKNAME_LIMIT:
            raise MayNot(f"a nickname has 1 to {DISCORD_NICKNAME_LIMIT} characters")
        self.nick = nick
        data = {**member_shown(self), "guild_id": str(self.guild.id)}
        self.guild.world.announce(Event("GUILD_MEMBER_UPDATE", data, Intent.GUILD_MEMBERS, self.guild))

    async def edits(self, message: Message, content: str, *, without: Collection[str] = ()) -> None:
        """Change an own message, and take away those of its files that are called so."""
        if message.author is not self.user:
            raise MayNot(f"{self.name} may not edit a message of {message.author_name}")
        self._must_see(message)
        message.content = content
        message.attachments = [one for one in message.attachments if one.filename not in without]
        message.mentions = mentions_in(content, self.guild, None)
        message.changed()

    async def reacts(self, message: Message, emoji: str, *, is_super: bool = False) -> None:
        """React to a message, also with a super reaction; only being the first with an emoji needs ADD_REACTIONS."""
        self._must(message.channel, Permission.READ_MESSAGE_HISTORY)
        if isinstance(message.channel, Thread) and message.channel.is_archived:
            raise MayNot(f"the thread #{message.channel.name} is archived")
        if emoji not in message.reactions:
            self._must(message.channel, Permission.ADD_REACTIONS)
            if len(message.reactions) >= DISCORD_REACTIONS_A_MESSAGE:
                raise MayNot(f"a message takes {DISCORD_REACTIONS_A_MESSAGE} different reactions")
        message.react(self, emoji, is_super=is_super)

    async def unreacts(self, message: Message, emoji: str) -> None:
        """Take an own reaction back."""
        message.unreact(self, emoji)

    async def removes_reaction(self, message: Message, emoji: str, of: Member) -> None:
        """Take somebody else's reaction away, as a moderator."""
        self._must(message.channel, Permission.MANAGE_MESSAGES)
        message.unreact(of, emoji)

    async def clears_reactions(self, message: Message, emoji: str | None = None) -> None:
        """Take all reactions to a message away, or all with one emoji, as a moderator."""
        self._must(message.channel, Permission.MANAGE_MESSAGES)
        message.clear_reactions(emoji)

    async def deletes_together(self, messages: Sequence[Message]) -> None:
        """Delete 2 to 100 messages of a channel at once, as a moderator."""
        if not 2 <= len(messages) <= DISCORD_MESSAGES_DELETED_AT_ONCE:
            raise MayNot(f"2 to {DISCORD_MESSAGES_DELETED_AT_ONCE} messages are deleted at once, not {len(messages)}")
        self._must(messages[0].channel, Permission.MANAGE_MESSAGES)
        Message.delete_together(messages)

    async def deletes(self, thing: Message | Webhook | Channel) -> None:
        """Delete a message, a webhook, a channel or a thread."""
        if isinstance(thing, Message):
            if thing.author is not self.user:
                self._must(thing.channel, Permission.MANAGE_MESSAGES)
        elif isinstance(thing, Webhook):
            self._must(thing.channel, Permission.MANAGE_WEBHOOKS)
        else:
            self._must(thing, Permission.MANAGE_THREADS if thing.is_thread else Permission.MANAGE_CHANNELS)
        thing.delete()

    def _must(self, channel: Channel, needed: Permission) -> None:
        if needed not in self.permissions_in(channel):
            raise MayNot(f"{self.name} lacks {needed!r} in #{channel.name}")

    def _must_see(self, message: Message) -> None:
        """Raise `MayNot` unless the message stands before this person's eyes."""
        self._must(message.channel, Permission.VIEW_CHANNEL)
        if message.is_ephemeral:
            owner = message.interaction
            if owner is None or owner.person is not self or message not in owner.messages:
                raise MayNot(f"{self.name} does not see that message: it is or was before somebody's eyes only")
        elif message.id not in message.channel.history or message.channel.is_deleted:
            raise MayNot("that message is deleted")

    def _written(self, channel: Channel, content: str, files: dict[str, bytes] | None) -> Message:
        world = self.guild.world
        if files:
            self._must(channel, Permission.ATTACH_FILES)
        return Message(
            id=world.ids.next(),
            channel=channel,
            author=self.user,
            content=content,
            mentions=mentions_in(content, self.guild, None),
            attachments=[self._attached(channel, name, data) for name, data in (files or {}).items()],
        )

    def _attached(self, channel: Channel, filename: str, data: bytes) -> Attachment:
        return channel.guild.world.attach(channel, filename, data, measure(filename, data))


def _as_typed(value: object) -> object:
    """Return an option's value as people read it: of a role, a channel or a member that is the name."""
    return getattr(value, "name", value)
