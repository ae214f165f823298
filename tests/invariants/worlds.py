"""A small world in which everything holds, to be doctored by tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.posting.layout import house_posts, persona_posts, picture_posts
from bot.room import notices
from bot.room.entries import (
    Answered,
    Ended,
    Entry,
    Failed,
    Joined,
    Muted,
    Opened,
    PictureAsked,
    PictureMade,
    Prompted,
    Spoke,
    TemperatureSet,
)
from bot.room.fold import after
from bot.room.posts import Post
from bot.room.state import RoomState
from bot.storage import Written
from tests.invariants.evidence import Asked, Evidence, Line, RoomEvidence, Seen

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
CHANNEL = 7
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LONG = "\n\n".join(f"Part {part}. " + "Rain on the roof. " * 90 for part in range(3))


class WorldBuilder:
    """Writes a room as the bot would, ten seconds an entry, and lets each post become a message at once."""

    def __init__(self, number: int = 1, channel: int = CHANNEL) -> None:
        self.number = number
        self.channel = channel
        self.state = RoomState()
        self.entries: list[Written] = []
        self.lines: list[Line] = []
        self.seen: list[Seen] = []
        self.asked: list[Asked] = []
        self.last_words = ""

    def write(self, *entries: Entry, posts: list[Post] | None = None) -> None:
        """Write entries, and the posts that show them."""
        for entry in entries:
            seq = len(self.entries) + 1
            self.entries.append(Written(seq, NOON + timedelta(seconds=10 * seq), entry))
            self.state = after(self.state, entry)
        for post in posts or []:
            number = len(self.lines) + 1
            message = 100 * self.number + number
            self.lines.append(Line(number, len(self.entries), post, message))
            self.seen.append(as_seen(message, post))

    def turn(self, seat: int, text: str, *entries: Entry, before: list[Post] | None = None) -> None:
        """Take a whole turn: the model is asked, answers, and speaks."""
        self.ask(seat, text)
        turn = self.state.turn + 1
        self.write(Answered(turn=turn, seat=seat, text=text, served_by="t"))
        spoken = persona_posts(self.state.seat(seat), text)
        self.write(*entries, Spoke(turn=turn, seat=seat, text=text), posts=[*(before or []), *spoken])
        self.last_words = text

    def ask(self, seat: int, words: str) -> None:
        """Ask the host for a seat's words, as the room is now."""
        who = self.state.seat(seat)
        self.asked.append(
            Asked(
                at=self.now(),
                session=f"room-{self.number}-{who.name}",
                system="\n".join([f"You are {who.label}.", who.invitation, *who.prompts]),
                seen=self.last_words,
                temperature=who.temperature,
                answered=True,
                words=words,
            )
        )

    def paint(self, asked: PictureAsked) -> None:
        """Have a picture made and posted."""
        self.asked.append(Asked(at=self.now(), prompt=asked.description, answered=True))
        seat = self.state.seat(asked.seat or 0)
        caption = notices.image_created(seat.label, asked.description)
        posts = picture_posts(seat, caption, asked.picture, asked.description)
        self.write(PictureMade(picture=asked.picture), posts=posts)

    def evidence(self) -> Evidence:
        """Return what all this left behind."""
        made = frozenset(one.entry.picture for one in self.entries if isinstance(one.entry, PictureMade))
        room = RoomEvidence(self.number, self.channel, tuple(self.entries), tuple(self.lines), made)
        return Evidence((room,), {self.channel: tuple(self.seen)}, asked=tuple(self.asked))

    def now(self) -> datetime:
        """Return the moment after the last entry."""
        return NOON + timedelta(seconds=10 * len(self.entries) + 5)


def a_world() -> Evidence:
    """Two rounds of two seats and a newcomer, with every kind of entry that matters."""
    world = WorldBuilder()
    opened = Opened(by=1, by_name="Ann", scenario="T", prompt="P", opening="O", rounds=2, seconds_between_turns=0)
    world.write(opened, Joined(seat=1, model=FLASH), Joined(seat=2, model=R1), posts=house_posts(["The room is open."]))
    picture = PictureAsked(picture=1, description="a slow lamp", seat=1)
    world.turn(1, "one", picture, before=house_posts(["a picture is being made"]))
    world.turn(2, LONG, Joined(seat=3, model=KIMI, invited_by=2, invitation="come in"))
    world.paint(picture)
    world.turn(3, "three", Prompted(seat=3, text="be brief"), TemperatureSet(seat=3, temperature=0.4))
    world.turn(1, "four")
    world.write(Failed(turn=5, seat=2, reason="silence"), Muted(seat=2, reason="silence"), posts=house_posts(["muted"]))
    world.turn(3, "six")
    world.write(Ended(reason="rounds"), posts=house_posts(["The rounds are over."]))
    return world.evidence()


def as_seen(message_id: int, post: Post) -> Seen:
    """Return the message that a post becomes."""
    files = (post.alt_text,) if post.picture is not None else ()
    return Seen(message_id, post.persona or "Backroom", post.text, bool(post.persona), files)


def with_messages(world: Evidence, messages: list[Seen]) -> Evidence:
    """Return the world with other messages in its channel."""
    return replace(world, channels={CHANNEL: tuple(messages)})


def with_room(world: Evidence, **changes: object) -> Evidence:
    """Return the world with its room changed."""
    return replace(world, rooms=(replace(world.rooms[0], **changes),))  # pyright: ignore[reportArgumentType]


def with_entries(world: Evidence, *entries: Entry) -> Evidence:
    """Return the world with other entries in its journal; the moments stay where they were."""
    written = [Written(seq, NOON + timedelta(seconds=10 * seq), entry) for seq, entry in enumerate(entries, 1)]
    return with_room(world, entries=tuple(written))


def entries_of(world: Evidence) -> list[Entry]:
    """Return the entries of the world's room."""
    return [one.entry for one in world.rooms[0].entries]
