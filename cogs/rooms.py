"""Opening and steering a room: `/backroom start`, `stop`, `pause`, `resume`, `step`, `status`."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands

from bot import steering
from bot.client import (
    BackroomBot,
    CommandCog,
    answer,
    ask_for_time,
    backroom_command,
    seat_called,
    suggest_models,
    suggest_scenarios,
    suggest_seats,
)
from bot.errors import NotPossible
from bot.guild_settings import Right
from bot.models.catalogue import Model
from bot.open_room import OpenRoom
from bot.posting.doors import names_of_missing
from bot.posting.layout import house_posts
from bot.room import notices
from bot.room.entries import Entry, Joined, Opened
from bot.room.fold import fold
from bot.scenarios import Scenario
from bot.storage import Place

DEFAULT_ROUNDS = 5
MOST_ROUNDS = 1000
DEFAULT_SECONDS_BETWEEN_TURNS = 8.0
MOST_SECONDS_BETWEEN_TURNS = 3600.0
OPENING_LIMIT = 4000


class Rooms(CommandCog):
    """The commands by which people open a room and steer it."""

    @backroom_command("start", "Open a room in this channel: AI models begin to talk with each other", Right.START)
    @app_commands.describe(
        scenario="What the room is about",
        opening="The first words that the AIs are given",
        ai1="The first AI; without any, the scenario's cast sits down",
        ai2="The second AI",
        ai3="The third AI",
        ai4="The fourth AI",
        ai5="The fifth AI",
        rounds="How often everyone speaks; 0 goes on until stopped",
        pace="Seconds that a message can be read before the next one comes, at least",
    )
    @app_commands.autocomplete(
        scenario=suggest_scenarios,
        ai1=suggest_models,
        ai2=suggest_models,
        ai3=suggest_models,
        ai4=suggest_models,
        ai5=suggest_models,
    )
    async def start(
        self,
        interaction: discord.Interaction[BackroomBot],
        scenario: str | None = None,
        opening: app_commands.Range[str, 1, OPENING_LIMIT] | None = None,
        ai1: str | None = None,
        ai2: str | None = None,
        ai3: str | None = None,
        ai4: str | None = None,
        ai5: str | None = None,
        rounds: app_commands.Range[int, 0, MOST_ROUNDS] = DEFAULT_ROUNDS,
        pace: app_commands.Range[float, 0.0, MOST_SECONDS_BETWEEN_TURNS] = DEFAULT_SECONDS_BETWEEN_TURNS,
    ) -> None:
        """Open a room."""
        place = _place(interaction)
        _check_own_permissions(interaction)
        chosen = self.bot.scenarios.named(scenario)
        cast = self._cast([ai for ai in (ai1, ai2, ai3, ai4, ai5) if ai], chosen)
        await ask_for_time(interaction)
        opened = Opened(
            by=interaction.user.id,
            by_name=notices.name_of_person(interaction.user.display_name),
            scenario=chosen.title,
            prompt=chosen.prompt,
            opening=opening or chosen.opening,
            rounds=rounds,
            seconds_between_turns=pace,
            offline=self.bot.is_offline,
        )
        entries: list[Entry] = [opened, *(Joined(seat=n, model=m.name) for n, m in enumerate(cast, 1))]
        room = await self.bot.rooms.open(place, entries, house_posts(notices.opened(fold(entries), chosen.summary)))
        self.bot.room_changed(room)
        await answer(interaction, _started(room, cast))

    @backroom_command("stop", "End the room in this channel")
    async def stop(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """End the room, also while an AI is answering."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        await ask_for_time(interaction)
        await steering.stop(room, by)
        self.bot.room_changed(room)
        await answer(interaction, "The room is over.")

    @backroom_command("pause", "Let the room wait")
    async def pause(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Let the room wait; an answer under way is given up, and its seat begins again later."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        await ask_for_time(interaction)
        await steering.pause(room, by)
        self.bot.room_changed(room)
        await answer(interaction, "The room is paused.")

    @backroom_command("resume", "Let the room go on; muted AIs get another chance")
    async def resume(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Let the room go on."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        await ask_for_time(interaction)
        await steering.resume(room, by)
        self.bot.room_changed(room)
        await answer(interaction, "The room goes on.")

    @backroom_command("step", "Take one turn, then pause")
    @app_commands.describe(seat="Who speaks; whoever is next, unless given")
    @app_commands.autocomplete(seat=suggest_seats)
    async def step(self, interaction: discord.Interaction[BackroomBot], seat: str | None = None) -> None:
        """Take one turn, then pause."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        by = notices.name_of_person(interaction.user.display_name)
        chosen = seat_called(seat, room.state) if seat else None
        await ask_for_time(interaction)
        next_one = await steering.step(room, by, chosen)
        self.bot.room_changed(room)
        whose = f", that of {next_one.label}" if next_one is not None else ""
        await answer(interaction, f"One turn is taken{whose}, then the room waits. `/backroom step` takes the next.")

    @backroom_command("status", "Who sits here, whose turn it is, and what the room has cost", None)
    async def status(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Show the room to the one who asks, and nobody else."""
        room = self.bot.rooms.at(interaction.channel_id or 0)
        await answer(interaction, notices.status(room.state))

    def _cast(self, names: Sequence[str], scenario: Scenario) -> list[Model]:
        return [self.bot.catalogue.resolve(name) for name in names or scenario.cast]


def _place(interaction: discord.Interaction[BackroomBot]) -> Place:
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        raise NotPossible("Rooms are opened in a server's channels, not here.")
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return Place(interaction.guild_id, channel.id, parent)


def _check_own_permissions(interaction: discord.Interaction[BackroomBot]) -> None:
    """Name every permission that the bot lacks here, all at once."""
    missing = names_of_missing(interaction.app_permissions, in_thread=isinstance(interaction.channel, discord.Thread))
    if missing:
        raise NotPossible(
            f"The bot lacks permissions in this channel: {', '.join(missing)}. "
            "Give them to its role, here or in the server's settings, and start again."
        )


def _started(room: OpenRoom, cast: Sequence[Model]) -> str:
    seats = ", ".join(seat.label for seat in room.state.seats)
    lines = [f"The room is open: {seats}. `/backroom stop` ends it."]
    if room.state.opened and not room.state.opened.offline:
        lines += [notices.retired(model.name, model.instead) for model in dict.fromkeys(cast) if model.retired]
    return "\n".join(lines)


async def setup(bot: BackroomBot) -> None:
    """Add the commands to the bot."""
    await bot.add_cog(Rooms(bot))
