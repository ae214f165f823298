"""❌ by who may steer: a message leaves the channel, and what the AIs see."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord
from discord.ext import commands

from bot.client import BackroomBot, may_here, roles_are_known
from bot.client.looking_again import LookingAgain
from bot.client.members import Members
from bot.client.reactors import any_may_steer, people_with
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.reactions import REMOVES
from bot.storage import OutboxPost
from bot.words import speak, t

MESSAGES_LOOKED_AT = 50
"""After an outage so many of a room's newest messages are looked at for those that were to be removed."""

_HINDRANCES = (BackroomError, discord.HTTPException, aiohttp.ClientError, OSError)
_log = logging.getLogger("backroom.remove_message")


class RemoveMessage(commands.Cog):
    """Removes messages of rooms, one at a time, and tells who wanted it what did not come of it."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._leaving: dict[int, asyncio.Task[str]] = {}
        self._again = LookingAgain(self._catch_up)

    async def cog_unload(self) -> None:
        """Look no more: the next start does."""
        await self._again.close()

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
            if self.bot.is_closed():
                return  # it is removed at the next start
            sentence = notices.not_removed(str(error))
        if sentence:
            await self.bot.asides.tell(reaction, sentence)

    @commands.Cog.listener()
    async def on_caught_up(self, room: OpenRoom) -> None:
        """Remove what was to be removed while nobody told us, or was about to be when the program ended."""
        if not await self._catch_up(room):
            self._again.begin(room)

    @commands.Cog.listener()
    async def on_crossed_out(self, room: OpenRoom, message: int) -> None:
        """Remove a message of a room that is over, which was to be removed while nobody told us."""
        try:
            await self._take_out(room, message, await room.posted_as(message))
        except BackroomError as error:
            _log.warning("message %s was not removed: %s", message, error)

    async def _catch_up(self, room: OpenRoom) -> bool:
        """Look for what is to be removed; returns whether Discord told us all of it. One hindrance is not another's."""
        members, is_all = Members(self.bot), True
        try:
            for message, reaction in await self._marked(room):
                try:
                    await self._remove_if_wanted(room, message, reaction, members)
                except _HINDRANCES as error:
                    _log.warning("message %s was not removed that may be to be: %s", message.id, error)
                    is_all = False
        except _HINDRANCES as error:
            _log.warning("room %s: not all was removed that was to be: %s", room.number, error)
            return False
        except Exception:  # noqa: BLE001 - it is looked again, as after what was foreseen
            if self.bot.is_closed():
                return True  # nobody can be asked any more
            _log.exception("room %s: an error that nobody foresaw", room.number)
            return False
        return is_all and roles_are_known(self.bot, room)

    async def _marked(self, room: OpenRoom) -> list[tuple[discord.Message, discord.Reaction]]:
        """Return the newest messages that others than the bot have marked, each with their reaction."""
        channel = self.bot.get_partial_messageable(room.place.channel_id)
        return [
            (message, reaction)
            async for message in channel.history(limit=MESSAGES_LOOKED_AT)
            for reaction in message.reactions
            if str(reaction.emoji) == REMOVES and reaction.count > reaction.me
        ]

    async def _remove_if_wanted(
        self, room: OpenRoom, message: discord.Message, reaction: discord.Reaction, members: Members
    ) -> None:
        """Remove what is of the room; what is withdrawn already may only be left to delete."""
        post = await room.posted_as(message.id)
        if post is None and not self._is_persons_to_remove(room, message.id):
            return
        if await any_may_steer(self.bot, room, await people_with(reaction), members):
            await self._take_out(room, message.id, post)

    def _is_persons_to_remove(self, room: OpenRoom, message: int) -> bool:
        """Whether a person's message was heard, and it is in our hands to remove anything of it."""
        is_heard = room.history.entry_of_message(message) is not None
        return is_heard and (message not in room.history.withdrawn_messages or self._may_delete_others(room))

    async def _remove(self, reaction: discord.RawReactionActionEvent) -> str:
        """Remove the message; returns what is to be told, nothing where it is gone, or where it is no room's."""
        origin = await self.bot.rooms.origin_of(reaction.message_id, reaction.channel_id)
        if origin is None:
            return self._not_of_a_room(reaction)
        room = await self.bot.rooms.numbered(origin.room)
        if not may_here(self.bot, room, Right.STEER, reaction.member):
            return t(notices.ONLY_STEERERS_REMOVE)
        return await self._take_out(room, reaction.message_id, origin.post)

    async def _take_out(self, room: OpenRoom, message: int, post: OutboxPost | None) -> str:
        """Let a message leave what the AIs see, and the channel; returns what is to be told where it stays there.

        Who wants what is being done already waits for it, and is told the same.
        """
        task = self._leaving.get(message)
        if task is None:
            task = self._leaving[message] = asyncio.create_task(self._take_out_alone(room, message, post))
            task.add_done_callback(lambda _: self._leaving.pop(message, None))
        return t(await asyncio.shield(task))

    async def _take_out_alone(self, room: OpenRoom, message: int, post: OutboxPost | None) -> str:
        await self.bot.rooms.withdraw([message])
        try:
            if post is not None:
                await self.bot.editing.delete(message, room.place, by_persona=post.post.seat is not None)
            elif self._may_delete_others(room):
                channel = self.bot.get_partial_messageable(room.place.channel_id)
                await channel.get_partial_message(message).delete()
            else:
                return notices.STAYS_IN_THE_CHANNEL
        except discord.NotFound:
            pass  # somebody was quicker
        except _HINDRANCES as error:
            _log.warning("message %s was not deleted: %s", message, error)
            return notices.DISCORD_DELETED_NOTHING
        return ""

    def _not_of_a_room(self, reaction: discord.RawReactionActionEvent) -> str:
        if self.bot.asides.is_about_panel(reaction):
            return t(notices.ABOUT_THE_PANEL)
        room = self.bot.rooms.find(reaction.channel_id)
        may_steer = room is not None and may_here(self.bot, room, Right.STEER, reaction.member)
        return t(notices.NOTHING_TO_REMOVE) if may_steer else ""

    def _may_delete_others(self, room: OpenRoom) -> bool:
        guild = self.bot.get_guild(room.place.guild_id)
        channel = guild.get_channel_or_thread(room.place.channel_id) if guild else None
        return guild is not None and channel is not None and channel.permissions_for(guild.me).manage_messages


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(RemoveMessage(bot))
