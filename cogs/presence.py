"""Tells the operator, in the log, that the bot is there: no other line says that all is well."""

from __future__ import annotations

import logging

from discord.ext import commands

from bot.client import BackroomBot

_log = logging.getLogger("backroom.client")


class Presence(commands.Cog):
    """Logs a line whenever a session with Discord begins."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Say where the bot is, and how many rooms it has."""
        servers, rooms = len(self.bot.guilds), len(tuple(self.bot.rooms))
        where, what = _counted(servers, "server"), _counted(rooms, "open room")
        _log.info("Connected to Discord as %s, in %s, with %s.", self.bot.user, where, what)
        if not servers:
            _log.info("`backroom invite` prints the address that invites the bot to a server.")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Presence(bot))
