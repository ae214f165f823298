"""The journal: what happened in each room, appended in whole turns and never changed but to forget a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.errors import NotPossible, StorageError
from bot.room.entries import Ended, Entry, Forked, Heard, from_record, to_record
from bot.room.posts import Post
from bot.storage.amendments import restore_posts, rewrite_posts
from bot.storage.forking import copy_entries
from bot.storage.known import add_heard
from bot.storage.outbox import abandon_posts, add_posts, refuse_posts
from bot.storage.pictures import StoredPicture, add_pictures
from bot.storage.still_shown import take_away
from bot.storage.tables import entries as entries_table
from bot.storage.tables import rooms
from bot.storage.transactions import Transactions
from bot.words import later, t

# So many entries are read at a time, that the event loop breathes between: about 10 ms.
_ENTRIES_PER_READ = 1000


class NoSuchRoom(StorageError):
    """The journal holds no such room, or no longer."""


class Unreadable(StorageError):
    """An entry of a room cannot be understood; the other rooms can go on."""


class Overtaken(StorageError):
    """Somebody else appended to the room first: read on, and decide again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a room sits: a channel, or a thread with the channel that it belongs to (`parent_id`)."""

    guild_id: int
    channel_id: int
    parent_id: int | None = None

    @property
    def webhook_channel_id(self) -> int:
        """The channel whose webhook speaks here: a thread has none of its own."""
        return self.parent_id or self.channel_id


@dataclass(frozen=True, slots=True)
class Written:
    """An entry with its number in the room, counted from 1, and the moment (UTC) when it was written."""

    seq: int
    at: datetime
    entry: Entry


class Journal:
    """The entries of all rooms. Every method raises `StorageError` when the database fails."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def open_room(self, place: Place, entries: Sequence[Entry], posts: Sequence[Post] = ()) -> int:
        """Open a room with its first entries and posts, and return its id.

        Raises:
            NotPossible: a room is open there already.
        """

        def work(connection: Connection) -> int:
            room_id = _add_room(connection, place)
            _append(connection, room_id, entries, posts)
            return room_id

        return await self._transactions.write(work)

    async def fork(self, origin: int, seq: int, place: Place, by: int, by_name: str, posts: Sequence[Post]) -> int:
        """Open a room that shares everything with another up to entry `seq`, and return its id.

        What was edited, said again or taken back later stays so: nothing that is gone comes back by a fork.

        Raises:
            NotPossible: a room is open there already.
        """

        def work(connection: Connection) -> int:
            room_id = _add_room(connection, place)
            copied = copy_entries(connection, origin, room_id, seq)
            _take_numbers(connection, room_id, copied, None, None)
            _append(connection, room_id, [Forked(room=origin, entry=seq, by=by, by_name=by_name)], posts)
            return room_id

        return await self._transactions.write(work)

    async def append(
        self,
        room_id: int,
        entries: Sequence[Entry],
        posts: Sequence[Post] = (),
        pictures: Sequence[tuple[int, StoredPicture]] = (),
        *,
        after: int | None = None,
        rewritten: Mapping[int, Post | None] | None = None,
        restored: int | None = None,
        refused: Mapping[int, str] | None = None,
        taken_away: Collection[int] = (),
        abandoned: str = "",
    ) -> list[Written]:
        """Write entries, the posts that show them and pictures' bytes: all together or not at all.

        The posts belong to the last of the entries. An `Ended` among them ends the room.

        Args:
            after: the number of the newest entry that the caller knows, when its entries follow from it.
            rewritten: posts by their id that say something else from now on; None is that they are no more. Discord is
                owed edits and deletions for them.
            restored: the entry whose rewritten posts say again what they said before.
            refused: posts by their id that Discord declined for good, and why.
            taken_away: the entries of which the house's posts leave the channel, or never come there.
            abandoned: why nothing of the room that still waits is ever posted; empty where it is.

        Raises:
            Overtaken: `after` is not the newest entry.
        """

        def work(connection: Connection) -> list[Written]:
            written = _append(connection, room_id, entries, posts, after)
            add_pictures(connection, room_id, pictures)
            rewrite_posts(connection, rewritten or {})
            if restored is not None:
                restore_posts(connection, room_id, restored)
            refuse_posts(connection, refused or {})
            take_away(connection, room_id, taken_away)
            if abandoned:
                abandon_posts(connection, room_id, abandoned)
            return written

        return await self._transactions.write(work)

    async def entries(self, room_id: int, after: int = 0) -> list[Written]:
        """Return a room's entries in order: all, or those that follow number `after`."""
        found: list[Written] = []
        while True:
            last = found[-1].seq if found else after
            page = await self._transactions.read(lambda connection, last=last: _read(connection, room_id, last))
            found += page
            if len(page) < _ENTRIES_PER_READ:
                return found

    async def unended_rooms(self) -> list[tuple[int, Place]]:
        """Return every room that goes on, running or paused, oldest first."""
        question = select(rooms).where(rooms.c.ended_at.is_(None)).order_by(rooms.c.id)
        rows = await self._transactions.read(lambda connection: connection.execute(question).all())
        return [(row.id, _place(row)) for row in rows]

    async def room_at(self, channel_id: int) -> int | None:
        """Return the room that goes on in a channel or thread, None when there is none."""
        question = select(rooms.c.id).where(rooms.c.channel_id == channel_id, rooms.c.ended_at.is_(None))
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def place(self, room_id: int) -> Place:
        """Return where a room sits or sat.

        Raises:
            NoSuchRoom: there is none of that number.
        """
        question = select(rooms).where(rooms.c.id == room_id)
        row = await self._transactions.read(lambda connection: connection.execute(question).one_or_none())
        if row is None:
            raise _unknown(room_id)
        return _place(row)


