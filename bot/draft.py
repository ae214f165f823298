"""What is about to be written down of a room: entries and the posts that show them, decided one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from bot.posting.layout import house_posts, persona_posts, picture_posts
from bot.room import notices
from bot.room.entries import Entry, PictureAsked, PictureFailed, Spent, Withdrawn
from bot.room.fold import after
from bot.room.pictured import Drawn
from bot.room.posts import Post
from bot.room.state import RoomState, Seat
from bot.storage import StoredPicture


class Draft:
    """What is about to be written down: entries, and the posts that show them; all of it or nothing.

    `state` is the room's state with the entries so far, so that a later decision sees an earlier one.
    """

    def __init__(self, state: RoomState) -> None:
        self.state = state
        self.entries: list[Entry] = []
        self.posts: list[Post] = []
        self.pictures: list[tuple[int, StoredPicture]] = []
        self.rewritten: dict[int, Post | None] = {}
        """Posts by their id that say something else from now on, or are no more (None)."""
        self.restored: int | None = None
        """The entry whose rewritten posts say again what they said before."""
        self.covered: list[Spent] = []
        """Costs that the entries name: they were not spent for nothing."""
        self.refused: dict[int, str] = {}
        """Posts by their id that Discord declined for good, and why."""
        self.taken_away: list[int] = []
        """Entries of which the house's posts leave the channel, or never come there."""

    def __bool__(self) -> bool:
        """Whether there is anything to write down."""
        return bool(self.entries or self.posts or self.refused)

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
        self.pictures.append((asked.picture, picture))

    def take_away(self, drawn: Drawn, messages: Iterable[int]) -> None:
        """Let a picture go with the words that it shows, and the line that it is being made; `messages` show either."""
        is_pending = any(asked.picture == drawn.picture for asked in self.state.pictures_pending)
        gone: list[Entry] = [Withdrawn(entry=drawn.asked, messages=tuple(messages))]
        gone += [Withdrawn(entry=drawn.made)] if drawn.made else []
        gone += [PictureFailed(picture=drawn.picture, reason=notices.WORDS_TAKEN_BACK)] if is_pending else []
        self.entries[:0] = gone  # first: posts belong to the last entry
        self.taken_away += drawn.entries
