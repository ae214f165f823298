"""Who speaks, and who answers for whom: `/backroom mute`, `unmute`, `remove`, `model`, `skip`, `order`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import steering
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

    @backroom_command("mute", "Pass over an AI, for some rounds or until it is unmuted")
    @app_commands.describe(seat="Who is passed over", rounds="For how many rounds; until it is unmuted, unless given")
    @app_commands.autocomplete(seat=suggest_seats)
    async def mute(
        self,
        interaction: discord.Interaction[BackroomBot],
        seat: str,
        rounds: app_commands.Range[int, 1, steering.MOST_ROUNDS_MUTED] | None = None,
    ) -> None:
        """Pass over a seat; what it was about to say is dropped."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            await steering.mute(room, by, chosen, rounds)
        if rounds is None:
            sentence = t("{who} is passed over. `/backroom unmute` lets it speak again.", who=chosen.label)
        else:
            sentence = t("{who} is passed over. It is back after {n} of its turns.", who=chosen.label, n=rounds)
        await answer(interaction, sentence)

    @backroom_command("unmute", "Let a muted AI speak again")
    @app_commands.describe(seat="Who speaks again")
    @app_commands.autocomplete(seat=suggest_seats)
    async def unmute(self, interaction: discord.Interaction[BackroomBot], seat: str) -> None:
        """Let a seat have its turns again."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            await steering.unmute(room, by, chosen)
        await answer(interaction, t("{who} has its turns again.", who=chosen.label))

    @backroom_command("remove", "Let an AI leave this room for good")
    @app_commands.describe(seat="Who leaves; its number stays taken, its chair is free")
    @app_commands.autocomplete(seat=suggest_seats)
    async def remove(self, interaction: discord.Interaction[BackroomBot], seat: str) -> None:
        """Let a seat leave; what it has said stays."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            await steering.remove(room, by, chosen)
        await answer(interaction, t("{who} has left. What it said stays, and its chair is free.", who=chosen.label))

    @backroom_command("model", "Let another model answer for an AI")
    @app_commands.describe(seat="Whose model", model="Which model answers from its next turn on")
    @app_commands.autocomplete(seat=suggest_seats, model=suggest_models)
    async def model(self, interaction: discord.Interaction[BackroomBot], seat: str, model: str) -> None:
        """Give a seat another model; its number, prompts and words stay, its temperature is the model's own."""
        async with steered(interaction) as (room, by):
            chosen = seat_called(seat, room.state)
            found = model_called(interaction, model)
            changed = await steering.change_model(room, by, chosen, found)
        lines = [t("{who} is {what} from its next turn on.", who=chosen.label, what=changed.label)]
        if found.retired and not self.bot.is_offline:
            lines.append(notices.retired(found.name, found.instead))
        await answer(interaction, " ".join(lines))

    @backroom_command("skip", "Pass over the turn under way, or the next one")
    async def skip(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Pass over one turn; an answer under way is dropped."""
        async with steered(interaction) as (room, by):
            passed = await steering.skip(room, by)
        await answer(interaction, t("The turn of {who} is passed over.", who=passed.label))

    @backroom_command("order", "Change who speaks next")
    @app_commands.describe(order="How it is decided whose turn comes")
    @app_commands.choices(order=ORDER_CHOICES)
    async def order(self, interaction: discord.Interaction[BackroomBot], order: Order) -> None:
        """Change who speaks next."""
        async with steered(interaction) as (room, by):
            await steering.set_order(room, by, order)
        await answer(interaction, t("Who speaks next from now on: {order}.", order=t(notices.ORDERS[order])))


async def setup(bot: BackroomBot) -> None:
    """Add the commands to the bot."""
    await bot.add_cog(Seats(bot))
