"""Rooms whose opening failed when the database had them already: they are over, however long that takes to note."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.errors import StorageError
from bot.pauses import pauses
from bot.room.entries import Ended
from bot.storage import Database, LeaseTaken

_log = logging.getLogger("backroom.rooms")


class HalfOpen:
    """Lets a room be opened as a whole or not at all: who was told that it failed is not to meet it after a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one_at_a_time = asyncio.Lock()
        self._left: set[int] = set()  # channels in which there may be such a room
        self._ending: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def as_a_whole(self, channel_id: int) -> AsyncGenerator[None]:
        """Open a room in the block; what an earlier failure left in the channel, or this one leaves, is over.

        Raises:
            StorageError: nothing was opened.
        """
        async with self._one_at_a_time:
            await self._end_what_is_left(channel_id)
            was_taken = await self._database.journal.room_at(channel_id) is not None
            try:
                yield
            except LeaseTaken:
                raise  # the program is ending, and another one has the rooms
            except StorageError:
                if not was_taken:  # what was there before is another room, perhaps one that only a newer version reads
                    self._left.add(channel_id)
                    self._begin_to_end()
                raise

    async def close(self) -> None:
        """Try no more."""
        if self._ending is not None:
            self._ending.cancel()
            await asyncio.gather(self._ending, return_exceptions=True)

    def _begin_to_end(self) -> None:
        if self._ending is None or self._ending.done():
            self._ending = asyncio.create_task(self._end_all(), name="half-open-rooms")

    async def _end_all(self) -> None:
        for seconds in pauses():
            try:
                for channel_id in tuple(self._left):
                    async with self._one_at_a_time:
                        await self._end_what_is_left(channel_id)
            except StorageError as error:
                _log.warning("a room that was not opened wholly is over later: %s", error)
            if not self._left:
                return
            await asyncio.sleep(seconds)

    async def _end_what_is_left(self, channel_id: int) -> None:
        if channel_id not in self._left:
            return
        number = await self._database.journal.room_at(channel_id)
        if number is not None:
            await self._database.journal.append(number, [Ended(reason="gone")], abandoned="It was not opened wholly.")
            _log.info("room %s, which was not opened wholly, is over", number)
        self._left.discard(channel_id)
