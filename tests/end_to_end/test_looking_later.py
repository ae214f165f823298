"""What cannot be looked at just now, or not be decided, is looked at later: nothing said meanwhile is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from bot.client import BackroomBot
from bot.rehearsal.faults import EventFault, Fault, Lost, ServerError
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.paused_room import open_paused, take_turn
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_catching_up import glance, looks_of, open_running, reads, with_events, with_no_event, words

SECONDS_TO_COME_BACK = 60.0
"""discord.py waits before it connects again, by chance, and longer each time."""


@asynccontextmanager
async def started_without_the_server(stage: Stage) -> AsyncGenerator[BackroomBot]:
    """Run the bot, which has looked at its rooms; Discord has told it nothing of the server yet."""
    stage.guild.is_available = False
    async with stage.running() as bot:
        await bot.wait_until_ready()
        guild = bot.get_guild(stage.guild.id)
        assert guild is not None
        assert guild.unavailable
        await until(lambda: not any(task.get_name() == "discord.py: on_ready" for task in asyncio.all_tasks()))
        yield bot


async def open_after_the_start(bot: BackroomBot, stage: Stage) -> None:
    """Open a room that is paused, and that the look of the start does not find any more."""
    await bot.wait_until_ready()
    await open_paused(stage)


async def test_who_may_speak_is_heard_once_discord_has_told_of_the_server(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_running(stage)
        await bot.guild_settings.change(stage.guild.id, speak_roles=[bea.roles[-1].id])
    await bea.says(stage.channel, "said while you were away")
    told = await bea.says(stage.channel, "said as you came back")
    async with started_without_the_server(stage) as bot:
        bot.dispatch("message", await bot.get_partial_messageable(stage.channel.id).fetch_message(told.id))
        stage.guild.set_available(available=True)
        await until(lambda: "said while you were away" in words(stage) and "as you came back" in words(stage))


async def test_a_moderator_hides_words_once_discord_has_told_of_the_server(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    mo = stage.guild.add_member("Mo", permissions=Permission.MANAGE_CHANNELS)  # who did not open the room
    async with stage.running():
        await open_running(stage)
        said = await bea.says(stage.channel, "Cy lives at 7 Quay Street")
        await until(lambda: "Quay Street" in words(stage))
    missed = await bea.says(stage.channel, "on the second floor")
    await mo.reacts(said, "🙈")
    await mo.reacts(missed, "🙈")
    await bea.says(stage.channel, "do you hear me?")
    async with started_without_the_server(stage):
        stage.guild.set_available(available=True)
        await until(lambda: "do you hear me?" in words(stage))
        assert "Quay Street" not in words(stage)
        assert "second floor" not in words(stage)


async def test_what_was_lost_while_discord_did_not_have_the_server_is_heard_at_once(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_after_the_start(bot, stage)
        guild = bot.get_guild(stage.guild.id)
        assert guild is not None
        stage.guild.set_available(available=False)
        await until(lambda: guild.unavailable)
        await stage.ann.says(stage.channel, "is anybody there?")
        stage.guild.set_available(available=True)
        await until(lambda: "is anybody there?" in words(stage))


async def test_a_look_that_discord_refuses_is_made_later_also_at_a_room_that_is_paused(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running():
        await open_paused(stage)
    await stage.ann.says(stage.channel, "said while you were away")
    stage.discord.faults.add(Fault(ServerError(503), "GET", MESSAGES))
    async with stage.running():
        await until(lambda: caplog.text.count("room 1 did not catch up: ") > 1)  # it is tried more than once
        assert "said while you were away" not in words(stage)
        stage.discord.faults.clear()
        await until(lambda: "said while you were away" in words(stage))
        asked = await take_turn(stage)
        assert asked.seen.count("said while you were away") == 1
    assert "was never retrieved" not in caplog.text


async def test_a_room_that_ends_is_not_looked_at_again(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    other = stage.guild.add_text_channel("next-door")
    async with stage.running():
        await open_paused(stage)
        await stage.start("Gemini 3 Flash", "DeepSeek R1", rounds=0, order="conductor", channel=other)
        await until(lambda: not stage.room().owes_words)
    stage.discord.faults.add(Fault(ServerError(503), "GET", MESSAGES))
    async with stage.running():
        await until(lambda: "room 1 did not" in caplog.text and "room 2 did not" in caplog.text)
        await stage.ann.slash(stage.channel, "backroom stop")
        ended = caplog.text.count("room 1 did not")
        later = caplog.text.count("room 2 did not") + 2
        await until(lambda: caplog.text.count("room 2 did not") >= later)
        assert caplog.text.count("room 1 did not") <= ended + 1  # one may have been under way


async def test_a_paused_room_is_looked_at_now_and_then(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_after_the_start(bot, stage)
        with_no_event(stage)
        await stage.ann.says(stage.channel, "we talk on meanwhile")
        with_events(stage)
        history = f"/channels/{stage.channel.id}/messages"
        before, first = reads(stage).count(history), looks_of(bot).current_loop
        looks_of(bot).change_interval(seconds=0.05)
        await until(lambda: "we talk on meanwhile" in words(stage))
        looks_of(bot).change_interval(hours=1)
        assert reads(stage).count(history) - before <= 1 + (looks_of(bot).current_loop - first) // 10


async def test_after_an_outage_as_many_others_may_have_hidden_a_message(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        await open_running(stage)
        said = await stage.ann.says(stage.channel, "a private matter")
        await until(lambda: "a private matter" in words(stage))
        await bea.reacts(said, "🙈")  # not hers, and she may not steer
        await glance(bot)
        stage.discord.faults.add(EventFault(Lost(), "MESSAGE_REACTION_*"))
        await bea.unreacts(said, "🙈")
        await stage.ann.reacts(said, "🙈")
        await stage.discord.gateway.drop(4009, resumable=False)
        await until(lambda: "a private matter" not in words(stage), SECONDS_TO_COME_BACK)
