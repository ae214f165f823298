"""What people say in a room, and what is deleted there: the AIs come to see the one and no longer see the other."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import aiohttp
import discord
from discord.ext import commands, tasks

from bot.client import HIDES, BackroomBot, is_by_person, may_here, pictures_of, words_of
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.listening import Shown, change_words, hear, take_reply, what_is_shown
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import Heard
from bot.room.state import Phase
from bot.words import t

DISCORD_HISTORY_PAGE = 100
MESSAGES_CAUGHT_UP = 500
"""How far back a room looks for what was said while nobody told us."""
DELETIONS_REMEMBERED = 1_000
"""The gateway may tell of a deletion before it tells of the message."""
SECONDS_BEFORE_LOOKING_AGAIN = 2.0
"""A post may be deleted before we have noted which message it became."""
MESSAGES_WITH_PICTURES_CAUGHT_UP = 20
"""Of the newest messages that were missed the pictures are fetched too; older ones would hardly be shown any more."""
REPLIES_REMEMBERED = 1_000
SECONDS_UNTIL_SHOWN = 2.0
"""So long a message that has just appeared may be missing in the history that Discord shows."""
SECONDS_BETWEEN_LOOKS = 60.0
"""How often a room that goes on is looked at for what the gateway never told of: it costs one request."""

_log = logging.getLogger("backroom.audience")


class Audience(commands.Cog):
    """Listens to people; each message is heard once, however often the gateway tells of it."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._deleted: deque[int] = deque(maxlen=DELETIONS_REMEMBERED)
        self._replies_taken: deque[int] = deque(maxlen=REPLIES_REMEMBERED)
        self._in_order: WeakKeyDictionary[OpenRoom, asyncio.Lock] = WeakKeyDictionary()
        self._told: set[int] = set()

    async def cog_load(self) -> None:
        """Begin to look now and then for what nobody told us."""
        self.look_for_what_was_lost.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.look_for_what_was_lost.cancel()

    @commands.Cog.listener()
    async def on_room_changed(self, room: OpenRoom) -> None:
        """Say in a new room that people are not heard as they may think, where the bot may not read them."""
        is_open = room.state.mode == "open" and room.state.phase is not Phase.ENDED
        if self.bot.hears_people or not is_open or room.number in self._told:
            return
        self._told.add(room.number)
        try:
            async with room.draft() as draft:
                draft.notice(t(notices.CANNOT_READ))
        except BackroomError as error:
            self._told.discard(room.number)
            _log.warning("room %s: that nobody is heard there is said with the next change: %s", room.number, error)
        else:
            self.bot.room_changed(room)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Let the AIs of a room hear what a person says there."""
        room = self.bot.rooms.find(message.channel.id)
        if room is None or not is_by_person(message) or not may_here(self.bot, room, Right.SPEAK, message.author):
            return
        if room.state.mode == "open" and words_of(message):
            room.seconds_of_last_word = asyncio.get_running_loop().time()
        async with self._in_order.setdefault(room, asyncio.Lock()):
            if not await self._hear(room, message):
                await self._take_unreadable_reply(room, message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Let the AIs know what a person says instead."""
        room = self.bot.rooms.find(payload.channel_id)
        if room is not None and is_by_person(payload.message):
            async with self._in_order.setdefault(room, asyncio.Lock()):
                await self._hear_again(room, payload.message)

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
        self._told |= {room.number for room in self.bot.rooms}
        await asyncio.gather(*(self._catch_up(room) for room in self.bot.rooms))

    @tasks.loop(seconds=SECONDS_BETWEEN_LOOKS)
    async def look_for_what_was_lost(self) -> None:
        """Catch up with what the gateway never told of, also while it seems to be well."""
        if self.look_for_what_was_lost.current_loop == 0:
            return  # the start has just looked
        for room in self.bot.rooms:
            if room.state.phase is Phase.RUNNING:
                await self._catch_up(room)

    @look_for_what_was_lost.before_loop
    async def _until_ready(self) -> None:
        await self.bot.wait_until_ready()

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

    async def _hear(self, room: OpenRoom, message: discord.Message, *, with_pictures: bool = True) -> bool:
        """Let the AIs hear a message; returns whether it held anything that they may hear."""
        words = words_of(message)
        if not words or message.id in self._deleted or room.state.mode != "open":
            return bool(words)
        name = notices.name_of_person(message.author.display_name)
        heard = Heard(message=message.id, by=message.author.id, by_name=name, text=words)
        try:
            pictures = await pictures_of(message) if with_pictures else []
            answered = await self._answered(room, message)
            if answered is not None:
                is_fresh = room.history.is_in_mind(answered.entry)
                is_quoted = bool(answered.entry_of_somebody) and not is_fresh
                answers = notices.excerpt(answered.said) if is_quoted else ""
                heard = heard.model_copy(
                    update={"reply_to": answered.who, "answers": answers, "answers_to": answered.entry_of_somebody}
                )
            if message.id not in self._deleted:
                seat = answered.seat if answered is not None else None
                await hear(
                    room, heard, self.bot.pseudonyms, pictures, answers=seat, to_the_bot=self._mentions_us(message)
                )
        except BackroomError as error:
            _log.warning("room %s: somebody was not heard: %s", room.number, error)
        return True

    async def _hear_again(self, room: OpenRoom, message: discord.Message) -> None:
        """Hear a message that was changed as it is now; what is off the record now is withdrawn."""
        if not message.content and not message.attachments and not self.bot.hears_people:
            return  # its words are hidden from us, not gone
        try:
            if words := words_of(message):
                await change_words(room, message.id, words, without_pictures=not message.attachments)
            else:
                await room.withdraw([message.id])
        except BackroomError as error:
            _log.warning("room %s: a changed message was not noted: %s", room.number, error)

    async def _take_unreadable_reply(self, room: OpenRoom, message: discord.Message) -> None:
        """Give whom a person answered the next turn also where their words are hidden from us."""
        if self.bot.hears_people or message.content or message.id in self._replies_taken:
            return
        self._replies_taken.append(message.id)
        try:
            answered = await self._answered(room, message)
            is_late = await self.bot.pseudonyms.is_forgotten(message.author.id, message.id)
            if answered is not None and answered.seat is not None and not is_late:
                await take_reply(room, notices.name_of_person(message.author.display_name), answered.seat)
        except BackroomError as error:
            _log.warning("room %s: a reply was not noted: %s", room.number, error)

    async def _answered(self, room: OpenRoom, message: discord.Message) -> Shown | None:
        """Return what a reply answers, if it is a message of the room."""
        is_reply = message.type is discord.MessageType.reply and message.reference is not None
        answers = message.reference.message_id if is_reply and message.reference else None
        return None if answers is None else await what_is_shown(room, answers)

    def _mentions_us(self, message: discord.Message) -> bool:
        return self.bot.user is not None and any(user.id == self.bot.user.id for user in message.mentions)

    async def _catch_up(self, room: OpenRoom) -> None:
        """Hear what people said meanwhile, and notice what was changed or deleted, as far as Discord still has it."""
        try:
            first = await room.first_message()
            if first is None:
                return
            recent, gone = await self._compared(room, first)
            if gone:
                await room.withdraw(gone)
            await self._look_again(room, recent)
            since = max(first, self._first_heard_now(room))
            await self._hear_what_was_missed(room, [message for message in recent if message.id > since])
        except BackroomError as error:
            _log.warning("room %s did not catch up: %s", room.number, error)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("room %s did not catch up: %s", room.number, error)

    async def _compared(self, room: OpenRoom, first: int) -> tuple[list[discord.Message], set[int]]:
        """Return the newest messages of a room's place, and which were known before and are not among them."""
        known = await room.standing(first)
        since = max(room.history.last_heard_message or first, first)
        recent = await self._recent(room, since)
        if recent and any(message > recent[-1].id for message in known):
            await asyncio.sleep(SECONDS_UNTIL_SHOWN)
            recent = await self._recent(room, since)
        if not recent:
            return [], set()  # Discord shows nothing to who may not read there
        oldest = recent[0].id if len(recent) >= DISCORD_HISTORY_PAGE else 0
        return recent, {message for message in known if message >= oldest} - {message.id for message in recent}

    def _first_heard_now(self, room: OpenRoom) -> int:
        """Return the first message id of the time since which people are heard as they are now."""
        return discord.utils.time_snowflake(room.mode_since) if room.mode_since is not None else 0

    async def _look_again(self, room: OpenRoom, messages: Iterable[discord.Message]) -> None:
        """Notice what was changed or hidden of what was heard."""
        for message in messages:
            if room.history.entry_of_message(message.id) is None or message.id in room.history.withdrawn_messages:
                continue
            if await self._is_hidden(room, message):
                await room.withdraw([message.id])
            elif message.edited_at is not None:
                await self._hear_again(room, message)

    async def _hear_what_was_missed(self, room: OpenRoom, messages: Sequence[discord.Message]) -> None:
        """Hear what was not heard yet, though something later may have been: people talk on while the bot comes up."""
        newest = {message.id for message in messages[-MESSAGES_WITH_PICTURES_CAUGHT_UP:]}
        for message in messages:
            if not is_by_person(message) or room.state.mode != "open":
                continue
            if room.history.entry_of_message(message.id) is not None:
                continue
            who = await self._as_member(room, message.author)
            if may_here(self.bot, room, Right.SPEAK, who) and not await self._is_hidden(room, message):
                await self._hear(room, message, with_pictures=message.id in newest)

    async def _is_hidden(self, room: OpenRoom, message: discord.Message) -> bool:
        """Whether its author, or who may steer the room, has taken a message off the record with a reaction."""
        for reaction in message.reactions:
            if str(reaction.emoji) == HIDES:
                async for who in reaction.users():
                    if who.id == message.author.id or may_here(self.bot, room, Right.STEER, who):
                        return True
        return False

    async def _as_member(self, room: OpenRoom, who: discord.User | discord.Member) -> discord.User | discord.Member:
        """Return somebody with their roles, where these decide who is heard: old messages do not tell them."""
        guild = self.bot.get_guild(room.place.guild_id)
        if isinstance(who, discord.Member) or guild is None:
            return who
        if not self.bot.guild_settings.of(guild.id).roles_with(Right.SPEAK):
            return who
        try:
            return await guild.fetch_member(who.id)
        except discord.NotFound:
            return who

    async def _recent(self, room: OpenRoom, since: int) -> list[discord.Message]:
        """Return the newest messages of a room's place, oldest first: a page, or all after `since`."""
        channel = self.bot.get_partial_messageable(room.place.channel_id)
        found: list[discord.Message] = []
        async for message in channel.history(limit=MESSAGES_CAUGHT_UP):
            if len(found) >= DISCORD_HISTORY_PAGE and message.id <= since:
                break
            found.append(message)
        return found[::-1]


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Audience(bot))
