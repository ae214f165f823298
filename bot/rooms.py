"""Every room that is open, by the channel it sits in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bot.errors import NotPossible, StorageError
from bot.half_open import HalfOpen
from bot.open_room import OpenRoom
from bot.posting.delivery import Delivery
from bot.room.entries import Entry, Opened
from bot.room.posts import Post
from bot.room.state import Phase
from bot.storage import Database, Forgotten, NoSuchRoom, OutboxPost, Place, Unreadable
from bot.words import t

TIMES_LOOKED_FOR_A_PERSON = 3
"""A room may have been opened meanwhile as a copy of one that was not looked at yet."""

SECONDS_BEFORE_LOOKING_AGAIN = 1.0
"""A person may be quicker than we note which message a post became, or what they have just said."""


_log = logging.getLogger("backroom.rooms")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which entry of which room a message shows; `post` is how it was said, None for a person's own message."""

    room: int
    seq: int
    post: OutboxPost | None = None

    @property
    def by_house(self) -> bool:
        """Whether the house says it."""
        return self.post is not None and self.post.post.seat is None


@dataclass(frozen=True, slots=True)
class Fork:
    """Which room is forked, after which of its entries, and by whom."""

    origin: int
    seq: int
    by: int
    by_name: str


class Rooms:
    """Opens rooms, finds them, and lets go of those that are over.

    A room is never read into two objects that are in use at once: what one wrote, the other would not know.
    `changed` is told of a room in which something was written down after all that failed for who wrote it.
    """

    def __init__(
        self, database: Database, delivery: Delivery, tokens_kept: int, changed: Callable[[OpenRoom], None]
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._tokens_kept = tokens_kept
        self._changed = changed
        self.half_open = HalfOpen(database)
        self._by_channel: dict[int, OpenRoom] = {}
        self._in_use: WeakValueDictionary[int, OpenRoom] = WeakValueDictionary()
        self._one_reader = asyncio.Lock()

    def __iter__(self) -> Iterator[OpenRoom]:
        return iter(tuple(self._by_channel.values()))

    async def load(self) -> None:
        """Open every room that was open when the program last ended; one that cannot be read keeps no other back."""
        for number, place in await self._database.journal.unended_rooms():
            try:
                await self._take_in(number, place)
            except Unreadable as error:
                _log.error("room %s is left as it is: %s", number, error)

    async def owing_words(self) -> list[OpenRoom]:
        """Return the rooms that are over and still owe words; one that cannot be read is left out."""
        open_now = {room.number for room in self}
        owing = await self._database.outbox.rooms_with_waiting()
        open_now |= {number for number, _ in await self._database.journal.unended_rooms()}  # also those opened by half
        return await self._readable(n for n in owing if n not in open_now)

    async def open(
        self, place: Place, entries: Sequence[Entry], posts: Sequence[Post], *, said: int | None = None
    ) -> OpenRoom:
        """Open a room with its first entries; `said` is the message that its first post is already.

        Raises:
            NotPossible: there is a room already.
        """
        async with self.half_open.as_a_whole(place.channel_id):
            self.check_free(place.channel_id)
            number = await self._database.journal.open_room(place, entries, posts)
            await self._note_said(number, said)
            self._delivery.nothing_posted_yet(number)
            return await self._take_in(number, place)

    async def fork(self, fork: Fork, place: Place, posts: Sequence[Post], *, said: int | None = None) -> OpenRoom:
        """Open a room that goes on from where another one was; `said` is the message that its first post is already.

        Raises:
            NotPossible: there is a room already.
        """
        async with self.half_open.as_a_whole(place.channel_id):
            number = await self._database.journal.fork(fork.origin, fork.seq, place, fork.by, fork.by_name, posts)
            await self._note_said(number, said)
            self._delivery.nothing_posted_yet(number)
            return await self._take_in(number, place)

    async def origin_of(self, message_id: int, channel_id: int) -> Origin | None:
        """Return what a message shows, also of rooms that are over. None: no room's."""
        origin = await self._origin_of(message_id, channel_id)
        if origin is None:
            await asyncio.sleep(SECONDS_BEFORE_LOOKING_AGAIN)
            origin = await self._origin_of(message_id, channel_id)
        return origin

    async def _origin_of(self, message_id: int, channel_id: int) -> Origin | None:
        post = await self._database.outbox.posted_as(message_id)
        if post is not None:
            return Origin(post.room_id, post.entry_seq, post)
        heard = await self._database.known.entry_at(channel_id, message_id)
        return None if heard is None else Origin(*heard)

    async def showing(self, message_id: int, channel_id: int) -> OpenRoom | None:
        """Return the room whose message one of a channel is, also when it is over; else the one that is open there."""
        origin = await self._origin_of(message_id, channel_id)
        return self.find(channel_id) if origin is None else await self.numbered(origin.room)

    async def that_know(self, messages: Collection[int]) -> AsyncIterator[OpenRoom]:
        """Yield the rooms, open or over, that know any of these messages; one that cannot be read is left out.

        The newest come first, so that whoever is interrupted meets all of them again by the one that was forked; what
        is forked meanwhile comes last.
        """
        seen: set[int] = set()
        while new := await self._database.known.rooms_with(messages) - seen:
            seen |= new
            for number in sorted(new, reverse=True):
                if (room := await self._found(number)) is not None:
                    yield room

    async def withdraw(self, messages: Iterable[int]) -> bool:
        """Let messages that are gone leave what the AIs of every room see; returns whether any of them was a room's."""
        gone = set(messages)
        withdrawn = [await room.withdraw(gone) async for room in self.that_know(gone)]
        return any(withdrawn)

    async def numbered(self, number: int) -> OpenRoom:
        """Return a room by its number, as it is; one that is over is read from its journal and kept while in use.

        Raises:
            NoSuchRoom: there is none of that number.
        """
        return self._in_use.get(number) or await self._load(number, await self._database.journal.place(number))

    def check_free(self, channel_id: int) -> None:
        """Raise `NotPossible` where a room is open already."""
        if self.find(channel_id) is not None:
            raise NotPossible(t("A room is already open in this channel. `/backroom stop` ends it."))

    def at(self, channel_id: int) -> OpenRoom:
        """Return the room that is open in a channel.

        Raises:
            NotPossible: there is none.
        """
        room = self.find(channel_id)
        if room is None:
            below = ", ".join(f"<#{room.place.channel_id}>" for room in self if room.place.parent_id == channel_id)
            if below:
                raise NotPossible(t("No room is open in this channel. There is one in {channels}.", channels=below))
            raise NotPossible(t("No room is open in this channel. `/backroom start` opens one."))
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

    async def forget_person(self, person: int, guild_id: int, names: Collection[str], before: int) -> Forgotten:
        """Forget what a person said and did, in all rooms of all servers, open or over.

        `names` are those that they go by in the server where they ask; what they have said in messages from `before`
        on (a Discord id) stays.

        Raises:
            StorageError: it is not certain that all of it is forgotten: ask again.
        """
        kept, gone = self._database.privacy, Forgotten()
        for room in self:
            room.waiting_reactions.forget_person(person, before)
        for _ in range(TIMES_LOOKED_FOR_A_PERSON):
            for number, known_as in (await kept.rooms_that_may_know(person, guild_id, names)).items():
                async with self._one_reader:
                    room = self._in_use.get(number)
                    if room is None:
                        gone += await kept.forget_person(number, person, known_as, before)
                if room is not None:
                    gone += await room.forget_person(person, known_as, before)
            if not await kept.knows(person):
                break
        return gone

    async def until_arrived(self) -> None:
        """Wait for what is on its way to Discord, of any room."""
        await asyncio.gather(*(room.until_arrived() for room in tuple(self._in_use.values())))

    async def take_away(self) -> None:
        """Delete the messages of the house that are to be seen no more, of any room."""
        await self._delivery.take_away()

    def close(self, room: OpenRoom) -> None:
        """Let go of a room that is over."""
        if self._by_channel.get(room.place.channel_id) is room:
            del self._by_channel[room.place.channel_id]
        self._delivery.forget(room.number)

    async def _note_said(self, number: int, said: int | None) -> None:
        if said is not None:
            first, *_ = await self._database.outbox.waiting(number)
            await self._database.outbox.mark_posted(first.id, said)

    async def _take_in(self, number: int, place: Place) -> OpenRoom:
        """Load a room that is open, and those that were in its channel before and still owe words there."""
        room = self._by_channel[place.channel_id] = await self._load(number, place)
        try:
            room.older = tuple(await self._readable(await self._database.outbox.rooms_waiting_before(number)))
        except StorageError as error:
            _log.warning("room %s: whether another one owes words there is not known: %s", number, error)
        return room

    async def _readable(self, numbers: Iterable[int]) -> list[OpenRoom]:
        """Return rooms by their numbers; one that cannot be read is left out."""
        found = [await self._found(number) for number in numbers]
        return [room for room in found if room is not None]

    async def _found(self, number: int) -> OpenRoom | None:
        """Return a room by its number; None where it cannot be read, or was deleted since its number was known."""
        try:
            return await self.numbered(number)
        except Unreadable as error:
            _log.error("room %s is left as it is: %s", number, error)
        except NoSuchRoom:
            _log.info("room %s was deleted meanwhile", number)
        return None

    async def _load(self, number: int, place: Place) -> OpenRoom:
        async with self._one_reader:
            room = self._in_use.get(number)
            if room is None:
                room = await OpenRoom.load(number, place, self._database, self._delivery, self._tokens_kept)
                room.when_found = self._changed
                self._in_use[number] = room
            return room
