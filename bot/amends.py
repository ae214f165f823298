"""The channel comes to show what the journal says since: edits and deletions that are owed, and what hinders them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence

from bot.open_room import OpenRoom
from bot.posting.amending import Amending
from bot.room import notices
from bot.room.entries import Restored
from bot.room.past import said_before
from bot.storage import Database, OutboxPost
from bot.words import ENGLISH, spoken, t


class Amends:
    """Makes amends to channels in which words stand that were changed or taken back in the journal.

    An edit that Discord does not take holds up nobody: posts and turns go on meanwhile.
    """

    def __init__(
        self, database: Database, amending: Amending, withdraw: Callable[[Collection[int]], Awaitable[bool]]
    ) -> None:
        self._database = database
        self._withdraw = withdraw  # from every room that knows the messages, forks too
        self._amending = amending
        self._one_at_a_time: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._in_step: set[int] = set()  # rooms whose channel is known to show all

    def may_be_owed(self, room: OpenRoom) -> bool:
        """Whether the channel may not show all yet; after a start nobody knows."""
        return room.number not in self._in_step

    def expect(self, room: OpenRoom) -> None:
        """Learn that something is about to be owed."""
        self._in_step.discard(room.number)

    async def standing(self, room: OpenRoom, seq: int) -> list[OutboxPost]:
        """Return the posts in whose messages the words of a seat's entry stand: those that were not taken away."""
        gone = {None} | room.history.withdrawn_messages
        return [p for p in await self._database.outbox.spoken_in(room.number, seq) if p.message_id not in gone]

    async def make(self, room: OpenRoom, *, aloud: bool) -> None:
        """Let the channel show what is owed to it, the oldest first.

        Where Discord declines new words for good, the old ones stand again, for the AIs as well; `aloud` lets the house
        say so in the room. What was deleted by somebody leaves what the AIs see.

        Raises:
            PlaceGone, DiscordUnavailable, StorageError: something is still owed; it is not lost.
        """
        async with self._one_at_a_time[room.number]:
            self._in_step.discard(room.number)
            with spoken(ENGLISH):  # reasons are written down in English, and said in the language of whoever reads them
                while parts := await self._amending.owed(room.number):
                    await self._bring_into_step(room, parts, aloud=aloud)
            self._in_step.add(room.number)

    async def _bring_into_step(self, room: OpenRoom, parts: Sequence[OutboxPost], *, aloud: bool) -> None:
        changed = await self._amending.change(parts, room.place)
        if changed.gone:
            await self._withdraw(changed.gone)
        if changed.declined:
            await self._restore(room, parts, changed.declined, aloud=aloud)
        else:
            await self._amending.settle(parts, room.place)

    async def _restore(self, room: OpenRoom, parts: Sequence[OutboxPost], reason: str, *, aloud: bool) -> None:
        """Write down that the old words stand again; their messages owe an edit once more."""
        post = parts[0]
        async with room.draft() as draft:
            entries = {one.seq: one.entry for one in await self._database.journal.entries(room.number)}
            words = said_before(entries, post.entry_seq)
            if words is None:
                words = await self._left_of_old_words(room, post.entry_seq)
            draft.enter(Restored(entry=post.entry_seq, seat=post.post.seat or 0, text=words, reason=reason))
            draft.restored = post.entry_seq
            if aloud:
                draft.notice(notices.old_words_stand_again(post.post.persona, t(reason)))

    async def _left_of_old_words(self, room: OpenRoom, seq: int) -> str:
        """Return what messages said before that still stand, also those that were to leave."""
        gone = {None} | room.history.withdrawn_messages
        posts = await self._database.outbox.of_entry(room.number, seq)
        old = [post.before or post.post for post in posts if post.post.seat is not None and post.message_id not in gone]
        return "\n\n".join(post.file or post.text for post in old)
