"""An interaction: a person used a command, and Discord waits three seconds for the bot to answer."""

from __future__ import annotations

import asyncio
import secrets
import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.interactions import interaction_event
from bot.rehearsal.world.events import Event
from bot.rehearsal.world.happenings import CommandFailed, CommandUsed, Deleted
from bot.rehearsal.world.messages import Message, MessageFlag
from bot.rehearsal.world.signal import Signal

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel
    from bot.rehearsal.world.people import Person
    from bot.rehearsal.world.world import World

DISCORD_SECONDS_A_TOKEN_LIVES = 15 * 60.0
"""After this an interaction's token opens nothing any more."""
NO_RESPONSE = "The application did not respond"
"""What a person reads when the three seconds are over."""


class InteractionKind(IntEnum):
    """What the person did."""

    COMMAND = 2
    AUTOCOMPLETE = 4


class AnswerKind(IntEnum):
    """How a bot may answer a command or an autocompletion."""

    MESSAGE = 4
    DEFERRED = 5
    CHOICES = 8
    MODAL = 9


class Interaction:
    """One use of a command by one person; `line` is what they typed."""

    def __init__(
        self, kind: InteractionKind, person: Person, channel: Channel, line: str, data: dict[str, Any]
    ) -> None:
        self.world: World = channel.guild.world
        self.id = self.world.ids.next()
        self.token = secrets.token_urlsafe(96)
        self.kind = kind
        self.person = person
        self.channel = channel
        self.line = line
        self.data = data
        self.answer_kind: AnswerKind | None = None
        self.seconds_to_first_response: float | None = None
        self.original: Message | None = None
        self.followups: list[Message] = []
        self.choices: list[tuple[str, str | int | float]] = []
        self.modal: dict[str, Any] | None = None
        self.failed: str | None = None
        self.changed = Signal()
        self._began = time.monotonic()
        self._deadline: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Tell the bot, and start the clock."""
        self.world.interactions[self.token] = self
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self.world.seconds_to_answer, self._expire)
        if self.kind is InteractionKind.COMMAND:
            self.channel.tell(CommandUsed(self))
        self.world.announce(Event("INTERACTION_CREATE", interaction_event(self), guild=self.channel.guild))

    @property
    def seconds_old(self) -> float:
        """How long ago the person used the command."""
        return time.monotonic() - self._began

    @property
    def is_answered(self) -> bool:
        """Whether the bot has given its first answer."""
        return self.answer_kind is not None

    @property
    def is_open(self) -> bool:
        """Whether the token still opens the way for follow-ups."""
        return self.is_answered and self.seconds_old < DISCORD_SECONDS_A_TOKEN_LIVES

    @property
    def is_thinking(self) -> bool:
        """Whether the person still sees only that the bot is thinking."""
        return self.original is not None and self.original.is_loading

    @property
    def is_settled(self) -> bool:
        """Whether the person has an answer, or knows that there will be none."""
        return self.failed is not None or (self.is_answered and not self.is_thinking)

    @property
    def messages(self) -> list[Message]:
        """The answer and the follow-ups, as far as they still stand."""
        first = [] if self.original is None else [self.original]
        return first + self.followups

    @property
    def focused_option(self) -> dict[str, Any]:
        """The option that is being typed, where this is an autocompletion."""
        options = self.data["options"]
        while options and "options" in options[0]:
            options = options[0]["options"]
        return next(option for option in options if option.get("focused"))

    def answer_with_message(self, message: Message, *, deferred: bool = False) -> None:
        """Take the bot's message, or its promise of one, as the first answer."""
        self._answered(AnswerKind.DEFERRED if deferred else AnswerKind.MESSAGE)
        self.original = message
        self.channel.publish(message)
        self.changed.give()

    def answer_with_choices(self, choices: list[tuple[str, str | int | float]]) -> None:
        """Take the choices that are offered for an option."""
        self._answered(AnswerKind.CHOICES)
        self.choices = choices
        self.changed.give()

    def answer_with_modal(self, modal: dict[str, Any]) -> None:
        """Take a form that the person is to fill in."""
        self._answered(AnswerKind.MODAL)
        self.modal = modal
        self.changed.give()

    def edited(self, message: Message) -> None:
        """Take note that one of the messages was changed; a promised one is there now."""
        message.flags &= ~MessageFlag.LOADING
        message.changed()
        self.changed.give()

    def follow_up(self, message: Message) -> None:
        """Take a further message."""
        self.followups.append(message)
        self.channel.publish(message)
        self.changed.give()

    def delete(self, message: Message) -> None:
        """Take one of the messages away."""
        if message is self.original:
            self.original = None
        else:
            self.followups.remove(message)
        if message.is_ephemeral:
            self.channel.tell(Deleted(message))
        else:
            message.delete()
        self.changed.give()

    def _answered(self, kind: AnswerKind) -> None:
        self.answer_kind = kind
        self.seconds_to_first_response = self.seconds_old
        if self._deadline is not None:
            self._deadline.cancel()

    def _expire(self) -> None:
        self.failed = NO_RESPONSE
        self.world.note_problem(f"{self.line} was not answered within {self.world.seconds_to_answer:g} s")
        if self.kind is InteractionKind.COMMAND:
            self.channel.tell(CommandFailed(self))
        self.changed.give()

    def abandon(self) -> None:
        """Stop the clock, because the rehearsal ends."""
        if self._deadline is not None:
            self._deadline.cancel()
