"""Waiting between one look at a room and the next."""

from __future__ import annotations

import asyncio

from bot.open_room import OpenRoom
from bot.room.state import Phase


async def pause_unless_over(room: OpenRoom, seconds: float) -> None:
    """Wait, but no longer than until the room is over: nothing comes after that which its panel could wait for."""
    has_stirred = False
    try:
        async with asyncio.timeout(seconds):
            while room.state.phase is not Phase.ENDED:
                await room.stirred.wait()
                room.stirred.clear()
                has_stirred = True
    except TimeoutError:
        pass
    if has_stirred:
        room.stirred.set()
