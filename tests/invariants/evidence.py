"""What rooms left behind: in the database, in the channels, at the models' host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, NullPool, create_engine, inspect, select

from bot.client.asides import ASIDE_SIGN
from bot.room import notices
from bot.room.entries import Ended, Forked, Joined, ModelChanged, from_record
from bot.room.fold import fold
from bot.room.posts import Post
from bot.room.state import RoomState, Seat
from bot.storage import Written
from bot.storage.tables import DELETION, amendments, entries, panels, pictures, posts, rooms

_Kind = TypeVar("_Kind")
_POST_FIELDS = tuple(field.name for field in fields(Post))
_DISK_IS_BACK = notices.goes_on(notices.DISK_IS_BACK)
_LINES = select(posts, amendments.c.owes, amendments.c.old_text, amendments.c.old_file).outerjoin_from(
    posts, amendments
)


class Moment(StrEnum):
    """How much can be asked of the evidence."""

    ANY_INSTANT = "any instant"
    """A message may be in the channel already while its post still waits: it is on its way, or a kill came between."""
    SETTLED = "settled"
    """The bot runs and has nothing on its way: what waits is not in the channel."""
    DONE = "done"
    """Settled, and nothing is left to be said or made."""


@dataclass(frozen=True)
class Line:
    """A line of the outbox: waiting until it has a message or a refusal.

    Its message `owes` an edit, and may still say what it did `before`; or it owes a deletion, and is none of the words.
    """

    id: int
    entry_seq: int
    post: Post
    message_id: int | None = None
    refusal: str | None = None
    owes: str | None = None
    before: Post | None = None

    @property
    def is_leaving(self) -> bool:
        """Whether it is no more, and only its message may still stand."""
        return self.owes == DELETION

    @property
    def waits(self) -> bool:
        """Whether it is still to appear."""
        return self.message_id is None and self.refusal is None


@dataclass(frozen=True)
class Seen:
    """A message of the bot's as it stands in a channel: a persona's or the house's."""

    id: int
    who: str
    text: str
    is_persona: bool
    alt_texts: tuple[str | None, ...] = ()
    panel_of: int | None = None
    """The room whose buttons it has."""

    @property
    def is_aside(self) -> bool:
        """Whether it is for one person who reacted, and goes by itself: it is of no room."""
        return not self.is_persona and self.text.startswith(ASIDE_SIGN)

    @property
    def is_unrecorded(self) -> bool:
        """Whether it belongs to no outbox: an aside, or that nothing can be written down, and that it can again."""
        about_disk = self.text.startswith(notices.waits_for_the_disk("").rstrip()) or self.text == _DISK_IS_BACK
        return self.is_aside or (not self.is_persona and about_disk)

    def shows(self, post: Post) -> bool:
        """Whether it looks as the post wants it to; Discord trims, and counts no spaces."""
        files = (post.picture is not None) + (post.file is not None)
        names = (post.persona, post.plain_persona)  # Discord may decline the one
        same_voice = self.who in names if post.persona else not self.is_persona
        return same_voice and self.text.split() == post.text.split() and len(self.alt_texts) == files


@dataclass(frozen=True)
class Asked:
    """One request to the host. `words` is the answer once its last byte was sent; empty for a picture's."""

    at: datetime
    session: str = ""
    prompt: str = ""
    system: str = ""
    seen: str = ""
    temperature: float | None = None
    answered: bool = False
    failed: bool = False
    words: str = ""

    @property
    def is_for_picture(self) -> bool:
        """Whether a picture was asked for."""
        return not self.session


@dataclass(frozen=True)
class Said:
    """What a person said, in a message or by `/backroom say`: `texts` is all that it ever said, the newest last."""

    id: int
    channel: int
    by: int
    at: datetime
    texts: tuple[str, ...]
    is_there: bool = True
    by_command: bool = False


@dataclass(frozen=True)
class Retaking:
    """Somebody wanted a seat to say something again."""

    at: datetime
    channel: int
    seat: int


@dataclass(frozen=True)
class Wish:
    """A person wanted to be forgotten, by an interaction of this `id`; `told` is when they learned that they are.

    `words` are what they had said until they asked.
    """

    id: int
    person: int
    name: str
    asked: datetime
    words: tuple[str, ...]
    told: datetime | None = None


@dataclass(frozen=True, order=True)
class Given:
    """A reaction that stands on a message."""

    message: int
    by: int
    emoji: str


