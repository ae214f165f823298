"""Why a room waits, where Discord declines the line of the house that says so: who opened the room gets a letter."""

from __future__ import annotations

from discord.ext import commands, tasks

from bot.client import BackroomBot
from bot.open_room import OpenRoom

MINUTES_BETWEEN_LOOKS = 1.0
"""A line from before a restart is tried again, and declined, without any change of the room."""


class Unsaid(commands.Cog):
    """Looks whether a room waits and could not say why."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Begin to look now and then."""
        self.look.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.look.cancel()

    @commands.Cog.listener()
    async def on_room_changed(self, room: OpenRoom) -> None:
        """Let who has to know be told, once."""
        reason, room.unsaid = room.unsaid, ""
        if reason and reason == room.state.pause_reason:
            self.bot.dispatch("place_closed", room, reason)

    @tasks.loop(minutes=MINUTES_BETWEEN_LOOKS)
    async def look(self) -> None:
        """Look at every room."""
        for room in self.bot.rooms:
            await self.on_room_changed(room)


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Unsaid(bot))
