"""What a room says that it has cost is what its journal says was paid."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bot.room.entries import Forked
from tests.invariants.evidence import Evidence, Moment


def wrong_costs(evidence: Evidence, _moment: Moment) -> Iterator[str]:
    """The costs of a room are those of all its entries; a fork does not pay for what it copied."""
    for room in evidence.rooms:
        paid = 0.0
        for written in room.entries:
            cost: float | None = getattr(written.entry, "cost_usd", None)
            paid = 0.0 if isinstance(written.entry, Forked) else paid + (cost or 0.0)
        if not math.isclose(paid, room.state.cost_usd, abs_tol=1e-9):
            yield f"Room {room.number}: its entries cost ${paid:.4f}, and it says ${room.state.cost_usd:.4f}."
