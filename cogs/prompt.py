"""Adding to a system prompt: `!prompt` for an AI's own, `/backroom prompt` for people."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.client import BackroomBot, CommandCog, answer, backroom_command, seat_called, steered, suggest_seats
from bot.errors import NotPossible
from bot.room import notices
from bot.room.capability import Outcome
from bot.room.directives import Form
from bot.room.entries import CarriedOut, Prompted
from bot.room.state import OWN_PROMPT_LIMIT, RoomState, Seat
from bot.words import later, t


class Prompt(CommandCog):
    """A seat's system prompt grows, for good; the oldest additions fall out past the limit."""

    form = Form("prompt", texts=1, cut=True)
    usage = later(
        '!prompt "text": adds your text to your own instructions for good; the others learn only that you did.'
    )

    async def carry_out(self, state: RoomState, seat: Seat, texts: tuple[str, ...]) -> Outcome:
        """Add the text to the seat's own prompt."""
        text = texts[0] if texts else ""
        reason = _why_not(text)
        if reason:
            outcome = notices.outcome_refused(self.form.verb, reason)
            return Outcome(False, outcome, notices=(notices.refused(seat, self.form.verb, reason),))
        return Outcome(
            done=True,
            outcome=notices.outcome_done(self.form.verb, f"“{text}” stands in your instructions"),
            entries=(Prompted(seat=seat.number, text=text),),
            notices=(notices.prompt_modified(seat), notices.prompt_text(seat, text)),
            told=notices.prompt_modified(seat),
        )

    @backroom_command("prompt", "Add to an AI's system prompt")
    @app_commands.describe(seat="Which AI's prompt", text="What is added to it, for good")
    @app_commands.autocomplete(seat=suggest_seats)
    async def prompt(
        self,
        interaction: discord.Interaction[BackroomBot],
        seat: str,
        text: app_commands.Range[str, 1, OWN_PROMPT_LIMIT],
    ) -> None:
        """Add to a seat's prompt; the other AIs learn that it happened, never what."""
        text = text.strip()
        if not text:
            raise NotPossible(t("There were no words in it."))
        async with steered(interaction) as (room, by):
            whose = seat_called(seat, room.state)
            async with room.draft(by_person=True) as draft:
                told = notices.person_modified_prompt(by, whose)
                draft.enter(
                    Prompted(seat=whose.number, text=text),
                    CarriedOut(verb=self.form.verb, texts=(text,), done=True, outcome="", told=told, by_name=by),
                )
                draft.notice(told, notices.prompt_text(whose, text))
        await answer(interaction, t("{who} has this in its instructions from its next turn on.", who=whose.label))


def _why_not(text: str) -> str:
    if not text:
        return 'It needs a text: !prompt "text".'
    if len(text) > OWN_PROMPT_LIMIT:
        return f"A text has at most {OWN_PROMPT_LIMIT:,} characters."
    return ""


async def setup(bot: BackroomBot) -> None:
    """Add the capability to the bot."""
    await bot.add_cog(Prompt(bot))
