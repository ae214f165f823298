"""How the outbox is emptied: in order, nothing lost and nothing twice, with a retry policy of our own."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import discord

from bot.errors import DiscordUnavailable, PlaceGone, PostRefused
from bot.posting.budget import Budget
from bot.posting.doors import Doors
from bot.posting.latecomers import Latecomers
from bot.posting.patience import Patience
from bot.posting.refusals import WEBHOOK_NEVER_STAYS, is_about_name, refusal_of
from bot.posting.search import Search
from bot.posting.sending import Misplaced, Sending
from bot.posting.taking_away import TakingAway
from bot.posting.webhooks import Webhooks
from bot.posting.wire import FateUnknown, NotSent
from bot.storage import Database, OutboxPost, Place
from bot.words import later, t

WEBHOOKS_A_POST = 3
"""So many that vanish before it are nobody's mistake."""
OVERTAKEN = later("They did not get through at first, and what follows them stands here by now.")

_log = logging.getLogger("backroom.posting")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a delivery.

    Args:
        count: how many messages appeared.
        refused: what will not appear, with the reason; it still waits, and what comes after its entry was not tried.
        renamed: whose name Discord declined, in a delivery before that was hindered, too: they are under the bare one.
        seconds_until_pictures: how long the pictures that were left behind have to wait; 0 when none was.
    """

    count: int
    refused: tuple[tuple[OutboxPost, str], ...] = ()
    renamed: tuple[OutboxPost, ...] = ()
    seconds_until_pictures: float = 0.0

    @property
    def is_to_be_admitted(self) -> bool:
        """Whether the room has to hear that not everything stands there as it was meant to."""
        return bool(self.refused or self.renamed)


class Delivery:
    """Takes what waits in the outbox to Discord."""

    def __init__(
        self,
        database: Database,
        doors: Doors,
        webhooks: Webhooks,
        search: Search,
        sending: Sending,
        budget: Budget,
        taking_away: TakingAway,
        patience: Patience | None = None,
    ) -> None:
        self._outbox = database.outbox
        self._doors = doors
        self._webhooks = webhooks
        self._sending = sending
        self._budget = budget
        self._taking_away = taking_away
        self._patience = patience or Patience()
        self._one_at_a_time: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._latecomers = Latecomers(database, doors, search, sending, taking_away, self._one_at_a_time)
        self._in_step: set[int] = set()  # rooms whose outbox and channel are known to agree
        self._in_order: set[int] = set()  # rooms in which nothing that Discord declined is known to wait still
        self._renamed: defaultdict[int, list[OutboxPost]] = defaultdict(list)  # by room; they are still to be told

    async def deliver(self, room: int, place: Place, *, quiet: bool = True) -> Delivered:
        """Post everything of a room that waits, up to the first entry of which Discord declines something.

        What it declined is reported and goes on waiting: whoever writes down that it will never appear writes down
        in the same moment what is said about it, and then delivers the rest.

        Words and notices appear in their order. Pictures come among them, unless the channel's minute has little
        room left: then they stay behind and let words pass. Where personas cannot speak, the house still says what
        it has to say. `quiet` messages notify nobody.

        Raises:
            PlaceGone, DiscordUnavailable: the rest still waits.
        """
        async with self._one_at_a_time[place.channel_id]:
            waiting = await self._outbox.waiting(room)
            await self._latecomers.meet(room, waiting)
            if not waiting:
                return Delivered(0)
            closed = self._doors.why_closed(place)
            if closed and not self._doors.is_open_to_house(place):
                raise PlaceGone(closed)
            self._budget.check_open(place.webhook_channel_id)
            waiting = await self._that_are_not_there(room, waiting, place)
            await self._latecomers.look_once(room, waiting, place)
            if overtaken := await self._overtaken(room, waiting):
                return Delivered(0, tuple((post, t(OVERTAKEN)) for post in overtaken))
            try:
                return await self._deliver(room, waiting, place, quiet, PlaceGone(closed) if closed else None)
            finally:
                self._latecomers.watch(room, place)

    async def resume(self) -> None:
        """Look again for what may have come late when the program last ended."""
        await self._latecomers.resume()

    async def close(self) -> None:
        """Look no more for what may come late: the next start does."""
        await self._latecomers.close()

    async def say_unrecorded(self, place: Place, text: str) -> None:
        """Let the house say something that cannot be written down, once, and never mind when it does not arrive."""
        try:
            await self._sending.send_unrecorded(place, text)
        except (NotSent, FateUnknown, DiscordUnavailable, discord.HTTPException) as error:
            _log.warning("not said in channel %s: %s (%s)", place.channel_id, text, error)
        except Exception:  # noqa: BLE001 - what nobody foresaw keeps nobody waiting either
            _log.exception("not said in channel %s: %s", place.channel_id, text)

    async def take_away(self) -> None:
        """Delete the messages of the house that are to be seen no more, and look for those that may come yet."""
        await self._latecomers.seek()
        await self._taking_away.take_away()

    async def wait_out_hiccup(self, place: Place) -> None:
        """Wait while Discord does not have a place's server, but not for long."""
        await self._doors.wait_out_hiccup(place)

    def asks_to_wait(self, place: Place) -> str:
        """Say that Discord asks to wait before more is posted, where that takes long; else nothing."""
        return self._budget.asks_to_wait(place.webhook_channel_id)

    async def check_open(self, place: Place) -> None:
        """Raise `PlaceGone` while personas cannot speak at a place, `DiscordUnavailable` when nobody can say."""
        await self._doors.wait_out_hiccup(place)
        self._doors.check_open(place)
        try:
            await self._webhooks.of(place.webhook_channel_id)
        except (NotSent, FateUnknown) as error:
            raise DiscordUnavailable(t("Discord cannot be asked: {reason}.", reason=error)) from error

    def nothing_posted_yet(self, room: int) -> None:
        """Learn that a room is new, so that its first post need not be looked for in the channel."""
        self._in_step.add(room)
        self._in_order.add(room)
        self._latecomers.meet_new(room)

    def forget(self, room: int) -> None:
        """Let go of what is kept about a room that is over."""
        self._in_step.discard(room)
        self._in_order.discard(room)
        self._renamed.pop(room, None)

    async def _that_are_not_there(self, room: int, waiting: list[OutboxPost], place: Place) -> list[OutboxPost]:
        """Find out which posts have arrived without our knowing, before any is sent: after a crash or an outage."""
        if room in self._in_step:
            return waiting
        found = await self._latecomers.find(room, waiting, place)
        for post_id, message_id in found.items():
            await self._outbox.mark_posted(post_id, message_id)
        self._in_step.add(room)
        return [post for post in waiting if post.id not in found]

    async def _overtaken(self, room: int, waiting: Sequence[OutboxPost]) -> list[OutboxPost]:
        """Return the parts of a seat's words after which a later part stands already.

        Discord declined them, and the program ended, or was hindered, before that was written down.
        """
        if room in self._in_order:
            return []
        by_personas = [post for post in waiting if post.post.seat is not None]
        newest: dict[int, int] = {}
        for seq in {post.entry_seq for post in by_personas}:
            there = (post.id for post in await self._outbox.spoken_in(room, seq) if post.message_id is not None)
            newest[seq] = max(there, default=0)
        overtaken = [post for post in by_personas if post.id < newest[post.entry_seq]]
        if not overtaken:
            self._in_order.add(room)
        return overtaken

    async def _deliver(
        self, room: int, waiting: Sequence[OutboxPost], place: Place, quiet: bool, closed: PlaceGone | None
    ) -> Delivered:
        """Post what waits; while a place is `closed` to personas, what the house has to say."""
        count, left = 0, 0.0
        refused: list[tuple[OutboxPost, str]] = []
        pictures = {post.entry_seq for post in waiting if post.post.picture is not None}
        hindered: PlaceGone | None = None
        is_in_step = True
        for post in takewhile(lambda post: not refused or post.entry_seq == refused[0][0].entry_seq, waiting):
            if closed is not None and post.post.seat is not None:
                hindered = closed
                continue
            if post.entry_seq in pictures and (left := left or self._seconds_until_pictures(place)):
                continue
            self._in_step.discard(room)
            try:
                await self._deliver_one(post, place, quiet)
            except PostRefused as refusal:
                _log.warning("room %s: Discord refused post %s: %s", room, post.id, refusal)
                refused.append((post, str(refusal)))
                self._in_order.discard(room)
            except PlaceGone as gone:
                if post.post.seat is None:
                    raise
                closed = hindered = gone  # without a webhook no persona speaks, but the house may be able to say why
                is_in_step = False  # the post may be there, and the look for it was what the place refused
            else:
                count += 1
            if is_in_step:
                self._in_step.add(room)
        if hindered is not None:
            raise PlaceGone(str(hindered), told=True) from hindered
        return Delivered(count, tuple(refused), tuple(self._renamed.pop(room, ())), left)

    async def _deliver_one(self, post: OutboxPost, place: Place, quiet: bool) -> None:
        """Post one message until it is there, as it reads by now.

        Where its author was forgotten meanwhile it is not tried again.
        """
        failed = misplaced = 0
        while failed < self._patience.attempts:
            waiting = [one for one in await self._outbox.numbered([post.id]) if one.waits]
            if not waiting:
                return
            (post,) = waiting
            try:
                message_id = await self._sending.send(post, place, quiet=quiet)
            except Misplaced:
                misplaced += 1
                if misplaced == WEBHOOKS_A_POST:
                    raise PlaceGone(t(WEBHOOK_NEVER_STAYS)) from None
            except NotSent as failure:
                failed += failure.seconds is None
                await self._wait(place, failed, failure)
            except FateUnknown as failure:
                failed += 1
                await self._wait(place, failed, failure)
                message_id = await self._latecomers.find_or_expect(post, place)
                if message_id is not None:
                    await self._outbox.mark_posted(post.id, message_id)
                    return
            except discord.HTTPException as error:
                failed += 1
                self._mend_name(error, post)
            else:
                await self._outbox.mark_posted(post.id, message_id)
                return
        raise DiscordUnavailable(
            t("Discord does not take messages at the moment. What was said waits and is not lost.")
        )

    def _seconds_until_pictures(self, place: Place) -> float:
        return self._budget.seconds_until_pictures(place.webhook_channel_id)

    def _mend_name(self, error: discord.HTTPException, post: OutboxPost) -> None:
        """Let a post be tried again under another name, if it is its name that Discord declined.

        Raises:
            PostRefused, PlaceGone, DiscordUnavailable: it cannot be mended.
        """
        by_persona = post.post.seat is not None
        if not (by_persona and is_about_name(error) and self._sending.use_plain_name(post)):
            raise refusal_of(error) from error
        self._renamed[post.room_id].append(post)

    async def _wait(self, place: Place, failed: int, why: NotSent | FateUnknown) -> None:
        """Wait as long as Discord asks for, or else the longer the more often it failed."""
        asked_for = why.seconds if isinstance(why, NotSent) else None
        seconds = asked_for or self._patience.seconds_before(max(failed, 1))
        if seconds > self._patience.longest_wait_seconds:
            everywhere = isinstance(why, NotSent) and why.everywhere
            self._budget.bar(place.webhook_channel_id, seconds, everywhere=everywhere)
            self._budget.check_open(place.webhook_channel_id)
        _log.info("a post to channel %s waits %.1f s: %s", place.channel_id, seconds, why)
        self._budget.close(place.webhook_channel_id, seconds, asked=asked_for is not None)
        await asyncio.sleep(seconds)
