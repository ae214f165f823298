"""What people say in a room, and what is deleted there: the AIs come to see the one and no longer see the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import discord
from discord.ext import commands, tasks

from bot.client import HIDES, BackroomBot, is_by_person, may_here, roles_are_known, words_of
from bot.client.looking_again import LookingAgain
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.state import Phase
from bot.words import spoken, t

SECONDS_BEFORE_LOOKING_AGAIN = 2.0
"""A post may be deleted before we have noted which message it became."""
SECONDS_BETWEEN_LOOKS = 60.0
"""How often a room that goes on is looked at for what the gateway never told of: it costs one request."""
LOOKS_UNTIL_PAUSED_ROOMS = 10
"""People talk on in a room that is paused, but no AI is asked there: it is looked at in one of so many looks only, and
each look takes some of them. Hundreds of paused rooms cost a request every few seconds."""

_log = logging.getLogger("backroom.audience")


class Audience(commands.Cog):
    """Listens to people; each message is heard once, however often the gateway tells of it."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._ears = bot.ears
        self._told: dict[int, bool] = {}  # room: whether the bot reads there, as it was told last
        self._not_withdrawn: set[int] = set()
        self._again = LookingAgain(self._look_at_origins)

    async def cog_load(self) -> None:
        """Begin to look now and then for what nobody told us."""
        self.look_for_what_was_lost.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.look_for_what_was_lost.cancel()
        await self._again.close()
        await self.bot.catching_up.close()

    @commands.Cog.listener()
    async def on_room_changed(self, room: OpenRoom) -> None:
        """Say in a room that people are not heard as they may think, where the bot may not read them."""
        await self._say_whether_people_are_read(room)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Let the AIs of a room hear what a person says there."""
        room = self.bot.rooms.find(message.channel.id)
        if room is None or not is_by_person(message):
            return
        if not may_here(self.bot, room, Right.SPEAK, message.author):
            if roles_are_known(self.bot, room):
                self._ears.leave(room, message.id)
            return
        if room.state.mode == "open" and words_of(message):
            room.seconds_of_last_word = asyncio.get_running_loop().time()
        async with self._ears.in_order(room):
            await self._ears.hear(room, message, message.author)
            if not words_of(message):
                await self._ears.take_unreadable_reply(room, message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Let the AIs know what a person says instead."""
        self._ears.note_told([payload.message_id])
        room = self.bot.rooms.find(payload.channel_id)
        if is_by_person(payload.message):
            async with self._ears.in_order(room):
                await self._ears.hear_again(room, payload.message)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Let nobody hear what is hidden before it is written down: it is being looked up, or its pictures fetched."""
        if str(payload.emoji) != HIDES:
            return
        self._ears.note_told([payload.message_id])
        room, who = self.bot.rooms.find(payload.channel_id), payload.member
        if room is None or (who is not None and who.bot):
            return
        if payload.message_author_id == payload.user_id or may_here(self.bot, room, Right.STEER, who):
            self._ears.leave(room, payload.message_id)

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
        """Catch up with what happened in each room while the gateway did not tell us, such as who may be read now."""
        telling = map(self._say_whether_people_are_read, self.bot.rooms)
        await asyncio.gather(self.bot.catching_up.look(self.bot.rooms), *telling)

    @commands.Cog.listener()
    async def on_caught_up(self, room: OpenRoom) -> None:
        """Note of a fork also what left the rooms that it goes on from, where these are over, while nobody told us."""
        if not await self._look_at_origins(room):
            self._again.begin(room)

    @commands.Cog.listener()
    async def on_writable_again(self, room: OpenRoom) -> None:
        """Catch up with what could not be written down."""
        await self._withdraw_what_is_owed()
        await self.bot.catching_up.look([room])

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Note that nobody tells us what happens in a server while Discord does not have it."""
        self.bot.catching_up.put_off(self.bot.rooms.in_guild(guild.id))

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Catch up with what was left undecided while Discord did not have a server."""
        await self.bot.catching_up.look_at_put_off(self.bot.rooms.in_guild(guild.id))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Catch up with what was left undecided while the bot was not in a server."""
        await self.bot.catching_up.look_at_put_off(self.bot.rooms.in_guild(guild.id))

    @tasks.loop(seconds=SECONDS_BETWEEN_LOOKS)
    async def look_for_what_was_lost(self) -> None:
        """Catch up with what the gateway never told of, also while it seems to be well."""
        await self._withdraw_what_is_owed()
        if self.look_for_what_was_lost.current_loop == 0:
            return  # the start has just looked
        await self.bot.catching_up.glance(room for room in self.bot.rooms if self._is_looked_at_now(room))

    def _is_looked_at_now(self, room: OpenRoom) -> bool:
        """Whether a room goes on, or is paused and its turn has come; where its place is closed nobody can look."""
        if room.state.phase is not Phase.PAUSED:
            return room.state.phase is Phase.RUNNING
        is_its_turn = (room.number - self.look_for_what_was_lost.current_loop) % LOOKS_UNTIL_PAUSED_ROOMS == 0
        return is_its_turn and room.state.pause_cause != "place"

    @look_for_what_was_lost.before_loop
    async def _until_ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _look_at_origins(self, room: OpenRoom) -> bool:
        try:
            return await self.bot.looking_back.at_origins(room)
        except BackroomError as error:
            _log.warning("room %s: what left the rooms that it was forked from is noted later: %s", room.number, error)
            return False

    async def _say_whether_people_are_read(self, room: OpenRoom) -> None:
        """Say in an open room, once, that the bot may not read people, and once that it may again."""
        may_read = self.bot.hears_people
        is_open = room.state.mode == "open" and room.state.phase is not Phase.ENDED
        if not is_open or self._told.get(room.number) is may_read:
            return
        self._told[room.number] = may_read
        try:
            line = await self._line_to_be_said(room, may_read=may_read)
            if not line:
                return
            async with room.draft() as draft:
                draft.notice(line)
        except BackroomError as error:
            self._told.pop(room.number, None)
            _log.warning("room %s: whether people are read is said with the next change: %s", room.number, error)
        else:
            self.bot.room_changed(room)

    async def _line_to_be_said(self, room: OpenRoom, *, may_read: bool) -> str:
        """Return what a room is to be told; nothing where it knows, or was never told otherwise."""
        with spoken(room.locale):
            unread, read = t(notices.CANNOT_READ), t(notices.READS_AGAIN)
        knows = await self.bot.supplies.database.outbox.last_said(room.number, (unread, read)) or read
        line = read if may_read else unread
        return "" if line == knows else line

    async def _withdraw(self, channel_id: int, messages: Iterable[int]) -> None:
        gone = set(messages)
        self._ears.note_told(gone)
        self._ears.note_deleted(gone)
        room = self.bot.rooms.find(channel_id)
        try:
            if not await self.bot.rooms.withdraw(gone) and room is not None:
                await asyncio.sleep(SECONDS_BEFORE_LOOKING_AGAIN)
                await room.until_arrived()
                await self.bot.rooms.withdraw(gone)
        except BackroomError as error:
            _log.warning("in channel %s a deletion was not noted: %s", channel_id, error)
            self._not_withdrawn |= gone
            if room is not None:
                self.bot.dispatch("not_noted", room)

    async def _withdraw_what_is_owed(self) -> None:
        """Note what was deleted while nothing could be written down: a fork may know it of a room that is over."""
        if gone := set(self._not_withdrawn):
            try:
                await self.bot.rooms.withdraw(gone)
            except BackroomError as error:
                _log.warning("deletions are noted later: %s", error)
            else:
                self._not_withdrawn -= gone


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Audience(bot))
