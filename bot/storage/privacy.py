"""What is deleted: a person's traces, rooms that were kept long enough, and all that is kept of a server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, Text, bindparam, cast, delete, exists, func, or_, select, update

from bot.room.entries import Forked, from_record, to_record
from bot.room.forgetting import KINDS_ABOUT_PEOPLE, KINDS_WITH_IDS, Traces, names_of, traces_of, without_names
from bot.room.notices.foreign import SOMEBODY
from bot.storage.journal import Written, from_rows
from bot.storage.still_shown import FORGOTTEN, STILL_SHOWN, empty_posts, name_of_shown, seek, seek_no_more
from bot.storage.tables import (
    amendments,
    bookmarks,
    entries,
    guilds,
    marks,
    panels,
    pictures,
    posts,
    rooms,
    webhooks,
)
from bot.storage.tables import known as known_messages
from bot.storage.transactions import Transactions, overwriting

ROWS_DELETED_AT_ONCE = 1_000
"""In one transaction, so that the rooms that go on need not wait long."""
PICTURES_DELETED_AT_ONCE = 20
"""Each may have megabytes."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went: so many of a person's messages, pictures and reactions."""

    messages: int = 0
    pictures: int = 0
    reactions: int = 0

    def __add__(self, other: Self) -> Forgotten:
        return Forgotten(
            self.messages + other.messages,
            self.pictures + other.pictures,
            self.reactions + other.reactions,
        )


