"""Every room that is open, by the channel it sits in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import NotPossible
from bot.open_room import OpenRoom
from bot.posting.delivery import Delivery
from bot.room.entries import Entry, Opened
from bot.room.posts import Post
from bot.room.state import Phase
from bot.storage import Database, Place


class Rooms:
    """Opens rooms, finds them, and lets go of those that are over."""

    def __init__(self, database: Database, delivery: Delivery, tokens_kept: int) -> None:
        self._database = database
        self._delivery = delivery
        self._tokens_kept = tokens_kept
        self._by_channel: dict[int, OpenRoom] = {}

    def __iter__(self) -> Iterator[OpenRoom]:
        return iter(tuple(self._by_channel.values()))

    async def load(self) -> None:
        """Open every room that was open when the program last ended."""
        for number, place in await self._database.journal.unended_rooms():
            self._by_channel[place.channel_id] = await self._load(number, place)

    async def owing_words(self) -> list[OpenRoom]:
        """Return the rooms that are over, but whose last words have not appeared yet."""
        open_now = {room.number for room in self}
        return [
            await self._load(number, await self._database.journal.place(number))
            for number in await self._database.outbox.rooms_with_waiting()
            if number not in open_now
        ]

    async def open(self, place: Place, entries: Sequence[Entry], posts: Sequence[Post]) -> OpenRoom:
        """Open a room with its first entries.

        Raises:
            NotPossible: there is a room already.
        """
        self.check_free(place.channel_id)
        number = await self._database.journal.open_room(place, entries, posts)
        self._delivery.nothing_posted_yet(number)
        room = await self._load(number, place)
        self._by_channel[place.channel_id] = room
        return room

    def check_free(self, channel_id: int) -> None:
        """Raise `NotPossible` where a room is open already."""
        if self.find(channel_id) is not None:
            raise NotPossible("A room is already open in this channel. `/backroom stop` ends it.")

    def at(self, channel_id: int) -> OpenRoom:
        """Return the room that is open in a channel.

        Raises:
            NotPossible: there is none.
        """
        room = self.find(channel_id)
        if room is None:
            below = ", ".join(f"<#{room.place.channel_id}>" for room in self if room.place.parent_id == channel_id)
            instead = f"There is one in {below}." if below else "`/backroom start` opens one."
            raise NotPossible(f"No room is open in this channel. {instead}")
        return room

    def opened_by(self, opened: Opened | None) -> OpenRoom | None:
        """Return the open room whose own first entry this is, for those who are shown a room's state only."""
        return next((room for room in self if opened is not None and room.state.opened is opened), None)

    def in_guild(self, guild_id: int) -> list[OpenRoom]:
        """Return the rooms that are open in a guild."""
        return [room for room in self if room.place.guild_id == guild_id]

    def find(self, channel_id: int) -> OpenRoom | None:
        """Return the room that is open in a channel, None when there is none."""
        room = self._by_channel.get(channel_id)
        return None if room is None or room.state.phase is Phase.ENDED else room

    def close(self, room: OpenRoom) -> None:
        """Let go of a room that is over."""
        if self._by_channel.get(room.place.channel_id) is room:
            del self._by_channel[room.place.channel_id]
        self._delivery.forget(room.number, room.place)

    async def _load(self, number: int, place: Place) -> OpenRoom:
        return await OpenRoom.load(number, place, self._database, self._delivery, self._tokens_kept)
