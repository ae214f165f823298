"""The state of a room: everything about it that decides what happens next. `fold` makes it from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.room.entries import Answered, Mode, Opened, Order, PauseCause, PictureAsked

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
    """An AI's chair.

    Args:
        muted: it is passed over; `muted_rounds` more rounds, None until somebody lifts it; by the house, which
            gives it another chance when a person resumes the room, or by a person (`muted_by`).
        failures: its failed turns in a row.
        out: the host that did not answer it at the last.
        removed: it has left the room; its number stays taken.
    """

    number: int
    model: str
    invited_by: int | None = None
    invitation: str = ""
    prompts: tuple[str, ...] = ()
    temperature: float | None = None
    muted: bool = False
    failures: int = 0
    out: str = ""
    muted_rounds: int | None = None
    muted_by: str = ""
    removed: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether it has turns at all."""
        return not (self.muted or self.removed)

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
        mode: how people are heard.
        order: who speaks next.
        gone: the seats that have had their go in this round.
        called: the seats that speak before any other, the first first; one that was called on while it was
            answering stands here twice, for it has not heard what it was called on for.
        addressed: the seats that were called on in this round because another had named them.
        turn: the number of the last turn that is over.
        answered: the answer of the turn that is not over yet, once it has arrived.
        turns_until_pause: set while a person steps through the room.
        pictures_asked: how many pictures were ever asked for or shown by people; also the last picture's id.
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
    mode: Mode = "open"
    order: Order = "round_robin"
    gone: frozenset[int] = frozenset()
    called: tuple[int, ...] = ()
    addressed: frozenset[int] = frozenset()
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

    def rounds_muted(self, seat: Seat) -> int | None:
        """Return for how many rounds a seat is still passed over; None until somebody lifts it.

        For one that has had its go the round that goes on is none of them.
        """
        return None if seat.muted_rounds is None else seat.muted_rounds - (seat.number in self.gone)

    @property
    def is_full(self) -> bool:
        """Whether no chair is free."""
        return len(self.present) >= SEATS_IN_A_ROOM

    @property
    def present(self) -> tuple[Seat, ...]:
        """The seats that have not left."""
        return tuple(seat for seat in self.seats if not seat.removed)

    @property
    def anybody_is_asked(self) -> bool:
        """Whether any seat is left that is neither muted nor gone."""
        return any(seat.is_asked for seat in self.seats)

    @property
    def rounds_are_over(self) -> bool:
        """Whether the room has had all the rounds that it was opened for."""
        return self.opened is not None and 0 < self.opened.rounds < self.round

    @property
    def every_seat_fails(self) -> bool:
        """Whether no seat is left whose last turn was not a failure."""
        return all(not seat.is_asked or seat.failures for seat in self.seats)

    @property
    def waits_for_a_host(self) -> bool:
        """Whether every seat that is not muted fails only because a host is out."""
        asked = [seat for seat in self.seats if seat.is_asked]
        return bool(asked) and all(seat.out for seat in asked)

    @property
    def cost_since_granted_usd(self) -> float:
        """What the room has cost since a person opened it or last let it go on."""
        return self.cost_usd - self.cost_granted_usd
