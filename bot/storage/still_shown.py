"""Messages of the house that show, or may show, words which are to be seen no more, until Discord has deleted them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.fingerprints import Fingerprint
from bot.storage.tables import is_waiting, marks, posts, rooms
from bot.storage.transactions import overwriting

STILL_SHOWN = "still shown "
"""What the name of a mark begins with that says which message is to be deleted from Discord."""
SOUGHT = "may be shown "
"""What the name of a mark begins with that says which changed post may be a message already, and what it said."""
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

    What still waits may have been sent already: it is to be looked for. Of one that was emptied before, the message is
    gone, or noted already.
    """
    for number in numbers:
        this = update(posts).where(posts.c.id == number, posts.c.text != "")
        seek(connection, room_id, number)
        connection.execute(this.where(is_waiting).values(refusal=why))
        emptied = this.values(text="", alt_text="", file=None).returning(posts.c.message_id)
        if (message := connection.execute(emptied).scalar()) is not None:
            owe_deletion(connection, room_id, message)


def sought(connection: Connection, room_id: int | None = None) -> dict[int, Fingerprint]:
    """Return what posts, of one room or of all, said before they changed or were emptied on their way."""
    question = select(marks.c.name, marks.c.value).where(marks.c.name.startswith(_sought_of(room_id), autoescape=True))
    rows = connection.execute(question).all()
    return {int(row.name.split()[-1]): Fingerprint.from_record(row.value) for row in rows}


def seek_no_more(connection: Connection, room_id: int, post_id: int | None = None) -> None:
    """Let nobody look any more for a post by what it said, or for any of a room's."""
    is_meant = (
        marks.c.name.startswith(_sought_of(room_id), autoescape=True)
        if post_id is None
        else marks.c.name == f"{_sought_of(room_id)}{post_id}"
    )
    with overwriting(connection):
        connection.execute(delete(marks).where(is_meant))


def seek(connection: Connection, room_id: int, post_id: int) -> None:
    """Keep the fingerprint of a post that still waits before its words change: it may have been sent already.

    What it said first stays: it is sent in other words only once it was looked for.
    """
    waits = select(posts.c.text, posts.c.picture, posts.c.file).where(
        posts.c.id == post_id, posts.c.text != "", is_waiting
    )
    waiting = connection.execute(waits).one_or_none()
    if waiting is None or post_id in sought(connection, room_id):
        return
    said = Fingerprint.of(waiting.text, (waiting.picture is not None) + (waiting.file is not None))
    connection.execute(insert(marks).values(name=f"{_sought_of(room_id)}{post_id}", value=said.to_record()))


def _sought_of(room_id: int | None) -> str:
    return SOUGHT if room_id is None else f"{SOUGHT}{room_id} "


def take_away(connection: Connection, room_id: int, entry_seqs: Collection[int]) -> None:
    """Let the house's posts of entries leave the channel, within a transaction of the journal."""
    if not entry_seqs:
        return
    theirs = select(posts.c.id).where(posts.c.room_id == room_id, posts.c.entry_seq.in_(entry_seqs))
    with overwriting(connection):  # nobody comes by here again, also when who said it is forgotten
        empty_posts(connection, room_id, connection.scalars(theirs.where(posts.c.seat.is_(None))).all(), TAKEN_BACK)
