"""A room's bookmark: how far its place was read."""

from __future__ import annotations

import asyncio
import logging

from bot.errors import StorageError
from bot.storage import Database

SECONDS_BETWEEN_NOTES = 600.0
"""A bookmark that is a little old costs no more than to read a little again."""

_log = logging.getLogger("backroom.rooms")


class Bookmark:
    """The message (a Discord id) through which all that people said in a room's place is heard, or left for good.

    It only ever moves on. What the gateway tells of does not move it: something older may have been missed.
    """

    def __init__(self, room: int, database: Database) -> None:
        self._room = room
        self._database = database
        self._through: int | None = None
        self._noted = 0
        self._seconds_of_note = float("-inf")

    async def through(self) -> int:
        """Return the message; 0 where nothing was read yet."""
        if self._through is None:
            self._through = self._noted = await self._database.bookmarks.of_room(self._room) or 0
        return self._through

    async def move(self, through: int, *, at_once: bool) -> None:
        """Move on, and note it in the database: `at_once`, or when it was not noted for long."""
        self._through = max(through, await self.through())
        now = asyncio.get_running_loop().time()
        is_due = at_once or now >= self._seconds_of_note + SECONDS_BETWEEN_NOTES
        if self._through == self._noted or not is_due:
            return
        try:
            await self._database.bookmarks.keep(self._room, self._through)
        except StorageError as error:
            _log.info("room %s: how far it was read is noted later: %s", self._room, error)
        else:
            self._noted, self._seconds_of_note = self._through, now
