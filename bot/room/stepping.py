"""A step: what comes of it, and what earlier ones have asked for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.room.order import next_in_turn
from bot.room.state import Phase, RoomState, Seat


@dataclass(frozen=True, slots=True)
class Step:
    """What comes of a step: whose turn, who is still speaking before, and whether that turn was asked for already."""

    seat: Seat | None
    speaks_first: Seat | None
    was_asked_for: bool


def turns_to_come(state: RoomState) -> int:
    """Return how many turns earlier steps have asked for that are still to come."""
    return (state.turns_until_pause or 0) if state.phase is Phase.RUNNING else 0


def promised_uncalled(state: RoomState) -> Seat | None:
    """Return whom an earlier step gave a turn that has not begun, as being next in turn; None if nobody.

    Nobody has called on that seat yet, so whoever is called on now would speak in its place.
    """
    is_promised = state.order != "conductor" and turns_to_come(state) > len(state.called)
    return next_in_turn(state) if is_promised else None


def was_asked_for(before: RoomState, seat: Seat | None, under_way: Seat | None) -> bool:
    """Whether a turn comes because somebody has asked for it, so that this step adds none."""
    by_steps = (before.phase is Phase.RUNNING and before.order == "conductor") or turns_to_come(before) > 0
    is_under_way = seat is not None and under_way is not None and seat.number == under_way.number
    return by_steps and (seat is None or is_under_way or seat.number in before.called)
