"""What is taken back before it is written down, as a slow disk or a slow Discord lets happen: no AI sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.messages import Message
from tests.end_to_end.other_programs import locked
from tests.end_to_end.paused_room import last_of, open_paused
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_catching_up import words

SECRET = "under the third plank"
SECONDS = 3.5
"""Longer than who takes back what is not known yet waits before it is looked for again."""

TakeBack = Callable[[Stage, Message], Awaitable[object]]


async def delete(_: Stage, message: Message) -> None:
    message.delete()


async def hide(stage: Stage, message: Message) -> None:
    await stage.ann.reacts(message, "🙈")


every_way = pytest.mark.parametrize("take_back", [delete, hide])


@every_way
async def test_a_persons_words_that_wait_for_the_disk(stage: Stage, take_back: TakeBack) -> None:
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await open_paused(stage)
        async with locked(stage.database):
            await take_back(stage, await stage.ann.says(stage.channel, SECRET))
            await asyncio.sleep(SECONDS)
        await stage.ann.says(stage.channel, "good night")
        await until(lambda: "good night" in words(stage))
        assert SECRET not in words(stage)


@every_way
async def test_the_words_of_an_ai_whose_arrival_discord_has_not_confirmed(stage: Stage, take_back: TakeBack) -> None:
    is_stored, is_confirmed = asyncio.Event(), asyncio.Event()

    async def hold(call: Call, _: Answer) -> None:
        if call.method == "POST" and isinstance(call.json, dict) and call.json.get("content") == SECRET:
            is_stored.set()
            await is_confirmed.wait()

    stage.discord.rest.after_effect.append(hold)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await open_paused(stage)
        stage.host.answer("AI-1", SECRET)
        await stage.ann.slash(stage.channel, "backroom step")
        await is_stored.wait()
        await take_back(stage, last_of(stage, "AI-1"))
        await asyncio.sleep(SECONDS)
        assert SECRET in words(stage)
        is_confirmed.set()
        await until(lambda: SECRET not in words(stage))
