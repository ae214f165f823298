"""What an AI can ask the house for: a directive's form, its usage line, and how it is carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.room.directives import Form
from bot.room.entries import Entry
from bot.room.state import RoomState, Seat


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a directive.

    Args:
        done: whether it was carried out; otherwise it was refused and nothing changed.
        outcome: what the seat that issued it learns: done, or refused and why.
        entries: what changes in the room.
        notices: the lines of the house that people read, before the message.
        told: the line that the other AIs see, if they see one.
    """

    done: bool
    outcome: str
    entries: tuple[Entry, ...] = ()
    notices: tuple[str, ...] = ()
    told: str = ""


@runtime_checkable
class Capability(Protocol):
    """A directive that the bot carries out. A cog that has these is one; nothing else needs to know of it."""

    @property
    def form(self) -> Form:
        """How the directive is written."""
        ...

    @property
    def usage(self) -> str:
        """One line that teaches it to an AI, such as `!image "description": …`."""
        ...

    async def carry_out(self, state: RoomState, seat: Seat, texts: tuple[str, ...]) -> Outcome:
        """Decide what becomes of the directive of `seat`, given the room's state at this point of its turn."""
        ...
