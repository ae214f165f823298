"""What all commands that change a room have in common: it is found, time is asked for, and the change made known."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord

from bot.client.commands import ask_for_time
from bot.open_room import OpenRoom
from bot.room import notices

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot


@asynccontextmanager
async def steered(interaction: discord.Interaction[BackroomBot]) -> AsyncGenerator[tuple[OpenRoom, str]]:
    """Give the room of the channel, and the name of who asks, to change the room within the block.

    The person sees that the bot is at it; whoever runs rooms learns of the change once it is made.

    Raises:
        NotPossible: no room is open here.
    """
    room = interaction.client.rooms.at(interaction.channel_id or 0)
    await ask_for_time(interaction)
    yield room, name_of_asker(interaction)
    interaction.client.room_changed(room)


def name_of_asker(interaction: discord.Interaction[BackroomBot]) -> str:
    """Return the name by which a room knows the person who asks."""
    return notices.name_of_person(interaction.user.display_name)
