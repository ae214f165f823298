"""Looking again: a room at which Discord let nobody look is looked at later, as often as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.open_room import OpenRoom
from bot.pauses import pauses
from bot.room.state import Phase


class LookingAgain:
    """Waits and looks, with growing pauses, in one task a room: until a look goes well, or the room is over."""

    def __init__(self, look: Callable[[OpenRoom], Awaitable[bool]]) -> None:
        self._look = look
        self._waiting: dict[int, asyncio.Task[None]] = {}

    def begin(self, room: OpenRoom) -> None:
        """Look at a room later, unless that is to happen already."""
        if room.number not in self._waiting:
            task = asyncio.create_task(self._wait(room), name=f"looking-again-{room.number}")
            self._waiting[room.number] = task
            task.add_done_callback(lambda _: self._waiting.pop(room.number, None))

    async def close(self) -> None:
        """Look no more: the next start looks at every room."""
        for task in (tasks := tuple(self._waiting.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, room: OpenRoom) -> None:
        for seconds in pauses():
            await asyncio.sleep(seconds)
            is_closed = room.state.pause_cause == "place"  # nobody can look into it until it is open again
            if room.state.phase is Phase.ENDED or (not is_closed and await self._look(room)):
                return
