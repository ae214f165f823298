"""What a room recalls of a message: also of one from long ago, or that was said before the room was forked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from bot.room.entries import Heard, Withdrawn
from bot.room.history import History
from bot.storage import Database, OutboxPost


class Recall:
    """Asks a room's history first, which has what is new, and then the database, which has everything."""

    def __init__(self, room: int, database: Database, history: Callable[[], History]) -> None:
        self._room = room
        self._database = database
        self._history = history

    async def entry_of(self, message: int) -> int | None:
        """Return the entry in which a person's message was heard; None when it was not."""
        entry = self._history().entry_of_message(message)
        if entry is not None:
            return entry
        return (await self._database.known.entries_of(self._room, [message])).get(message)

    async def known(self, messages: Collection[int]) -> set[int]:
        """Return which of these messages stand in the room, in however old an entry."""
        new = {message for message in messages if self._history().entry_of_message(message) is not None}
        older = set(messages) - new
        return new | (await self._database.known.entries_of(self._room, older)).keys() if older else new

    async def may_show(self, messages: Sequence[int]) -> set[int]:
        """Return which of these messages may show something of the room, at the cost of asking for one."""
        return await self.known(messages) | await self._database.outbox.known_among(messages)

    async def heard_in(self, entry: int) -> Heard | None:
        """Return what a person said in an entry, as it is now; None when nobody did."""
        return self._history().heard_in(entry) or await self._database.known.heard_in(self._room, entry)

    async def withdrawn(self, messages: Iterable[int]) -> list[Withdrawn]:
        """Return the entries which say that messages are gone, as far as they stand in this room and are not yet."""
        gone = set(messages) - self._history().withdrawn_messages
        posts = {message: post for message in gone if (post := await self._database.outbox.posted_as(message))}
        # Asked second: a part that goes for us is known in no fork before its post is no more.
        known = await self._database.known.entries_of(self._room, gone)
        of_people = sorted(known.keys() - posts.keys())
        left = [Withdrawn(entry=known[message], messages=(message,)) for message in of_people]
        here = [
            post
            for message, post in posts.items()
            if message in known or (post.room_id == self._room and not post.is_leaving)
        ]
        seen = {post.entry_seq for post in here if post.post.is_seen_by_ais}
        for seq, room in sorted({(post.entry_seq, post.room_id) for post in here}):
            if seq in seen:
                left += await self.withdrawn_posts(seq, gone, said_by=room)
            else:  # a notice of a turn can go without its words
                left += await self._withdrawn_for_person(seq, gone)
        return left

    async def withdrawn_posts(
        self,
        seq: int,
        gone: Collection[int],
        reason: str = "",
        refused: Collection[int] = (),
        *,
        said_by: int | None = None,
    ) -> Sequence[Withdrawn]:
        """Return the entry that says which posts of an entry are gone or were never there, and what is left of it.

        `said_by` is the room whose posts they are, where a fork has the entry from it. Where they say something else
        since, which the fork does not have, nothing is left: what still stood of the old words nobody can tell.
        """
        if said_by is not None and await self._is_said_otherwise(seq, said_by):
            posts = await self._database.outbox.of_entry(said_by, seq)
            messages = {post.message_id for post in posts if post.message_id is not None}  # all of them leave the fork
            return [Withdrawn(entry=seq, messages=tuple(sorted(messages)), reason=reason)]
        posts = await self._database.outbox.spoken_in(self._room if said_by is None else said_by, seq)
        lost = [post for post in posts if post.message_id in gone or post.message_id in self._withdrawn_messages]
        left = [post for post in posts if not post.refused and post.id not in refused and post not in lost]
        if not posts:
            return await self._withdrawn_for_person(seq, gone)
        messages = tuple(post.message_id for post in lost if post.message_id is not None)
        return [Withdrawn(entry=seq, left=_words_of(left), messages=messages, reason=reason)]

    @property
    def _withdrawn_messages(self) -> set[int]:
        return self._history().withdrawn_messages

    async def _is_said_otherwise(self, seq: int, said_by: int) -> bool:
        """Whether the room that said an entry has other words of it by now than this one."""
        if said_by == self._room:
            return False
        words_of = self._database.known.words_said_again
        return await words_of(said_by, seq) != await words_of(self._room, seq)

    async def _withdrawn_for_person(self, seq: int, gone: Collection[int]) -> Sequence[Withdrawn]:
        """What the house said for a person is theirs: it is gone with the first of its messages."""
        said = await self.heard_in(seq)
        is_gone = said is not None and said.by_house and bool(gone)
        return [Withdrawn(entry=seq, messages=tuple(sorted(gone)))] if is_gone else []


def _words_of(posts: Iterable[OutboxPost]) -> str:
    """Return what can be read of a turn's posts, in their files too; what a picture's post says is in its entry."""
    return "\n\n".join(post.post.file or post.post.text for post in posts if post.post.picture is None)
