"""A signal: whoever waits for the next change of something is woken by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Signal:
    """Wakes all who wait for it, each time it is given."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def give(self) -> None:
        """Wake everyone who waits now; who comes later waits for the next time."""
        given, self._next = self._next, asyncio.Event()
        given.set()

    async def wait_until(self, claim: Callable[[], bool], seconds: float) -> bool:
        """Wait until `claim()` holds, looking again at each signal; return whether it held within `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while not claim():
                    await self._next.wait()
        except TimeoutError:
            return claim()
        return True
