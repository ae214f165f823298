"""Who speaks next: each in turn, whom somebody called on, or whom the last words were spoken to."""

from __future__ import annotations

from bot.room.state import RoomState, Seat


def whose_turn(state: RoomState) -> Seat | None:
    """Return the seat that speaks next, or None when nobody can.

    A seat whose answer has arrived says it first. Then comes who was called on.

    Seats are numbered in the order of joining, so the lowest that has not had its go is round-robin, and
    newcomers speak at the end of the round in which they were invited, in the order of invitation. A room with a
    conductor waits until somebody is called on.
    """
    if state.answered is not None:
        return state.seat(state.answered.seat)
    called = (seat for number in state.called for seat in state.seats if seat.number == number and seat.is_asked)
    if (first := next(called, None)) is not None:
        return first
    return None if state.order == "conductor" else next_in_turn(state)


def next_in_turn(state: RoomState) -> Seat | None:
    """Return the lowest seat that has not had its go in this round; None when all have, or nobody is asked."""
    return next((seat for seat in state.seats if seat.is_asked and seat.number not in state.gone), None)


def waits_for_conductor(state: RoomState) -> bool:
    """Whether the room goes on as soon as somebody is called on, and not before."""
    may_wait = state.order == "conductor" and not state.rounds_are_over and state.anybody_is_asked
    return may_wait and whose_turn(state) is None
