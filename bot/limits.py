"""Discord's limits as people see them: a room that waits long for them says so until its words are through."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.room.hindrance import Hindrance
from bot.room.order import waits_for_conductor
from bot.room.state import Phase
from bot.words import spoken

if TYPE_CHECKING:
    from bot.open_room import OpenRoom

SECONDS_BETWEEN_GLANCES = 1.0


@asynccontextmanager
async def shown_limits(room: OpenRoom, asks_to_wait: Callable[[], str]) -> AsyncGenerator[None]:
    """Show, while a room's words are on their way, what `asks_to_wait` says of Discord's limits.

    What hinders the room besides says more.
    """
    shown: Hindrance | None = None

    def glance() -> None:
        nonlocal shown, next_glance
        next_glance = loop.call_later(SECONDS_BETWEEN_GLANCES, glance)
        with spoken(room.locale):
            reason = asks_to_wait() if room.state.phase is not Phase.ENDED else ""
        since = shown.since if shown else time.time()
        wanted = Hindrance(reason, since, of_words=not _takes_turns(room)) if reason else None
        if room.hindrance is shown and wanted != shown:
            shown = room.hindrance = wanted
            room.stir()

    loop = asyncio.get_running_loop()
    next_glance = loop.call_later(SECONDS_BETWEEN_GLANCES, glance)
    try:
        yield
        if room.hindrance is not None and room.hindrance.of_words:
            shown = room.hindrance  # its words are through, whatever hindered them
    finally:
        next_glance.cancel()
        if shown is not None and room.hindrance is shown:
            room.hindrance = None
            room.stir()


def _takes_turns(room: OpenRoom) -> bool:
    """Whether it is the whole room that waits, and not only its words."""
    return room.state.phase is Phase.RUNNING and not waits_for_conductor(room.state)
