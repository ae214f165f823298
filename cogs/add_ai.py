"""Inviting an AI: `!add_ai` for AIs, `/backroom add` for people."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import seating
from bot.client import BackroomBot, CommandCog, answer, backroom_command, model_called, steered, suggest_models
from bot.errors import ModelNotFound, NotPossible
from bot.room import notices
from bot.room.capability import Outcome
from bot.room.directives import Form
from bot.room.entries import Joined
from bot.room.state import RoomState, Seat
from bot.words import ENGLISH, later, spoken

INVITATION_LIMIT = 1500
"""Characters of an invitation's words that a newcomer keeps in its system prompt."""


class AddAI(CommandCog):
    """One more AI sits down, if a chair is free and its name is that of one model."""

    form = Form("add_ai", texts=2)
    usage = later('!add_ai "Model" "words": invites another AI, with your words as its invitation (five AIs at most).')

    async def carry_out(self, state: RoomState, seat: Seat, texts: tuple[str, ...]) -> Outcome:
        """Seat the model that the first text names; the second is its invitation."""
        name, words = (*texts, "", "")[:2]
        if state.is_full:
            return self._refused(notices.MAXIMUM_REACHED, notices.MAXIMUM_REACHED)
        if not name:
            return self._refused_to(seat, 'It needs the name of a model: !add_ai "Model" "words".')
        try:
            with spoken(ENGLISH):  # the AI is told why not
                model = self._model_called(state, name)
        except (ModelNotFound, NotPossible) as error:
            return self._refused_to(seat, str(error))
        if any(other.model == model for other in state.present):
            return self._refused_to(seat, f"{model} sits here already.")
        newcomer = Seat(len(state.seats) + 1, model)
        return Outcome(
            done=True,
            outcome=notices.outcome_done(self.form.verb, f"{newcomer.label} has joined"),
            entries=(Joined(seat=newcomer.number, model=model, invited_by=seat.number, invitation=_kept(words)),),
            notices=(notices.invited(seat.name, model, words),),
        )

    def _model_called(self, state: RoomState, name: str) -> str:
        model = self.bot.catalogue.resolve(name).name
        if room := self.bot.rooms.opened_by(state.opened):
            self.bot.guild_settings.of(room.place.guild_id).check_model(model)
        return model

    def _refused_to(self, seat: Seat, reason: str) -> Outcome:
        return self._refused(reason, notices.refused(seat, self.form.verb, reason))

    def _refused(self, reason: str, notice: str) -> Outcome:
        return Outcome(False, notices.outcome_refused(self.form.verb, reason), notices=(notice,))

    @backroom_command("add", "Invite one more AI into this room")
    @app_commands.describe(model="Which model", words="What it is told when it joins")
    @app_commands.autocomplete(model=suggest_models)
    async def add(
        self,
        interaction: discord.Interaction[BackroomBot],
        model: str,
        words: app_commands.Range[str, 1, INVITATION_LIMIT] | None = None,
    ) -> None:
        """Seat a model; a person may seat the same one twice."""
        async with steered(interaction) as (room, by):
            found = model_called(interaction, model)
            newcomer = await seating.invite(room, by, found, (words or "").strip())
        await answer(interaction, notices.joined(newcomer, room.state.order))


def _kept(words: str) -> str:
    return words if len(words) <= INVITATION_LIMIT else words[: INVITATION_LIMIT - 1] + "…"


async def setup(bot: BackroomBot) -> None:
    """Add the capability to the bot."""
    await bot.add_cog(AddAI(bot))
