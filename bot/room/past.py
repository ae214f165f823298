"""A room as a seat knew it when it was asked for what it said: the journal, folded up to there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.room.entries import Edited, Entry, Respoken, Restored, Spoke, Withdrawn
from bot.room.fold import after
from bot.room.history import TOKENS_KEPT, History
from bot.room.provenance import known_when_asked
from bot.room.state import RoomState, Seat


@dataclass(frozen=True, slots=True)
class Past:
    """What a seat was asked with."""

    seat: Seat
    state: RoomState
    history: History


def past_of(entries: Mapping[int, Entry], spoke: Spoke, seq: int, tokens_kept: int = TOKENS_KEPT) -> Past:
    """Return the room as it was when a seat was asked for what it said in entry `seq`.

    What was changed or taken back since then is so in this past as well: nobody is shown again what is gone.
    """
    known = known_when_asked(entries, seq)
    state, history = RoomState(), History(tokens_kept)
    for number, entry in entries.items():
        if number <= known:
            state = after(state, entry)
            history.add(number, entry)
        elif isinstance(entry, Edited | Respoken | Restored | Withdrawn) and entry.entry <= known:
            history.add(number, entry)
    return Past(state.seat(spoke.seat), state, history)


def said_before(entries: Mapping[int, Entry], seq: int) -> str | None:
    """Return what entry `seq` said before it was last said again; None where part of that was deleted since."""
    spoke = entries[seq]
    said: list[str | None] = [spoke.text] if isinstance(spoke, Spoke) else [None]
    for entry in entries.values():
        match entry:
            case Respoken() if entry.entry == seq:
                said.append(entry.text)
            case Restored() if entry.entry == seq:
                said[-2:] = [entry.text]
            case Withdrawn() if entry.entry == seq:
                said[-2:] = [None, entry.left] if len(said) > 1 else [entry.left]
            case _:
                pass
    return said[-2] if len(said) > 1 else None
