"""What is owed to Discord: posts that wait, and which message each became."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, select, union_all, update

from bot.errors import StorageError
from bot.room.posts import Post
from bot.storage.fingerprints import Fingerprint
from bot.storage.still_shown import EMPTIED, owe_deletion, seek_no_more, sought
from bot.storage.tables import DELETION, amendments, is_waiting, posts, rooms
from bot.storage.transactions import Transactions
from bot.words import later


@dataclass(frozen=True, slots=True)
class OutboxPost:
    """A post of a room's outbox; `entry_seq` is the number of the entry that it shows, `message_id` what it became.

    Discord did not take it when it is `refused`. It `owes` an edit of its message when it changed since, a deletion
    when it is no more; `before` is what it said before, for as long as there is a way back. Where it changed before it
    was known what became of it, a `fingerprint` of what it said may be at hand.
    """

    id: int
    room_id: int
    entry_seq: int
    post: Post
    message_id: int | None = None
    refused: bool = False
    owes: str = ""
    before: Post | None = None
    fingerprint: Fingerprint | None = None

    @property
    def waits(self) -> bool:
        """Whether it is still to be posted."""
        return self.message_id is None and not self.refused

    @property
    def is_leaving(self) -> bool:
        """Whether it is no more, and only its message may still stand for a moment."""
        return self.owes == DELETION


class Outbox:
    """The posts of all rooms. They come in with the entries they show, by the journal."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def waiting(self, room_id: int) -> list[OutboxPost]:
        """Return a room's posts that are neither posted nor refused, oldest first."""
        question = _POSTS.where(posts.c.room_id == room_id, is_waiting).order_by(posts.c.id)
        return await self._transactions.read(lambda connection: list(_from_rows(connection, question)))

    async def sought(self, room_id: int | None = None) -> list[OutboxPost]:
        """Return the posts, of one room or of all, that changed before it was known what became of them."""

        def work(connection: Connection) -> list[OutboxPost]:
            said = sought(connection, room_id)
            return [replace(post, fingerprint=said[post.id]) for post in read_posts(connection, posts.c.id.in_(said))]

        return await self._transactions.read(work)

    async def seek_no_more(self, post: OutboxPost) -> None:
        """Note that an emptied post became no message."""
        await self._transactions.write(lambda connection: seek_no_more(connection, post.room_id, post.id))

    async def rooms_with_waiting(self) -> list[int]:
        """Return the rooms that owe Discord something, ended ones too, the longest waiting first."""
        unshown = select(amendments.c.room_id, amendments.c.post_id.label("id"))
        owed = union_all(select(posts.c.room_id, posts.c.id).where(is_waiting), unshown).subquery()
        question = select(owed.c.room_id).group_by(owed.c.room_id).order_by(func.min(owed.c.id))
        return await self._transactions.read(lambda connection: list(connection.scalars(question)))

    async def rooms_waiting_before(self, room_id: int) -> list[int]:
        """Return the earlier rooms of a room's channel whose posts still wait, the oldest first."""
        channel = select(rooms.c.channel_id).where(rooms.c.id == room_id).scalar_subquery()
        earlier = select(rooms.c.id).where(rooms.c.channel_id == channel, rooms.c.id < room_id)
        owing = select(posts.c.room_id).where(posts.c.room_id.in_(earlier), is_waiting)
        question = owing.distinct().order_by(posts.c.room_id)
        return await self._transactions.read(lambda connection: list(connection.scalars(question)))

    async def mark_posted(self, post_id: int, message_id: int) -> None:
        """Note that a post became a message; once more with the same message changes nothing.

        Where its words were to be seen no more while they were on the way, the message is one that is to be deleted.

        Raises:
            StorageError: it was refused, became another message, or the message is another post's.
        """
        fate = {"message_id": message_id, "posted_at": datetime.now(UTC)}

        def work(connection: Connection) -> None:
            waits = update(posts).where(posts.c.id == post_id, is_waiting).values(fate).returning(posts.c.room_id)
            if (room_id := connection.scalar(waits)) is not None:
                seek_no_more(connection, room_id, post_id)
            else:
                _check_posted_as(connection, post_id, message_id)

        await self._transactions.write(work)

    async def last_posted_message_id(self, room_id: int) -> int | None:
        """Return the newest message that a post of the room became, None before the first."""
        question = select(func.max(posts.c.message_id)).where(posts.c.room_id == room_id)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def first_message(self, room_id: int) -> int | None:
        """Return the oldest message that a post of the room became, None before the first."""
        question = select(func.min(posts.c.message_id)).where(posts.c.room_id == room_id)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def newest_message_before(self, post: OutboxPost) -> int | None:
        """Return the newest message that the posts of the room before this one became; None before the first.

        Where this one has a message, it is one before that: a picture may have come later, which words have passed.
        """
        own = select(posts.c.message_id).where(posts.c.id == post.id).scalar_subquery()
        came_before = own.is_(None) | (posts.c.message_id < own)
        question = select(func.max(posts.c.message_id)).where(
            posts.c.room_id == post.room_id, posts.c.id < post.id, came_before
        )
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def room_opened_at(self, post: OutboxPost) -> datetime | None:
        """Return when a post's room was opened: none of its posts can be a message older than that."""
        question = select(rooms.c.opened_at).where(rooms.c.id == post.room_id)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def known_among(self, message_ids: Sequence[int]) -> set[int]:
        """Return which of these messages some post, of whichever room, became."""
        question = select(posts.c.message_id).where(posts.c.message_id.in_(message_ids))
        return await self._transactions.read(lambda connection: set(connection.scalars(question)))

    async def house_lines_after(self, post: OutboxPost) -> list[str]:
        """Return what the house has to say, or said, in the posts of a room after this one."""
        later = (posts.c.room_id == post.room_id, posts.c.id > post.id, posts.c.seat.is_(None))
        question = select(posts.c.text).where(*later).order_by(posts.c.id)
        return await self._transactions.read(lambda connection: list(connection.scalars(question)))

    async def last_said(self, room_id: int, lines: Collection[str]) -> str | None:
        """Return which of these lines is the last that the house said, or has to say, in a room; None for none."""
        of_house = (posts.c.room_id == room_id, posts.c.seat.is_(None), posts.c.refusal.is_(None))
        question = select(posts.c.text).where(*of_house, posts.c.text.in_(lines)).order_by(posts.c.id.desc()).limit(1)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def of_entry(self, room_id: int, entry_seq: int) -> list[OutboxPost]:
        """Return the posts that show an entry, in order, posted or not."""
        question = _POSTS.where(posts.c.room_id == room_id, posts.c.entry_seq == entry_seq).order_by(posts.c.id)
        return await self._transactions.read(lambda connection: list(_from_rows(connection, question)))

    async def numbered(self, numbers: Collection[int]) -> list[OutboxPost]:
        """Return the posts of these numbers, in order; those that are no more are left out."""
        question = _POSTS.where(posts.c.id.in_(numbers)).order_by(posts.c.id)
        return await self._transactions.read(lambda connection: list(_from_rows(connection, question)))

    async def spoken_in(self, room_id: int, entry_seq: int) -> list[OutboxPost]:
        """Return the posts in which a seat's words of an entry stand, or a picture, in order, posted or not."""
        posts_of_entry = await self.of_entry(room_id, entry_seq)
        return [post for post in posts_of_entry if post.post.is_seen_by_ais and not post.is_leaving]

    async def known_message_ids(self, room_id: int, since: int) -> set[int]:
        """Return the messages that posts of the room became, from the message `since` on, it included."""
        question = select(posts.c.message_id).where(posts.c.room_id == room_id, posts.c.message_id >= since)
        return await self._transactions.read(lambda connection: set(connection.scalars(question)))

    async def abandon(self, room_id: int, reason: str) -> None:
        """Give up every post of a room that waits, and what is owed for others: its place is gone for good."""
        await self._transactions.write(lambda connection: abandon_posts(connection, room_id, reason))

    async def posted_as(self, message_id: int) -> OutboxPost | None:
        """Return the post that became a message: whose words it holds; None when it is not ours."""
        question = _POSTS.where(posts.c.message_id == message_id)
        return await self._transactions.read(lambda connection: next(_from_rows(connection, question), None))