def _add_room(connection: Connection, place: Place) -> int:
    row = asdict(place) | {"opened_at": datetime.now(UTC), "last_seq": 0}
    try:
        return connection.execute(insert(rooms).values(row).returning(rooms.c.id)).scalar_one()
    except IntegrityError:  # of the index of unended rooms, the only one that a new room can meet
        raise NotPossible(t("A room is already open here. Stop it first, or open the new one elsewhere.")) from None


def _append(
    connection: Connection,
    room_id: int,
    entries: Sequence[Entry],
    posts: Sequence[Post],
    after: int | None = None,
) -> list[Written]:
    at = datetime.now(UTC)
    ended_at = at if any(isinstance(entry, Ended) for entry in entries) else None
    last = _take_numbers(connection, room_id, len(entries), after, ended_at)
    written = [Written(seq, at, entry) for seq, entry in enumerate(entries, last - len(entries) + 1)]
    if written:
        connection.execute(insert(entries_table), [_to_row(room_id, one) for one in written])
    add_heard(connection, room_id, [(one.seq, one.entry) for one in written if isinstance(one.entry, Heard)])
    add_posts(connection, room_id, last, posts)
    return written


def _take_numbers(
    connection: Connection, room_id: int, count: int, after: int | None, ended_at: datetime | None
) -> int:
    """Raise a room's newest number by `count`, return it, and lock the room until the transaction ends."""
    changes: dict[Any, Any] = {rooms.c.last_seq: rooms.c.last_seq + count}
    if ended_at is not None:
        changes[rooms.c.ended_at] = ended_at
    taking = update(rooms).where(rooms.c.id == room_id).values(changes).returning(rooms.c.last_seq)
    if after is not None:
        taking = taking.where(rooms.c.last_seq == after)
    last = connection.execute(taking).scalar_one_or_none()
    if last is None:
        raise _not_taken(connection, room_id, after)
    return last


def _not_taken(connection: Connection, room_id: int, after: int | None) -> StorageError:
    newest = connection.scalar(select(rooms.c.last_seq).where(rooms.c.id == room_id))
    if newest is None:
        return _unknown(room_id)
    sentence = later(
        "Room {room} went on to entry {newest} while something was written to follow entry {after}.",
        room=room_id,
        newest=newest,
        after=after,
    )
    return Overtaken(sentence)


def _unknown(room_id: int) -> NoSuchRoom:
    return NoSuchRoom(later("The journal holds no room {room}.", room=room_id))


def _to_row(room_id: int, written: Written) -> dict[str, object]:
    entry = written.entry
    return {
        "room_id": room_id,
        "seq": written.seq,
        "at": written.at,
        "kind": entry.kind,
        "record": to_record(entry),
    }


def _read(connection: Connection, room_id: int, after: int) -> list[Written]:
    columns = entries_table.c
    question = (
        select(columns.seq, columns.at, columns.record)
        .where(columns.room_id == room_id, columns.seq > after)
        .order_by(columns.seq)
        .limit(_ENTRIES_PER_READ)
    )
    return list(from_rows(room_id, connection.execute(question).all()))


def from_rows(room_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Written]:
    """Read entries from rows with `seq`, `at` and `record`.

    Raises:
        StorageError: one of them is no entry.
    """
    for row in rows:
        try:
            yield Written(row.seq, row.at, from_record(row.record))
        except ValidationError:
            sentence = later(
                "Entry {entry} of room {room} cannot be understood. "
                "If a newer version of Backroom wrote it, run that version.",
                entry=row.seq,
                room=room_id,
            )
            raise Unreadable(sentence) from None


def read_all(connection: Connection, room_id: int) -> list[Written]:
    """Return a room's entries in order, within a transaction of somebody else."""
    columns = entries_table.c
    question = select(columns.seq, columns.at, columns.record).where(columns.room_id == room_id).order_by(columns.seq)
    return list(from_rows(room_id, connection.execute(question).all()))


def _place(row: Row[Any]) -> Place:
    return Place(row.guild_id, row.channel_id, row.parent_id)
