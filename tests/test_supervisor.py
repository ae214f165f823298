"""Tasks by name: one at a time, also where something inside a task cancels it and lets it go on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import anyio
import pytest

from bot.errors import StorageError
from bot.supervisor import Supervisor

NAME = ("turns", 1)
STEPS = 40
"""Of the event loop: more than any of the tasks here needs."""


async def times_out() -> None:
    try:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    except TimeoutError:
        pass


async def cancels_its_group() -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(asyncio.sleep, 0)
        group.cancel_scope.cancel()


async def moves_on() -> None:
    with anyio.move_on_after(0):
        await anyio.sleep_forever()


class Begun:
    """Counts who begins, who is at work, and how many were at once."""

    def __init__(self, first: Callable[[], Awaitable[None]]) -> None:
        self.first = first
        self.times = self.now = self.together = 0

    async def work(self) -> None:
        self.times += 1
        self.now += 1
        self.together = max(self.together, self.now)
        try:
            await self.first()
            await asyncio.Event().wait()
        finally:
            self.now -= 1


@pytest.mark.parametrize("inside", [times_out, cancels_its_group, moves_on])
@pytest.mark.parametrize("steps", range(8))
async def test_who_is_cancelled_from_inside_goes_on_and_can_be_ended(
    inside: Callable[[], Awaitable[None]], steps: int
) -> None:
    supervisor, begun = Supervisor(), Begun(inside)
    supervisor.keep(NAME, begun.work, wanted=True)
    for _ in range(STEPS):
        await asyncio.sleep(0)
        supervisor.keep(NAME, begun.work, wanted=True)
    assert (begun.times, begun.now) == (1, 1)
    for _ in range(steps):
        await asyncio.sleep(0)
    supervisor.keep(NAME, begun.work, wanted=False)
    await asyncio.wait_for(supervisor.until_ended(NAME), 5)
    assert (begun.times, begun.now) == (1, 0)
    assert NAME not in supervisor


async def test_the_next_begins_when_the_one_before_has_ended() -> None:
    supervisor, begun = Supervisor(), Begun(times_out)
    for wanted in (True, False, True, False, True, True):
        supervisor.keep(NAME, begun.work, wanted=wanted)
        for _ in range(STEPS):
            await asyncio.sleep(0)
    assert (begun.times, begun.now, begun.together) == (3, 1, 1)
    await supervisor.close()
    assert begun.now == 0


async def test_who_finds_itself_not_wanted_is_not_cancelled() -> None:
    supervisor, ended = Supervisor(), asyncio.Event()

    async def work() -> None:
        supervisor.keep(NAME, work, wanted=False)
        await asyncio.sleep(0)
        ended.set()

    supervisor.keep(NAME, work, wanted=True)
    await asyncio.wait_for(ended.wait(), 5)


async def test_nothing_begins_after_the_end() -> None:
    supervisor, begun = Supervisor(), Begun(times_out)
    await supervisor.close()
    supervisor.keep(NAME, begun.work, wanted=True)
    assert NAME not in supervisor
    assert begun.times == 0


async def test_what_a_task_did_not_foresee_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor()

    async def fail() -> None:
        raise StorageError("The disk is on fire.")

    supervisor.keep(("words", 7), fail, wanted=True)
    with caplog.at_level(logging.ERROR):
        await supervisor.until_ended(("words", 7))
        await asyncio.sleep(0)
    assert "words of room 7 ended" in caplog.text
    assert "on fire" in caplog.text
