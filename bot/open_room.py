"""An open room: its journal folded, and the one way in which anything is added to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Self, TypeVar

from bot.admitting import Admitting
from bot.bookmark import Bookmark
from bot.cancellation import UnderWay, at_leisure, to_its_end
from bot.draft import Draft
from bot.errors import NotPossible
from bot.limits import shown_limits
from bot.posting.delivery import Delivered, Delivery
from bot.recall import Recall
from bot.room.circling import Circling
from bot.room.declining import Declining
from bot.room.entries import ModeSet, Opened
from bot.room.fold import after
from bot.room.hindrance import Hindrance
from bot.room.history import TOKENS_KEPT, History
from bot.room.owed import Owed
from bot.room.pictured import Pictured
from bot.room.reactions import WaitingReactions
from bot.room.state import Phase, RoomState, Seat
from bot.room.taking import Speaking, Taking, turn_under_way
from bot.storage import Database, Forgotten, OutboxPost, Place, Written
from bot.words import spoken, t
from bot.writing import Writing, is_written

T = TypeVar("T")

SECONDS_TO_ARRIVE = 5.0
"""Who is forgotten waits so long for what is on its way to Discord; what arrives later is deleted later."""


class OpenRoom:
    """A room that can be read (`state`, `history`), written to (`draft`) and heard (`say`)."""

    def __init__(self, number: int, place: Place, database: Database, delivery: Delivery, tokens_kept: int) -> None:
        self.number = number
        self.place = place
        self.state = RoomState()
        self.history = History(tokens_kept)
        self._tokens_kept = tokens_kept
        self.circling = Circling()
        self.declining, self.unsaid = Declining(), ""  # why it waits, where Discord lets the house not say so either
        self.pictured = Pictured()
        self.seconds_of_last_post = 0.0
        self.seconds_of_last_word = 0.0  # when a person last said something, by the event loop's clock
        self.waiting_reactions = WaitingReactions()
        self.mode_since: datetime | None = None  # people are heard since then as they are now
        self.speaking: Speaking | None = None
        self.taking: Taking | None = None
        self.hindrance: Hindrance | None = None
        self.watch: Callable[[], None] | None = None
        """Called whenever the room looks different: for whoever shows it."""
        self.when_found: Callable[[OpenRoom], None] | None = None
        """Called when something is there after all that failed for whoever wrote it: for whoever runs the room."""
        self.older: tuple[OpenRoom, ...] = ()  # were here before, and still owe words: theirs come first
        self.owed = Owed()
        self.recall = Recall(number, database, lambda: self.history)
        self._admitting = Admitting(number, database.outbox, self.recall)
        self.bookmark = Bookmark(number, database)
        self._database = database
        self._delivery = delivery
        self._one_writer = asyncio.Lock()
        self._one_messenger = asyncio.Lock()
        self._under_way = UnderWay(f"room-{number}")
        self._writing = Writing(number, database.journal, self._note_written, self._tell_found)
        self.owes_words = True  # something may wait in the outbox, or be on its way; after a start nobody knows
        self._times_owing = 0
        self._is_more_to_say = asyncio.Event()

    @classmethod
    async def load(
        cls, number: int, place: Place, database: Database, delivery: Delivery, tokens_kept: int = TOKENS_KEPT
    ) -> Self:
        """Open a room from its journal, as it was when it was last written to."""
        room = cls(number, place, database, delivery, tokens_kept)
        room._fold(await database.journal.entries(number))
        return room

    @asynccontextmanager
    async def draft(self, *, by_person: bool = False) -> AsyncGenerator[Draft]:
        """Write what is entered into the draft when the block ends without an error; nobody else writes meanwhile.

        Raises:
            NotPossible: a person wants to change a room that is over.
            StorageError: nothing was written.
        """
        async with self._one_writer:
            await self._read_on()
            if by_person and self.state.phase is Phase.ENDED:
                raise NotPossible(t("The room is already over. `/backroom start` opens a new one."))
            draft = Draft(self.state)
            with spoken(self.locale):
                yield draft
            await self._let_pictures_go(draft)
            draft.entries[:0] = self.owed.due(draft.state)  # first: posts belong to the last entry
            if draft:
                await to_its_end(self._under_way.begin(self._writing.write(draft, self.history.last_seq)))

    @property
    def locale(self) -> str:
        """Discord's name of the language in which the house speaks here."""
        return self.state.opened.locale if self.state.opened else ""

    @property
    def turn_under_way(self) -> Seat | None:
        """Whose model is being asked, or whose answer has arrived and is still to be said; None if nobody's."""
        return turn_under_way(self.state, self.taking)

    @property
    def asks_in_vain(self) -> bool:
        """Whether the turn under way is not wanted any more: a person decided otherwise."""
        return self.taking is not None and self.taking.is_vain(self.state)

    def stir(self) -> None:
        """Let whoever shows the room know that it looks different now."""
        if self.watch is not None:
            self.watch()

    async def say(self) -> float:
        """Let everything that is written but not yet in Discord appear there, in order.

        Returns the seconds after which pictures that were left behind may follow; 0 when none was.

        Raises:
            PostingError: something still waits; it is not lost.
        """
        return await asyncio.shield(self._under_way.begin(self._deliver_all()))

    @property
    def has_more_to_say(self) -> bool:
        """Whether something was written down since a delivery last looked what waits."""
        return self._is_more_to_say.is_set()

    async def until_more_to_say(self, seconds: float) -> None:
        """Wait so long, but no longer than until there is more to say: it need not wait for what could not be said."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_more_to_say.wait()

    async def withdraw(self, messages: Iterable[int]) -> bool:
        """Let messages that were deleted leave what the AIs see; returns whether any of them was the room's."""
        async with self.draft() as draft:
            draft.enter(*(gone := await self.recall.withdrawn(messages)))
        return bool(gone)

    async def forget_person(self, person: int, names: Collection[str], before: int) -> Forgotten:
        """Let a person leave the journal and what the AIs see, but for messages from `before` on; nobody else writes.

        Raises:
            StorageError: it is not certain that they are forgotten: ask again.
        """
        async with at_leisure(self._one_messenger, SECONDS_TO_ARRIVE), self._one_writer:
            return await to_its_end(self._under_way.begin(self._forget(person, names, before)))

    async def until_arrived(self) -> None:
        """Wait for what is on its way to Discord."""
        async with self._one_messenger:
            pass

    async def posted_as(self, message: int) -> OutboxPost | None:
        """Return the post of this room that became a message; None where none did."""
        post = await self._database.outbox.posted_as(message)
        return post if post is not None and post.room_id == self.number else None

    async def standing(self, oldest: int) -> set[int]:
        """Return which messages, from `oldest` on, were posted or heard here and are not known to be deleted."""
        posted = await self._database.outbox.known_message_ids(self.number, oldest)
        return posted - self.history.withdrawn_messages | self.history.heard_since(oldest)

    async def first_message(self) -> int | None:
        """Return the first message of this room, a post's or one heard before; None while no post has appeared."""
        posted = await self._database.outbox.first_message(self.number)
        heard = await self._database.known.first_heard_in(self.number)
        return posted if posted is None or heard is None else min(posted, heard)

    async def abandon(self, reason: str) -> None:
        """Give up what still waits to be posted: its place is gone for good."""
        await self._database.outbox.abandon(self.number, reason)

    async def check_writable(self) -> None:
        """Raise `StorageError` while nothing can be written down; what the database did not tell of is read."""
        await self._database.check_writable()
        async with self._one_writer:
            await self._read_on()

    async def check_open(self) -> None:
        """Raise `PlaceGone` or `DiscordUnavailable`, in the asker's language, while personas cannot speak here."""
        await self._delivery.check_open(self.place)

    async def say_unrecorded(self, text: str) -> None:
        """Let the house say at once what cannot be written down."""
        await self._delivery.say_unrecorded(self.place, text)

    async def settle(self, seconds: float) -> None:
        """Wait for what was begun and then left alone by whoever began it; give up on it after so many seconds."""
        await self._under_way.settle(seconds)

    async def picture_bytes(self, pictures: Iterable[int]) -> dict[int, bytes]:
        """Return the pictures of these ids as models are shown them."""
        return {picture: await self._database.pictures.load_for_models(self.number, picture) for picture in pictures}

    async def _read_on(self) -> None:
        await self._writing.read_on(self.history.last_seq)

    def _tell_found(self) -> None:
        if self.when_found is not None:
            self.when_found(self)

    def _note_written(self, draft: Draft, written: Sequence[Written]) -> None:
        self._fold(written)
        if is_written(draft, written):
            self.owed.settle([*draft.entries, *draft.covered])
        if draft.taken_away:
            self._under_way.begin(self._take_away())
        if draft.posts:
            self.owes_words = True
            self._times_owing += 1
            self._is_more_to_say.set()
        self.stir()

    async def _let_pictures_go(self, draft: Draft) -> None:
        """Let pictures go with the words that they were made of."""
        for drawn in self.pictured.leaving_with(draft.entries):
            posts = [post for seq in drawn.entries for post in await self._database.outbox.of_entry(self.number, seq)]
            draft.take_away(drawn, [post.message_id for post in posts if post.message_id is not None])

    async def _take_away(self) -> None:
        """Delete what is to be seen no more, and what is just on its way to Discord once it is there, however late."""
        await self._delivery.take_away()
        await self.until_arrived()
        await self._delivery.take_away()

    async def _forget(self, person: int, names: Collection[str], before: int) -> Forgotten:
        await self._read_on()
        forgotten = await self._database.privacy.forget_person(self.number, person, names, before)
        self.waiting_reactions.forget_person(person, before)
        written = await self._database.journal.entries(self.number)
        self.state, self.history = RoomState(), History(self._tokens_kept)
        self.circling, self.declining, self.pictured = Circling(), Declining(), Pictured()
        self._fold(written)
        return forgotten

    async def _deliver_all(self) -> float:
        async with self._one_messenger, shown_limits(self, lambda: self._delivery.asks_to_wait(self.place)):
            if self.owes_words:
                await self._delivery.wait_out_hiccup(self.place)
            for room in self.older:
                with suppress(Exception):  # whatever hinders it, its own task meets
                    await room.say()
            while (delivered := await self._deliver()).is_to_be_admitted:
                async with self.draft() as draft:
                    self.unsaid = await self._admitting.admit(draft, delivered, self.declining) or self.unsaid
            self.older = tuple(room for room in self.older if room.owes_words)
            return delivered.seconds_until_pictures

    async def _deliver(self) -> Delivered:
        before = self._times_owing
        self._is_more_to_say.clear()
        quiet = self.state.opened is None or self.state.opened.quiet
        with spoken(self.locale):
            delivered = await self._delivery.deliver(self.number, self.place, quiet=quiet)
        if before == self._times_owing:
            self.owes_words = delivered.is_to_be_admitted or delivered.seconds_until_pictures > 0
        if delivered.count:
            self.seconds_of_last_post = asyncio.get_running_loop().time()
        return delivered

    def _fold(self, written: Iterable[Written]) -> None:
        for line in written:
            self.state = after(self.state, line.entry)
            self.history.add(line.seq, line.entry)
            self.pictured.add(line.seq, line.entry)
            self.circling.note(line.entry)
            self.declining = self.declining.after(line.seq, line.entry)
            if isinstance(line.entry, Opened | ModeSet):
                self.mode_since = line.at
