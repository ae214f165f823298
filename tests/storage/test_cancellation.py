"""Writes whose caller goes away: each is whole or not there, and the next one finds everything in order."""

from __future__ import annotations

import asyncio

import pytest

from bot.storage import Database, Written
from tests.storage.happenings import OPENED, here, turn_of, words

STEPS_OF_AN_APPEND = 60


async def _cancelled_after(steps: int, append: asyncio.Task[list[Written]]) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)
    append.cancel()
    await asyncio.wait([append])


async def test_a_turn_cancelled_at_any_step_is_whole_or_not_there(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    for steps in range(STEPS_OF_AN_APPEND):
        known = len(await database.journal.entries(room))
        append = asyncio.create_task(database.journal.append(room, turn_of(steps), [words("one")]))
        await _cancelled_after(steps, append)
        found = len(await database.journal.entries(room))
        assert found - known in (0, 3)
        assert len(await database.outbox.waiting(room)) == (found - 1) // 3
        await database.journal.append(room, turn_of(steps), [words("two")], after=found)


async def test_who_is_cancelled_twice_still_waits_for_what_was_begun(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    append = asyncio.create_task(database.journal.append(room, turn_of(1)))
    for _ in range(10):
        await asyncio.sleep(0)
        append.cancel()
    await asyncio.wait([append])
    found = len(await database.journal.entries(room))
    await database.journal.append(room, turn_of(2), after=found)


async def test_who_is_cancelled_while_waiting_for_another_has_written_nothing(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    first = asyncio.create_task(database.journal.append(room, turn_of(1)))
    second = asyncio.create_task(database.journal.append(room, turn_of(2)))
    await _cancelled_after(1, second)
    assert second.cancelled()
    await first
    assert len(await database.journal.entries(room)) == 4


async def test_a_write_that_takes_too_long_for_its_caller_is_whole(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await database.journal.append(room, turn_of(1) * 500)
    assert len(await database.journal.entries(room)) in (1, 1501)


async def test_a_cancelled_reader_leaves_the_database_in_order(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED, *turn_of(1)])
    for steps in range(20):
        reading = asyncio.create_task(database.journal.entries(room))
        await _cancelled_after(steps, reading)
    assert len(await database.journal.entries(room)) == 4
