"""A room whose opening failed when the database had it already: it is over, and nobody meets it later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.client import BackroomBot
from bot.errors import NotPossible
from bot.open_room import OpenRoom
from bot.room.entries import Entry, Joined, Opened, Paused
from bot.storage import Place
from tests.end_to_end.failing_disks import BreaksOffAfterCommit, FailsToOpen, FailsToReadOnce, ReadOnlyDatabase
from tests.end_to_end.forks import FORK, let_threads_be_opened
from tests.end_to_end.newer_rooms import make_unreadable
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import SECONDS, Stage

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
PAUSED: list[Entry] = [
    Opened(by=1, by_name="Ann", scenario="Test", prompt="Talk.", opening="", rounds=0, seconds_between_turns=0),
    Joined(seat=1, model=FLASH),
    Paused(reason="", by_name="Ann"),
]
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
        FailsToReadOnce(bot, "joined", then=lambda: disk.break_down(bot))
        reply = await stage.ann.slash(stage.channel, "backroom start", ai1=FLASH, rounds=1)
        assert "reports an error" in reply.content
        assert len(await unended(bot)) == 1
        assert await bot.rooms.owing_words() == []
        await disk.is_mended()
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


async def test_of_two_rooms_that_are_opened_at_once_in_a_channel_the_first_lives_though_the_disk_fails_next(
    stage: Stage,
) -> None:
    async with stage.running() as bot:
        FailsToOpen(bot, time=2)
        place = Place(stage.guild.id, stage.channel.id)
        opening = (bot.rooms.open(place, PAUSED, []) for _ in range(2))
        first, second = await asyncio.gather(*opening, return_exceptions=True)
        assert isinstance(first, OpenRoom)
        assert isinstance(second, NotPossible)
        assert await unended(bot) == [first.number]
        reply = await stage.ann.slash(stage.channel, "backroom step")
        assert "takes one turn" in reply.content


async def test_a_room_that_only_a_newer_version_reads_lives_though_the_disk_fails_when_another_is_asked_for(
    stage: Stage,
) -> None:
    async with stage.running():
        await open_paused(stage)
        number = stage.room().number
    make_unreadable(stage, number)
    async with stage.running() as bot:
        FailsToOpen(bot)
        reply = await stage.ann.slash(stage.channel, "backroom start", ai1=R1, rounds=1)
        assert "reports an error" in reply.content
        reply = await stage.ann.slash(stage.channel, "backroom start", ai1=R1, rounds=1)
        assert "already open" in reply.content
        assert await unended(bot) == [number]
