"""An interaction: a person used a command, a button or a form, and Discord waits three seconds for the answer."""

from __future__ import annotations

import asyncio
import secrets
import time
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.interactions import interaction_event
from bot.rehearsal.world.events import Event
from bot.rehearsal.world.happenings import CommandFailed, CommandUsed, Deleted, ModalOpened
from bot.rehearsal.world.messages import Message, MessageFlag
from bot.rehearsal.world.signal import Signal

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel
    from bot.rehearsal.world.people import Person
    from bot.rehearsal.world.world import World

DISCORD_SECONDS_A_TOKEN_LIVES = 15 * 60.0
"""After this an interaction's token opens nothing any more."""


class InteractionKind(IntEnum):
    """What the person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class AnswerKind(IntEnum):
    """How a bot may answer; `UPDATE` changes the message whose button was pressed, `DEFERRED_UPDATE` will later."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


NO_RESPONSE = {
    InteractionKind.COMMAND: "The application did not respond",
    InteractionKind.COMPONENT: "This interaction failed",
    InteractionKind.AUTOCOMPLETE: "Loading options failed",
    InteractionKind.MODAL: "Something went wrong. Try again.",
}
"""What a person reads when the three seconds are over."""
_UPDATES = (AnswerKind.UPDATE, AnswerKind.DEFERRED_UPDATE)


class Interaction:
    """One use of a command, component or form by one person; `line` is what they typed or pressed.

    `source` is the message on which they did so, if any; `trigger` the interaction that opened a form.
    """

    def __init__(
        self,
        kind: InteractionKind,
        person: Person,
        channel: Channel,
        line: str,
        data: dict[str, Any],
        *,
        source: Message | None = None,
        trigger: Interaction | None = None,
    ) -> None:
        self.world: World = channel.guild.world
        self.id = self.world.ids.next()
        self.token = secrets.token_urlsafe(96)
        self.kind = kind
        self.person = person
        self.channel = channel
        self.line = line
        self.data = data
        self.source = source
        self.trigger = trigger
        self.answer_kind: AnswerKind | None = None
        self.seconds_to_first_response: float | None = None
        self.original: Message | None = None
        self.followups: list[Message] = []
        self.choices: list[tuple[str, str | int | float]] = []
        self.modal: dict[str, Any] | None = None
        self.submission: Interaction | None = None
        self.failed: str | None = None
        self.changed = Signal()
        self._began = time.monotonic()
        self._deadline: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Tell the bot, and start the clock."""
        self.world.interactions[self.token] = self
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self.world.seconds_to_answer, self._expire)
        if self.kind is not InteractionKind.AUTOCOMPLETE:
            self.channel.tell(CommandUsed(self))
        self.world.announce(Event("INTERACTION_CREATE", interaction_event(self), guild=self.channel.guild))

    @property
    def seconds_old(self) -> float:
        """How long ago the person used the command."""
        return time.monotonic() - self._began

    @property
    def deed(self) -> str:
        """What the person did, after their name in a sentence."""
        did = {InteractionKind.COMPONENT: "pressed", InteractionKind.MODAL: "filled in"}
        return f"{did.get(self.kind, 'used')} {self.line}"

    @property
    def target_id(self) -> int | None:
        """The id of the message on which a command of the context menu was used."""
        return int(self.data["target_id"]) if "target_id" in self.data else None

    @property
    def has_updated(self) -> bool:
        """Whether the answer is a change of the message on which the person acted, now or later."""
        return self.answer_kind in _UPDATES

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

    def answer_with_update(self, *, deferred: bool = False) -> None:
        """Take a change of the message on which the person acted, or the promise of one, as the first answer."""
        self._answered(AnswerKind.DEFERRED_UPDATE if deferred else AnswerKind.UPDATE)
        self.original = self.source
        if self.source is not None and not deferred:
            self.source.changed()
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
        self.channel.tell(ModalOpened(self))
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
        self._forget(message)
        if message.is_ephemeral:
            if message.interaction is not None:
                message.interaction._forget(message)
            self.channel.tell(Deleted(message))
        else:
            message.delete()
        self.changed.give()

    def _forget(self, message: Message) -> None:
        if message is self.original:
            self.original = None
        elif message in self.followups:
            self.followups.remove(message)

    def _answered(self, kind: AnswerKind) -> None:
        self.answer_kind = kind
        self.seconds_to_first_response = self.seconds_old
        if self._deadline is not None:
            self._deadline.cancel()

    def _expire(self) -> None:
        self.failed = NO_RESPONSE[self.kind]
        self.world.note_problem(f"{self.line} was not answered within {self.world.seconds_to_answer:g} s")
        if self.kind is not InteractionKind.AUTOCOMPLETE:
            self.channel.tell(CommandFailed(self))
        self.changed.give()

    def abandon(self) -> None:
        """Stop the clock, because the rehearsal ends."""
        if self._deadline is not None:
            self._deadline.cancel()
