"""A thread that the bot may not see any more: Discord is not asked about it in vain, and its room goes on later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.client import BackroomBot
from bot.rehearsal.wire import places as wire
from bot.rehearsal.world.channels import ChannelType, Thread
from bot.rehearsal.world.events import Event, Intent
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


def tell_of_members(thread: Thread, **changes: Any) -> None:
    """Let the gateway tell that the bot was let into a thread, or taken out of it."""
    data = {"id": str(thread.id), "guild_id": str(thread.guild.id), "member_count": len(thread.member_ids), **changes}
    thread.guild.world.announce(Event("THREAD_MEMBERS_UPDATE", data, Intent.GUILDS, thread.guild))


def take_out(thread: Thread, bot_id: int) -> None:
    thread.member_ids.discard(bot_id)
    tell_of_members(thread, removed_member_ids=[str(bot_id)])


def let_in(thread: Thread, bot_id: int) -> None:
    thread.join(bot_id)
    tell_of_members(thread, added_members=[wire.thread_member(thread, bot_id)])


@pytest.mark.parametrize("paused", [False, True], ids=["running", "paused by a person"])
async def test_a_bot_that_is_taken_out_of_a_private_thread_says_so_and_goes_on_when_it_is_let_in(
    stage: Stage, paused: bool
) -> None:
    thread, bot_id = stage.channel.add_thread("deeper"), stage.discord.world.application.bot.id
    thread.type = ChannelType.PRIVATE_THREAD
    thread.member_ids |= {bot_id, stage.ann.id}
    async with stage.running() as bot:
        await start_in(thread, stage, bot)
        room = bot.rooms.at(thread.id)
        if paused:
            await stage.ann.slash(thread, "backroom pause")
            await until(lambda: not room.owes_words)
        take_out(thread, bot_id)
        await until(lambda: bot.doors.why_closed(room.place))
        if not paused:
            await until(lambda: stage.ann.direct_messages)
            (letter,) = stage.ann.direct_messages
            assert "is paused. The bot was taken out of this private thread." in letter.content
        let_in(thread, bot_id)
        await until(lambda: not bot.doors.why_closed(room.place))
        if paused:
            await stage.ann.slash(thread, "backroom resume")
        await thread.wait_for(lambda message: message.content.startswith("▶️"))
        await until(lambda: room.state.phase is Phase.RUNNING)
    assert len(stage.ann.direct_messages) == (0 if paused else 1)