_POSTS = select(posts, amendments.c.owes, amendments.c.old_text, amendments.c.old_file).outerjoin_from(
    posts, amendments, amendments.c.post_id == posts.c.id
)
_POST_FIELDS = tuple(field.name for field in fields(Post))


def add_posts(connection: Connection, room_id: int, entry_seq: int, new: Sequence[Post]) -> None:
    """Put posts into the outbox, in order, within a transaction of the journal."""
    if new:
        place = {"room_id": room_id, "entry_seq": entry_seq}
        connection.execute(insert(posts), [place | asdict(post) for post in new])


def read_posts(connection: Connection, *conditions: ColumnElement[bool]) -> list[OutboxPost]:
    """Return the posts for which all conditions on `posts` and `amendments` hold, in order."""
    return list(_from_rows(connection, _POSTS.where(*conditions).order_by(posts.c.id)))


def abandon_posts(connection: Connection, room_id: int, reason: str) -> None:
    """Give up every post of a room that waits, and what is owed for others."""
    of_room = amendments.c.room_id == room_id
    leaving = connection.scalars(select(amendments.c.post_id).where(of_room, amendments.c.owes == DELETION)).all()
    connection.execute(delete(amendments).where(of_room))
    connection.execute(delete(posts).where(posts.c.id.in_(leaving)))
    seek_no_more(connection, room_id)
    connection.execute(update(posts).where(posts.c.room_id == room_id, is_waiting).values(refusal=reason))


