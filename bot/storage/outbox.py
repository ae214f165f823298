"""What is owed to Discord: posts that wait, and which message each became."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from bot.errors import StorageError
from bot.room.posts import Post
from bot.storage.tables import is_waiting, posts
from bot.storage.transactions import Transactions


@dataclass(frozen=True, slots=True)
class OutboxPost:
    """A post of a room's outbox; `entry_seq` is the number of the entry that it shows, `message_id` what it became.

    Discord did not take it when it is `refused`.
    """

    id: int
    room_id: int
    entry_seq: int
    post: Post
    message_id: int | None = None
    refused: bool = False


class Outbox:
    """The posts of all rooms. They come in with the entries they show, by the journal."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def waiting(self, room_id: int) -> list[OutboxPost]:
        """Return a room's posts that are neither posted nor refused, oldest first."""
        question = _POSTS.where(posts.c.room_id == room_id, is_waiting).order_by(posts.c.id)
        return await self._transactions.read(lambda connection: list(_from_rows(connection, question)))

    async def rooms_with_waiting(self) -> list[int]:
        """Return the rooms that owe Discord something, ended ones too, the longest waiting first."""
        question = select(posts.c.room_id).where(is_waiting).group_by(posts.c.room_id).order_by(func.min(posts.c.id))
        return await self._transactions.read(lambda connection: list(connection.scalars(question)))

    async def mark_posted(self, post_id: int, message_id: int) -> None:
        """Note that a post became a message; once more with the same message changes nothing.

        Raises:
            StorageError: it was refused, became another message, or the message is another post's.
        """
        fate = {"message_id": message_id, "posted_at": datetime.now(UTC)}

        def work(connection: Connection) -> None:
            waits = update(posts).where(posts.c.id == post_id, is_waiting).values(fate)
            if connection.execute(waits).rowcount == 0:
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
        """Return the newest message that the posts of the room before this one became; None before the first."""
        earlier = (posts.c.room_id == post.room_id, posts.c.id < post.id)
        question = select(func.max(posts.c.message_id)).where(*earlier)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def known_among(self, message_ids: Sequence[int]) -> set[int]:
        """Return which of these messages some post, of whichever room, became."""
        question = select(posts.c.message_id).where(posts.c.message_id.in_(message_ids))
        return await self._transactions.read(lambda connection: set(connection.scalars(question)))

    async def of_entry(self, room_id: int, entry_seq: int) -> list[OutboxPost]:
        """Return the posts that show an entry, in order, posted or not."""
        question = _POSTS.where(posts.c.room_id == room_id, posts.c.entry_seq == entry_seq).order_by(posts.c.id)
        return await self._transactions.read(lambda connection: list(_from_rows(connection, question)))

    async def known_message_ids(self, room_id: int, since: int) -> set[int]:
        """Return the messages that posts of the room became, from the message `since` on, it included."""
        question = select(posts.c.message_id).where(posts.c.room_id == room_id, posts.c.message_id >= since)
        return await self._transactions.read(lambda connection: set(connection.scalars(question)))

    async def abandon(self, room_id: int, reason: str) -> None:
        """Give up every post of a room that waits, because its place is gone for good."""
        waits = update(posts).where(posts.c.room_id == room_id, is_waiting).values(refusal=reason)
        await self._transactions.write(lambda connection: connection.execute(waits))

    async def posted_as(self, message_id: int) -> OutboxPost | None:
        """Return the post that became a message: whose words it holds; None when it is not ours."""
        question = _POSTS.where(posts.c.message_id == message_id)
        return await self._transactions.read(lambda connection: next(_from_rows(connection, question), None))


_POSTS = select(posts)
_POST_FIELDS = tuple(field.name for field in fields(Post))


def add_posts(connection: Connection, room_id: int, entry_seq: int, new: Sequence[Post]) -> None:
    """Put posts into the outbox, in order, within a transaction of the journal."""
    if new:
        place = {"room_id": room_id, "entry_seq": entry_seq}
        connection.execute(insert(posts), [place | asdict(post) for post in new])


def rewrite_posts(connection: Connection, rewritten: Mapping[int, Post | None]) -> None:
    """Let posts say something else, or be no more, within a transaction of the journal."""
    for post_id, post in rewritten.items():
        if post is None:
            connection.execute(delete(posts).where(posts.c.id == post_id))
        else:
            connection.execute(update(posts).where(posts.c.id == post_id).values(asdict(post)))


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
                raise StorageError(f"Post {post_id} is message {message} and cannot be refused.")


def posts_of(connection: Connection, room_id: int) -> list[tuple[int, Post]]:
    """Return a room's posts that were not refused, in order, each with the number of the entry that it shows."""
    question = _POSTS.where(posts.c.room_id == room_id, posts.c.refusal.is_(None)).order_by(posts.c.id)
    return [(owed.entry_seq, owed.post) for owed in _from_rows(connection, question)]


def _check_posted_as(connection: Connection, post_id: int, message_id: int) -> None:
    row = connection.execute(_POSTS.where(posts.c.id == post_id)).one_or_none()
    if row is None:
        raise StorageError(f"The outbox holds no post {post_id}.")
    if row.message_id != message_id:
        became = "was refused" if row.message_id is None else f"is message {row.message_id}"
        raise StorageError(f"Post {post_id} {became} and cannot become message {message_id}.")


def _from_rows(connection: Connection, question: Select[Any]) -> Iterator[OutboxPost]:
    return (_from_row(row) for row in connection.execute(question))


def _from_row(row: Row[Any]) -> OutboxPost:
    post = Post(**{name: getattr(row, name) for name in _POST_FIELDS})
    return OutboxPost(row.id, row.room_id, row.entry_seq, post, row.message_id, row.refusal is not None)
