"""Posts that Discord stored without our knowing, and that are not to stand: sent again meanwhile, or emptied."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from bot.errors import BackroomError, PlaceGone, PostingError, StorageError
from bot.posting.doors import Doors
from bot.posting.search import Search
from bot.posting.sending import Sending
from bot.posting.taking_away import TakingAway
from bot.posting.wire import FateUnknown, NotSent
from bot.storage import Database, OutboxPost, Place

SECONDS_UNTIL_LOOKS = (2.0, 10.0, 30.0, 120.0)
"""So long after a post was sent again its late copy is looked for, besides with the room's next delivery: each look
costs a request."""
SECONDS_BETWEEN_LOOKS_IN_VAIN = 3600.0
"""At most, for posts that were emptied while Discord cannot be asked for them."""
POSTS_REMEMBERED = 1_000
_NOTED = "posts that may come late"

_log = logging.getLogger("backroom.posting")


@dataclass(slots=True)
class _Expected:
    """A post of which a second message may come, since when (the event loop's clock), and whether it was looked for."""

    post: OutboxPost
    since: float
    was_looked_for: bool = False


class Latecomers:
    """Remembers which posts of personas may still come late; Discord takes one of the house once, by its nonce.

    What is remembered is noted for the next start as well. Lost is what comes later than the last look, and, of a
    post that was given other words meanwhile, what comes after a restart.

    Posts of the house that were emptied before it was known what became of them are looked for in the same way, until
    Discord could be asked long enough after; the outbox knows them.
    """

    def __init__(
        self,
        database: Database,
        doors: Doors,
        search: Search,
        sending: Sending,
        taking_away: TakingAway,
        one_at_a_time: defaultdict[int, asyncio.Lock],
    ) -> None:
        self._database = database
        self._doors = doors
        self._search = search
        self._sending = sending
        self._taking_away = taking_away
        self._one_at_a_time = one_at_a_time
        self._expected: dict[int, _Expected] = {}
        self._sought: dict[int, _Expected] = {}  # posts of the house, emptied
        self._noted: set[int] = set()
        self._met: set[int] = set()  # rooms that this run has delivered for, those that are over as well
        self._watches: dict[int, asyncio.Task[None]] = {}
        self._deleting: set[asyncio.Task[None]] = set()
        self._is_resumed = False
        self._is_closed = False

    async def resume(self) -> None:
        """Expect what was expected when the program last ended, and look for it; a delivery tries again what fails."""
        try:
            noted = {int(number) for number in (await self._database.marks.load(_NOTED) or "").split()}
            posts = await self._database.outbox.numbered(noted)
            places = {room: await self._database.journal.place(room) for room in {post.room_id for post in posts}}
        except StorageError as error:
            _log.error("posts that came late may still stand twice: %s", error)
            return
        self._is_resumed, self._noted = True, noted
        for post in posts:
            self._expected[post.id] = _Expected(post, _now())
        for room, place in places.items():
            self.watch(room, place)

    async def seek(self) -> None:
        """Look, from now on, for all posts that were emptied before it was known what became of them."""
        try:
            sought = [post for post in await self._database.outbox.sought() if post.refused]
            places = {room: await self._database.journal.place(room) for room in {post.room_id for post in sought}}
        except StorageError as error:
            _log.warning("words that are to be seen no more may still stand in a channel: %s", error)
            return
        for post in sought:
            self._sought.setdefault(post.id, _Expected(post, _now()))
        for room, place in places.items():
            self.watch(room, place)

    async def meet(self, room: int, waiting: Sequence[OutboxPost]) -> None:
        """Learn what waits when this run first delivers for a room: the run before may have died while it sent that."""
        if not self._is_resumed:
            await self.resume()
        if room not in self._met:
            self._met.add(room)
            await self.expect(*_that_may_have_been_sent(waiting))

    def meet_new(self, room: int) -> None:
        """Learn that a room is new: nothing of it was ever sent."""
        self._met.add(room)

    async def expect(self, *posts: OutboxPost) -> None:
        """Learn that posts were not seen there after an attempt whose fate is unknown, and are sent again."""
        for post in posts:
            if post.post.seat is not None:
                self._expected[post.id] = _Expected(post, _now())
        while len(self._expected) > POSTS_REMEMBERED:
            del self._expected[next(iter(self._expected))]
        await self._note()

    async def find_or_expect(self, post: OutboxPost, place: Place) -> int | None:
        """Return the message that a post became; None when it is not there, but may still come.

        It may come late as well where Discord could not be asked: whoever asks next may ask before it is there.

        Raises:
            PlaceGone, DiscordUnavailable: Discord could not be asked.
        """
        message_id: int | None = None
        try:
            await self._doors.wait_out_hiccup(place)
            self._doors.check_readable(place)
            message_id = (await self.find(post.room_id, [post], place)).get(post.id)
        finally:
            if message_id is None:
                await self.expect(post)
        return message_id

    async def find(self, room: int, posts: Sequence[OutboxPost], place: Place) -> dict[int, int]:
        """Return which of these posts stand in the channel, as which messages, and delete what came late of others.

        Nothing else of the room may be on its way meanwhile. A late copy of one post is never taken for another that
        is like it: they are looked for together. Of a post that still waits there is no second message.

        Raises:
            PlaceGone, DiscordUnavailable: Discord could not be asked.
        """
        sought = {post.id: post for post in await self._database.outbox.sought(room)}
        expected = {one.post.id: one.post for one in self._expected.values() if one.post.room_id == room}
        posts = [replace(one, fingerprint=sought[one.id].fingerprint) if one.id in sought else one for one in posts]
        by_id = expected | sought | {post.id: post for post in posts}
        found = await self._search.find([by_id[number] for number in sorted(by_id)], place)
        asked_for = {post.id for post in posts}
        if late := found.keys() - asked_for:
            still_wait = {post.id for post in await self._database.outbox.waiting(room)}
            for post_id in sorted(late - still_wait):
                if post_id in sought:
                    await self._delete_emptied(post_id, found[post_id], room)
                else:
                    await self._take_back(post_id, found[post_id], room, place)
        return {post_id: message_id for post_id, message_id in found.items() if post_id in asked_for}

    async def look_once(self, room: int, waiting: Sequence[OutboxPost], place: Place) -> None:
        """Look, before a room's next delivery, for what was not looked for yet."""
        still_wait = {post.id for post in waiting}
        for one in self._of_room(room):
            if one.post.id in still_wait:
                one.since = _now()  # it is tried anew now
        if any(not one.was_looked_for for one in self._of_room(room) if one.post.id not in still_wait):
            await self._look(room, waiting, place)

    def watch(self, room: int, place: Place) -> None:
        """Look for what may come late of a room from time to time, also when nothing is delivered any more."""
        if not self._is_closed and room not in self._watches and self._of_room(room):
            task = asyncio.create_task(self._watch(room, place), name=f"latecomers-{room}")
            self._watches[room] = task
            task.add_done_callback(lambda _: self._watches.pop(room, None))

    async def close(self) -> None:
        """Look no more: the next start does."""
        self._is_closed = True
        for task in (tasks := (*self._watches.values(), *self._deleting)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, room: int, place: Place) -> None:
        looked_at = 0.0
        while (due := self._next_look(room, looked_at)) is not None:
            await asyncio.sleep(due - _now())
            async with self._one_at_a_time[place.channel_id]:
                looked_at = _now()
                try:
                    waiting = await self._database.outbox.waiting(room)
                except StorageError as error:
                    _log.info("room %s: whether a post came late is not known: %s", room, error)
                else:
                    await self._look(room, waiting, place)

    def _next_look(self, room: int, looked_at: float) -> float | None:
        newest = max((one.since for one in self._of_room(room)), default=0.0)
        planned = next((newest + seconds for seconds in SECONDS_UNTIL_LOOKS if newest + seconds > looked_at), None)
        if planned is not None or not self._seeks_in(room):
            return planned
        return looked_at + min(looked_at - newest, SECONDS_BETWEEN_LOOKS_IN_VAIN)

    async def _look(self, room: int, waiting: Sequence[OutboxPost], place: Place) -> None:
        """Look for what came late of a room; what has been expected for long enough is expected no more."""
        still_wait = {post.id for post in waiting}
        expected = [one for one in self._of_room(room) if one.post.id not in still_wait]
        if not expected:
            return
        is_known = True
        try:
            self._sending.check_may_send(place)  # another process's posts would be taken for latecomers
            if self._seeks_in(room):
                self._doors.check_readable(place)
            else:
                self._doors.check_open(place)
            await self.find(room, waiting, place)
        except PlaceGone as error:
            _log.info("room %s: whether a post came late cannot be seen: %s", room, error)
            is_known = self._seeks_in(room) and await self._doors.is_gone(place)
        except BackroomError as error:
            _log.info("room %s: whether a post came late is not known: %s", room, error)
            return
        for one in expected:
            one.was_looked_for = is_known or one.post.id in self._expected
            if one.was_looked_for and _now() - one.since >= SECONDS_UNTIL_LOOKS[-1]:
                await self._expect_no_more(one.post)
        await self._note()

    async def _expect_no_more(self, post: OutboxPost) -> None:
        self._expected.pop(post.id, None)
        if post.id in self._sought:
            try:
                await self._database.outbox.seek_no_more(post)
            except StorageError as error:
                _log.info("room %s: post %s is looked for once more: %s", post.room_id, post.id, error)
            else:
                del self._sought[post.id]

    async def _take_back(self, post_id: int, message_id: int, room: int, place: Place) -> None:
        _log.warning("room %s: post %s came late, as message %s too", room, post_id, message_id)
        try:
            await self._sending.take_back(message_id, place)
        except (NotSent, FateUnknown, PostingError, discord.HTTPException) as error:
            _log.info("room %s: message %s still stands: %s", room, message_id, error)

    async def _delete_emptied(self, post_id: int, message_id: int, room: int) -> None:
        _log.info("room %s: post %s, of which nothing is to be seen any more, is message %s", room, post_id, message_id)
        await self._database.outbox.mark_posted(post_id, message_id)
        self._sought.pop(post_id, None)
        if not self._is_closed:
            task = asyncio.create_task(self._taking_away.take_away(), name=f"emptied-{post_id}")
            self._deleting.add(task)
            task.add_done_callback(self._deleting.discard)

    async def _note(self) -> None:
        if not self._is_resumed or self._noted == self._expected.keys():
            return
        expected, marks = set(self._expected), self._database.marks
        try:
            await (marks.keep(_NOTED, " ".join(map(str, sorted(expected)))) if expected else marks.drop(_NOTED))
        except StorageError as error:
            _log.info("what may come late is not noted for the next start: %s", error)
        else:
            self._noted = expected

    def _of_room(self, room: int) -> list[_Expected]:
        return [one for one in (*self._expected.values(), *self._sought.values()) if one.post.room_id == room]

    def _seeks_in(self, room: int) -> bool:
        return any(one.post.room_id == room for one in self._sought.values())


def _now() -> float:
    return asyncio.get_running_loop().time()


def _that_may_have_been_sent(waiting: Sequence[OutboxPost]) -> list[OutboxPost]:
    """Return the words of the first entry that waits, any part of which may be the first that Discord has not declined,
    and the pictures of the first one with pictures, which words may have passed: what comes later was not tried.
    """
    with_pictures = {post.entry_seq for post in waiting if post.post.picture is not None}
    by_personas = [post for post in waiting if post.post.seat is not None]
    words = next((post.entry_seq for post in by_personas if post.entry_seq not in with_pictures), None)
    pictures = next((post.entry_seq for post in by_personas if post.entry_seq in with_pictures), None)
    return [post for post in by_personas if post.entry_seq in (words, pictures)]
