"""❌ by who may steer: a message leaves the channel, and what the AIs see."""

from __future__ import annotations

import logging

import aiohttp
import discord
from discord.ext import commands

from bot.client import BackroomBot
from bot.client.rights import reactor_has
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.room.reactions import REMOVES

_log = logging.getLogger("backroom.remove_message")


class RemoveMessage(commands.Cog):
    """Removes messages of rooms, one at a time; the reaction of those who may not steer is ignored."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        """Delete the message, if it is of a room that who reacted may steer."""
        if str(reaction.emoji) != REMOVES or reaction.member is None or reaction.member.bot:
            return
        try:
            await self._remove(reaction)
        except BackroomError as error:
            _log.warning("message %s was not removed: %s", reaction.message_id, error)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("message %s was not deleted: %s", reaction.message_id, error)

    async def _remove(self, reaction: discord.RawReactionActionEvent) -> None:
        origin = await self.bot.rooms.origin_of(reaction.message_id, reaction.channel_id)
        if origin is None:
            return
        room = await self.bot.rooms.numbered(origin.room)
        opener = room.state.opened.by if room.state.opened else None
        if not reactor_has(self.bot, reaction, Right.STEER, opener):
            return
        await room.withdraw([reaction.message_id])
        if origin.post is not None:
            await self.bot.editing.delete(reaction.message_id, room.place, by_persona=not origin.by_house)
        elif self._may_delete_others(reaction):
            await (
                self.bot.get_partial_messageable(reaction.channel_id).get_partial_message(reaction.message_id).delete()
            )

    def _may_delete_others(self, reaction: discord.RawReactionActionEvent) -> bool:
        guild = self.bot.get_guild(reaction.guild_id or 0)
        channel = guild.get_channel_or_thread(reaction.channel_id) if guild else None
        return guild is not None and channel is not None and channel.permissions_for(guild.me).manage_messages


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(RemoveMessage(bot))
