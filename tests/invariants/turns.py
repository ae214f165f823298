"""Turns are taken one after the other, by whose turn it is, each ended once."""

from __future__ import annotations

from collections.abc import Iterator

from bot.room.addressing import spoken_to
from bot.room.entries import (
    Answered,
    CalledOn,
    Ended,
    Entry,
    Failed,
    Forked,
    Heard,
    Joined,
    ModelChanged,
    Muted,
    Opened,
    OrderSet,
    Paused,
    Removed,
    Resumed,
    Skipped,
    Spent,
    Spoke,
    Unmuted,
    Withdrawn,
)
from bot.room.fold import after
from bot.room.state import RoomState
from tests.invariants.evidence import Evidence, Moment
from tests.invariants.seating import Seating

_TURN = Answered | Spoke | Failed | Skipped
_COME_AFTER_THE_END = Spent | Withdrawn
"""What was under way is paid for, and noted; words may be refused, or taken away, also later."""


class Turns:
    """Follows a journal by the rules that people are told, apart from the bot's own reckoning.

    Whom words are spoken to is taken from the bot, which is tested for that alone.
    """

    def __init__(self) -> None:
        self.seating = Seating()
        self.turn = 0
        self.rounds = 0
        self.pending: Answered | None = None
        self.turns_left: int | None = None
        self.waits = False
        self.over = False
        self._next_after: list[int | None] = [None]
        self._since_turn = 0
        self._state = RoomState()

    @property
    def next_seat(self) -> int | None:
        """The seat that has the word."""
        return self.seating.next_seat

    def follow(self, entry: Entry) -> Iterator[str]:
        """Take one more entry; yield what is wrong with it."""
        if self.over and not isinstance(entry, _COME_AFTER_THE_END):
            yield f"the journal goes on with '{entry.kind}' after its end"
        if isinstance(entry, _TURN):
            yield from self._turn(entry)
        elif isinstance(entry, Ended):
            if entry.reason == "rounds" and self.seating.round != self.rounds + 1:
                yield f"it ended after its rounds in round {self.seating.round} of {self.rounds}"
            self.over = True
        elif isinstance(entry, Joined | Muted | Unmuted | Removed | ModelChanged | CalledOn | OrderSet):
            yield from self._seats(entry)
        else:
            self._room(entry)
        self._state = after(self._state, entry)
        if isinstance(entry, Spoke | Heard) and self.seating.order == "addressed":
            named = spoken_to(self._state, entry.seat if isinstance(entry, Spoke) else 0, entry.text)
            self.seating.address(named.number if named else None)
        self._next_after.append(self.next_seat)

    def _room(self, entry: Entry) -> None:
        match entry:
            case Opened():
                self.rounds = entry.rounds
                self.seating.order = entry.order
            case Resumed():
                self.waits = False
                if entry.by_name:
                    self.turns_left = entry.turns
                if entry.by_name and not entry.probe:
                    self.seating.give_another_chance()
            case Paused():
                self.waits = True
                if entry.cause not in ("place", "host"):
                    self.turns_left = None
                    if self.pending is None:
                        self.seating.ask_anew()
            case Forked():
                if self.rounds and self.seating.round > self.rounds:
                    self.rounds += self.seating.round - 1
                self.pending, self.turns_left, self.waits = None, None, False
            case _:
                pass

    def _seats(self, entry: Joined | Muted | Unmuted | Removed | ModelChanged | CalledOn | OrderSet) -> Iterator[str]:
        if isinstance(entry, Joined) and entry.seat != len(self.seating.seats) + 1:
            yield f"seat {entry.seat} joined as number {len(self.seating.seats) + 1}"
        is_dropped = isinstance(entry, Muted | Removed | ModelChanged)
        if is_dropped and self.pending and self.pending.seat == entry.seat:
            self.pending = None
        self.seating.follow(entry)

    def _turn(self, entry: Answered | Spoke | Failed | Skipped) -> Iterator[str]:
        what = f"turn {entry.turn} ({entry.kind}, AI-{entry.seat})"
        if entry.turn != self.turn + 1:
            yield f"{what} follows turn {self.turn}"
        yield from self._out_of_turn(entry, what)
        if not self.seating.is_asked(entry.seat):
            yield f"{what} is of a seat that is muted or has left"
        if self.rounds and self.seating.round > self.rounds and not isinstance(entry, Skipped):
            yield f"{what} comes after all {self.rounds} rounds"
        if isinstance(entry, Answered):
            if self.pending:
                yield f"{what} was answered already"
            self.pending = entry
            return
        if isinstance(entry, Spoke) and self.pending is None:
            yield f"{what} was never answered"
        if self.waits and not isinstance(entry, Skipped):
            yield f"{what} was taken while the room was paused"
        self._end_turn(entry)

    def _out_of_turn(self, entry: Answered | Spoke | Failed | Skipped, what: str) -> Iterator[str]:
        """A turn is of the seat whose it was when its model was asked; a person may have changed that meanwhile."""
        if self.pending:
            whose = {self.pending.seat}
        elif isinstance(entry, Answered) and entry.heard:
            whose = {self._next_after[min(entry.heard, len(self._next_after) - 1)]}
            if entry.heard < self._since_turn:
                yield f"{what} was asked for before turn {self.turn} was over"
        else:
            whose = set(self._next_after[self._since_turn :]) | {self.next_seat}
        if entry.seat not in whose:
            named = " or ".join("nobody" if seat is None else f"AI-{seat}" for seat in sorted(whose, key=str))
            yield f"{what} should be of {named}"

    def _end_turn(self, entry: Spoke | Failed | Skipped) -> None:
        self.pending = None
        self.turn = entry.turn
        self._since_turn = len(self._next_after)
        if self.turns_left is not None:
            self.turns_left -= 1
            self.waits |= self.turns_left == 0
            self.turns_left = self.turns_left or None
        self.seating.end_turn(entry.seat)


def wrong_turns(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """No turn is skipped, repeated, out of turn, or left open; entries are numbered without a gap."""
    for room in evidence.rooms:
        table = Turns()
        for number, written in enumerate(room.entries, 1):
            if written.seq != number:
                yield f"Room {room.number}: entry {number} is numbered {written.seq}."
            yield from (f"Room {room.number}, entry {number}: {wrong}." for wrong in table.follow(written.entry))
        if moment is Moment.DONE and table.pending and not (table.waits or table.over):
            yield f"Room {room.number}: the answer of turn {table.pending.turn} was never said."
