"""Letters: what cannot be said in a room is told to the person who opened it, once, also after a crash."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.errors import StorageError
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import Ended
from bot.room.fold import after
from bot.room.state import Phase, RoomState
from bot.words import speak, t

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

_TOLD = "told-by-letter-"
_LAST = "last-letter-"
DISCORD_NONCE_LIMIT = 25

_log = logging.getLogger("backroom.places")


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is written `to` a person; of the same `nonce` Discord takes one, for some minutes."""

    to: int
    text: str
    nonce: str


@dataclass(frozen=True, slots=True)
class _Owed:
    """What is to be told of a room that waits: why, since when, and whether it was paused when that was found."""

    room: OpenRoom
    reason: str
    since: float
    was_paused: bool


class Letters:
    """Writes to those who opened rooms, and notes it, so that no crash lets a letter come twice or never.

    That a place is closed is found out again after a crash: its letter is noted when it is sent. That a room is over
    is not: its letter is noted before.
    """

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._marks = bot.supplies.database.marks
        self._told: dict[int, float] = {}  # room: when, by the event loop's clock, who opened it was told of its place
        self._left: dict[str, str] = {}
        self._owed: dict[int, _Owed] = {}

    async def load(self) -> None:
        """Learn who was told by an earlier run, and which last letters it did not come to send."""
        open_now = {room.number for room in self._bot.rooms}
        for mark in await self._marks.beginning_with(_TOLD):
            if (number := int(mark.removeprefix(_TOLD))) in open_now:
                self._told[number] = _now()
            else:
                await self._drop(mark)
        for mark, value in (await self._marks.beginning_with(_LAST)).items():
            if int(mark.removeprefix(_LAST)) in open_now:
                await self._drop(mark)  # the room did not come to its end, and whoever ends it writes again
            else:
                self._left[mark] = value

    async def send_left(self) -> None:
        """Send what could not be sent so far, and the last letters that an earlier run did not come to send."""
        left, self._left = self._left, {}
        for mark, value in left.items():
            if await self._is_settled(mark.removeprefix(_LAST), self._send(_Letter(*json.loads(value)))):
                await self._drop(mark)
            else:
                self._left[mark] = value
        owed, self._owed = self._owed, {}
        for one in owed.values():
            await self._tell(one)

    async def tell_again(self, room: OpenRoom) -> None:
        """Let who opened a room be told the next time, though nothing has appeared there since the last."""
        if self._told.pop(room.number, None) is not None:
            await self._drop(f"{_TOLD}{room.number}")

    async def note_last(self, room: OpenRoom, reason: str) -> None:
        """Note the letter about the end of a room, which is about to be written down.

        Raises:
            StorageError: it cannot be noted, nor could the end.
        """
        speak(room.locale)
        letter = _letter(room, after(room.state, Ended(reason="gone")), self._where(room), reason)
        await self._marks.keep(f"{_LAST}{room.number}", json.dumps(astuple(letter)))

    async def tell_last(self, room: OpenRoom, reason: str) -> None:
        """Tell who opened a room that it is over, in place of what they were still to be told of it."""
        self._owed.pop(room.number, None)
        await self.tell_again(room)
        await self.tell(room, reason, _now())
        self._told.pop(room.number, None)
        mark = f"{_LAST}{room.number}"
        if self._owed.pop(room.number, None) is None:
            await self._drop(mark)
        else:
            self._left[mark] = json.dumps(astuple(_letter(room, room.state, self._where(room), reason)))

    async def tell(self, room: OpenRoom, reason: str, since: float) -> None:
        """Tell who opened a room what has kept its words back since then (by the event loop's clock).

        They are not told again before something has appeared there, nor of what is over by the time it can be told.
        """
        if self._told.get(room.number, -1.0) >= room.seconds_of_last_post:
            return
        self._told[room.number] = since
        speak(room.locale)
        _log.warning("room %s, in channel %s: %s", room.number, room.place.channel_id, reason)
        await self._tell(_Owed(room, reason, since, room.state.phase is Phase.PAUSED))

    async def _tell(self, owed: _Owed) -> None:
        """Tell who opened a room, or come back to it where Discord fails."""
        speak(owed.room.locale)
        if not await self._is_settled(owed.room.number, self._write(owed)):
            self._owed[owed.room.number] = owed

    async def _write(self, owed: _Owed) -> None:
        room = owed.room
        letters = await self._letters_of(_opener(room.state))
        is_open_again = room.seconds_of_last_post > owed.since and room.state.phase is not Phase.ENDED
        if is_open_again or self._told.get(room.number) != owed.since:
            return
        if owed.was_paused and room.state.phase is Phase.RUNNING:
            del self._told[room.number]  # its place seems open, and where it is not, this is told then
            return
        letter = _letter(room, room.state, self._where(room), owed.reason)
        await letters.send(letter.text, nonce=letter.nonce)
        if room.state.phase is not Phase.ENDED:
            await self._keep(f"{_TOLD}{room.number}")

    async def _letters_of(self, person: int) -> discord.DMChannel:
        user = self._bot.get_user(person) or await self._bot.fetch_user(person)
        return user.dm_channel or await user.create_dm()

    async def _send(self, letter: _Letter) -> None:
        await (await self._letters_of(letter.to)).send(letter.text, nonce=letter.nonce)

    def _where(self, room: OpenRoom) -> str:
        guild = self._bot.get_guild(room.place.guild_id)
        if guild is None:
            return t("a server")
        channel = guild.get_channel_or_thread(room.place.channel_id)
        return t("{channel} of {server}", channel=f"#{channel.name}", server=guild.name) if channel else guild.name

    async def _keep(self, mark: str) -> None:
        try:
            await self._marks.keep(mark, "")
        except StorageError as error:
            _log.warning("that a letter was sent could not be noted: %s", error)

    async def _drop(self, mark: str) -> None:
        try:
            await self._marks.drop(mark)
        except StorageError as error:
            _log.warning("what was noted of a letter is still noted: %s", error)

    async def _is_settled(self, number: int | str, letter: Awaitable[None]) -> bool:
        """Send a letter; returns whether it is sent, or its reader takes none.

        One that cannot be sent keeps no room from ending, nor the others of its place.
        """
        try:
            await letter
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("room %s: who opened it could not be told: %s", number, error)
            return isinstance(error, discord.HTTPException) and error.status < 500 and error.status != 429
        except Exception:  # noqa: BLE001 - nor does one that meets what nobody foresaw
            if not self._bot.is_closed():
                _log.exception("room %s met an error that nobody foresaw when who opened it was told", number)
        return True


def _letter(room: OpenRoom, state: RoomState, where: str, reason: str) -> _Letter:
    """Write the letter about a room that is in this state."""
    is_of_words = room.hindrance is not None and room.hindrance.of_words
    returns = state.pause_cause == "place" or (state.phase is Phase.RUNNING and not is_of_words)
    text = notices.letter(where, t(reason), state, returns=returns)
    nonce = hashlib.sha256(f"{room.number} {state.turn} {text}".encode()).hexdigest()[:DISCORD_NONCE_LIMIT]
    return _Letter(_opener(state), text, nonce)


def _opener(state: RoomState) -> int:
    return 0 if state.opened is None else state.opened.by


def _now() -> float:
    return asyncio.get_running_loop().time()
