"""Reading a whole room to show it elsewhere: in the running bot, or beside it, without the lease."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Connection, func, select, text

from bot.errors import StorageError
from bot.room.entries import Forked, Opened, from_record
from bot.room.kept import Happening, KeptRoom
from bot.storage.engine import make_engine, read_url
from bot.storage.failures import told_plainly
from bot.storage.inspection import open_for_reading
from bot.storage.journal import read_all
from bot.storage.open_file import file_of
from bot.storage.outbox import posts_of
from bot.storage.schema import check_ours, check_whole, known_versions, version_of
from bot.storage.tables import entries, rooms
from bot.storage.transactions import Transactions
from bot.words import later


class Exports:
    """Rooms as they are kept, those that are over as well."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def of(self, room_id: int) -> KeptRoom:
        """Return a room.

        Raises:
            StorageError: there is none of that number.
        """
        return await self._transactions.read(lambda connection: _kept(connection, room_id))

    async def newest_at(self, channel_id: int) -> int | None:
        """Return the room that goes on in a channel or was the last one there, None when there never was one."""
        question = select(func.max(rooms.c.id)).where(rooms.c.channel_id == channel_id)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def last_opener_at(self, channel_id: int) -> int | None:
        """Return who opened or forked the room that goes on in a channel or was the last one there.

        None is that there never was one, or that it cannot be understood who did.
        """
        newest = select(func.max(rooms.c.id)).where(rooms.c.channel_id == channel_id).scalar_subquery()
        c = entries.c
        # A fork begins with a copy of the other room, and with who opened that one.
        question = (
            select(c.record)
            .where(c.room_id == newest, c.kind.in_(("opened", "forked")))
            .order_by(c.seq.desc())
            .limit(1)
        )
        record = await self._transactions.read(lambda connection: connection.scalar(question))
        try:
            entry = None if record is None else from_record(record)
        except ValidationError:
            return None
        return entry.by if isinstance(entry, Opened | Forked) else None


async def read_room(url: str, room_id: int) -> KeptRoom:
    """Return a room of the database at `url`, which is only looked at: a bot may be running with it.

    Raises:
        StorageError: it cannot be read, is of another version, or holds no such room.
    """
    address = read_url(url)
    if address.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_read_file, file_of(address), room_id)
    engine = make_engine(address)
    try:
        with told_plainly():
            async with engine.connect() as connection:
                await connection.execute(text("SET TRANSACTION READ ONLY"))
                return await connection.run_sync(_read_database, room_id)
    finally:
        await engine.dispose()


def _read_file(file: Path, room_id: int) -> KeptRoom:
    if not file.exists():
        raise StorageError(f"There is no journal at {file}. DATABASE_URL says where it is.")
    with told_plainly(), open_for_reading(file) as connection:
        check_ours(connection)
        return _read_database(connection, room_id)


def _read_database(connection: Connection, room_id: int) -> KeptRoom:
    version = version_of(connection)
    if version in (None, known_versions()[0]):
        check_whole(connection, version)
    if version != known_versions()[0]:
        raise StorageError(
            "The journal's database is of another version than this program. Run the bot once, or the "
            "version of Backroom that wrote it."
        )
    return _kept(connection, room_id)


def _kept(connection: Connection, room_id: int) -> KeptRoom:
    happenings = [
        Happening(one.seq, one.at.isoformat(timespec="seconds"), one.entry) for one in read_all(connection, room_id)
    ]
    if not happenings:
        raise _unknown(connection, room_id)
    return KeptRoom(room_id, happenings, posts_of(connection, room_id))


def _unknown(connection: Connection, room_id: int) -> StorageError:
    first, last = connection.execute(select(func.min(rooms.c.id), func.max(rooms.c.id))).one()
    if first is None:
        sentence = later("The journal holds no room {room}; it holds none at all.", room=room_id)
    elif first == last:
        sentence = later("The journal holds no room {room}; it holds room {first}.", room=room_id, first=first)
    else:
        sentence = later(
            "The journal holds no room {room}; it holds rooms from {first} to {last}.",
            room=room_id,
            first=first,
            last=last,
        )
    return StorageError(sentence)
