"""An open room: its journal folded, and the one way in which anything is added to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, Self

from bot.errors import NotPossible
from bot.posting.delivery import Delivery
from bot.posting.layout import house_posts, persona_posts, picture_posts
from bot.room import notices
from bot.room.entries import Entry, PictureAsked
from bot.room.history import History
from bot.room.posts import Post
from bot.room.state import Phase, RoomState, Seat, after
from bot.storage import Database, Place, StoredPicture, Written


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


class OpenRoom:
    """A room that can be read (`state`, `history`), written to (`draft`) and heard (`say`)."""

    def __init__(self, number: int, place: Place, database: Database, delivery: Delivery) -> None:
        self.number = number
        self.place = place
        self.state = RoomState()
        self.history = History()
        self.seconds_of_last_post = 0.0
        self._database = database
        self._delivery = delivery
        self._one_writer = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()

    @classmethod
    async def load(cls, number: int, place: Place, database: Database, delivery: Delivery) -> Self:
        """Open a room from its journal, as it was when it was last written to."""
        room = cls(number, place, database, delivery)
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
                raise NotPossible("The room is over already. `/backroom start` opens a new one.")
            draft = Draft(self.state)
            yield draft
            if draft.entries or draft.posts:
                await _to_its_end(self._begin(self._write(draft)))

    async def say(self) -> None:
        """Let everything that is written but not yet in Discord appear there, in order.

        Raises:
            PostingError: something still waits; it is not lost.
        """
        await asyncio.shield(self._begin(self._deliver()))

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

    async def _deliver(self) -> None:
        delivered = await self._delivery.deliver(self.number, self.place)
        if delivered.count:
            self.seconds_of_last_post = asyncio.get_running_loop().time()
        declined = [notices.declined(post.persona, reason) for post, reason in delivered.refused if post.persona]
        if declined:
            async with self.draft() as draft:
                draft.notice(*declined)
            await self._deliver()

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin what goes on to its end also when the one who wanted it is cancelled: half a post cannot be undone."""
        task = asyncio.create_task(work, name=f"room-{self.number}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    def _fold(self, written: Iterable[Written]) -> None:
        for line in written:
            self.state = after(self.state, line.entry)
            self.history.add(line.seq, line.entry)


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