class Privacy:
    """The one place that changes or deletes what the journal holds.

    The journal is append-only, because a room is what its entries say. Forgetting is the one exception: an entry that
    says "forget this" would keep what is to be forgotten. So entries are rewritten in place, and never taken out:
    their numbers and all that the room's course depends on stay, only the person is no longer in them.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def knows(self, person: int) -> bool:
        """Whether any room knows a person by their id."""
        question = select(exists().where(*_mentions(person)))
        return bool(await self._transactions.read(lambda connection: connection.scalar(question)))

    async def rooms_that_may_know(self, person: int, guild_id: int, names: Collection[str]) -> dict[int, set[str]]:
        """Return the rooms of every server in which a person has left traces, with the names that they have there.

        In the server `guild_id` they also go by `names`. Elsewhere only the names count that rooms there know by the
        person's id: otherwise anybody could take somebody's name and have it forgotten on servers that are not theirs.
        """

        def work(connection: Connection) -> dict[int, set[str]]:
            known: defaultdict[int, set[str]] = defaultdict(set)
            known[guild_id] |= set(names) - {SOMEBODY}
            of_them = select(rooms.c.guild_id, entries.c.record).join_from(entries, rooms).where(*_mentions(person))
            for row in connection.execute(of_them):
                known[row.guild_id] |= names_of([from_record(row.record)], person)
            question = select(rooms.c.id, rooms.c.guild_id).where(rooms.c.guild_id.in_(known)).order_by(rooms.c.id)
            return {row.id: known[row.guild_id] for row in connection.execute(question)}

        return await self._transactions.read(work)

    async def forget_person(self, room_id: int, person: int, names: Collection[str], before: int) -> Forgotten:
        """Rewrite what a room's entries and posts say of a person, and delete their pictures: all of it or nothing.

        What they said in messages from `before` on (a Discord id) stays.
        """

        def work(connection: Connection) -> Forgotten:
            with overwriting(connection):
                return _forget_person(connection, room_id, person, names, before)

        return await self._transactions.write(work)

    async def still_shown(self) -> list[tuple[int, int]]:
        """Return the messages, as (channel, message), in which the house shows words that are to be seen no more."""
        question = select(marks.c.name).where(marks.c.name.startswith(STILL_SHOWN, autoescape=True))
        names = await self._transactions.read(lambda connection: list(connection.scalars(question)))
        shown = (name.removeprefix(STILL_SHOWN).split() for name in names)
        return sorted((int(channel_id), int(message)) for channel_id, message in shown)

    async def note_deleted(self, channel_id: int, message: int) -> None:
        """Note that a message which was still shown is no more."""
        row = delete(marks).where(marks.c.name == name_of_shown(channel_id, message))
        await self._transactions.write(lambda connection: connection.execute(row))

    async def known_guilds(self) -> set[int]:
        """Return the servers of which anything is kept."""
        question = select(rooms.c.guild_id).union(select(guilds.c.guild_id))
        return await self._transactions.read(lambda connection: set(connection.scalars(question)))

    async def rooms_ended_before(self, guild_id: int, moment: datetime) -> list[int]:
        """Return the rooms of a server that were over before a moment, oldest first."""
        question = select(rooms.c.id).where(rooms.c.guild_id == guild_id, rooms.c.ended_at < moment)
        return await self._transactions.read(lambda connection: list(connection.scalars(question.order_by(rooms.c.id))))

    async def delete_guild(self, guild_id: int) -> None:
        """Delete all that is kept of a server: its rooms and its settings."""
        question = select(rooms.c.id).where(rooms.c.guild_id == guild_id).order_by(rooms.c.id)
        for room_id in await self._transactions.read(lambda connection: list(connection.scalars(question))):
            await self.delete_room(room_id)
        row = delete(guilds).where(guilds.c.guild_id == guild_id)
        await self._transactions.write(lambda connection: connection.execute(row))

    async def delete_room(self, room_id: int) -> None:
        """Delete a room with all that belongs to it, in steps; a later call goes on where this one was interrupted.

        The room is over from the first step on, so that nobody opens what is left of it.
        """
        over = update(rooms).where(rooms.c.id == room_id, rooms.c.ended_at.is_(None)).values(ended_at=datetime.now(UTC))
        await self._transactions.write(lambda connection: connection.execute(over))
        for table, number, at_once in (
            (known_messages, known_messages.c.seq, ROWS_DELETED_AT_ONCE),
            (amendments, amendments.c.post_id, ROWS_DELETED_AT_ONCE),
            (posts, posts.c.id, ROWS_DELETED_AT_ONCE),
            (pictures, pictures.c.picture, PICTURES_DELETED_AT_ONCE),
            (entries, entries.c.seq, ROWS_DELETED_AT_ONCE),
        ):
            some = select(number).where(table.c.room_id == room_id).order_by(number).limit(at_once)
            step = delete(table).where(table.c.room_id == room_id, number.in_(some.scalar_subquery()))
            while await self._transactions.write(lambda connection, step=step: _overwritten(connection, step)):
                pass
        await self._transactions.write(lambda connection: _delete_room(connection, room_id))


def _forget_person(connection: Connection, room_id: int, person: int, names: Collection[str], before: int) -> Forgotten:
    # Writes the room's row as an append does, which lets other appends wait.
    locking = update(rooms).where(rooms.c.id == room_id).values(last_seq=rooms.c.last_seq)
    if not connection.execute(locking).rowcount:
        return Forgotten()
    written = _about_people(connection, room_id)
    traces = traces_of(person, names, {one.seq: one.entry for one in written}, before)
    if traces.rewritten:
        changing = update(entries).where(entries.c.room_id == room_id, entries.c.seq == bindparam("of"))
        changed = [{"of": seq, "record": to_record(entry)} for seq, entry in traces.rewritten.items()]
        connection.execute(changing.values(record=bindparam("record")), changed)
    _empty_posts(connection, room_id, written, traces, names)
    for picture in traces.pictures:
        connection.execute(delete(pictures).where(pictures.c.room_id == room_id, pictures.c.picture == picture))
    return Forgotten(len(traces.said), len(traces.pictures), traces.reactions)


def _about_people(connection: Connection, room_id: int) -> list[Written]:
    columns = entries.c
    question = select(columns.seq, columns.at, columns.record).where(
        columns.room_id == room_id, columns.kind.in_(KINDS_ABOUT_PEOPLE)
    )
    return list(from_rows(room_id, connection.execute(question).all()))


def _empty_posts(
    connection: Connection, room_id: int, written: Iterable[Written], traces: Traces, names: Collection[str]
) -> None:
    """Empty the house's posts of a person's words and of pictures of those, and take their name out of others.

    A post belongs to the last entry that was written down with it, and all of those have the same moment. Of a copy,
    which is written down all at once, nothing was said again.
    """
    moments = {one.seq: one.at for one in written}
    said, named = ({moments[seq] for seq in seqs} for seqs in (traces.said | traces.drawn, traces.named))
    said -= {one.at for one in written if isinstance(one.entry, Forked)}
    written_with = (entries.c.room_id == posts.c.room_id) & (entries.c.seq == posts.c.entry_seq)
    question = (
        select(posts.c.id, posts.c.text, entries.c.at)
        .join_from(posts, entries, written_with)
        .where(posts.c.room_id == room_id, posts.c.seat.is_(None))
    )
    for row in connection.execute(question).all():
        if row.at in said:
            empty_posts(connection, room_id, [row.id], FORGOTTEN)
        elif row.at in named:
            seek(connection, room_id, row.id)
            named_no_more = update(posts).where(posts.c.id == row.id)
            connection.execute(named_no_more.values(text=without_names(row.text, names)))


def _delete_room(connection: Connection, room_id: int) -> None:
    """Delete what is left of a room, and its channel's webhook when no other room is there."""
    seek_no_more(connection, room_id)
    connection.execute(delete(panels).where(panels.c.room_id == room_id))
    connection.execute(delete(bookmarks).where(bookmarks.c.room_id == room_id))
    gone = connection.execute(delete(rooms).where(rooms.c.id == room_id).returning(*rooms.c)).one_or_none()
    if gone is None:
        return
    channel_id = gone.parent_id or gone.channel_id
    others = select(func.count()).where(or_(rooms.c.channel_id == channel_id, rooms.c.parent_id == channel_id))
    if connection.scalar(others) == 0:
        connection.execute(delete(webhooks).where(webhooks.c.channel_id == channel_id))


def _mentions(person: int) -> tuple[Any, ...]:
    """Return the conditions of entries that may hold a person's id; they are few, and are read to be sure."""
    return entries.c.kind.in_(KINDS_WITH_IDS), cast(entries.c.record, Text).contains(str(person))


def _overwritten(connection: Connection, step: Any) -> int:
    with overwriting(connection):
        return connection.execute(step).rowcount
