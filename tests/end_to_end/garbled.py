"""An answer in JSON that is none: what nobody foresees."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rehearsal.faults.blows import Blow
from bot.rehearsal.faults.deeds import Deed
from bot.rehearsal.rest.calls import Answer


@dataclass(frozen=True)
class Garbled(Blow):
    """A list where an object is due, or in a list: discord.py fails as it reads it."""

    async def strike(self, answer: Answer | None) -> Answer | None:
        """Return it."""
        return Answer(200, [[]])

    def told_of(self, deed: Deed) -> str:
        """Return what is answered."""
        return f"Something else answers {deed.request}"
