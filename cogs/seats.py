"""Who speaks, and who answers for whom: `/backroom mute`, `unmute`, `remove`, `model`, `skip`, `order`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import seating, steering
from bot.client import (
    ORDER_CHOICES,
    BackroomBot,
    CommandCog,
    answer,
    backroom_command,
    model_called,
    seat_called,
    steered,
    suggest_models,
    suggest_seats,
)
from bot.room import notices
from bot.room.entries import Order
from bot.words import t


class Seats(CommandCog):
    """The commands by which people change whose turn comes, and who sits where."""

    @backroom_command("mute", "Mute an AI, for some rounds or until it is unmuted")
    @app_commands.describe(seat="Which AI to mute", rounds="For how many rounds; if left out, until it is unmuted")
    @app_commands.autocomplete(seat=suggest_seats)
    async def mute(
        self,
        interaction: discord.Interaction[BackroomBot],
        seat: str,
        rounds: app_commands.Range[int, 1, seating.MOST_ROUNDS_MUTED] | None = None,
    ) -> None:
        """Pass over a seat; what it was about to say is dropped."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            await seating.mute(room, by, chosen, rounds)
        await answer(interaction, notices.now_muted(chosen, rounds))

    @backroom_command("unmute", "Let a muted AI speak again")
    @app_commands.describe(seat="Which AI to unmute")
    @app_commands.autocomplete(seat=suggest_seats)
    async def unmute(self, interaction: discord.Interaction[BackroomBot], seat: str) -> None:
        """Let a seat have its turns again."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            await seating.unmute(room, by, chosen)
        await answer(interaction, t("{who} is no longer muted.", who=chosen.label))

    @backroom_command("remove", "Remove an AI from this room for good")
    @app_commands.describe(seat="Which AI to remove; its number stays taken, its chair becomes free")
    @app_commands.autocomplete(seat=suggest_seats)
    async def remove(self, interaction: discord.Interaction[BackroomBot], seat: str) -> None:
        """Let a seat leave; what it has said stays."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            await seating.remove(room, by, chosen)
        await answer(interaction, t("{who} has left. What it said stays, and its chair is free.", who=chosen.label))

    @backroom_command("model", "Give an AI another model")
    @app_commands.describe(seat="Which AI gets another model", model="Which model answers from its next turn on")
    @app_commands.autocomplete(seat=suggest_seats, model=suggest_models)
    async def model(self, interaction: discord.Interaction[BackroomBot], seat: str, model: str) -> None:
        """Give a seat another model; its number, prompts and words stay, its temperature is the model's own."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            found = model_called(interaction, model)
            changed = await seating.change_model(room, by, chosen, found)
        lines = [t("{who} is {what} from its next turn on.", who=chosen.label, what=changed.label)]
        if found.retired and not self.bot.is_offline:
            lines.append(notices.retired(found.name, found.instead))
        await answer(interaction, " ".join(lines))

    @backroom_command("skip", "Skip the turn under way, or the next one")
    async def skip(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Pass over one turn; an answer under way is dropped."""
        async with steered(interaction) as (room, by):
            passed = await steering.skip(room, by)
        await answer(interaction, t("{who}'s turn is skipped.", who=passed.label))

    @backroom_command("order", "Change who speaks next")
    @app_commands.describe(order="How it is decided who speaks next")
    @app_commands.choices(order=ORDER_CHOICES)
    async def order(self, interaction: discord.Interaction[BackroomBot], order: Order) -> None:
        """Change who speaks next."""
        async with steered(interaction) as (room, by):
            await steering.set_order(room, by, order)
        await answer(interaction, t("Who speaks next from now on: {order}.", order=t(notices.ORDERS[order])))


async def setup(bot: BackroomBot) -> None:
    """Add the commands to the bot."""
    await bot.add_cog(Seats(bot))
