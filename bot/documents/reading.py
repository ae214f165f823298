"""What people read of a room, in order: who said what and when, what the house said, what was loved most."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.documents.pictures import OF_THE_HOUSE, Pictures, tells_of_pictures
from bot.posting.art import fence_art
from bot.posting.layout import GOES_ON
from bot.room import notices
from bot.room.entries import Answered, Entry, PictureMade, Reacted, Spoke
from bot.room.fold import fold
from bot.room.history import History, Line
from bot.room.kept import KeptRoom
from bot.room.posts import Post
from bot.room.reactions import Reactions, most_loved
from bot.room.state import RoomState
from bot.words import t

LINES_LOVED = 10
EXCERPT = 200
"""Characters of a line that is shown again among the most loved ones."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a seat or a person said; a seat's drawings are fenced, as in the channel. `seat` is 0 for a person."""

    who: str
    at: str
    words: str
    seat: int = 0
    cost_usd: float = 0.0
    reactions: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the house said, or said of a picture or of reactions; all of it is a quotation."""

    words: str
    reactions: str = ""


@dataclass(frozen=True, slots=True)
class Loved:
    """A line that people loved, in short, and how much they did."""

    whose: str
    words: str
    reactions: str


class Reading:
    """A room as people read it."""

    def __init__(self, room: KeptRoom) -> None:
        self.history = History(tokens_kept=sys.maxsize)
        for one in room.happenings:
            self.history.add(one.seq, one.entry)
        self.state: RoomState = fold(one.entry for one in room.happenings)
        self._room = room
        self._pictures = Pictures(room.happenings)

    @property
    def title(self) -> str:
        """`Room 17: Night ferry`."""
        opened = self.state.opened
        about = f": {notices.in_a_line(opened.scenario)}" if opened and opened.scenario else ""
        return t("Room {number}", number=self._room.number) + about

    @property
    def opening(self) -> str:
        """Who opened it, and when it began and ended; empty where nothing is known of that."""
        if self.state.opened is None:
            return ""
        began, ended = (minute(one.at) for one in (self._room.happenings[0], self._room.happenings[-1]))
        return t(
            "Opened by {by} at {began} UTC; last entry at {ended} UTC.",
            by=self.state.opened.by_name,
            began=began,
            ended=ended,
        )

    def body(self) -> Iterator[Said | Told]:
        """Yield what was said and told."""
        by_house = _said_by_house(self._pictures, self._room.posts)
        costs = _costs(one.entry for one in self._room.happenings)
        reactions = {one.entry: _counted(one.counts) for one in self._loved(sys.maxsize) if one.whose != OF_THE_HOUSE}
        lines: dict[int, list[Line]] = {}
        for line in self.history.lines:
            if line.only_for is None and line.text:
                lines.setdefault(line.seq, []).append(line)
        for one in self._room.happenings:
            for line in lines.get(one.seq, ()):
                loved = reactions.get(one.seq, "")
                if line.speaker is not None:
                    cost = costs.get(one.entry.turn, 0.0) if isinstance(one.entry, Spoke) else 0.0
                    words, seat = fence_art(line.text), line.speaker.number
                    yield Said(line.speaker.label, minute(one.at), words, seat, cost, loved)
                elif line.person:
                    yield Said(line.person, minute(one.at), line.text, reactions=loved)
                elif isinstance(one.entry, PictureMade):
                    yield Told(self._pictures.caption(one.entry.picture, line, lines), loved)
                elif isinstance(one.entry, Reacted):
                    yield Told(line.text)
                if line.pictures and not isinstance(one.entry, PictureMade):
                    named = (t("picture {number}", number=picture) for picture in line.pictures)
                    yield Told(f"🖼️ {', '.join(named)}")
            yield from map(Told, by_house.get(one.seq, ()))

    def loved(self) -> Iterator[Loved]:
        """Yield the most loved lines as they stand now, and not as they stood when somebody reacted."""
        of_somebody = (line for line in self.history.lines if line.speaker is not None or line.person or line.pictures)
        texts = {line.seq: line.text for line in of_somebody}
        for loved in self._loved(LINES_LOVED):
            is_of_somebody = loved.entry and loved.whose != OF_THE_HOUSE
            is_gone = self._pictures.gone and tells_of_pictures(loved.said, loved.whose)
            if said := texts.get(loved.entry, "") if is_of_somebody else "" if is_gone else loved.said:
                yield Loved(notices.whose_for_people(loved.whose), excerpt(said), _counted(loved.counts))

    def _loved(self, most: int) -> list[Reactions]:
        return most_loved(self.history.reactions.values(), most)


def excerpt(text: str) -> str:
    """Return how a text begins, in one line."""
    line = notices.in_a_line(text)
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"


def minute(at: str) -> str:
    """`2026-11-25 14:02`."""
    return at[:16].replace("T", " ")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{notices.without_ids(emoji)} {count}" for emoji, count in counts.items())


def _costs(entries: Iterable[Entry]) -> dict[int, float]:
    """Return what each answer cost, by its turn."""
    return {entry.turn: entry.cost_usd or 0.0 for entry in entries if isinstance(entry, Answered)}


def _said_by_house(pictures: Pictures, posts: Iterable[tuple[int, Post]]) -> dict[int, list[str]]:
    """Return the notices that people saw; people's words and pictures are in the entries themselves."""
    found: dict[int, list[str]] = {}
    of_house = ((seq, post) for seq, post in posts if post.seat is None)
    for seq, text in pictures.notices_of(_without_words_of_people(of_house)):
        found.setdefault(seq, []).append(text)
    return found


def _without_words_of_people(posts: Iterable[tuple[int, Post]]) -> Iterator[tuple[int, Post]]:
    """Yield the house's posts but those in which it says a person's words, and those in which these go on."""
    said = None
    for seq, post in posts:
        if post.text.startswith(notices.SAYS):
            said = seq
        elif seq != said or not post.text.startswith(GOES_ON):
            said = None
            yield seq, post
