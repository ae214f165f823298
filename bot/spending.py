"""Spending for nothing: what was paid is written down, also when what it was paid for never appears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from bot.cancellation import to_its_end
from bot.errors import StorageError
from bot.open_room import OpenRoom
from bot.room.entries import Spent


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
