"""An open room: its journal folded, and the one way in which anything is added to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from bot.errors import NotPossible
from bot.posting.delivery import Delivered, Delivery
from bot.posting.layout import house_posts, persona_posts, picture_posts
from bot.room import notices
from bot.room.circling import Circling
from bot.room.entries import Answered, Entry, Heard, PictureAsked, Resumed, Spoke, Withdrawn
from bot.room.fold import after
from bot.room.history import TOKENS_KEPT, History
from bot.room.posts import Post
from bot.room.state import Phase, RoomState, Seat
from bot.storage import Database, OutboxPost, Place, StoredPicture, Written
from bot.words import spoken, t

T = TypeVar("T")


class Draft:
    """What is about to be written down: entries, and the posts that show them; all of it or nothing.

    `state` is the room's state with the entries so far, so that a later decision sees an earlier one.
    """

    def __init__(self, state: RoomState) -> None:
        self.state = state
        self.entries: list[Entry] = []
        self.posts: list[Post] = []
        self.picture: tuple[int, StoredPicture] | None = None

    def enter(self, *entries: Entry) -> None:
        """Add entries."""
        for entry in entries:
            self.entries.append(entry)
            self.state = after(self.state, entry)

    def notice(self, *lines: str) -> None:
        """Let the house say these lines, together in one message where they fit."""
        self.posts += house_posts([line for line in lines if line])

    def say(self, seat: Seat, text: str) -> None:
        """Let a seat's persona say `text`."""
        self.posts += persona_posts(seat, text)

    def show(self, asked: PictureAsked, picture: StoredPicture) -> None:
        """Let the picture that was asked for be posted, by the persona whose it is or by the house."""
        seat = None if asked.seat is None else self.state.seat(asked.seat)
        caption = notices.image_created(seat.label if seat else asked.by_name, asked.description)
        self.posts += picture_posts(seat, caption, asked.picture, asked.description)
        self.picture = (asked.picture, picture)


@dataclass(frozen=True, slots=True)
class Speaking:
    """Whose model is being asked just now, for which turn, and since when (Unix seconds)."""

    turn: int
    seat: Seat
    since: float


