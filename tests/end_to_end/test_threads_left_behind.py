"""The program killed between Discord opening a thread and the room in it being written down."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.rehearsal.faults import Delay, Fault
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.world.channels import Thread
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from tests.end_to_end.stage import SECONDS, Stage, until

FLASH = "Gemini 3 Flash"
MAY_OPEN = BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows kills by other means")


async def killed_while_opening(stage: Stage) -> Thread:
    """Kill the program as soon as Discord has opened the thread; returns that."""
    async with stage.process() as process:

        def kill(_: Call) -> bool:
            process.kill()
            return False

        stage.discord.faults.add(Fault(Delay(0, after=True), "POST", "*/threads", kill))
        asking = asyncio.create_task(stage.ann.slash(stage.channel, "backroom start", ai1=FLASH, thread=True))
        await asyncio.wait_for(process.wait(), SECONDS)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    stage.discord.faults.clear()
    (thread,) = stage.guild.threads
    return thread


@pytest.mark.parametrize("may_delete", [True, False])
async def test_an_empty_thread_is_taken_away_at_the_next_start(stage: Stage, may_delete: bool) -> None:
    stage.guild.set_bot_permissions(MAY_OPEN | Permission.MANAGE_THREADS if may_delete else MAY_OPEN)
    thread = await killed_while_opening(stage)
    async with stage.running():
        await until(lambda: not stage.guild.threads if may_delete else thread.is_archived)
    stage.nothing_is_wrong()


async def test_a_thread_in_which_people_have_spoken_stays(stage: Stage) -> None:
    stage.guild.set_bot_permissions(MAY_OPEN | Permission.MANAGE_THREADS)
    thread = await killed_while_opening(stage)
    await stage.ann.says(thread, "is anybody here?")
    async with stage.running() as bot:
        marks = bot.supplies.database.marks
        async with asyncio.timeout(SECONDS):
            while await marks.beginning_with("thread-begun-"):  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.01)
        assert stage.guild.threads == [thread]
        assert not thread.is_archived


async def test_a_thread_with_a_room_stays_and_is_no_longer_noted(stage: Stage) -> None:
    stage.guild.set_bot_permissions(MAY_OPEN | Permission.MANAGE_THREADS)
    async with stage.running() as bot:
        await stage.start(FLASH, thread=True, rounds=1)
        assert await bot.supplies.database.marks.beginning_with("thread-begun-") == {}
        (thread,) = stage.guild.threads
        await stage.until_over(thread)
