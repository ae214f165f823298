"""A room whose opening failed when the database had it already: it is over, and nobody meets it later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.client import BackroomBot
from tests.end_to_end.failing_disks import BreaksOffAfterCommit, FailsToReadOnce, ReadOnlyDatabase
from tests.end_to_end.forks import FORK, let_threads_be_opened
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import SECONDS, Stage

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
BLOWS: dict[str, Callable[[BackroomBot], object]] = {
    "its commit was lost": lambda bot: BreaksOffAfterCommit(bot, "joined"),
    "it cannot be read": lambda bot: FailsToReadOnce(bot, "joined"),
}


async def unended(bot: BackroomBot) -> list[int]:
    return [number for number, _ in await bot.supplies.database.journal.unended_rooms()]


async def until_none_is_left(bot: BackroomBot, *others: int) -> None:
    async with asyncio.timeout(SECONDS):
        while await unended(bot) != list(others):  # noqa: ASYNC110 - what is waited for is not ours to signal
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("strike", BLOWS.values(), ids=BLOWS)
async def test_a_room_that_was_opened_by_half_is_over_and_makes_way_for_another(
    stage: Stage, strike: Callable[[BackroomBot], object]
) -> None:
    stage.host.answer("AI-1", "first")
    async with stage.running() as bot:
        strike(bot)
        reply = await stage.ann.slash(stage.channel, "backroom start", ai1=FLASH, rounds=1)
        assert "reports an error" in reply.content
        await stage.start(R1, rounds=1)
        await stage.until_over()
        assert stage.words_of("AI-1 (Gemini 3 Flash)") == []
        assert stage.words_of("AI-1 (DeepSeek R1)") == ["first"]
        assert await unended(bot) == []
    stage.nothing_is_wrong()


async def test_a_room_that_was_opened_by_half_says_nothing_after_a_restart(stage: Stage) -> None:
    disk = ReadOnlyDatabase()
    async with stage.running() as bot:
        FailsToReadOnce(bot, "joined", then=lambda: disk.fails(bot))
        reply = await stage.ann.slash(stage.channel, "backroom start", ai1=FLASH, rounds=1)
        assert "reports an error" in reply.content
        assert len(await unended(bot)) == 1
        disk.is_mended()
        await until_none_is_left(bot)
    async with stage.running() as bot:
        assert await bot.supplies.database.outbox.rooms_with_waiting() == []
        await stage.start(R1, rounds=1)
        await stage.until_over()
    assert stage.words_of("AI-1 (Gemini 3 Flash)") == []
    assert sum(content.startswith("⏹️") for _, content in stage.said()) == 1
    stage.nothing_is_wrong()


async def test_a_fork_that_was_opened_by_half_is_over(stage: Stage) -> None:
    let_threads_be_opened(stage)
    async with stage.running() as bot:
        await open_paused(stage)
        await take_turn(stage)
        FailsToReadOnce(bot, "forked")
        reply = await stage.ann.uses_on(last_of(stage, "AI-1"), FORK)
        assert "reports an error" in reply.content
        await until_none_is_left(bot, stage.room().number)
        reply = await stage.ann.uses_on(last_of(stage, "AI-1"), FORK)
        assert "The fork continues" in reply.content
    stage.nothing_is_wrong()
