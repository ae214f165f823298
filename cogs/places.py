"""Where rooms sit: notices when a place closes or is gone, tells who has to know, and lets the room go on later."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands, tasks

from bot.client import BackroomBot
from bot.errors import BackroomError, PlaceGone
from bot.open_room import OpenRoom
from bot.posting.refusals import WEBHOOK_NEVER_STAYS
from bot.room import notices
from bot.room.entries import Ended, Paused, Resumed
from bot.room.state import Phase
from bot.words import speak, t

MINUTES_BETWEEN_LOOKS = 1.0
"""How often closed places are looked at without being told of: the gateway may have lost an event."""
LOOKS_LEFT_OUT_AT_MOST = 60

_log = logging.getLogger("backroom.places")


class Places(commands.Cog):
    """Pauses the rooms of a place that closes, and lets them go on when it is open again."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._came_back: dict[int, tuple[int, int]] = {}  # room: the turn it stood at, and how often it came back there
        self._looks_left_out: dict[int, int] = {}

    async def cog_load(self) -> None:
        """Begin to look at closed places now and then."""
        self.look_at_closed.start()

    async def cog_unload(self) -> None:
        """Stop looking."""
        self.look_at_closed.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Look at every place: much may have changed while nobody told us, and guilds come one after the other."""
        self.bot.doors.forget_threads()
        for guild in self.bot.guilds:
            self.bot.doors.see_guild(guild)
        for room in self.bot.rooms:
            await self._look(room, may_be_gone=True)
        await self.bot.letters.send_left()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look whether rooms can go on in a guild that the bot was invited to again."""
        await self._look_at_guild(guild.id)

    @commands.Cog.listener("on_guild_available")
    @commands.Cog.listener("on_guild_unavailable")
    async def see_availability(self, guild: discord.Guild) -> None:
        """Let the rooms of a guild wait that Discord does not have for a while, and go on when it has it again."""
        self.bot.doors.see_guild(guild)
        await self._look_at_guild(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let the rooms of a guild wait that the bot is no longer in."""
        await self._look_at_guild(guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """Look at the places of a guild after a role was changed."""
        await self._look_at_guild(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Look at the places of a guild after a role was deleted."""
        await self._look_at_guild(role.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Look at the places of a guild after the bot's own roles there were changed."""
        if after == after.guild.me:
            await self._look_at_guild(after.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _before: object, after: discord.abc.GuildChannel) -> None:
        """Look at a channel and its threads after its rules were changed."""
        await self._look_at_channel(after.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Look at a thread after it was archived, locked or opened again."""
        if self.bot.rooms.find(payload.thread_id) is None:
            return
        metadata = payload.data["thread_metadata"]
        self.bot.doors.see_thread(
            payload.thread_id, archived=metadata["archived"], locked=metadata.get("locked", False)
        )
        await self._look_at_channel(payload.thread_id)

    @commands.Cog.listener()
    async def on_thread_remove(self, thread: discord.Thread) -> None:
        """Look at a thread after the bot was taken out of it."""
        if room := self.bot.rooms.find(thread.id):
            self.bot.doors.see_left(thread)
            await self._look(room)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Look at a thread after the bot was let in."""
        if room := self.bot.rooms.find(thread.id):
            self.bot.doors.see_thread(thread.id, archived=thread.archived, locked=thread.locked)
            await self._look(room)

    @commands.Cog.listener()
    async def on_webhooks_update(self, channel: discord.abc.GuildChannel) -> None:
        """Trust a channel's webhook no longer, and look whether there is room for ours now.

        Where somebody deletes ours each time, it is made, and deleted, only when the room's place is looked at anyway.
        """
        self.bot.webhooks.doubt(channel.id)
        for room in self._rooms_in(channel.id):
            speak(room.locale)
            why_it_waits = (room.state.pause_reason, room.hindrance.reason if room.hindrance else "")
            if t(WEBHOOK_NEVER_STAYS) not in why_it_waits:
                await self._look(room)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the rooms of a channel that was deleted, and of its threads."""
        for room in self._rooms_in(channel.id):
            await self._end(room)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """End the room of a thread that was deleted."""
        if room := self.bot.rooms.find(payload.thread_id):
            await self._end(room)

    @commands.Cog.listener()
    async def on_place_closed(self, room: OpenRoom, reason: str) -> None:
        """Tell who has to know that a room's words do not reach its place; end the room if the place is gone."""
        since = asyncio.get_running_loop().time()
        is_no_surprise = self.bot.doors.is_known(room.place) and self.bot.doors.why_closed(room.place)
        if not is_no_surprise and await self.bot.doors.is_gone(room.place):
            await self._end(room)
        elif room.state.phase is not Phase.ENDED:
            if room.state.pause_cause == "declined" and reason == room.state.pause_reason:
                await self.bot.letters.tell_again(room)  # whoever says so says it once
            await self.bot.letters.tell(room, reason, since)

    @tasks.loop(minutes=MINUTES_BETWEEN_LOOKS)
    async def look_at_closed(self) -> None:
        """Look at the places of rooms that wait for them: perhaps they are open, and nobody told us."""
        for room in self.bot.rooms:
            if not _waits_for_place(room):
                if _has_said_all(room):
                    await self.bot.letters.tell_again(room)  # its words are through
            elif self._is_due(room):
                await self._look(room)
        await self.bot.letters.send_left()

    @look_at_closed.before_loop
    async def _until_ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _look_at_guild(self, guild_id: int) -> None:
        for room in self.bot.rooms.in_guild(guild_id):
            await self._look(room)

    async def _look_at_channel(self, channel_id: int) -> None:
        for room in self._rooms_in(channel_id):
            await self._look(room)

    def _rooms_in(self, channel_id: int) -> list[OpenRoom]:
        """Return the rooms of a channel and of its threads."""
        return [room for room in self.bot.rooms if channel_id in (room.place.channel_id, room.place.parent_id)]

    async def _look(self, room: OpenRoom, *, may_be_gone: bool = False) -> None:
        """Look at a room's place; end the room where the place may be gone meanwhile and is."""
        speak(room.locale)
        try:
            await self._heed_or_end(room, may_be_gone=may_be_gone and not self.bot.doors.is_known(room.place))
        except BackroomError as error:
            _log.info("room %s still waits: %s", room.number, error)
        except Exception:  # noqa: BLE001 - one room's fault is never another's, and the next look comes all the same
            if not self.bot.is_closed():
                _log.exception("room %s met an error that nobody foresaw when its place was looked at", room.number)

    async def _heed_or_end(self, room: OpenRoom, *, may_be_gone: bool) -> None:
        """Heed how a room's place stands; ask before a room goes on in a thread, which may be archived or gone."""
        may_be_gone = may_be_gone or (room.place.parent_id is not None and _waits_for_place(room))
        is_gone = may_be_gone and await self.bot.doors.is_gone(room.place)
        if is_gone:
            await self._end(room)
            return
        if is_gone is None and _waits_for_place(room):
            return  # nobody can say, and it is looked at again
        try:
            await self._heed(room)
        except PlaceGone:
            if not await self.bot.doors.is_gone(room.place):
                raise
            await self._end(room)

    async def _heed(self, room: OpenRoom) -> None:
        """Pause a room whose place is closed; let it, or what it has to say, go on when it is open again."""
        await self.bot.doors.wait_out_hiccup(room.place)
        reason = self.bot.doors.why_closed(room.place)
        if reason and room.state.phase is Phase.RUNNING:
            await self._close(room, reason)
        elif not reason and room.state.pause_cause == "place":
            await room.check_open()
            await self._open(room)
        elif not reason and room.owes_words and self.bot.is_ready():  # before, rooms wait for the start
            self.bot.room_changed(room)

    async def _close(self, room: OpenRoom, reason: str) -> None:
        async with room.draft() as draft:
            if draft.state.phase is Phase.RUNNING:
                draft.enter(Paused(reason=reason, cause="place"))
                draft.notice(notices.paused(t(reason), draft.state.order, returns=True))
        self.bot.room_changed(room)
        if not self.bot.doors.why_closed(room.place):
            await self._heed(room)  # it was opened again while that was written down

    async def _open(self, room: OpenRoom) -> None:
        turn, times = self._came_back.get(room.number, (-1, 0))
        self._came_back[room.number] = (room.state.turn, times + 1 if turn == room.state.turn else 1)
        self.bot.catching_up.fall_behind([room])
        async with room.draft() as draft:
            if draft.state.phase is Phase.PAUSED and draft.state.pause_cause == "place":
                draft.enter(Resumed())
                draft.notice(notices.goes_on(t(notices.PLACE_IS_OPEN)))
        self.bot.room_changed(room)

    def _is_due(self, room: OpenRoom) -> bool:
        """Look ever less often at a place that seems open and, when the room goes on, is not."""
        _, times = self._came_back.get(room.number, (-1, 0))
        left_out = self._looks_left_out.get(room.number, 0)
        is_due = left_out >= min(2**times - 1, LOOKS_LEFT_OUT_AT_MOST)
        self._looks_left_out[room.number] = 0 if is_due else left_out + 1
        return is_due

    async def _end(self, room: OpenRoom) -> None:
        """End a room that nobody can see any more."""
        try:
            if room.state.phase is not Phase.ENDED:
                await self.bot.letters.note_last(room, notices.PLACE_IS_GONE)
            async with room.draft() as draft:
                was_open = draft.state.phase is not Phase.ENDED
                if was_open:
                    draft.enter(Ended(reason="gone"))
            if was_open:
                await self.bot.letters.tell_last(room, notices.PLACE_IS_GONE)
            await room.abandon(notices.PLACE_IS_GONE)
        except BackroomError as error:
            _log.warning("room %s could not be ended: %s", room.number, error)
        self.bot.room_changed(room)


def _waits_for_place(room: OpenRoom) -> bool:
    """Whether a room, or only what it has to say, waits until its place is open, of which nobody may tell."""
    if room.state.phase is Phase.ENDED or room.hindrance is None:
        return room.state.pause_cause == "place"
    # a room that waits for its conductor runs, and takes no turn that would find out
    return room.state.phase is Phase.PAUSED or room.hindrance.of_words


def _has_said_all(room: OpenRoom) -> bool:
    """Whether nothing is left to say in a room that does not wait for its place."""
    if room.state.phase is Phase.PAUSED:
        return room.state.pause_cause != "declined"  # then it may be about to be told why
    return room.state.phase is Phase.RUNNING and not room.owes_words


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Places(bot))
