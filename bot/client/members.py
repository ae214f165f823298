"""Who somebody is in a server: messages and reactions that are looked up tell of users alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot


class Members:
    """People as members of a server, with their roles and the name they have there, each asked for once."""

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._found: dict[tuple[int, int], discord.User | discord.Member] = {}

    async def find(self, guild_id: int, who: discord.User | discord.Member) -> discord.User | discord.Member:
        """Return somebody as a member, or as they are when they have left the server."""
        guild = self._bot.get_guild(guild_id)
        if isinstance(who, discord.Member) or guild is None:
            return who
        if (guild_id, who.id) not in self._found:
            try:
                self._found[guild_id, who.id] = await guild.fetch_member(who.id)
            except discord.NotFound:
                self._found[guild_id, who.id] = who
        return self._found[guild_id, who.id]