def refuse_posts(connection: Connection, refused: Mapping[int, str]) -> None:
    """Note why Discord declined posts for good, within a transaction of the journal; a second reason changes nothing.

    Raises:
        StorageError: one of them was posted.
    """
    for post_id, reason in refused.items():
        waits = update(posts).where(posts.c.id == post_id, is_waiting).values(refusal=reason)
        if connection.execute(waits).rowcount == 0:
            message = connection.scalar(select(posts.c.message_id).where(posts.c.id == post_id))
            if message is not None:
                sentence = later(
                    "Post {post} is message {message} and cannot be refused.", post=post_id, message=message
                )
                raise StorageError(sentence)


def posts_of(connection: Connection, room_id: int) -> list[tuple[int, Post]]:
    """Return a room's posts that were not refused, in order, each with the number of the entry that it shows."""
    found = read_posts(connection, posts.c.room_id == room_id, posts.c.refusal.is_(None))
    return [(post.entry_seq, post.post) for post in found if not post.is_leaving]


def _check_posted_as(connection: Connection, post_id: int, message_id: int) -> None:
    row = connection.execute(_POSTS.where(posts.c.id == post_id)).one_or_none()
    if row is None:
        raise StorageError(later("The outbox holds no post {post}.", post=post_id))
    if row.refusal in EMPTIED and row.message_id is None:
        connection.execute(update(posts).where(posts.c.id == post_id).values(message_id=message_id))
        owe_deletion(connection, row.room_id, message_id)
        seek_no_more(connection, row.room_id, post_id)
    elif row.message_id != message_id:
        raise StorageError(_cannot_become(message_id, row))


def _cannot_become(message_id: int, row: Row[Any]) -> str:
    if row.message_id is None:
        return later("Post {post} was refused and cannot become message {message}.", post=row.id, message=message_id)
    return later(
        "Post {post} is message {known} and cannot become message {message}.",
        post=row.id,
        known=row.message_id,
        message=message_id,
    )


def _from_rows(connection: Connection, question: Select[Any]) -> Iterator[OutboxPost]:
    return (_from_row(row) for row in connection.execute(question))


def _from_row(row: Row[Any]) -> OutboxPost:
    post = Post(**{name: getattr(row, name) for name in _POST_FIELDS})
    before = None if row.old_text is None else replace(post, text=row.old_text, file=row.old_file)
    refused = row.refusal is not None
    return OutboxPost(row.id, row.room_id, row.entry_seq, post, row.message_id, refused, row.owes or "", before)
