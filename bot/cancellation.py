"""What a cancellation may not leave half done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(task: asyncio.Future[T]) -> T:
    """Wait until a task is done, and only then let a cancellation through."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as cancellation:
            cancelled = cancellation
    if cancelled is not None:
        raise cancelled from None if task.cancelled() else task.exception()
    return task.result()


@asynccontextmanager
async def at_leisure(lock: asyncio.Lock, seconds: float) -> AsyncGenerator[None]:
    """Hold a lock, unless it could not be had for so long: then do without."""
    try:
        async with asyncio.timeout(seconds):
            await lock.acquire()
    except TimeoutError:
        yield
    else:
        try:
            yield
        finally:
            lock.release()


class UnderWay:
    """What goes on to its end also when the one who wanted it is cancelled: half a post cannot be undone.

    Where nobody waits for it any more, its error is met again at the next try.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin some work."""
        task = asyncio.create_task(work, name=self._name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def settle(self, seconds: float) -> None:
        """Wait for what was begun and then left alone by whoever began it; give up on it after so many seconds."""
        tasks = tuple(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()


async def begin_after(before: asyncio.Task[None] | None, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Begin when a task that is being cancelled has come to its end; who is cancelled before that never begins.

    Who is cancelled waits for it all the same: a third would begin beside the first.
    """
    if before is not None:
        await to_its_end(asyncio.ensure_future(asyncio.wait([before])))
    await work()
