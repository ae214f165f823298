"""Spending: what people ask for beside the turns waits for a budget, and what was paid for nothing is written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from bot.cancellation import to_its_end
from bot.errors import NotPossible, StorageError
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import Spent
from bot.room.state import Phase
from bot.words import for_asker


def may_cost_more(room: OpenRoom, budget_usd: float) -> bool:
    """Whether a room may cost more before a person lets it go on; a budget of 0 is no limit."""
    is_spent = 0 < budget_usd <= cost_since_granted_usd(room)
    return not (is_spent or (room.state.phase is Phase.PAUSED and room.state.pause_cause == "cost"))


def cost_since_granted_usd(room: OpenRoom) -> float:
    """Return what a room has cost since a person last let it go on, also what could not be written down yet."""
    return room.state.cost_since_granted_usd + room.owed.cost_usd


def check_budget(room: OpenRoom, budget_usd: float) -> None:
    """Raise `NotPossible` where a room may not cost more until a person lets it go on; a budget of 0 is no limit."""
    if not may_cost_more(room, budget_usd):
        raise NotPossible(for_asker(notices.MAY_NOT_COST_MORE, cost=cost_since_granted_usd(room)))


async def spend(room: OpenRoom, spent: Spent) -> None:
    """Write down what was paid for nothing, nothing where no host named a price; not inside of a draft of the room.

    It is written down although whoever pays is being cancelled; while nothing can be written, the next draft does.
    """
    if spent.cost_usd is not None:
        room.owed.for_nothing.append(spent)
        await to_its_end(asyncio.ensure_future(_write_what_is_due(room)))


@asynccontextmanager
async def owing(room: OpenRoom, spent: Spent) -> AsyncGenerator[None]:
    """Hold a cost that a draft of the block is to cover; when none has, it was spent for nothing."""
    if spent.cost_usd is not None:
        room.owed.held.append(spent)
    try:
        yield
    finally:
        if room.owed.give_up(spent):
            await to_its_end(asyncio.ensure_future(_write_what_is_due(room)))


async def _write_what_is_due(room: OpenRoom) -> None:
    with suppress(StorageError):
        async with room.draft():
            pass
