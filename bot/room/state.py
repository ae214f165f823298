"""The state of a room: a pure fold over its journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.room.entries import (
    Answered,
    Ended,
    Entry,
    Failed,
    Joined,
    Muted,
    Opened,
    PauseCause,
    Paused,
    PictureAsked,
    PictureBegun,
    PictureFailed,
    PictureMade,
    Prompted,
    Resumed,
    Spoke,
    TemperatureSet,
)

SEATS_IN_A_ROOM = 5
OWN_PROMPT_LIMIT = 4000
"""Characters of its own making that a seat keeps in its system prompt; past them the oldest falls out."""


class Phase(StrEnum):
    """Whether turns are taken."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Seat:
    """An AI's chair. `failures` counts its failed turns in a row; `out` is the host that did not answer at the last."""

    number: int
    model: str
    invited_by: int | None = None
    invitation: str = ""
    prompts: tuple[str, ...] = ()
    temperature: float | None = None
    muted: bool = False
    failures: int = 0
    out: str = ""

    @property
    def name(self) -> str:
        """`AI-3`."""
        return f"AI-{self.number}"

    @property
    def label(self) -> str:
        """`AI-3 (Claude 3 Opus)`: what it is called, by itself, the others and people."""
        return f"{self.name} ({self.model})"


@dataclass(frozen=True, slots=True)
class RoomState:
    """Everything about a room that decides what happens next.

    Args:
        gone: the seats that have had their go in this round.
        turn: the number of the last turn that is over.
        answered: the answer of the turn that is not over yet, once it has arrived.
        turns_until_pause: set while a person steps through the room.
        pictures_asked: how many pictures were ever asked for; also the last picture's id.
        pictures_this_turn: how many the turn under way has asked for.
        pictures_pending: those that are still to be made, oldest first.
        pictures_begun: those of them that a host was asked for, each as often as it was.
        silent_hosts: those that have not answered anybody since they were found to be out.
        probes: how often the house has asked a host that is out whether it is there again.
        cost_granted_usd: what the room had cost when a person last let it go on.
    """

    opened: Opened | None = None
    phase: Phase = Phase.RUNNING
    seats: tuple[Seat, ...] = ()
    round: int = 1
    gone: frozenset[int] = frozenset()
    turn: int = 0
    answered: Answered | None = None
    turns_until_pause: int | None = None
    pause_reason: str = ""
    pause_cause: PauseCause = ""
    pictures_asked: int = 0
    pictures_this_turn: int = 0
    pictures_pending: tuple[PictureAsked, ...] = ()
    pictures_begun: tuple[int, ...] = ()
    cost_usd: float = 0.0
    silent_hosts: frozenset[str] = frozenset()
    probes: int = 0
    cost_granted_usd: float = 0.0

    def seat(self, number: int) -> Seat:
        """Return the seat of that number.

        Raises:
            KeyError: nobody has that seat.
        """
        for seat in self.seats:
            if seat.number == number:
                return seat
        raise KeyError(number)

    @property
    def is_full(self) -> bool:
        """Whether no chair is free."""
        return len(self.seats) >= SEATS_IN_A_ROOM

    @property
    def rounds_are_over(self) -> bool:
        """Whether the room has had all the rounds that it was opened for."""
        return self.opened is not None and 0 < self.opened.rounds < self.round

    @property
    def every_seat_fails(self) -> bool:
        """Whether no seat is left whose last turn was not a failure."""
        return all(seat.muted or seat.failures for seat in self.seats)

    @property
    def waits_for_a_host(self) -> bool:
        """Whether every seat that is not muted fails only because a host is out."""
        asked = [seat for seat in self.seats if not seat.muted]
        return bool(asked) and all(seat.out for seat in asked)

    @property
    def cost_since_granted_usd(self) -> float:
        """What the room has cost since a person opened it or last let it go on."""
        return self.cost_usd - self.cost_granted_usd


def fold(entries: Iterable[Entry], state: RoomState | None = None) -> RoomState:
    """Return the state after `entries`, beginning with `state` or with an empty room."""
    state = state or RoomState()
    for entry in entries:
        state = after(state, entry)
    return state


