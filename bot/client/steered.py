"""What all commands that change a room have in common: it is found, time is asked for, and the change made known."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord

from bot.client.commands import ask_for_time
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.notices.foreign import SOMEBODY

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot


@asynccontextmanager
async def steered(
    interaction: discord.Interaction[BackroomBot], *, before_a_turn: bool = False
) -> AsyncGenerator[tuple[OpenRoom, str]]:
    """Give the room of the channel, and the name of who asks, to change the room within the block.

    The person sees that the bot is at it; whoever runs rooms learns of the change once it is made. Where an AI is to
    be asked upon it, what the gateway never told of is looked for first.

    Raises:
        NotPossible: no room is open here.
    """
    room = interaction.client.rooms.at(interaction.channel_id or 0)
    see_thread(interaction)
    await ask_for_time(interaction)
    if before_a_turn:
        await interaction.client.catching_up.glance_before_a_turn(room)
    yield room, await name_to_note(interaction)
    interaction.client.room_changed(room)


def see_thread(interaction: discord.Interaction[BackroomBot]) -> None:
    """Learn how a thread stands from what was asked there: the gateway may have lost that it is open again."""
    if isinstance(thread := interaction.channel, discord.Thread):
        interaction.client.doors.see_thread(thread.id, archived=thread.archived, locked=thread.locked)


async def name_to_note(interaction: discord.Interaction[BackroomBot]) -> str:
    """Return the name under which a room notes what is asked: nobody's, if who asks was forgotten meanwhile."""
    was_forgotten = await interaction.client.pseudonyms.is_forgotten(interaction.user.id, interaction.id)
    return SOMEBODY if was_forgotten else name_of_asker(interaction)


def name_of_asker(interaction: discord.Interaction[BackroomBot]) -> str:
    """Return the name by which a room knows the person who asks."""
    return notices.name_of_person(interaction.user.display_name)


async def make_known(interaction: discord.Interaction[BackroomBot], room: OpenRoom) -> None:
    """Let whoever runs rooms know of what took a while; who was forgotten meanwhile is no longer in it."""
    bot, asker = interaction.client, interaction.user.id
    try:
        await bot.forgetting.forget_late(room, asker, {name_of_asker(interaction)}, interaction.id)
    finally:
        bot.room_changed(room)
