"""Every room that is open, by the channel it sits in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import NotPossible
from bot.open_room import OpenRoom
from bot.posting.delivery import Delivery
from bot.room.entries import Entry
from bot.room.posts import Post
from bot.room.state import Phase
from bot.storage import Database, Place


class Rooms:
    """Opens rooms, finds them, and lets go of those that are over."""

    def __init__(self, database: Database, delivery: Delivery) -> None:
        self._database = database
        self._delivery = delivery
        self._by_channel: dict[int, OpenRoom] = {}

    def __iter__(self) -> Iterator[OpenRoom]:
        return iter(tuple(self._by_channel.values()))

    async def load(self) -> None:
        """Open every room that was open when the program last ended."""
        for number, place in await self._database.journal.unended_rooms():
            self._by_channel[place.channel_id] = await OpenRoom.load(number, place, self._database, self._delivery)

    async def owing_words(self) -> list[OpenRoom]:
        """Return the rooms that are over, but whose last words have not appeared yet."""
        open_now = {room.number for room in self}
        return [
            await OpenRoom.load(number, await self._database.journal.place(number), self._database, self._delivery)
            for number in await self._database.outbox.rooms_with_waiting()
            if number not in open_now
        ]

    async def open(self, place: Place, entries: Sequence[Entry], posts: Sequence[Post]) -> OpenRoom:
        """Open a room with its first entries.

        Raises:
            NotPossible: there is a room already.
        """
        here = self._by_channel.get(place.channel_id)
        if here is not None and here.state.phase is not Phase.ENDED:
            raise NotPossible("A room is already open in this channel. `/backroom stop` ends it.")
        number = await self._database.journal.open_room(place, entries, posts)
        self._delivery.nothing_posted_yet(number)
        room = await OpenRoom.load(number, place, self._database, self._delivery)
        self._by_channel[place.channel_id] = room
        return room

    def at(self, channel_id: int) -> OpenRoom:
        """Return the room that is open in a channel.

        Raises:
            NotPossible: there is none.
        """
        room = self._by_channel.get(channel_id)
        if room is None or room.state.phase is Phase.ENDED:
            raise NotPossible("No room is open in this channel. `/backroom start` opens one.")
        return room

    def close(self, room: OpenRoom) -> None:
        """Let go of a room that is over."""
        if self._by_channel.get(room.place.channel_id) is room:
            del self._by_channel[room.place.channel_id]
        self._delivery.forget(room.number)
