"""Before a person lets an AI speak, what the gateway never told of is looked for; nothing waits for that for long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.client import BackroomBot
from bot.rehearsal.faults import Fault, ServerError
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.people import Reply
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_catching_up import open_running, with_events, with_no_event, words
from tests.openrouter import Recorded


async def step(stage: Stage) -> Reply:
    return await stage.ann.slash(stage.channel, "backroom step")


async def resume(stage: Stage) -> Reply:
    return await stage.ann.slash(stage.channel, "backroom resume")


async def press_step(stage: Stage) -> Reply:
    return await stage.ann.press(stage.panels()[-1], "Step")


async def press_resume(stage: Stage) -> Reply:
    return await stage.ann.press(stage.panels()[-1], "Resume")


WAYS = {"step": step, "resume": resume, "Step": press_step, "Resume": press_resume}


@asynccontextmanager
async def paused_room(stage: Stage) -> AsyncGenerator[BackroomBot]:
    """Open a room that is paused, and that the start does not look at."""
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await open_paused(stage)
        await until(lambda: stage.panels() and "Resume" in str(stage.panels()[-1].components))
        yield bot


async def asked_upon(stage: Stage, way: Callable[[Stage], Awaitable[Reply]]) -> Recorded:
    """Let an AI speak; returns what it was asked."""
    asked = len(stage.host.chats)
    reply = await way(stage)
    await until(lambda: len(stage.host.chats) > asked)
    assert reply.failed is None
    return stage.host.chats[asked]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_the_ai_that_is_asked_sees_what_the_gateway_lost(
    stage: Stage, way: Callable[[Stage], Awaitable[Reply]]
) -> None:
    async with paused_room(stage):
        said = await stage.ann.says(stage.channel, "the kettle is lost")
        await until(lambda: "kettle" in words(stage))
        with_no_event(stage)
        await stage.ann.deletes(said)
        await stage.ann.says(stage.channel, "the ferry is late")
        with_events(stage)
        asked = await asked_upon(stage, way)
        assert "[Ann]: the ferry is late" in asked.seen
        assert "kettle" not in asked.seen


async def test_a_look_that_discord_refuses_holds_up_nothing(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    async with paused_room(stage):
        stage.discord.faults.add(Fault(ServerError(503), "GET", MESSAGES))
        await asked_upon(stage, step)
    assert "room 1 did not catch up" in caplog.text


async def test_a_look_that_takes_long_is_not_waited_for_and_ends_all_the_same(stage: Stage) -> None:
    arrives = asyncio.Event()

    async def hold(call: Call, answer: Answer) -> None:
        if call.template == MESSAGES and call.method == "GET":
            await arrives.wait()

    async with paused_room(stage):
        with_no_event(stage)
        await stage.ann.says(stage.channel, "the ferry is late")
        with_events(stage)
        stage.discord.rest.after_effect.append(hold)
        asked = await asked_upon(stage, step)
        assert "ferry" not in asked.seen
        arrives.set()
        await until(lambda: "the ferry is late" in words(stage))


async def test_the_first_ai_that_is_asked_after_a_restart_sees_what_was_taken_back_meanwhile_no_more(
    stage: Stage,
) -> None:
    async with stage.running():
        await open_running(stage)
        deleted = await stage.ann.says(stage.channel, "the kettle is lost")
        changed = await stage.ann.says(stage.channel, "my address is 7 Quay Street")
        await until(lambda: "Quay Street" in words(stage))
    await stage.ann.deletes(deleted)
    await stage.ann.edits(changed, "my address is nobody's business")
    asked = len(stage.host.chats)
    async with stage.running():
        await until(lambda: len(stage.host.chats) > asked)
    seen = stage.host.chats[asked].seen
    assert ("kettle" in seen, "Quay Street" in seen, "nobody's business" in seen) == (False, False, True)


async def test_the_first_ai_that_is_asked_in_a_place_that_was_closed_sees_what_was_deleted_there_no_more(
    stage: Stage,
) -> None:
    async with stage.running():
        await open_running(stage)
        said = await stage.ann.says(stage.channel, "the kettle is lost")
        await until(lambda: "kettle" in words(stage))
        stage.channel.take_bot_permissions(Permission.VIEW_CHANNEL)
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        with_no_event(stage)
        await stage.ann.deletes(said)
        with_events(stage)
        asked = len(stage.host.chats)
        stage.channel.give_back_bot_permissions()
        await until(lambda: len(stage.host.chats) > asked)
        assert "kettle" not in stage.host.chats[asked].seen
