"""The program killed between Discord opening a thread and the room in it being written down."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from bot.rehearsal.faults import Blow, Cut, Delay, Fault, ServerError
from bot.rehearsal.faults.deeds import Deed
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.channels import Thread
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from tests.end_to_end.forks import FORK
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import SECONDS, Stage, until

FLASH = "Gemini 3 Flash"
MAY_OPEN = BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows kills by other means")


@dataclass(frozen=True, kw_only=True)
class HeldBack(Blow):
    """Nothing is heard of a request until the test lets go of it."""

    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def strike(self, answer: Answer | None) -> None:
        """Wait."""
        await self.let_go.wait()

    def told_of(self, deed: Deed) -> str:
        """Return what is held back."""
        return f"Nothing is heard of {deed.request}"


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


async def test_a_thread_in_which_a_room_is_being_opened_meanwhile_stays(stage: Stage) -> None:
    """The program is at the first of two that an earlier run noted when Ann asks for a room beside the second."""
    stage.guild.set_bot_permissions(MAY_OPEN | Permission.MANAGE_THREADS)
    other = stage.guild.add_text_channel("other")
    left = await killed_while_opening(stage)
    with closing(sqlite3.connect(stage.database)) as database:
        ((first, value),) = database.execute("SELECT name, value FROM marks WHERE name LIKE 'thread-begun-%'")
        guild, _, asked, _ = json.loads(value)
        second = f"{first}0"
        database.execute("INSERT INTO marks VALUES (?, ?)", (second, json.dumps([guild, other.id, asked, None])))
        database.commit()
    look, opened = HeldBack(), HeldBack(after=True)
    stage.discord.faults.add(Fault(look, "GET", f"*/{left.id}/messages"), Fault(opened, "POST", "*/threads"))
    async with stage.running() as bot:
        await until(lambda: stage.discord.faults.struck)
        asking = asyncio.create_task(stage.start(FLASH, thread=True, rounds=1, channel=other))
        await until(lambda: any(thread.parent_id == other.id for thread in bot.guilds[0].threads))
        marks = bot.supplies.database.marks
        look.let_go.set()
        async with asyncio.timeout(SECONDS):
            while second in await marks.beginning_with("thread-begun-"):  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.01)
        opened.let_go.set()
        await asking
        (thread,) = stage.guild.threads
        assert thread.parent is other
        await stage.until_over(thread)
    stage.nothing_is_wrong()


@pytest.mark.parametrize("blow", [ServerError(after=True), Cut(after=True)], ids=["asked twice", "not asked again"])
@pytest.mark.parametrize("is_fork", [False, True], ids=["start", "fork"])
async def test_a_thread_that_discord_opens_without_saying_so_is_taken_away(
    stage: Stage, blow: Blow, is_fork: bool
) -> None:
    stage.guild.set_bot_permissions(MAY_OPEN | Permission.MANAGE_THREADS)
    stage.discord.faults.excuse(160004)
    async with stage.running() as bot:
        await open_paused(stage)
        await take_turn(stage)
        stage.discord.faults.add(Fault(blow, "POST", "*/threads", times=1))
        if is_fork:
            reply = await stage.ann.uses_on(last_of(stage, "AI-1"), FORK)
        else:
            reply = await stage.ann.slash(stage.channel, "backroom start", ai1=FLASH, thread=True)
        places = [room.place.channel_id for room in bot.rooms if room.place.parent_id]
        assert len(places) == ("is open in" in reply.content)
        await until(lambda: [thread.id for thread in stage.guild.threads] == places)
        async with asyncio.timeout(SECONDS):
            while await bot.supplies.database.marks.beginning_with("thread-begun-"):  # noqa: ASYNC110 - nobody signals it
                await asyncio.sleep(0.01)
    stage.nothing_is_wrong()
