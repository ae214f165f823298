"""A permit: only so many look at rooms at a time, and whoever takes long lets the others go first."""

from __future__ import annotations

import asyncio
from typing import Self


class Permit:
    """Held in its block, one of as many as a semaphore has; it is given to those who wait in the order they came.

    No more than the other semaphore says are in the midst of something without their permit, for they keep in memory
    what they had begun with.
    """

    def __init__(self, permits: asyncio.Semaphore, midway: asyncio.Semaphore) -> None:
        self._permits = permits
        self._midway = midway
        self._is_held = False

    async def __aenter__(self) -> Self:
        """Wait for the permit."""
        await self._take()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give it back, unless whoever held it was interrupted while it let others go first."""
        if self._is_held:
            self._give_back()

    async def let_others(self) -> None:
        """Let all who wait already go first, where not too many do the same."""
        if self._midway.locked():
            return
        async with self._midway:
            self._give_back()
            await self._take()

    async def _take(self) -> None:
        await self._permits.acquire()
        self._is_held = True

    def _give_back(self) -> None:
        self._is_held = False
        self._permits.release()
