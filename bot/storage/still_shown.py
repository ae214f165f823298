"""Messages of the house that show words which are to be seen no more, until Discord has deleted them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.tables import is_waiting, marks, posts, rooms
from bot.storage.transactions import overwriting

STILL_SHOWN = "still shown "
"""What the name of a mark begins with that says which message is to be deleted from Discord."""
FORGOTTEN = "The person whose words it held wanted to be forgotten."
TAKEN_BACK = "The words that it held were taken back."
EMPTIED = (FORGOTTEN, TAKEN_BACK)
"""Why a post that still waited was refused, and its words are no more."""


def name_of_shown(channel_id: int, message: int) -> str:
    """Return the name of the mark of a message."""
    return f"{STILL_SHOWN}{channel_id} {message}"


def owe_deletion(connection: Connection, room_id: int, message: int) -> None:
    """Note that a message of a room is to be deleted from Discord, within the transaction that empties its words."""
    place = select(rooms.c.channel_id).where(rooms.c.id == room_id)
    name = name_of_shown(connection.execute(place).scalar_one(), message)
    connection.execute(delete(marks).where(marks.c.name == name))
    connection.execute(insert(marks).values(name=name, value=""))


def empty_posts(connection: Connection, room_id: int, numbers: Iterable[int], why: str) -> None:
    """Empty posts of the house: those that still wait are refused, and the messages of the others are to be deleted.

    Of one that was emptied before, the message is gone, or noted already.
    """
    for number in numbers:
        this = update(posts).where(posts.c.id == number, posts.c.text != "")
        connection.execute(this.where(is_waiting).values(refusal=why))
        emptied = this.values(text="", alt_text="", file=None).returning(posts.c.message_id)
        if (message := connection.execute(emptied).scalar()) is not None:
            owe_deletion(connection, room_id, message)


def take_away(connection: Connection, room_id: int, entry_seqs: Collection[int]) -> None:
    """Let the house's posts of entries leave the channel, within a transaction of the journal."""
    if not entry_seqs:
        return
    theirs = select(posts.c.id).where(posts.c.room_id == room_id, posts.c.entry_seq.in_(entry_seqs))
    with overwriting(connection):  # nobody comes by here again, also when who said it is forgotten
        empty_posts(connection, room_id, connection.scalars(theirs.where(posts.c.seat.is_(None))).all(), TAKEN_BACK)
