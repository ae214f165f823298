"""Keeps the panel of one room: posted once, edited sparingly, replaced when gone, left alone when it cannot be."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection
from typing import TYPE_CHECKING
from zlib import crc32

import aiohttp
import discord

from bot.cancellation import to_its_end
from bot.client.panel.items import panel_buttons
from bot.errors import BackroomError
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.state import Phase
from bot.words import spoken

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

DISCORD_EDIT_OF_OLD_MESSAGE = 30046
"""Discord limits edits of messages that are more than an hour old."""
SECONDS_TO_SETTLE = 1.0
"""One thing that happens often brings another: a turn ends, and the next model is asked."""
SECONDS_BETWEEN_EDITS = 5.0
SECONDS_AFTER_FAILURE = 60.0
SECONDS_AN_ANSWER_MAY_WAIT = 15.0
"""An answer that is said this soon after the last edit is not worth one of its own."""
TIMES_TAKEN_AWAY = 3
"""Who deletes a room's panel so often does not want one."""

_NO_PINGS = discord.AllowedMentions.none()
_BROKEN = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
_log = logging.getLogger("backroom.panel")


class PanelOfRoom:
    """The message that shows a room."""

    def __init__(self, bot: BackroomBot, room: OpenRoom) -> None:
        self._bot = bot
        self._room = room
        self._channel = bot.get_partial_messageable(room.place.channel_id, guild_id=room.place.guild_id)
        self._message: int | None = None
        self._kept: int | None = None
        """The message of which it is written down that it is the panel."""
        self._last: int | None = None
        """The message that was the panel before the next one: it tells their nonces apart."""
        self._face: tuple[str, bool] | None = None
        self._shown_at = self._not_before = float("-inf")
        self._taken_away = 0
        self._has_changed = False
        self._following: asyncio.Task[None] | None = None
        self._is_pausing = False

    def stir(self) -> None:
        """Let the panel follow the room, soon; while nothing changes, nothing waits."""
        self._has_changed = True
        if self._following is not None and self._is_pausing and self._is_over:
            self._following.cancel()  # nothing comes after the end that its edit could wait for
            self._following = None
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(self._follow(), name=f"panel-{self._room.number}")

    def note_deleted(self, messages: Collection[int]) -> None:
        """Note that messages are gone: if the panel is one of them, it is posted anew."""
        if self._message in messages:
            self._lose()

    async def close(self) -> None:
        """Leave the panel as it is."""
        self._room.watch = None
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    @property
    def _is_over(self) -> bool:
        return self._room.state.phase is Phase.ENDED

    async def _follow(self) -> None:
        while self._has_changed:
            await self._pause(self._seconds_until_next())
            await self._leave_posting_to_words()
            self._has_changed = False
            if not await self._show_if_possible() and not self._is_over:
                self._has_changed = True
                self._not_before = time.monotonic() + SECONDS_AFTER_FAILURE

    def _seconds_until_next(self) -> float:
        """Return how long the next edit has to wait; the first panel follows the opening at once."""
        settling = 0.0 if self._last is None else SECONDS_TO_SETTLE
        not_before = max(self._not_before, self._shown_at + SECONDS_BETWEEN_EDITS)
        return max(settling, not_before - time.monotonic())

    async def _pause(self, seconds: float) -> None:
        """Wait, but no longer than until the room is over."""
        if not self._is_over:
            self._is_pausing = True
            try:
                await asyncio.sleep(seconds)
            finally:
                self._is_pausing = False

    async def _leave_posting_to_words(self) -> None:
        while seconds := self._bot.budget.seconds_until_pictures(self._room.place.webhook_channel_id):
            if self._is_over:
                return
            await self._pause(seconds)

    async def _show_if_possible(self) -> bool:
        """Show the room as it is now; returns whether that need not be tried again."""
        supplies, place = self._bot.supplies, self._room.place
        is_wanted = self._bot.guild_settings.of(place.guild_id).panel
        if not supplies.lease.is_held or self._bot.doors.why_closed(place):
            return True  # when the place opens, the room changes
        try:
            supplies.invalid_requests.check()
            if self._message is None and self._last is None:
                self._message = await supplies.database.panels.message_of(self._room.number)
                self._kept = self._last = self._message
            await (self._show() if is_wanted else self._take_away())
        except (BackroomError, *_BROKEN) as error:
            _log.warning("room %s: the panel is not as it should be: %s", self._room.number, error)
            return False
        return True

    async def _show(self) -> None:
        state, speaking = self._room.state, self._room.speaking
        if self._message is not None and self._message != self._kept:
            await self._keep()
        if self._message is not None and self._can_wait_for_words():
            return
        with spoken(self._room.locale):
            speaker, since = (speaking.seat.number, speaking.since) if speaking else (None, 0.0)
            text = notices.panel(state, speaker, since, self._room.hindrance, readable=self._bot.hears_people)
        face = (text, state.phase is Phase.PAUSED)
        if self._message is None:
            if not self._is_over and self._taken_away < TIMES_TAKEN_AWAY:
                await self._post_and_keep(face)
        elif face != self._face:
            is_over = self._is_over
            await self._edit(face, is_over=is_over)
            if is_over and self._message:
                await self._pin(self._message, pinned=False)

    async def _take_away(self) -> None:
        """Leave no panel that nobody keeps up to date, where the server does not want one any more."""
        if self._message is not None:
            old, self._message, self._face = self._message, None, None  # before it goes: nobody took it away
            await self._delete(old)
            await self._keep()

    def _can_wait_for_words(self) -> bool:
        """Whether an answer has come that is said soon: then the next one is asked, and one edit shows both."""
        state = self._room.state
        is_going_on = state.phase is Phase.RUNNING and self._room.hindrance is None
        is_about_to_speak = state.answered is not None and is_going_on
        return is_about_to_speak and time.monotonic() - self._shown_at < SECONDS_AN_ANSWER_MAY_WAIT

    def _buttons(self, face: tuple[str, bool]) -> discord.ui.View:
        with spoken(self._room.locale):
            return panel_buttons(self._room.number, paused=face[1])

    async def _post_and_keep(self, face: tuple[str, bool]) -> None:
        """Post the panel below what is written so far.

        Which message it is is noted also when the program ends meanwhile: nobody would find it.
        """
        await self._room.say()
        await to_its_end(asyncio.create_task(self._post(face), name=f"panel-post-{self._room.number}"))

    async def _post(self, face: tuple[str, bool]) -> None:
        """Post the panel; the same nonce again, after a crash, gives the same message."""
        nonce = f"panel-{crc32(f'{self._room.number} {self._last}'.encode()):08x}"
        message = await self._channel.send(
            face[0], view=self._buttons(face), allowed_mentions=_NO_PINGS, nonce=nonce, silent=True
        )
        self._message = self._last = message.id
        self._face = face if message.content == face[0] else None
        self._has_changed |= self._face is None
        self._shown_at = time.monotonic()
        await self._keep()
        await self._pin(message.id, pinned=True)

    async def _keep(self) -> None:
        await self._bot.supplies.database.panels.keep(self._room.number, self._message)
        self._kept = self._message

    async def _edit(self, face: tuple[str, bool], *, is_over: bool) -> None:
        old = self._message or 0
        buttons = None if is_over else self._buttons(face)
        try:
            await self._channel.get_partial_message(old).edit(content=face[0], view=buttons, allowed_mentions=_NO_PINGS)
        except discord.NotFound:
            if self._message == old:
                self._lose()
        except discord.HTTPException as error:
            if error.code != DISCORD_EDIT_OF_OLD_MESSAGE or is_over:
                raise
            await self._post_and_keep(face)
            await self._delete(old)
        else:
            self._face = face
            self._shown_at = time.monotonic()

    def _lose(self) -> None:
        """Do without the panel that somebody deleted, and soon show another, if they have not done so too often."""
        _log.info("room %s: somebody deleted the panel", self._room.number)
        self._message = None
        self._taken_away += 1
        self.stir()

    async def _delete(self, message: int) -> None:
        try:
            await self._channel.get_partial_message(message).delete()
        except _BROKEN as error:
            _log.info("room %s: an old panel stays: %s", self._room.number, error)

    async def _pin(self, message: int, *, pinned: bool) -> None:
        """Pin or unpin where it is allowed; a panel is as good without."""
        guild = self._bot.get_guild(self._room.place.guild_id)
        channel = guild.get_channel_or_thread(self._room.place.channel_id) if guild else None
        if guild is None or channel is None or not channel.permissions_for(guild.me).pin_messages:
            return
        partial = self._channel.get_partial_message(message)
        try:
            await (partial.pin() if pinned else partial.unpin())
        except _BROKEN as error:
            _log.info("room %s: the panel is not pinned or unpinned: %s", self._room.number, error)