def after(state: RoomState, entry: Entry) -> RoomState:  # noqa: C901 - one case an entry, nothing nested
    """Return the state after one more entry."""
    match entry:
        case Opened():
            return replace(state, opened=entry)
        case Joined():
            newcomer = Seat(entry.seat, entry.model, entry.invited_by, entry.invitation)
            return replace(state, seats=(*state.seats, newcomer))
        case Answered():
            return _answered(state, entry)
        case Spoke():
            return _turn_over(_with_seat(state, entry.seat, failures=0, out=""), entry)
        case Failed():
            return _turn_over(_failed(state, entry), entry)
        case Muted():
            return _next_round_if_over(_with_seat(state, entry.seat, muted=True))
        case Prompted():
            prompts = _newest((*state.seat(entry.seat).prompts, entry.text))
            return _with_seat(state, entry.seat, prompts=prompts)
        case TemperatureSet():
            return _with_seat(state, entry.seat, temperature=entry.temperature)
        case PictureAsked():
            return _picture_asked(state, entry)
        case PictureBegun():
            return replace(state, pictures_begun=(*state.pictures_begun, entry.picture))
        case PictureMade() | PictureFailed():
            return _picture_done(state, entry)
        case Paused():
            return replace(
                state,
                phase=Phase.PAUSED,
                pause_reason=entry.reason,
                pause_cause=entry.cause,
                turns_until_pause=None,
            )
        case Resumed():
            return _resumed(state, entry)
        case Ended():
            return replace(state, phase=Phase.ENDED, pictures_pending=())
        case _:
            return state


def whose_turn(state: RoomState) -> Seat | None:
    """Return the seat that speaks next, or None when nobody can.

    A seat whose answer has arrived says it, whatever became of the others meanwhile.

    Seats are numbered in the order of joining, so the lowest that has not had its go is round-robin, and
    newcomers speak at the end of the round in which they were invited, in the order of invitation.
    """
    if state.answered is not None:
        return state.seat(state.answered.seat)
    return next((seat for seat in state.seats if not seat.muted and seat.number not in state.gone), None)


def _with_seat(state: RoomState, number: int, **changes: object) -> RoomState:
    seats = tuple(
        replace(seat, **changes) if seat.number == number else seat  # pyright: ignore[reportArgumentType]
        for seat in state.seats
    )
    return replace(state, seats=seats)


def _answered(state: RoomState, entry: Answered) -> RoomState:
    """Take an answer, and what it says about its host: one that answers a seat it had failed is there for all."""
    if entry.host in state.silent_hosts and state.seat(entry.seat).out == entry.host:
        seats = tuple(replace(seat, out="", failures=0) if seat.out == entry.host else seat for seat in state.seats)
        state = replace(state, seats=seats)
    return replace(
        state,
        answered=entry,
        cost_usd=state.cost_usd + (entry.cost_usd or 0.0),
        silent_hosts=state.silent_hosts - {entry.host},
        probes=0,
    )


def _failed(state: RoomState, entry: Failed) -> RoomState:
    failures = state.seat(entry.seat).failures + 1
    state = _with_seat(state, entry.seat, failures=failures, out=entry.host)
    return replace(
        state,
        cost_usd=state.cost_usd + (entry.cost_usd or 0.0),
        silent_hosts=state.silent_hosts | ({entry.host} - {""}),
    )


def _turn_over(state: RoomState, entry: Spoke | Failed) -> RoomState:
    left = None if state.turns_until_pause is None else state.turns_until_pause - 1
    state = replace(
        state,
        gone=state.gone | {entry.seat},
        turn=entry.turn,
        answered=None,
        pictures_this_turn=0,
        turns_until_pause=left or None,
        phase=Phase.PAUSED if left == 0 else state.phase,
    )
    return _next_round_if_over(state)


def _next_round_if_over(state: RoomState) -> RoomState:
    if state.gone and whose_turn(state) is None:
        return replace(state, round=state.round + 1, gone=frozenset())
    return state


def _picture_asked(state: RoomState, entry: PictureAsked) -> RoomState:
    return replace(
        state,
        pictures_asked=max(state.pictures_asked, entry.picture),
        pictures_this_turn=state.pictures_this_turn + (entry.seat is not None),
        pictures_pending=(*state.pictures_pending, entry),
    )


def _picture_done(state: RoomState, entry: PictureMade | PictureFailed) -> RoomState:
    cost = entry.cost_usd or 0.0 if isinstance(entry, PictureMade) else 0.0
    pending = tuple(asked for asked in state.pictures_pending if asked.picture != entry.picture)
    begun = tuple(picture for picture in state.pictures_begun if picture != entry.picture)
    return replace(state, pictures_pending=pending, pictures_begun=begun, cost_usd=state.cost_usd + cost)


def _resumed(state: RoomState, entry: Resumed) -> RoomState:
    state = replace(state, phase=Phase.RUNNING, turns_until_pause=entry.turns, pause_reason="", pause_cause="")
    if entry.probe:
        return replace(state, probes=state.probes + 1)
    if not entry.by_name:
        return state
    seats = tuple(replace(seat, muted=False, failures=0) for seat in state.seats)
    return replace(state, seats=seats, cost_granted_usd=state.cost_usd, probes=0)


def _newest(prompts: tuple[str, ...]) -> tuple[str, ...]:
    while len(prompts) > 1 and sum(map(len, prompts)) > OWN_PROMPT_LIMIT:
        prompts = prompts[1:]
    return (prompts[0][-OWN_PROMPT_LIMIT:],) if len(prompts) == 1 else prompts
