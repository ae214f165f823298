"""Setting a temperature: `!temperature` for an AI's own, `/backroom temperature` for people."""

from __future__ import annotations

import math

import discord
from discord import app_commands

from bot.client import BackroomBot, CommandCog, answer, backroom_command, seat_called, steered, suggest_seats
from bot.errors import NotPossible
from bot.room import notices
from bot.room.capability import Outcome
from bot.room.directives import Form
from bot.room.entries import CarriedOut, TemperatureSet
from bot.room.state import RoomState, Seat
from bot.words import ENGLISH, later, spoken, t

HIGHEST_TEMPERATURE = 2.0


class Temperature(CommandCog):
    """A seat's temperature changes, as far as its model has one to change."""

    form = Form("temperature", texts=1, cut=True, number=True)
    usage = later("!temperature X: sets your own temperature from 0 to 2, from your next turn on.")

    async def carry_out(self, state: RoomState, seat: Seat, texts: tuple[str, ...]) -> Outcome:
        """Set the seat's temperature to the number."""
        written = texts[0] if texts else ""
        with spoken(ENGLISH):  # the AI is told why not
            temperature, reason = self._allowed(seat, written)
        if temperature is None:
            outcome = notices.outcome_refused(self.form.verb, reason)
            return Outcome(False, outcome, notices=(notices.refused(seat, self.form.verb, reason),))
        return Outcome(
            done=True,
            outcome=notices.outcome_done(self.form.verb, f"your temperature is {temperature:g}"),
            entries=(TemperatureSet(seat=seat.number, temperature=temperature),),
            notices=(notices.temperature_adjusted(seat), notices.temperature_text(seat, temperature)),
            told=notices.temperature_adjusted(seat),
        )

    def _allowed(self, seat: Seat, written: str) -> tuple[float | None, str]:
        """Return the temperature, or None and why it cannot be set."""
        try:
            temperature = float(written)
        except ValueError:
            return None, t("A temperature is a number from 0 to 2, not “{written}”.", written=written[:40])
        if not math.isfinite(temperature) or not 0 <= temperature <= HIGHEST_TEMPERATURE:
            return None, t("A temperature is a number from 0 to 2, and {written} is not.", written=written[:40])
        kind = self.bot.catalogue.resolve(seat.model).temperature
        if kind.kind != "range":
            return None, t("The temperature of {model} is fixed by its maker; nothing was changed.", model=seat.model)
        if not kind.low <= temperature <= kind.high:
            return None, t(
                "{model} takes temperatures from {low:g} to {high:g}; nothing was changed.",
                model=seat.model,
                low=kind.low,
                high=kind.high,
            )
        return temperature, ""

    @backroom_command("temperature", "Set an AI's temperature")
    @app_commands.describe(seat="Which AI's temperature", temperature="From 0 to 2")
    @app_commands.autocomplete(seat=suggest_seats)
    async def temperature(
        self,
        interaction: discord.Interaction[BackroomBot],
        seat: str,
        temperature: app_commands.Range[float, 0.0, HIGHEST_TEMPERATURE],
    ) -> None:
        """Set a seat's temperature."""
        async with steered(interaction) as (room, by):
            whose = seat_called(seat, room.state)
            allowed, reason = self._allowed(whose, str(temperature))
            if allowed is None:
                raise NotPossible(reason)
            async with room.draft(by_person=True) as draft:
                told = notices.person_adjusted_temperature(by, whose)
                draft.enter(
                    TemperatureSet(seat=whose.number, temperature=allowed),
                    CarriedOut(
                        verb=self.form.verb, texts=(str(allowed),), done=True, outcome="", told=told, by_name=by
                    ),
                )
                draft.notice(told, notices.temperature_text(whose, allowed))
        sentence = t(
            "{who} answers at temperature {temperature:g} from its next turn on.", who=whose.label, temperature=allowed
        )
        await answer(interaction, sentence)


async def setup(bot: BackroomBot) -> None:
    """Add the capability to the bot."""
    await bot.add_cog(Temperature(bot))
