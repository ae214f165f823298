"""The beginning of a fork: what one room's journal held up to an entry, as the first entries of another."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, literal, select

from bot.storage.known import copy_known
from bot.storage.tables import entries, pictures

_COPIED_PICTURE = (
    pictures.c.media_type,
    pictures.c.width,
    pictures.c.height,
    pictures.c.for_models,
    pictures.c.data,
)
_AMENDING = ("edited", "respoken", "restored", "withdrawn")
"""Entries that change what an earlier one, their `entry`, has brought."""


def copy_entries(connection: Connection, origin: int, room_id: int, seq: int) -> int:
    """Copy the entries of `origin` up to number `seq` into an empty room, with their pictures; return how many.

    Later entries that amend them follow, in their order. The numbers stay the same, so that entries may go on to
    refer to each other. The end of a room is left out: the fork goes on.
    """
    c = entries.c
    its_own = (c.room_id == origin, c.kind != "ended")
    end = connection.scalar(select(func.min(c.seq)).where(c.room_id == origin, c.kind == "ended"))
    seq = seq if end is None else min(seq, end - 1)
    columns = ("room_id", "seq", "at", "kind", "record")
    until = select(literal(room_id), c.seq, c.at, c.kind, c.record).where(*its_own, c.seq <= seq)
    connection.execute(insert(entries).from_select(columns, until))
    count = connection.scalar(select(func.count()).select_from(entries).where(c.room_id == room_id)) or 0
    later = select(c.at, c.kind, c.record).where(*its_own, c.seq > seq, c.kind.in_(_AMENDING)).order_by(c.seq)
    for row in connection.execute(later).all():
        if row.record["entry"] <= seq:
            count += 1
            values = {"room_id": room_id, "seq": count, "at": row.at, "kind": row.kind, "record": row.record}
            connection.execute(insert(entries).values(values))
    _copy_pictures(connection, origin, room_id)
    copy_known(connection, origin, room_id, seq)
    return count


def _copy_pictures(connection: Connection, origin: int, room_id: int) -> None:
    """Copy the pictures that the copied entries show: those made, and those that came with people's words."""
    shown = select(entries.c.kind, entries.c.record).where(
        entries.c.room_id == room_id, entries.c.kind.in_(("picture_made", "heard"))
    )
    wanted: set[int] = set()
    for row in connection.execute(shown):
        wanted |= {row.record["picture"]} if row.kind == "picture_made" else set(row.record.get("pictures", ()))
    for picture in sorted(wanted):
        of_origin = select(literal(room_id), pictures.c.picture, *_COPIED_PICTURE).where(
            pictures.c.room_id == origin, pictures.c.picture == picture
        )
        names = ("room_id", "picture", *(column.name for column in _COPIED_PICTURE))
        connection.execute(insert(pictures).from_select(names, of_origin))
