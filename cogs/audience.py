"""What people say in a room, and what is deleted there: the AIs come to see the one and no longer see the other."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable

import aiohttp
import discord
from discord.ext import commands

from bot.client import BackroomBot
from bot.errors import BackroomError
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import Heard

DISCORD_HISTORY_PAGE = 100
MESSAGES_CAUGHT_UP = 500
"""How far back a room looks for what was said while nobody told us."""
DELETIONS_REMEMBERED = 1_000
"""The gateway may tell of a deletion before it tells of the message."""
SECONDS_BEFORE_LOOKING_AGAIN = 2.0
"""A post may be deleted before we have noted which message it became."""
OFF_THE_RECORD = "."
"""A line that begins with it is for people alone."""

_log = logging.getLogger("backroom.audience")


class Audience(commands.Cog):
    """Listens to people; each message is heard once, however often the gateway tells of it."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._deleted: deque[int] = deque(maxlen=DELETIONS_REMEMBERED)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Let the AIs of a room hear what a person says there."""
        room = self.bot.rooms.find(message.channel.id)
        if room is not None:
            await self._hear(room, [message])

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Let a message that was deleted leave what the AIs see."""
        await self._withdraw(payload.channel_id, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Let messages that were deleted leave what the AIs see."""
        await self._withdraw(payload.channel_id, payload.message_ids)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with what happened in each room while the gateway did not tell us."""
        await asyncio.gather(*(self._catch_up(room) for room in self.bot.rooms))

    async def _withdraw(self, channel_id: int, messages: Iterable[int]) -> None:
        gone = set(messages)
        self._deleted.extend(gone)
        room = self.bot.rooms.find(channel_id)
        if room is None:
            return
        try:
            if not await room.withdraw(gone):
                await asyncio.sleep(SECONDS_BEFORE_LOOKING_AGAIN)
                await room.withdraw(gone)
        except BackroomError as error:
            _log.warning("room %s: a deletion was not noted: %s", room.number, error)

    async def _hear(self, room: OpenRoom, messages: Iterable[discord.Message]) -> None:
        for message in messages:
            words = _words(message)
            if not words or message.id in self._deleted:
                continue
            name = notices.name_of_person(message.author.display_name)
            try:
                await room.hear(Heard(message=message.id, by=message.author.id, by_name=name, text=words))
            except BackroomError as error:
                _log.warning("room %s: somebody was not heard: %s", room.number, error)

    async def _catch_up(self, room: OpenRoom) -> None:
        """Hear what people said meanwhile, and notice what was deleted, as far as Discord still has it."""
        try:
            first = await room.first_message()
            if first is None:
                return
            since = room.history.last_heard_message or first
            recent = await self._recent(room, since)
            oldest = recent[0].id if len(recent) >= DISCORD_HISTORY_PAGE else first
            if gone := await room.missing([message.id for message in recent], oldest):
                await room.withdraw(gone)
            await self._hear(room, [message for message in recent if message.id > since])
        except BackroomError as error:
            _log.warning("room %s did not catch up: %s", room.number, error)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("room %s did not catch up: %s", room.number, error)

    async def _recent(self, room: OpenRoom, since: int) -> list[discord.Message]:
        """Return the newest messages of a room's place, oldest first: a page, or all after `since`."""
        channel = self.bot.get_partial_messageable(room.place.channel_id)
        found: list[discord.Message] = []
        async for message in channel.history(limit=MESSAGES_CAUGHT_UP):
            if len(found) >= DISCORD_HISTORY_PAGE and message.id <= since:
                break
            found.append(message)
        return found[::-1]


def _words(message: discord.Message) -> str:
    """Return what a person said, with names in place of mentions; nothing for bots, the system, and asides."""
    is_said = message.type in (discord.MessageType.default, discord.MessageType.reply)
    if message.author.bot or message.webhook_id is not None or not is_said:
        return ""
    words = message.clean_content.strip()
    return "" if words.startswith(OFF_THE_RECORD) else words


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Audience(bot))
