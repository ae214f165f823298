"""Forgetting a person, to the end: what is to be done is noted first, and finished after a restart that cut it off."""

from __future__ import annotations

import logging
from collections.abc import Collection

from pydantic import BaseModel

from bot.errors import BackroomError
from bot.open_room import OpenRoom
from bot.pseudonyms import Pseudonyms
from bot.rooms import Rooms
from bot.storage import Forgotten, Marks

_UNDER_WAY = "forgetting "

_log = logging.getLogger("backroom.privacy")


class _Wish(BaseModel):
    """Who wants to be forgotten, where and under which names they asked, and what was before (a Discord id).

    It is kept only until they are forgotten.
    """

    person: int
    guild_id: int
    names: tuple[str, ...]
    before: int

    @property
    def mark(self) -> str:
        return f"{_UNDER_WAY}{self.person} {self.guild_id}"


class Forgetting:
    """Forgets people in all rooms."""

    def __init__(self, rooms: Rooms, pseudonyms: Pseudonyms, marks: Marks) -> None:
        self._rooms = rooms
        self._pseudonyms = pseudonyms
        self._marks = marks

    async def forget(self, person: int, guild_id: int, names: Collection[str], before: int) -> Forgotten:
        """Forget what a person said and did before a moment, which a Discord id tells; `names` are those they go by.

        Raises:
            StorageError: it is not certain that all of it is forgotten: ask again, or start the bot again.
        """
        wish = _Wish(person=person, guild_id=guild_id, names=tuple(sorted(names)), before=before)
        await self._marks.keep(wish.mark, wish.model_dump_json())
        return await self._fulfil(wish)

    async def forget_late(self, room: OpenRoom, person: int, names: Collection[str], moment: int) -> None:
        """Forget a person in a room where they did something at a moment before they were forgotten, but written later.

        Raises:
            StorageError: it is not certain that they are forgotten there.
        """
        before = await self._pseudonyms.forgotten_before(person)
        if moment < before:
            await room.forget_person(person, names, before)

    async def finish(self) -> None:
        """Forget whom an earlier run was asked to forget when it ended."""
        try:
            for record in (await self._marks.beginning_with(_UNDER_WAY)).values():
                await self._fulfil(_Wish.model_validate_json(record))
        except BackroomError as error:
            _log.warning("somebody is forgotten only after the next start: %s", error)

    async def _fulfil(self, wish: _Wish) -> Forgotten:
        await self._pseudonyms.note_forgotten(wish.person, wish.before)  # first: what comes late is not taken up again
        gone = await self._rooms.forget_person(wish.person, wish.guild_id, wish.names, wish.before)
        await self._marks.drop(wish.mark)
        return gone
