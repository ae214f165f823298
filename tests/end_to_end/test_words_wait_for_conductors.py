"""What a room owes that waits for its conductor and takes no turn meanwhile: it appears though nobody tells."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.client import BackroomBot
from bot.rehearsal.faults import Fault, Refuse
from bot.room.state import Phase
from tests.end_to_end.hall import MESSAGES, POST
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, files_of, until
from tests.openrouter import Reply

NOT_ALLOWED = Refuse(403, 50013, "Missing Permissions")


async def a_picture_is_refused(stage: Stage, *routes: str) -> None:
    """Let Discord refuse a picture that is made after its turn; the gateway does not tell why."""
    stage.discord.faults.excuse(10003, 10015, 50013)
    is_made = asyncio.Event()
    stage.host.paint(Reply(after=is_made))
    stage.host.answer("AI-2", '!image "a lamp"\n\nhere it comes')
    pictures = len(stage.host.images)
    await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")
    await until(lambda: len(stage.host.images) > pictures)
    await until(lambda: not stage.room().turn_under_way and not stage.room().owes_words)
    here = (None, str(stage.channel.id))
    for route in routes:
        stage.discord.faults.add(Fault(NOT_ALLOWED, "POST", route, lambda call: call.parts.get("channel_id") in here))
    is_made.set()
    await until(lambda: stage.room().hindrance)
    assert stage.room().state.phase is Phase.RUNNING


async def conducted(stage: Stage, bot: BackroomBot) -> None:
    """Open a room that waits for its conductor; closed places are looked at more often than once a minute."""
    await bot.wait_until_ready()
    await stage.start(FLASH, R1, rounds=0, order="conductor")
    await until(lambda: stage.panels() and stage.panels()[-1].components)
    looks_of(bot).change_interval(seconds=1)
    looks_of(bot).restart()


def looks_of(bot: BackroomBot) -> Any:
    """The loop that looks at closed places."""
    places: Any = bot.get_cog("Places")
    return places.look_at_closed


def nobody_tries() -> bool:
    """Whether no task of the room is under way that could say something."""
    return not any(task.get_name() in ("words-1", "pictures-1", "turns-1", "resume-0") for task in asyncio.all_tasks())


def pictures_shown(stage: Stage) -> int:
    return sum(bool(files_of(message)) for message in stage.channel.messages)


async def test_what_a_room_owes_that_waits_for_its_conductor_appears_though_nobody_tells(stage: Stage) -> None:
    async with stage.running() as bot:
        await conducted(stage, bot)
        await a_picture_is_refused(stage, POST)
        told = await stage.channel.wait_for(lambda message: message.content.startswith("⏳"))
        assert f"The words of AI-2 ({R1}) wait. The bot lacks a permission here." in told.content
        await until(nobody_tries)
        stage.discord.faults.clear()
        await until(lambda: pictures_shown(stage) == 1)
        await until(lambda: stage.room().hindrance is None)
    assert stage.ann.direct_messages == []


async def test_who_opened_such_a_room_gets_a_letter_each_time_its_words_wait(stage: Stage) -> None:
    async with stage.running() as bot:
        await conducted(stage, bot)
        await a_letter_tells_of_words_that_wait(stage, 1)
        looks = looks_of(bot).current_loop
        await until(lambda: looks_of(bot).current_loop > looks + 1)
        await a_letter_tells_of_words_that_wait(stage, 2)


async def a_letter_tells_of_words_that_wait(stage: Stage, times: int) -> None:
    await a_picture_is_refused(stage, POST, MESSAGES)
    await until(lambda: len(stage.ann.direct_messages) == times)
    assert "words wait. The bot lacks a permission here." in stage.ann.direct_messages[-1].content
    await until(nobody_tries)
    stage.discord.faults.clear()
    await until(lambda: pictures_shown(stage) == times and not stage.room().owes_words)
