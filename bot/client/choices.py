"""What Discord offers while a person types an option: models, seats, scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.errors import NotPossible
from bot.room.state import RoomState, Seat

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

DISCORD_CHOICES_LIMIT = 25
DISCORD_CHOICE_LENGTH = 100

Choices = list[app_commands.Choice[str]]


async def suggest_models(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the models whose name or alias fits what was typed."""
    found = interaction.client.catalogue.search(typed, DISCORD_CHOICES_LIMIT)
    return [app_commands.Choice(name=model.name[:DISCORD_CHOICE_LENGTH], value=model.name) for model in found]


async def suggest_scenarios(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the scenarios whose title holds what was typed, with what they are about."""
    found = interaction.client.scenarios.search(typed)[:DISCORD_CHOICES_LIMIT]
    return [app_commands.Choice(name=f"{s.title}: {s.summary}"[:DISCORD_CHOICE_LENGTH], value=s.title) for s in found]


async def suggest_seats(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the seats of the room here."""
    try:
        seats = interaction.client.rooms.at(interaction.channel_id or 0).state.present
    except NotPossible:
        return []
    wanted = typed.strip().casefold()
    return [app_commands.Choice(name=s.label, value=s.name) for s in seats if wanted in s.label.casefold()]


def seat_called(name: str, state: RoomState) -> Seat:
    """Return the seat that a person means by `AI-2`, `2`, its label, or its model if only one seat has it.

    Raises:
        NotPossible: no seat, or several, are called so.
    """
    wanted = name.strip().casefold()
    for seat in state.present:
        if wanted in (seat.name.casefold(), str(seat.number), seat.label.casefold()):
            return seat
    of_that_model = [seat for seat in state.present if seat.model.casefold() == wanted]
    if len(of_that_model) == 1:
        return of_that_model[0]
    here = ", ".join(seat.label for seat in state.present)
    raise NotPossible(f"Nobody here is called “{name[:80]}”. Here are: {here}.")
