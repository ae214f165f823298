"""What a person gets for a command, a button or a form, and filling in the form where that is the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.rehearsal.world.interactions import AnswerKind, Interaction, InteractionKind
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.modals import filled_in
from bot.rehearsal.world.permissions import MayNot

SECONDS_TO_SETTLE = 30.0
"""How long a person looks at "is thinking" before they turn away."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person got. It is live: later edits and follow-ups show in it."""

    interaction: Interaction

    @property
    def message(self) -> Message | None:
        """The bot's answer, as it stands now; when it `updated` the message that was pressed, that message."""
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
        """Whether the bot first asked for time: it "is thinking", or will change the message that was pressed."""
        return self.interaction.answer_kind in (AnswerKind.DEFERRED, AnswerKind.DEFERRED_UPDATE)

    @property
    def updated(self) -> bool:
        """Whether the bot answered by changing the message that was pressed, or promised to."""
        return self.interaction.has_updated

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

    async def submit(self, **values: Any) -> Reply:
        """Fill in the form that was opened, by the custom ids of its fields, and return what comes of it.

        A text takes words, a select or a group of checkboxes one or several labels or values, a checkbox true or
        false. What is not given stays as the form was sent. Raise `MayNot` where no form is open, and `FormRefused`
        for what a client would not send.
        """
        opened = self.interaction
        if opened.modal is None:
            raise MayNot("no form was opened")
        if opened.submission is not None and opened.submission.failed is None:
            raise MayNot("the form was sent already, and is closed")
        opened.submission = Interaction(
            InteractionKind.MODAL,
            opened.person,
            opened.channel,
            f"“{opened.modal['title']}”",
            filled_in(opened.modal, values),
            source=opened.source,
            trigger=opened,
        )
        opened.submission.begin()
        return await Reply(opened.submission).wait_until_settled()
