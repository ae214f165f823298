"""Tasks that are kept going by name: one of a name at a time, the next only when the one before has ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from typing import Any
from weakref import WeakSet

from bot.cancellation import begin_after
from bot.storage import LeaseTaken

Name = tuple[str, int]
"""What is done, and the number of the room for which it is done; 0 is for all."""
Work = Callable[[], Coroutine[Any, Any, None]]

_log = logging.getLogger("backroom.scheduler")


class Supervisor:
    """Starts and cancels tasks by name, and logs what they did not foresee."""

    def __init__(self) -> None:
        self._tasks: dict[Name, asyncio.Task[None]] = {}
        # Not asked of the task: a timeout or a task group inside it cancels and lets it go on.
        self._ending: WeakSet[asyncio.Task[None]] = WeakSet()
        self._is_closed = False

    def __contains__(self, name: Name) -> bool:
        return name in self._tasks

    def keep(self, name: Name, work: Work, *, wanted: bool) -> None:
        """Start `work` if it is wanted and not under way; cancel it if it is under way and not wanted.

        A task that finds itself not wanted is not cancelled: it ends by itself.
        """
        under_way = self._tasks.get(name)
        if under_way is not None and (under_way.done() or under_way in self._ending):
            under_way = None
        if wanted and under_way is None:
            self.start(name, work)
        elif under_way is not None and not wanted and under_way is not asyncio.current_task():
            self._end([under_way])

    def start(self, name: Name, work: Work) -> None:
        """Start `work` once that of the same name before it has ended; nothing starts any more after `close`."""
        if self._is_closed:
            return
        task = asyncio.create_task(begin_after(self._tasks.get(name), work), name=f"{name[0]}-{name[1]}")
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._forget(name, done))

    async def until_ended(self, name: Name) -> None:
        """Wait until the task of a name has ended, if there is one."""
        if task := self._tasks.get(name):
            await asyncio.wait([task])

    async def close(self) -> None:
        """Cancel all that is under way, and wait until it has ended."""
        self._is_closed = True
        tasks = tuple(self._tasks.values())
        self._end(tasks)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        for task in tasks:
            self._ending.add(task)
            task.cancel()

    def _forget(self, name: Name, task: asyncio.Task[None]) -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, LeaseTaken):
            _log.error("%s of room %s ended", *name, exc_info=error)
