"""Steering a room: `/backroom stop`, `pause`, `resume`, `step`, `status`."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import steering
from bot.client import BackroomBot, CommandCog, answer, ask_for_time, backroom_command, seat_called, suggest_seats
from bot.room import notices
from bot.room.reactions import most_loved
from bot.words import t

LOVED_LINES_SHOWN = 3


class Rooms(CommandCog):
    """The commands by which people steer a room."""

    @backroom_command("stop", "End the room in this channel")
    async def stop(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """End the room, also while an AI is answering."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        await ask_for_time(interaction)
        await steering.stop(room, by)
        self.bot.room_changed(room)
        await answer(interaction, t("The room is over."))

    @backroom_command("pause", "Let the room wait")
    async def pause(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Let the room wait; an answer under way is given up, and its seat begins again later."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        await ask_for_time(interaction)
        await steering.pause(room, by)
        self.bot.room_changed(room)
        await answer(interaction, t("The room is paused."))

    @backroom_command("resume", "Let the room go on; muted AIs get another chance")
    async def resume(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Let the room go on."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        await ask_for_time(interaction)
        await steering.resume(room, by)
        self.bot.room_changed(room)
        await answer(interaction, t("The room goes on."))

    @backroom_command("step", "Take one turn, then pause")
    @app_commands.describe(seat="Who speaks; whoever is next, unless given")
    @app_commands.autocomplete(seat=suggest_seats)
    async def step(self, interaction: discord.Interaction[BackroomBot], seat: str | None = None) -> None:
        """Take one turn, then pause."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        chosen = seat_called(seat, room.state) if seat else None
        await ask_for_time(interaction)
        under_way = room.turn_under_way
        next_one = await steering.step(room, by, chosen)
        self.bot.room_changed(room)
        if next_one is None:
            sentence = t("One turn is taken, then the room waits. `/backroom step` takes the next.")
        else:
            sentence = t(
                "One turn is taken, that of {who}, then the room waits. `/backroom step` takes the next.",
                who=next_one.label,
            )
        if chosen is not None and under_way is not None and under_way.number != chosen.number:
            sentence = f"{t('{who} is at it and comes first.', who=under_way.label)} {sentence}"
        await answer(interaction, sentence)

    @backroom_command("status", "Who sits here, whose turn it is, and what the room has cost", None)
    async def status(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Show the room to the one who asks, and nobody else."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        await answer(
            interaction, notices.status(room.state, most_loved(room.history.reactions.values(), LOVED_LINES_SHOWN))
        )


async def setup(bot: BackroomBot) -> None:
    """Add the commands to the bot."""
    await bot.add_cog(Rooms(bot))
