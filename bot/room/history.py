"""The words of a room in order, as its AIs come to see them: a second fold over the journal, kept growing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.room import notices
from bot.room.entries import (
    Answered,
    CarriedOut,
    Entry,
    Failed,
    Joined,
    Opened,
    PictureAsked,
    PictureMade,
    Spoke,
)
from bot.room.state import Seat

BYTES_PER_TOKEN = 3
"""A cautious estimate for any script: English has about four bytes to a token, Chinese about three."""
TOKENS_PER_PICTURE = 1_100
"""About what a 1,024 pixel picture costs a model that sees (Anthropic counts width x height / 750)."""
TOKENS_PER_LINE = 8
"""The speaker's label and the joint between two lines."""
STEPS_IN_A_BUDGET = 4
"""History falls out in steps of a quarter of the budget, so that the beginning stays the same in between."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said or told in the room.

    Args:
        seq: the number of its entry in the journal.
        text: the words; without the speaker's label.
        speaker: the seat that said it; None is the house or a person.
        only_for: the only seat that sees it, if it is a private matter.
        hidden_from: the seat that does not see it, because it sees something better.
        picture: the picture that is shown with it.
        heard: for a seat's own words, the last entry that it knew when it said them.
    """

    seq: int
    text: str
    speaker: Seat | None = None
    only_for: int | None = None
    hidden_from: int | None = None
    picture: int | None = None
    heard: int = 0

    def is_seen_by(self, seat: int) -> bool:
        """Whether this seat may see the line."""
        return self.only_for in (None, seat) and self.hidden_from != seat


class History:
    """Every line of a room, in order, with what it costs to show them.

    Entries are added once, in the order of the journal; asking for a window costs no more in a long room.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.pictures: list[int] = []
        self.last_seq = 0
        self._seats: dict[int, Seat] = {}
        self._asked: dict[int, PictureAsked] = {}
        self._outcomes: list[Line] = []
        self._heard = 0
        self._tokens_before: list[int] = [0]
        self._turn_starts: list[int] = [0]

    def add(self, seq: int, entry: Entry) -> None:
        """Add what one entry of the journal lets the AIs see."""
        self.last_seq = seq
        match entry:
            case Opened():
                self._say(Line(seq, entry.opening or notices.THE_ROOM_IS_OPEN))
            case Joined():
                self._seats[entry.seat] = Seat(entry.seat, entry.model)
            case Answered():
                self._heard = entry.heard
            case CarriedOut():
                self._tell(seq, entry)
            case PictureAsked():
                self._asked[entry.picture] = entry
            case PictureMade():
                self._show(seq, entry.picture)
            case Spoke() | Failed():
                self._end_turn(seq, entry)
            case _:
                pass

    def window(self, tokens: int) -> Sequence[Line]:
        """Return the newest lines that fit in a budget of `tokens`: whole turns, dropped from the front in steps."""
        excess = self._tokens_before[-1] - tokens
        if excess <= 0:
            return self.lines
        step = max(1, tokens // STEPS_IN_A_BUDGET)
        dropped = -(-excess // step) * step
        first = bisect_left(self._turn_starts, dropped, key=self._tokens_before.__getitem__)
        return self.lines[self._turn_starts[min(first, len(self._turn_starts) - 1)] :]

    def _say(self, line: Line) -> None:
        cost = len(line.text.encode("utf-8", "replace")) // BYTES_PER_TOKEN + TOKENS_PER_LINE
        cost += TOKENS_PER_PICTURE if line.picture is not None else 0
        self.lines.append(line)
        self._tokens_before.append(self._tokens_before[-1] + cost)

    def _tell(self, seq: int, entry: CarriedOut) -> None:
        if entry.seat is None:
            self._say(Line(seq, entry.told)) if entry.told else None
            return
        self._outcomes.append(Line(seq, entry.outcome, only_for=entry.seat))
        if entry.told:
            self._say(Line(seq, entry.told, hidden_from=entry.seat))

    def _show(self, seq: int, picture: int) -> None:
        asked = self._asked.pop(picture)
        author = self._seats[asked.seat].label if asked.seat is not None else asked.by_name
        self.pictures.append(picture)
        self._say(Line(seq, notices.picture_line(author, asked.description), picture=picture))

    def _end_turn(self, seq: int, entry: Spoke | Failed) -> None:
        if isinstance(entry, Spoke) and entry.text:
            self._say(Line(seq, entry.text, self._seats[entry.seat], heard=self._heard))
        for outcome in self._outcomes:
            self._say(outcome)
        self._outcomes.clear()
        if self._turn_starts[-1] != len(self.lines):
            self._turn_starts.append(len(self.lines))
