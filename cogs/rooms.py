"""Steering a room: `/backroom stop`, `pause`, `resume`, `step`, `status`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import steering
from bot.client import BackroomBot, CommandCog, answer, backroom_command, seat_called, steered, suggest_seats
from bot.room import notices
from bot.room.reactions import most_loved
from bot.words import t

LOVED_LINES_SHOWN = 3


class Rooms(CommandCog):
    """The commands by which people steer a room."""

    @backroom_command("stop", "End the room in this channel")
    async def stop(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """End the room, also while an AI is answering."""
        async with steered(interaction) as (room, by):
            await steering.stop(room, by)
        await answer(interaction, t("The room is over."))

    @backroom_command("pause", "Pause the room")
    async def pause(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Let the room wait; an answer under way is given up, and its seat begins again later."""
        async with steered(interaction) as (room, by):
            await steering.pause(room, by)
        await answer(interaction, t("The room is paused."))

    @backroom_command("resume", "Resume the room; AIs that were muted for not answering get another chance")
    async def resume(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Let the room go on."""
        async with steered(interaction, before_a_turn=True) as (room, by):
            await steering.resume(room, by, self.bot.room_budget_usd(room))
        await answer(interaction, t("The room goes on."))

    @backroom_command("step", "Take one turn, then pause")
    @app_commands.describe(seat="Who speaks; if left out, whoever is next")
    @app_commands.autocomplete(seat=suggest_seats)
    async def step(self, interaction: discord.Interaction[BackroomBot], seat: str | None = None) -> None:
        """Take one turn, then pause."""
        async with steered(interaction, before_a_turn=True) as (room, by):
            chosen = seat_called(seat, room.state) if seat else None
            taken = await steering.step(room, by, chosen, self.bot.room_budget_usd(room))
        told = notices.stepped(taken.seat, taken.speaks_first, was_asked_for=taken.was_asked_for)
        await answer(interaction, f"{told} {notices.how_to_step(room.state.order)}")

    @backroom_command("status", "Who sits here, whose turn it is, and what the room has cost", None)
    async def status(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Show the room to the one who asks, and nobody else."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        loved = most_loved(room.history.reactions.values(), LOVED_LINES_SHOWN)
        await answer(interaction, notices.status(room.state, loved, room.hindrance, readable=self.bot.hears_people))


async def setup(bot: BackroomBot) -> None:
    """Add the commands to the bot."""
    await bot.add_cog(Rooms(bot))
