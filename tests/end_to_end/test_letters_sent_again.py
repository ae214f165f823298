"""Discord fails just when who opened a room is written to: the letter is sent later, once, if it still holds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.client import BackroomBot
from bot.rehearsal.faults import Blow, Cut, Fault, Html, ServerError
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, until

POST = "/channels/{channel_id}/messages"
EXCUSED = (10003, 10004, 10015, 50001, 50007, 50013)
SECONDS_IN_WHICH_NOTHING_COMES = 0.5
BLOWS = {
    "not taken": ServerError(503),
    "taken, and nobody says so": Cut(after=True),
    "a web page": Html(200),
}


def look_often(bot: BackroomBot) -> None:
    places: Any = bot.get_cog("Places")
    places.look_at_closed.change_interval(seconds=0.05)


def fail_letters(stage: Stage, blow: Blow, times: int | None = 2) -> None:
    here = str(stage.channel.id)

    def is_letter(call: Call) -> bool:
        return call.parts.get("channel_id") != here

    stage.discord.faults.add(Fault(blow, "POST", POST, is_letter, times=times))


def no_more_sending(stage: Stage) -> None:
    stage.channel.take_bot_permissions(Permission.SEND_MESSAGES)


def no_channel(stage: Stage) -> None:
    stage.channel.delete()


CASES = {"closed": (no_more_sending, "is paused."), "deleted": (no_channel, "is over.")}


@pytest.mark.parametrize("blow", BLOWS.values(), ids=BLOWS)
@pytest.mark.parametrize(("happens", "words"), CASES.values(), ids=CASES)
async def test_who_opened_a_room_is_told_once_as_soon_as_discord_takes_it(
    stage: Stage, happens: Callable[[Stage], None], words: str, blow: Blow
) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0.3)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        fail_letters(stage, blow)
        happens(stage)
        await until(lambda: stage.discord.faults.struck)
        look_often(bot)
        await until(lambda: stage.ann.direct_messages and len(stage.discord.faults.struck) == 2)
        await asyncio.sleep(SECONDS_IN_WHICH_NOTHING_COMES)
    (letter,) = stage.ann.direct_messages
    assert words in letter.content


async def test_who_opened_a_room_is_not_told_of_a_place_that_is_open_again_by_then(stage: Stage) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0.3)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        fail_letters(stage, ServerError(503), times=None)
        no_more_sending(stage)
        room = stage.room()
        await until(lambda: stage.discord.faults.struck)
        look_often(bot)
        await until(lambda: len(stage.discord.faults.struck) > 2)
        stage.channel.give_back_bot_permissions()
        await until(lambda: room.state.phase is Phase.RUNNING)
        stage.discord.faults.clear()
        await asyncio.sleep(SECONDS_IN_WHICH_NOTHING_COMES)
        assert stage.ann.direct_messages == []
        stage.channel.take_bot_permissions(Permission.VIEW_CHANNEL)
        await until(lambda: stage.ann.direct_messages)
    (letter,) = stage.ann.direct_messages
    assert "View Channel" in letter.content
