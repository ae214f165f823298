"""Who speaks next: each in turn, whom somebody called on, or whom the last words were spoken to."""

from __future__ import annotations

import re

from bot.room.state import RoomState, Seat

_QUESTION = re.compile(r"[?？]")


def whose_turn(state: RoomState) -> Seat | None:
    """Return the seat that speaks next, or None when nobody can.

    A seat whose answer has arrived says it, whatever became of the others meanwhile. Then comes who was called on.

    Seats are numbered in the order of joining, so the lowest that has not had its go is round-robin, and
    newcomers speak at the end of the round in which they were invited, in the order of invitation. A room with a
    conductor waits until somebody is called on.
    """
    if state.answered is not None:
        return state.seat(state.answered.seat)
    called = (seat for number in state.called for seat in state.seats if seat.number == number and seat.is_asked)
    if (first := next(called, None)) is not None:
        return first
    if state.order == "conductor":
        return None
    return next_in_turn(state)


def next_in_turn(state: RoomState) -> Seat | None:
    """Return the lowest seat that has not had its go in this round; None when all have, or nobody is asked."""
    return next((seat for seat in state.seats if seat.is_asked and seat.number not in state.gone), None)


def spoken_to(state: RoomState, speaker: int, text: str) -> Seat | None:
    """Return the seat that words are spoken to: named in a line that asks, else the one that is named last."""
    last: Seat | None = None
    for line in text.splitlines():
        for seat in _named_in(state, speaker, line):
            if _QUESTION.search(line):
                return seat
            last = seat
    return last


def _named_in(state: RoomState, speaker: int, line: str) -> list[Seat]:
    """Return the seats that a line names, by number or by a model that only one of them has, in their order in it."""
    found: list[tuple[int, Seat]] = []
    models = [seat.model for seat in state.present]
    for seat in state.present:
        if seat.number == speaker or not seat.is_asked:
            continue
        names = [rf"AI[-‑– ]?{seat.number}(?!\d)"]
        names += [re.escape(seat.model)] if models.count(seat.model) == 1 else []
        mention = re.search(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", line, re.IGNORECASE)
        if mention is not None and not line.lstrip().startswith(("!", ">")):
            found.append((mention.start(), seat))
    return [seat for _, seat in sorted(found, key=lambda one: one[0])]