class OpenRoom:
    """A room that can be read (`state`, `history`), written to (`draft`) and heard (`say`)."""

    def __init__(self, number: int, place: Place, database: Database, delivery: Delivery, tokens_kept: int) -> None:
        self.number = number
        self.place = place
        self.state = RoomState()
        self.history = History(tokens_kept)
        self.circling = Circling()
        self.seconds_of_last_post = 0.0
        self.speaking: Speaking | None = None
        self.unwritten: Answered | None = None
        """An answer that arrived while nothing could be written down: it need not be asked and paid for again."""
        self._database = database
        self._delivery = delivery
        self._one_writer = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()
        self.owes_words = True
        """Whether something may wait in the outbox; after a start nobody knows."""

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
            if by_person and self.state.phase is Phase.ENDED:
                raise NotPossible(t("The room is over already. `/backroom start` opens a new one."))
            draft = Draft(self.state)
            with spoken(self.locale):
                yield draft
            if draft.entries or draft.posts:
                await _to_its_end(self._begin(self._write(draft)))

    @property
    def locale(self) -> str:
        """Discord's name of the language in which the house speaks here."""
        return self.state.opened.locale if self.state.opened else ""

    @property
    def asks_in_vain(self) -> bool:
        """Whether the answer that is being waited for is not wanted any more: a person decided otherwise."""
        if self.speaking is None or self.state.answered is not None:
            return False
        seat = self.state.seat(self.speaking.seat.number)
        is_another = seat.model != self.speaking.seat.model or not seat.is_asked
        return is_another or self.speaking.turn != self.state.turn + 1

    async def say(self) -> float:
        """Let everything that is written but not yet in Discord appear there, in order.

        Returns the seconds after which pictures that were left behind may follow; 0 when none was.

        Raises:
            PostingError: something still waits; it is not lost.
        """
        return await asyncio.shield(self._begin(self._deliver()))

    async def hear(self, heard: Heard) -> bool:
        """Write down what a person said; returns False when it was heard before, or the room is over."""
        async with self.draft() as draft:
            is_new = self.history.entry_of_message(heard.message) is None
            if is_new and draft.state.phase is not Phase.ENDED:
                draft.enter(heard)
        return bool(draft.entries)

    async def withdraw(self, messages: Iterable[int]) -> bool:
        """Let messages that were deleted leave what the AIs see; returns whether any of them was the room's."""
        async with self.draft() as draft:
            gone = set(messages) - self.history.withdrawn_messages
            for message in sorted(gone):
                entry = self.history.entry_of_message(message)
                if entry is not None:
                    draft.enter(Withdrawn(entry=entry, messages=(message,)))
            posts = [post for message in gone if (post := await self._database.outbox.posted_as(message))]
            for seq in sorted({post.entry_seq for post in posts if post.room_id == self.number}):
                draft.enter(*await self._withdrawn_posts(seq, gone))
        return bool(draft.entries)

    async def missing(self, there: Collection[int], oldest: int) -> set[int]:
        """Return what was posted or heard here, from `oldest` to the newest of `there`, and is not among these."""
        if not there:
            return set()
        newest = max(there)
        posted = await self._database.outbox.known_message_ids(self.number, oldest)
        known = {message for message in posted if message <= newest} | self.history.heard_between(oldest, newest)
        return known - set(there) - self.history.withdrawn_messages

    async def first_message(self) -> int | None:
        """Return the first message that a post of this room became; None while nothing of it has appeared."""
        return await self._database.outbox.first_message(self.number)

    async def abandon(self, reason: str) -> None:
        """Give up what still waits to be posted: its place is gone for good."""
        await self._database.outbox.abandon(self.number, reason)

    async def check_writable(self) -> None:
        """Raise `StorageError` while nothing can be written down."""
        await self._database.check_writable()

    async def check_open(self) -> None:
        """Raise `PlaceGone` or `DiscordUnavailable` while personas cannot speak here."""
        await self._delivery.check_open(self.place)

    async def say_unrecorded(self, text: str) -> None:
        """Let the house say at once what cannot be written down."""
        await self._delivery.say_unrecorded(self.place, text)

    async def settle(self, seconds: float) -> None:
        """Wait for what was begun and then left alone by whoever began it; give up on it after so many seconds."""
        tasks = tuple(self._under_way)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def picture_bytes(self, pictures: Iterable[int]) -> dict[int, bytes]:
        """Return the pictures of these ids as models are shown them."""
        stored = self._database.pictures
        return {picture: await stored.load_for_models(self.number, picture) for picture in pictures}

    async def _write(self, draft: Draft) -> None:
        written = await self._database.journal.append(
            self.number, draft.entries, draft.posts, draft.picture, after=self.history.last_seq
        )
        self._fold(written)
        self.owes_words |= bool(draft.posts)

    async def _deliver(self) -> float:
        self.owes_words = False
        try:
            quiet = self.state.opened is None or self.state.opened.quiet
            delivered = await self._delivery.deliver(self.number, self.place, quiet=quiet)
        except BaseException:
            self.owes_words = True
            raise
        self.owes_words |= delivered.seconds_until_pictures > 0
        if delivered.count:
            self.seconds_of_last_post = asyncio.get_running_loop().time()
        if delivered.refused or delivered.renamed:
            async with self.draft() as draft:
                await self._admit(draft, delivered)
            return await self._deliver()
        return delivered.seconds_until_pictures

    async def _admit(self, draft: Draft, delivered: Delivered) -> None:
        """Say which words are missing and why, and let the AIs forget them as well."""
        by_persona = [(post, reason) for post, reason in delivered.refused if post.post.seat is not None]
        for seq, reason in {post.entry_seq: reason for post, reason in by_persona}.items():
            draft.enter(*await self._withdrawn_posts(seq, set(), reason))
        draft.notice(
            *dict.fromkeys(notices.declined(post.post.persona, reason) for post, reason in by_persona),
            *dict.fromkeys(notices.renamed(post.post.persona, post.post.plain_persona) for post in delivered.renamed),
        )

    async def _withdrawn_posts(self, seq: int, gone: set[int], reason: str = "") -> list[Entry]:
        """Return the entry that says which posts of an entry are gone or were never there, and what is left of it."""
        posts = [post for post in await self._database.outbox.of_entry(self.number, seq) if post.post.seat is not None]
        lost = [post for post in posts if post.message_id in gone | self.history.withdrawn_messages]
        left = [post for post in posts if post.message_id is not None and post not in lost]
        if not posts:
            return []
        messages = tuple(post.message_id for post in lost if post.message_id is not None)
        return [Withdrawn(entry=seq, left=_words_of(left), messages=messages, reason=reason)]

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin what goes on to its end also when the one who wanted it is cancelled: half a post cannot be undone."""
        task = asyncio.create_task(work, name=f"room-{self.number}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    def _fold(self, written: Iterable[Written]) -> None:
        for line in written:
            self.state = after(self.state, line.entry)
            self.history.add(line.seq, line.entry)
            self._notice_circles(line.entry)

    def _notice_circles(self, entry: Entry) -> None:
        """A person's word, or their wish that the room goes on, is something new."""
        if isinstance(entry, Spoke):
            self.circling.add(entry.seat, entry.text)
        elif isinstance(entry, Heard) or (isinstance(entry, Resumed) and entry.by_name):
            self.circling.reset()


def _words_of(posts: Iterable[OutboxPost]) -> str:
    """Return what can be read of a turn's posts; what a picture's post says is in its entry."""
    return "\n\n".join(post.post.text for post in posts if post.post.picture is None)


async def _to_its_end(task: asyncio.Task[None]) -> None:
    """Wait until a task is done, and only then let a cancellation through."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as cancellation:
            cancelled = cancellation
    task.result()
    if cancelled is not None:
        raise cancelled