@dataclass(frozen=True)
class RoomEvidence:
    """A room: its journal, its outbox, which of its pictures are kept, and which message is its panel."""

    number: int
    channel: int
    entries: tuple[Written, ...]
    outbox: tuple[Line, ...] = ()
    pictures: frozenset[int] = frozenset()
    panel: int | None = None

    @property
    def state(self) -> RoomState:
        """What the journal makes of it."""
        return fold(one.entry for one in self.entries)

    @cached_property
    def copied(self) -> int:
        """How many of its first entries it shares with the room that it was forked from; 0 when it was opened."""
        return next((one.seq for one in reversed(self.entries) if isinstance(one.entry, Forked)), 0)

    @property
    def own_entries(self) -> tuple[Written, ...]:
        """What happened in it and is no copy."""
        return tuple(one for one in self.entries if one.seq > self.copied)

    def all(self, kind: type[_Kind]) -> list[tuple[int, _Kind]]:
        """Return its entries of a kind, each with its number, the copied ones too."""
        return [(one.seq, one.entry) for one in self.entries if isinstance(one.entry, kind)]

    def own(self, kind: type[_Kind]) -> list[_Kind]:
        """Return its entries of a kind that are no copies."""
        return [entry for seq, entry in self.all(kind) if seq > self.copied]

    def label(self, seat: int, seq: int) -> str:
        """Return what a seat was called when an entry was written: another model may answer for it since."""
        models = [
            (at, entry.model) for kind in (Joined, ModelChanged) for at, entry in self.all(kind) if entry.seat == seat
        ]
        model = max(((at, model) for at, model in models if at <= seq), default=(0, ""))[1]
        return Seat(seat, model).label

    @property
    def ended(self) -> datetime | None:
        """When it was over."""
        return next((one.at for one in self.entries if isinstance(one.entry, Ended)), None)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.ended is not None

    @property
    def owes_words(self) -> bool:
        """Whether a post still waits, or a message does not show yet what it should."""
        return any(line.waits or line.owes for line in self.outbox)


@dataclass(frozen=True)
class Evidence:
    """Everything. `channels` holds what stands there now, oldest first; `deleted` what was taken away on purpose.

    `stops` is how often the bot was stopped or killed since the rooms began. `listened` are the rooms that had the
    time, before they were over, to hear of all that people said and did, `closed` those whose panels had the time,
    after they were over, to say so. `declined` are the words that Discord refused to take.
    """

    rooms: tuple[RoomEvidence, ...] = ()
    channels: Mapping[int, Sequence[Seen]] = field(default_factory=dict[int, Sequence[Seen]])
    deleted: frozenset[int] = frozenset()
    asked: tuple[Asked, ...] = ()
    stops: int = 0
    said: tuple[Said, ...] = ()
    given: frozenset[Given] = frozenset()
    retaken: tuple[Retaking, ...] = ()
    wishes: tuple[Wish, ...] = ()
    listened: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()
    declined: frozenset[str] = frozenset()

    @property
    def forgotten(self) -> list[Wish]:
        """Those who were told that they are forgotten; to others nothing was promised."""
        return [wish for wish in self.wishes if wish.told is not None]


def read_rooms(database: Path) -> tuple[RoomEvidence, ...]:
    """Return what a database holds of all rooms; nothing where it is not there yet, or has no tables yet."""
    if not database.exists():
        return ()
    engine = create_engine(f"sqlite:///{database.as_posix()}", poolclass=NullPool)
    with engine.connect() as connection:
        if not inspect(connection).has_table(panels.name):
            return ()
        return tuple(_room(connection, row) for row in connection.execute(select(rooms).order_by(rooms.c.id)))


def _room(connection: Connection, room: Any) -> RoomEvidence:
    of_entries = select(entries).where(entries.c.room_id == room.id).order_by(entries.c.seq)
    of_posts = _LINES.where(posts.c.room_id == room.id).order_by(posts.c.id)
    of_pictures = select(pictures.c.picture).where(pictures.c.room_id == room.id)
    return RoomEvidence(
        number=room.id,
        channel=room.channel_id,
        entries=tuple(Written(row.seq, row.at, from_record(row.record)) for row in connection.execute(of_entries)),
        outbox=tuple(_line(row) for row in connection.execute(of_posts)),
        pictures=frozenset(connection.scalars(of_pictures)),
        panel=connection.scalar(select(panels.c.message_id).where(panels.c.room_id == room.id)),
    )


def _line(row: Any) -> Line:
    post = Post(**{name: getattr(row, name) for name in _POST_FIELDS})
    before = None if row.old_text is None else replace(post, text=row.old_text, file=row.old_file)
    return Line(row.id, row.entry_seq, post, row.message_id, row.refusal, row.owes, before)
