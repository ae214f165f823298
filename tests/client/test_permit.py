"""Whoever takes long lets the others go first; nobody is forgotten over it, and no permit is made or lost."""

from __future__ import annotations

import asyncio

from bot.client.permit import Permit


class Queue:
    """What goes on with so many permits, and so many who may be in the midst of it without one."""

    def __init__(self, permits: int, midway: int) -> None:
        self.permits, self.midway = asyncio.Semaphore(permits), asyncio.Semaphore(midway)
        self.done: list[str] = []

    async def go(self, name: str, steps: int) -> None:
        """Take so many steps, and let others go between."""
        async with Permit(self.permits, self.midway) as permit:
            for step in range(steps):
                if step:
                    await permit.let_others()
                self.done.append(name)

    async def all_wait(self, **steps: int) -> list[asyncio.Task[None]]:
        """Let some ask for a permit, one after the other, while there is none; then there is."""
        await self.permits.acquire()
        tasks = [asyncio.create_task(self.go(name, count)) for name, count in steps.items()]
        await asyncio.sleep(0)
        self.permits.release()
        return tasks


async def test_who_waits_goes_first_and_who_let_them_goes_on() -> None:
    queue = Queue(permits=1, midway=9)
    await asyncio.gather(*await queue.all_wait(a=3, b=2, c=1))
    assert queue.done == ["a", "b", "c", "a", "b", "a"]


async def test_no_more_than_so_many_are_in_the_midst_of_it() -> None:
    queue = Queue(permits=1, midway=2)
    await asyncio.gather(*await queue.all_wait(a=2, b=2, c=2, d=2))
    assert queue.done == ["a", "b", "c", "c", "d", "d", "a", "b"]


async def test_who_is_interrupted_while_others_go_first_gives_back_no_permit_that_is_theirs() -> None:
    queue = Queue(permits=1, midway=1)
    (long,) = await queue.all_wait(long=2)
    await queue.permits.acquire()
    assert queue.done == ["long"]
    long.cancel()
    await asyncio.gather(long, return_exceptions=True)
    assert queue.permits.locked()
    queue.permits.release()
    await asyncio.gather(*await queue.all_wait(a=2, b=1))
    assert queue.done == ["long", "a", "b", "a"]
