"""What Discord offers while a person types an option, and what they mean by it: models, seats, scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.client.where import is_age_restricted
from bot.errors import NotPossible
from bot.models.catalogue import Model
from bot.room import notices
from bot.room.state import RoomState, Seat
from bot.words import t

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

DISCORD_CHOICES_LIMIT = 25
DISCORD_CHOICE_LENGTH = 100

ORDER_CHOICES: list[app_commands.Choice[str]] = [
    app_commands.Choice(name="Round-robin: each in turn", value="round_robin"),
    app_commands.Choice(
        name="Addressed first: whoever was just named or asked, otherwise each in turn", value="addressed"
    ),
    app_commands.Choice(name="Conductor: only whom /backroom step names", value="conductor"),
]
MODE_CHOICES = [app_commands.Choice(name=words.replace("`", ""), value=mode) for mode, words in notices.MODES.items()]

Choices = list[app_commands.Choice[str]]


async def suggest_models(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the models that the server allows and whose name or alias fits what was typed."""
    return [_choice(model.name) for model in allowed_models(interaction, typed)[:DISCORD_CHOICES_LIMIT]]


def allowed_models(interaction: discord.Interaction[BackroomBot], typed: str = "") -> list[Model]:
    """Return the models that the server allows and that fit what was typed, best first."""
    settings = interaction.client.guild_settings.of(interaction.guild_id)
    catalogue = interaction.client.catalogue
    return [model for model in catalogue.search(typed, len(catalogue.models)) if settings.allows_model(model.name)]


def model_called(interaction: discord.Interaction[BackroomBot], name: str) -> Model:
    """Return the model that a person means, if it may sit down here.

    Raises:
        ModelNotFound: the name means none, or could mean several.
        NotPossible: the server does not allow it.
    """
    model = interaction.client.catalogue.resolve(name)
    interaction.client.guild_settings.of(interaction.guild_id).check_model(model.name)
    return model


def usual_cast(interaction: discord.Interaction[BackroomBot], names: Sequence[str]) -> tuple[list[Model], bool]:
    """Return the cast that takes part where nobody is named; others sit in for whom the server does not allow.

    The second is whether it is the usual one, as it was asked for.

    Raises:
        ModelNotFound: a name means none, or could mean several.
        NotPossible: the server allows no model that there still is.
    """
    settings = interaction.client.guild_settings.of(interaction.guild_id)
    usual = [interaction.client.catalogue.resolve(name) for name in names]
    allowed = allowed_models(interaction)
    if not allowed:
        raise NotPossible(
            t("This server allows no model that there still is. `/backroom settings models` changes that.")
        )
    in_use = [model for model in allowed if not model.retired] or allowed
    others = cycle([model for model in in_use if model not in usual] or in_use)
    cast = [model if settings.allows_model(model.name) else next(others) for model in usual]
    return cast, cast == usual


async def suggest_scenarios(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the scenarios whose title holds what was typed, with what they are about."""
    found = interaction.client.scenarios.search(typed)
    fitting = [s for s in found if not s.adult or is_age_restricted(interaction.channel)]
    return [_choice(f"{s.title}: {t(s.summary)}", s.title) for s in fitting[:DISCORD_CHOICES_LIMIT]]


async def suggest_seats(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the seats of the room here."""
    try:
        seats = interaction.client.rooms.at(interaction.channel_id or 0).state.present
    except NotPossible:
        return []
    wanted = typed.strip().casefold()
    return [app_commands.Choice(name=s.label, value=s.name) for s in seats if wanted in s.label.casefold()]


def _choice(name: str, value: str | None = None) -> app_commands.Choice[str]:
    return app_commands.Choice(name=name[:DISCORD_CHOICE_LENGTH], value=name if value is None else value)


def seat_called(name: str, state: RoomState) -> Seat:
    """Return the seat that a person means by `AI-2`, `2`, its label, or its model if only one seat has it.

    Raises:
        NotPossible: no seat, or several, are called so, or it has left.
    """
    wanted = name.strip().casefold()
    here = ", ".join(seat.label for seat in state.present)
    for seat in state.seats:
        if wanted in (seat.name.casefold(), str(seat.number), seat.label.casefold()):
            if seat.removed:
                raise NotPossible(t("{seat} has left. In this room: {seats}.", seat=seat.label, seats=here))
            return seat
    of_that_model = [seat for seat in state.present if seat.model.casefold() == wanted]
    if len(of_that_model) == 1:
        return of_that_model[0]
    if of_that_model:
        several = ", ".join(seat.name for seat in of_that_model)
        raise NotPossible(
            t("Several here are called “{name}”: {seats}. Name one of them.", name=name[:80], seats=several)
        )
    raise NotPossible(t("Nobody here is called “{name}”. In this room: {seats}.", name=name[:80], seats=here))
