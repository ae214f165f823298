"""Whether Discord lets anything of a room through: what it refuses, turn after turn, is paid and read by nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.room import notices
from bot.room.entries import Entry, Forked, Paused, Resumed, Spoke, Withdrawn
from bot.room.state import Phase, RoomState

LEAST_TURNS = 3
"""A word that a server does not like may well stand in two turns in a row."""


@dataclass(frozen=True, slots=True)
class Declining:
    """How many turns in a row Discord let nothing through of; another fold over the journal.

    Args:
        turns: how many; a person who lets the room go on begins anew.
        last: the number of the entry that said something last.
        is_declined: whether nothing of that came through.
    """

    turns: int = 0
    last: int = 0
    is_declined: bool = False

    def after(self, seq: int, entry: Entry) -> Declining:
        """Return it after one more entry."""
        match entry:
            case Spoke() if entry.text.strip():
                return Declining(self.turns if self.is_declined else 0, seq)
            case Withdrawn() if entry.reason and not entry.left and entry.entry == self.last and not self.is_declined:
                return replace(self, turns=self.turns + 1, is_declined=True)
            case Forked():
                return replace(self, turns=0)
            case Resumed() if entry.by_name:
                return replace(self, turns=0)
            case _:
                return self

    def is_to_wait(self, state: RoomState) -> bool:
        """Whether a room speaks in vain: a round of it, and no fewer than a few turns."""
        a_round = max(LEAST_TURNS, sum(seat.is_asked for seat in state.seats))
        return state.phase is Phase.RUNNING and not state.rounds_are_over and self.turns >= a_round

    def pauses_after(self, entries: Iterable[Entry], state: RoomState, reason: str) -> tuple[Paused, ...]:
        """Return the pause of a room that speaks in vain after these entries; Discord's last `reason` is told."""
        declining = self
        for entry in entries:
            declining = declining.after(0, entry)
        if not declining.is_to_wait(state):
            return ()
        return (Paused(reason=notices.nothing_comes_through(declining.turns, reason), cause="declined"),)


def why_unsaid(state: RoomState, declined: Iterable[str]) -> str:
    """Return why a room waits, if Discord declines all and these lines say why; nothing if they do not."""
    why = state.pause_reason if state.pause_cause == "declined" else ""
    return why if why and any(notices.in_a_line(why) in line for line in declined) else ""
