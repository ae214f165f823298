"""Which messages rooms know beside those that their posts became: people's, and in a fork those of the other room."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, func, insert, literal, or_, select, union

from bot.room.entries import Edited, Forked, Heard, Respoken, Restored, from_record
from bot.storage.tables import DELETION, amendments, entries, known, posts, rooms
from bot.storage.transactions import Transactions


class KnownMessages:
    """Where a message stands in the journal, of whichever room and however long ago."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def rooms_with(self, messages: Collection[int]) -> set[int]:
        """Return the rooms, open or over, that know any of these messages or that said it."""
        question = union(
            select(known.c.room_id).where(known.c.message_id.in_(messages)),
            select(posts.c.room_id).where(posts.c.message_id.in_(messages)),
        )
        return await self._transactions.read(lambda connection: set(connection.scalars(question)))

    async def entry_at(self, channel_id: int, message: int) -> tuple[int, int] | None:
        """Return which room of a channel heard a message, and in which entry; the newest room if several did."""
        question = (
            select(known.c.room_id, known.c.seq)
            .join_from(known, rooms, known.c.room_id == rooms.c.id)
            .where(known.c.message_id == message, rooms.c.channel_id == channel_id)
            .order_by(known.c.room_id.desc())
        )
        row = await self._transactions.read(lambda connection: connection.execute(question).first())
        return None if row is None else (row.room_id, row.seq)

    async def entries_of(self, room_id: int, messages: Collection[int]) -> dict[int, int]:
        """Return in which entries of a room these messages stand; it leaves out what it does not know."""
        question = select(known.c.message_id, known.c.seq).where(
            known.c.message_id.in_(messages), known.c.room_id == room_id
        )
        rows = await self._transactions.read(lambda connection: connection.execute(question).all())
        return {row.message_id: row.seq for row in rows}

    async def first_heard_in(self, room_id: int) -> int | None:
        """Return the oldest message that a room heard itself, not in a room that it was forked from; None for none."""
        forked = select(func.max(entries.c.seq)).where(entries.c.room_id == room_id, entries.c.kind == "forked")
        is_own = known.c.seq > func.coalesce(forked.scalar_subquery(), 0)
        question = select(func.min(known.c.message_id)).where(known.c.room_id == room_id, is_own)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def origins_of(self, room_id: int) -> list[int]:
        """Return the rooms that a room was forked from, one from the other, the nearest first; some may be deleted."""
        c = entries.c
        question = select(c.record).where(c.room_id == room_id, c.kind == "forked").order_by(c.seq.desc())
        records = await self._transactions.read(lambda connection: list(connection.scalars(question)))
        return [one.room for one in map(from_record, records) if isinstance(one, Forked)]

    async def said_in(self, room_id: int, since: int) -> set[int]:
        """Return the messages, from `since` on, in which AIs and people say something in a room, or show a picture."""
        p, e = posts.c, entries.c
        is_of_somebody = or_(p.seat.is_not(None), p.picture.is_not(None), e.kind == "heard")
        posted = (
            select(p.message_id)
            .join_from(posts, entries, (p.room_id == e.room_id) & (p.entry_seq == e.seq))
            .where(p.room_id == room_id, p.message_id >= since, is_of_somebody)
        )
        heard = select(e.record).where(e.room_id == room_id, e.kind == "heard")

        def read(connection: Connection) -> set[int]:
            people = [from_record(record) for record in connection.scalars(heard)]
            own = {one.message for one in people if isinstance(one, Heard) and not one.by_house}
            return {message for message in own if message >= since} | set(connection.scalars(posted))

        return await self._transactions.read(read)

    async def heard_in(self, room_id: int, seq: int) -> Heard | None:
        """Return what a person said in an entry, in the words to which they changed it; None where nobody did."""
        c = entries.c
        question = (
            select(c.record)
            .where(
                c.room_id == room_id, or_((c.seq == seq) & (c.kind == "heard"), (c.seq > seq) & (c.kind == "edited"))
            )
            .order_by(c.seq)
        )
        records = await self._transactions.read(lambda connection: list(connection.scalars(question)))
        first, *later = [from_record(record) for record in records] or [None]
        if not isinstance(first, Heard):
            return None
        texts = [one.text for one in later if isinstance(one, Edited) and one.entry == seq]
        return first.model_copy(update={"text": texts[-1]}) if texts else first

    async def words_said_again(self, room_id: int, seq: int) -> str | None:
        """Return in which words a turn stands that was said again; None where it stands in its first ones."""
        c = entries.c
        question = (
            select(c.record)
            .where(c.room_id == room_id, c.seq > seq, c.kind.in_(("respoken", "restored")))
            .order_by(c.seq)
        )
        records = await self._transactions.read(lambda connection: list(connection.scalars(question)))
        said: list[str] = []
        for one in map(from_record, records):
            if isinstance(one, Respoken) and one.entry == seq:
                said.append(one.text)
            elif isinstance(one, Restored) and one.entry == seq:
                said[-1:] = []
        return said[-1] if said else None


def add_heard(connection: Connection, room_id: int, heard: Iterable[tuple[int, Heard]]) -> None:
    """Note in which entries people's messages stand, within the transaction that writes those."""
    rows = [{"room_id": room_id, "seq": seq, "message_id": entry.message} for seq, entry in heard]
    if rows:
        connection.execute(insert(known), rows)


def copy_known(connection: Connection, origin: int, room_id: int, seq: int) -> None:
    """Let a fork know the messages that stand in the entries up to `seq`, which it has from another room.

    The posts of those stay the other room's: what is deleted of them is to leave the fork all the same.
    """
    names = ("room_id", "seq", "message_id")
    k, p, e = known.c, posts.c, entries.c
    of_origin = select(literal(room_id), k.seq, k.message_id).where(k.room_id == origin, k.seq <= seq)
    connection.execute(insert(known).from_select(names, of_origin))
    is_of_somebody = or_(p.seat.is_not(None), p.picture.is_not(None), e.kind == "heard")
    leaving = select(amendments.c.post_id).where(amendments.c.room_id == origin, amendments.c.owes == DELETION)
    said = (
        select(literal(room_id), p.entry_seq, p.message_id)
        .join_from(posts, entries, (p.room_id == e.room_id) & (p.entry_seq == e.seq))
        .where(p.room_id == origin, p.entry_seq <= seq, p.message_id.is_not(None), is_of_somebody, p.id.not_in(leaving))
    )
    connection.execute(insert(known).from_select(names, said))
