"""Posts that Discord stored only after we had asked and sent them again: the second of the two is taken back."""

from __future__ import annotations

import logging

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

    def expect(self, post: OutboxPost) -> None:
        """Learn that a post was not there after an attempt whose fate is unknown, and is sent again."""
        if post.post.seat is not None:
            self._looks_left[post] = LOOKS
        if len(self._looks_left) > POSTS_REMEMBERED:
            del self._looks_left[next(iter(self._looks_left))]

    async def take_back(self, room: int, place: Place) -> None:
        """Delete what came late of a room; nothing else of it may be on its way meanwhile."""
        for post in [post for post in self._looks_left if post.room_id == room]:
            looks = self._looks_left.pop(post)
            if looks > 1:
                self._looks_left[post] = looks - 1
            try:
                found = await self._search.find([post], place)
                if post.id in found:
                    _log.warning("room %s: post %s came late, as message %s too", room, post.id, found[post.id])
                    await self._sending.take_back(found[post.id], place)
            except (NotSent, FateUnknown, PostingError, discord.HTTPException) as error:
                _log.info("room %s: whether post %s came late is not known: %s", room, post.id, error)
