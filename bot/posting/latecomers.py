"""Posts that Discord stored only after we had asked and sent them again: the second of the two is taken back."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord

from bot.errors import PostingError
from bot.posting.search import Search
from bot.posting.sending import Sending
from bot.posting.wire import FateUnknown, NotSent
from bot.storage import OutboxPost, Place

LOOKS = 3
"""With how many of a room's next deliveries a latecomer is looked for: each look costs a request."""
POSTS_REMEMBERED = 1_000

_log = logging.getLogger("backroom.posting")


class Latecomers:
    """Remembers which posts of personas may still come late; Discord takes one of the house once, by its nonce."""

    def __init__(self, search: Search, sending: Sending) -> None:
        self._search = search
        self._sending = sending
        self._looks_left: dict[OutboxPost, int] = {}
        self._met: set[int] = set()  # rooms that this run has delivered for, those that are over as well

    def meet(self, room: int, waiting: Sequence[OutboxPost]) -> None:
        """Learn what waits when this run first delivers for a room: the run before may have died while it sent that."""
        if room not in self._met:
            self._met.add(room)
            for post in _that_may_have_been_sent(waiting):
                self.expect(post)

    def expect(self, post: OutboxPost) -> None:
        """Learn that a post was not there after an attempt whose fate is unknown, and is sent again."""
        if post.post.seat is not None:
            self._looks_left[post] = LOOKS
        if len(self._looks_left) > POSTS_REMEMBERED:
            del self._looks_left[next(iter(self._looks_left))]

    async def take_back(self, room: int, place: Place, waiting: Sequence[OutboxPost]) -> None:
        """Delete what came late of a room; nothing else of it may be on its way meanwhile.

        Of a post that still waits there is no second message: what comes late is the one that it has.
        """
        still_wait = {post.id for post in waiting}
        of_room = [post for post in self._looks_left if post.room_id == room and post.id not in still_wait]
        for post in of_room:
            looks = self._looks_left.pop(post)
            if looks > 1:
                self._looks_left[post] = looks - 1
        try:
            found = await self._search.find(sorted(of_room, key=lambda post: post.id), place)
            for post_id, message_id in found.items():
                _log.warning("room %s: post %s came late, as message %s too", room, post_id, message_id)
                await self._sending.take_back(message_id, place)
        except (NotSent, FateUnknown, PostingError, discord.HTTPException) as error:
            _log.info("room %s: whether a post came late is not known: %s", room, error)


def _that_may_have_been_sent(waiting: Sequence[OutboxPost]) -> list[OutboxPost]:
    """Return the words of the first entry that waits, any part of which may be the first that Discord has not declined,
    and the pictures of the first one with pictures, which words may have passed: what comes later was not tried.
    """
    with_pictures = {post.entry_seq for post in waiting if post.post.picture is not None}
    by_personas = [post for post in waiting if post.post.seat is not None]
    words = next((post.entry_seq for post in by_personas if post.entry_seq not in with_pictures), None)
    pictures = next((post.entry_seq for post in by_personas if post.entry_seq in with_pictures), None)
    return [post for post in by_personas if post.entry_seq in (words, pictures)]
