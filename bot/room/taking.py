"""A turn while it is taken: whose it is, and whether it is still wanted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.room.state import Phase, RoomState, Seat


@dataclass(frozen=True, slots=True)
class Taking:
    """A turn from before its model is asked until its words are written down."""

    turn: int
    seat: Seat

    def is_vain(self, state: RoomState) -> bool:
        """Whether the turn is not wanted any more: a person decided otherwise."""
        current = state.seat(self.seat.number)
        return self.turn != state.turn + 1 or current.model != self.seat.model or not current.is_asked


@dataclass(frozen=True, slots=True)
class Speaking:
    """Whose model is being asked just now, for which turn, and since when (Unix seconds)."""

    turn: int
    seat: Seat
    since: float


def turn_under_way(state: RoomState, taking: Taking | None) -> Seat | None:
    """Return whose model is being asked, or whose answer has arrived and is still to be said; None if nobody's."""
    if state.answered is not None:
        return state.seat(state.answered.seat)
    if taking is None or state.phase is not Phase.RUNNING or taking.is_vain(state):
        return None
    return state.seat(taking.seat.number)
