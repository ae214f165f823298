"""What the channel does not show yet of posts that changed after they appeared: edits and deletions that are owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, literal, null, select, update

from bot.room.posts import Post
from bot.storage.outbox import OutboxPost, read_posts
from bot.storage.tables import DELETION, EDIT, amendments, known, posts
from bot.storage.transactions import Transactions


class Amendments:
    """The edits and deletions that all rooms owe. They come in with the entries that want them, by the journal."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def owed(self, room_id: int) -> list[OutboxPost]:
        """Return the posts of one entry of a room, the oldest that owes something; none when nothing is owed."""

        def work(connection: Connection) -> list[OutboxPost]:
            owing = read_posts(connection, amendments.c.room_id == room_id)
            return [post for post in owing if post.entry_seq == owing[0].entry_seq]

        return await self._transactions.read(work)

    async def mark_shown(self, post_ids: Sequence[int]) -> None:
        """Note that messages say what their posts say: from now on there is no way back.

        Forks no longer know the messages that are to go: those go for us, and the forks keep the old words.
        """
        these = amendments.c.post_id.in_(post_ids)
        going = select(posts.c.message_id).join_from(posts, amendments).where(these, amendments.c.owes == DELETION)

        def work(connection: Connection) -> None:
            connection.execute(delete(amendments).where(these, amendments.c.owes == EDIT))
            connection.execute(delete(known).where(known.c.message_id.in_(going)))

        await self._transactions.write(work)

    async def mark_gone(self, post_id: int) -> None:
        """Note that the message of a post that is no more is gone as well."""

        def work(connection: Connection) -> None:
            connection.execute(delete(amendments).where(amendments.c.post_id == post_id))
            connection.execute(delete(posts).where(posts.c.id == post_id))

        await self._transactions.write(work)


def rewrite_posts(connection: Connection, rewritten: Mapping[int, Post | None]) -> None:
    """Let posts say something else, or be no more, within a transaction of the journal; the channel is owed it.

    What an edited post said is kept until its message shows the new words: Discord may decline those.
    """
    for post_id, post in rewritten.items():
        this = posts.c.id == post_id
        if post is None:
            owed = select(posts.c.id, posts.c.room_id, literal(DELETION), null(), null()).where(this)
        else:
            owed = select(posts.c.id, posts.c.room_id, literal(EDIT), posts.c.text, posts.c.file).where(this)
        columns = ("post_id", "room_id", "owes", "old_text", "old_file")
        connection.execute(insert(amendments).from_select(columns, owed))
        if post is not None:
            connection.execute(update(posts).where(this).values(asdict(post)))


def restore_posts(connection: Connection, room_id: int, entry_seq: int) -> None:
    """Let the posts of an entry say again what they said, within a transaction of the journal.

    Each owes an edit, for which there is no way back: some messages may show the new words already, others be gone.
    """
    for post in read_posts(connection, amendments.c.room_id == room_id, posts.c.entry_seq == entry_seq):
        if post.before is not None:
            old = {"text": post.before.text, "file": post.before.file}
            connection.execute(update(posts).where(posts.c.id == post.id).values(old))
    of_entry = select(posts.c.id).where(posts.c.room_id == room_id, posts.c.entry_seq == entry_seq)
    owing = update(amendments).where(amendments.c.post_id.in_(of_entry))
    connection.execute(owing.values(owes=EDIT, old_text=None, old_file=None))
