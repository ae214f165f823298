"""❌ by who may steer: a message leaves the channel, and what the AIs see."""

from __future__ import annotations

import logging

import aiohttp
import discord
from discord.ext import commands

from bot.client import BackroomBot, may_here
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.room import notices
from bot.room.reactions import REMOVES
from bot.words import speak, t

_log = logging.getLogger("backroom.remove_message")


class RemoveMessage(commands.Cog):
    """Removes messages of rooms, one at a time, and tells who wanted it what did not come of it."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        """Delete the message, if it is of a room that who reacted may steer."""
        if str(reaction.emoji) != REMOVES or reaction.member is None or reaction.member.bot:
            return
        speak(reaction.member.guild.preferred_locale.value)  # nobody tells us that of who reacts
        try:
            sentence = await self._remove(reaction)
        except BackroomError as error:
            _log.warning("message %s was not removed: %s", reaction.message_id, error)
            sentence = notices.not_removed(str(error))
        if sentence:
            await self.bot.asides.tell(reaction, sentence)

    async def _remove(self, reaction: discord.RawReactionActionEvent) -> str:
        """Remove the message; returns what is to be told, nothing where it is gone, or where it is no room's."""
        origin = await self.bot.rooms.origin_of(reaction.message_id, reaction.channel_id)
        if origin is None:
            return self._not_of_a_room(reaction)
        room = await self.bot.rooms.numbered(origin.room)
        if not may_here(self.bot, room, Right.STEER, reaction.member):
            return t(notices.ONLY_STEERERS_REMOVE)
        await room.withdraw([reaction.message_id])
        try:
            if origin.post is not None:
                await self.bot.editing.delete(reaction.message_id, room.place, by_persona=not origin.by_house)
            elif self._may_delete_others(reaction):
                channel = self.bot.get_partial_messageable(reaction.channel_id)
                await channel.get_partial_message(reaction.message_id).delete()
            else:
                return t(notices.STAYS_IN_THE_CHANNEL)
        except discord.NotFound:
            pass  # somebody was quicker
        except (BackroomError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("message %s was not deleted: %s", reaction.message_id, error)
            return t(notices.DISCORD_DELETED_NOTHING)
        return ""

    def _not_of_a_room(self, reaction: discord.RawReactionActionEvent) -> str:
        if self.bot.asides.is_about_panel(reaction):
            return t(notices.ABOUT_THE_PANEL)
        room = self.bot.rooms.find(reaction.channel_id)
        may_steer = room is not None and may_here(self.bot, room, Right.STEER, reaction.member)
        return t(notices.NOTHING_TO_REMOVE) if may_steer else ""

    def _may_delete_others(self, reaction: discord.RawReactionActionEvent) -> bool:
        guild = self.bot.get_guild(reaction.guild_id or 0)
        channel = guild.get_channel_or_thread(reaction.channel_id) if guild else None
        return guild is not None and channel is not None and channel.permissions_for(guild.me).manage_messages


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(RemoveMessage(bot))
