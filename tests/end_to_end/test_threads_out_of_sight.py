"""A thread that the bot may not see any more: Discord is not asked about it in vain, and its room goes on later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.client import BackroomBot
from bot.rehearsal.world.channels import Thread
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, until

EXCUSED = (50001, 50013, 50083)
SECONDS_OF_LOOKS = 1.0


async def start_in(thread: Thread, stage: Stage, bot: BackroomBot) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0.2)
    await bot.wait_until_ready()
    await stage.start(FLASH, R1, rounds=0, channel=thread)
    await thread.wait_for_messages(3)


async def waits_until(opens: Callable[[], object], stage: Stage, bot: BackroomBot, thread: Thread) -> None:
    """Look whether a room waits, at which the bot looks often, and asks Discord nothing, until its thread opens."""
    room = bot.rooms.at(thread.id)
    await until(lambda: room.state.phase is Phase.PAUSED and stage.ann.direct_messages)
    assert "View Channel" in room.state.pause_reason
    places: Any = bot.get_cog("Places")
    places.look_at_closed.change_interval(seconds=0.05)
    places.look_at_closed.restart()
    await asyncio.sleep(SECONDS_OF_LOOKS)
    assert [one.status for one in stage.discord.exchanges if one.path == f"/channels/{thread.id}"] == []
    opens()
    await until(lambda: room.state.phase is Phase.RUNNING)
    (letter,) = stage.ann.direct_messages
    assert "View Channel" in letter.content
    await thread.wait_for(lambda message: message.content.startswith("▶️"))
    assert [content[0] for who, content in stage.said(thread) if who == "Backroom"] == list("🚪⏸▶")


async def test_discord_is_not_asked_again_and_again_for_what_it_refuses(stage: Stage) -> None:
    thread = stage.channel.add_thread("deeper")
    async with stage.running() as bot:
        await start_in(thread, stage, bot)
        stage.channel.take_bot_permissions(Permission.VIEW_CHANNEL)
        await waits_until(stage.channel.give_back_bot_permissions, stage, bot, thread)


@pytest.mark.parametrize("archived", [False, True], ids=["open", "archived"])
async def test_nor_after_a_restart_when_only_the_channel_of_the_thread_is_known(stage: Stage, archived: bool) -> None:
    thread = stage.channel.add_thread("deeper")
    async with stage.running() as bot:
        await start_in(thread, stage, bot)
    thread.set_archived(archived=archived)
    stage.channel.take_bot_permissions(Permission.VIEW_CHANNEL)

    def opens() -> None:
        thread.set_archived(archived=False)
        stage.channel.give_back_bot_permissions()

    async with stage.running() as bot:
        await waits_until(opens, stage, bot, thread)
