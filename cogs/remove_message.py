"""❌ by who may steer: a message leaves the channel, and what the AIs see."""

from __future__ import annotations

import logging

import aiohttp
import discord
from discord.ext import commands

from bot.client import BackroomBot, may_here
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.open_room import OpenRoom
from bot.room.reactions import REMOVES

MESSAGES_LOOKED_AT = 50
"""After an outage so many of a room's newest messages are looked at for those that were to be removed."""

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

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Remove what was to be removed while nobody told us, or was about to be when the program ended."""
        for room in self.bot.rooms:
            try:
                await self._catch_up(room)
            except BackroomError as error:
                _log.warning("room %s: not all was removed that was to be: %s", room.number, error)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                _log.warning("room %s: not all was deleted that was to be: %s", room.number, error)

    async def _catch_up(self, room: OpenRoom) -> None:
        channel = self.bot.get_partial_messageable(room.place.channel_id)
        marked = [
            (message, reaction)
            async for message in channel.history(limit=MESSAGES_LOOKED_AT)
            for reaction in message.reactions
            if str(reaction.emoji) == REMOVES
        ]
        for message, reaction in marked:
            post = await room.posted_as(message.id)
            if post is not None and await self._is_by_who_may(room, reaction):
                await room.withdraw([message.id])
                await self.bot.editing.delete(message.id, room.place, by_persona=post.post.seat is not None)

    async def _is_by_who_may(self, room: OpenRoom, reaction: discord.Reaction) -> bool:
        guild = self.bot.get_guild(room.place.guild_id)
        async for who in reaction.users():
            try:
                member = who if guild is None or isinstance(who, discord.Member) else await guild.fetch_member(who.id)
            except discord.NotFound:
                continue  # they have left the server
            if not who.bot and may_here(self.bot, room, Right.STEER, member):
                return True
        return False

    async def _remove(self, reaction: discord.RawReactionActionEvent) -> None:
        origin = await self.bot.rooms.origin_of(reaction.message_id, reaction.channel_id)
        if origin is None:
            return
        room = await self.bot.rooms.numbered(origin.room)
        if not may_here(self.bot, room, Right.STEER, reaction.member):
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
