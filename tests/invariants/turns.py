"""Turns are taken one after the other, by whose turn it is, each ended once."""

from __future__ import annotations

from collections.abc import Iterator

from bot.room.entries import Answered, Ended, Entry, Failed, Joined, Muted, Opened, Paused, Resumed, Spent, Spoke
from tests.invariants.evidence import Evidence, Moment

_TURN = Answered | Spoke | Failed


class RoundRobin:
    """Follows a journal by the rules that people are told, apart from the bot's own reckoning."""

    def __init__(self) -> None:
        self.seats: list[int] = []
        self.muted: set[int] = set()
        self.gone: set[int] = set()
        self.turn = 0
        self.round = 1
        self.rounds = 0
        self.pending: Answered | None = None
        self.turns_left: int | None = None
        self.waits = False
        self.over = False

    @property
    def next_seat(self) -> int | None:
        """The seat that has the word: in the order of joining, whoever is not muted and has not had its go."""
        return next((seat for seat in self.seats if seat not in self.muted | self.gone), None)

    def follow(self, entry: Entry) -> Iterator[str]:
        """Take one more entry; yield what is wrong with it."""
        if self.over and not isinstance(entry, Spent):  # what was under way is paid for, and noted
            yield f"the journal goes on with '{entry.kind}' after its end"
        if isinstance(entry, _TURN):
            yield from self._turn(entry)
        elif isinstance(entry, Ended):
            if entry.reason == "rounds" and self.round != self.rounds + 1:
                yield f"it ended after its rounds in round {self.round} of {self.rounds}"
            self.over = True
        else:
            yield from self._between_turns(entry)

    def _between_turns(self, entry: Entry) -> Iterator[str]:
        match entry:
            case Opened():
                self.rounds = entry.rounds
            case Joined():
                if entry.seat != len(self.seats) + 1:
                    yield f"seat {entry.seat} joined as number {len(self.seats) + 1}"
                self.seats.append(entry.seat)
            case Muted():
                self.muted.add(entry.seat)
                self._begin_round_if_over()
            case Resumed():
                self.muted.clear()
                self.waits, self.turns_left = False, entry.turns
            case Paused():
                self.waits, self.turns_left = True, None
            case _:
                pass

    def _turn(self, entry: Answered | Spoke | Failed) -> Iterator[str]:
        what = f"turn {entry.turn} ({entry.kind}, AI-{entry.seat})"
        if entry.turn != self.turn + 1:
            yield f"{what} follows turn {self.turn}"
        whose = self.pending.seat if self.pending else self.next_seat
        if entry.seat != whose:
            yield f"{what} should be of AI-{whose}"
        if self.rounds and self.round > self.rounds:
            yield f"{what} comes after all {self.rounds} rounds"
        if isinstance(entry, Answered):
            if self.pending:
                yield f"{what} was answered already"
            self.pending = entry
            return
        if isinstance(entry, Spoke) and self.pending is None:
            yield f"{what} was never answered"
        if self.waits:
            yield f"{what} was taken while the room was paused"
        self._end_turn(entry)

    def _end_turn(self, entry: Spoke | Failed) -> None:
        self.pending = None
        self.turn = entry.turn
        self.gone.add(entry.seat)
        if self.turns_left is not None:
            self.turns_left -= 1
            self.waits = self.turns_left == 0
        self._begin_round_if_over()

    def _begin_round_if_over(self) -> None:
        if self.gone and self.next_seat is None:
            self.gone.clear()
            self.round += 1


def wrong_turns(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """No turn is skipped, repeated, out of turn, or left open; entries are numbered without a gap."""
    for room in evidence.rooms:
        table = RoundRobin()
        for number, written in enumerate(room.entries, 1):
            if written.seq != number:
                yield f"Room {room.number}: entry {number} is numbered {written.seq}."
            yield from (f"Room {room.number}, entry {number}: {wrong}." for wrong in table.follow(written.entry))
        if moment is Moment.DONE and table.pending and not (table.waits or table.over):
            yield f"Room {room.number}: the answer of turn {table.pending.turn} was never said."
