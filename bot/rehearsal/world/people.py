"""What a person does: writes, reacts, deletes, uses commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.rehearsal.world.commands import find_command
from bot.rehearsal.world.interactions import AnswerKind, Interaction, InteractionKind
from bot.rehearsal.world.members import Member
from bot.rehearsal.world.mentions import mentions_in
from bot.rehearsal.world.messages import Attachment, Message, MessageType
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.pictures import measure
from bot.rehearsal.world.webhooks import Webhook

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel

SECONDS_TO_SETTLE = 30.0
"""How long a person looks at "is thinking" before they turn away."""


class MayNot(Exception):
    """A person tried what their permissions do not allow; Discord's client would not let them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person got for a command. It is live: later edits and follow-ups show in it."""

    interaction: Interaction

    @property
    def message(self) -> Message | None:
        """The bot's answer, as it stands now."""
        return self.interaction.original

    @property
    def content(self) -> str:
        """The words of the answer; empty where there is none."""
        return "" if self.message is None else self.message.content

    @property
    def ephemeral(self) -> bool:
        """Whether only the person sees it."""
        return self.message is not None and self.message.is_ephemeral

    @property
    def deferred(self) -> bool:
        """Whether the bot first asked for time."""
        return self.interaction.answer_kind is AnswerKind.DEFERRED

    @property
    def seconds_to_first_response(self) -> float | None:
        """How long the first answer took, in seconds; None when there was none."""
        return self.interaction.seconds_to_first_response

    @property
    def followups(self) -> list[Message]:
        """What the bot said after its answer."""
        return list(self.interaction.followups)

    @property
    def modal(self) -> dict[str, Any] | None:
        """The form that was opened instead of an answer, as it was sent."""
        return self.interaction.modal

    @property
    def failed(self) -> str | None:
        """What Discord tells the person instead of an answer; None when all went well."""
        if self.interaction.is_thinking:
            return "The application is still thinking"
        return self.interaction.failed

    async def wait_until_settled(self, seconds: float = SECONDS_TO_SETTLE) -> Reply:
        """Wait until there is an answer, or it is clear that there will be none."""
        await self.interaction.changed.wait_until(lambda: self.interaction.is_settled, seconds)
        return self


@dataclass(eq=False, kw_only=True)
class Person(Member):
    """A member who acts. Each action is checked against their permissions and raises `MayNot`."""

    async def slash(self, channel: Channel, command: str, /, **options: Any) -> Reply:
        """Use a command such as `backroom start` and return what comes of it.

        Raise `CommandNotOffered` or `OptionRefused` for what a client would not send.
        """
        offered = find_command(self, channel, command)
        data = offered.data(options)
        typed = " ".join([offered.line, *(f"{name}:{value}" for name, value in options.items())])
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

    async def says(
        self,
        channel: Channel,
        content: str,
        *,
        reply_to: Message | None = None,
        files: dict[str, bytes] | None = None,
    ) -> Message:
        """Write a message; `files` holds the bytes of each file by its name."""
        self._must(channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
        message = Message(
            id=self.guild.world.ids.next(),
            channel=channel,
            author=self.user,
            content=content,
            type=MessageType.DEFAULT if reply_to is None else MessageType.REPLY,
            reply_to=reply_to,
            mentions=mentions_in(content, self.guild, None),
            attachments=[self._attached(channel, name, data) for name, data in (files or {}).items()],
        )
        return channel.publish(message)

    async def edits(self, message: Message, content: str) -> None:
        """Change an own message."""
        if message.author is not self.user:
            raise MayNot(f"{self.name} may not edit a message of {message.author_name}")
        message.content = content
        message.changed()

    async def reacts(self, message: Message, emoji: str) -> None:
        """React to a message."""
        self._must(message.channel, Permission.ADD_REACTIONS)
        message.react(self, emoji)

    async def unreacts(self, message: Message, emoji: str) -> None:
        """Take an own reaction back."""
        message.unreact(self, emoji)

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

    def _attached(self, channel: Channel, filename: str, data: bytes) -> Attachment:
        return channel.guild.world.attach(channel, filename, data, measure(filename, data))
