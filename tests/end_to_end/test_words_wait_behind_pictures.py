"""Pictures wait where a channel's minute is nearly full: nothing that is said meanwhile waits with them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from bot.rehearsal.faults import Fault
from tests.end_to_end.hall import POST
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, files_of, until
from tests.end_to_end.test_places_close import Held
from tests.openrouter import Reply

POSTS_A_MINUTE = 7
"""So few that a picture waits until what was said before it is a minute old."""
ASKED_FOR: Mapping[str, tuple[dict[str, str], str]] = {
    "say": ({"words": "hello"}, "hello"),
    "pause": ({}, "⏸️"),
    "stop": ({}, "⏹️"),
}


def pictures_shown(stage: Stage) -> int:
    return sum(bool(files_of(message)) for message in stage.channel.messages)


@pytest.mark.parametrize("command", ASKED_FOR)
async def test_what_a_person_does_is_said_at_once(stage: Stage, command: str) -> None:
    stage.host.answer("AI-2", '!image "a lamp"\n\nhere it comes')
    options, said = ASKED_FOR[command]
    async with stage.running(posts_a_minute=POSTS_A_MINUTE):
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")
        room = stage.room()
        await until(lambda: stage.host.images and not room.turn_under_way and not room.state.pictures_pending)
        await until(lambda: room._delivery._budget.seconds_until_pictures(stage.channel.id) > 40)  # pyright: ignore[reportPrivateUsage]
        await room.say()
        assert room.owes_words
        await stage.ann.slash(stage.channel, f"backroom {command}", **options)
        await stage.channel.wait_for(lambda message: said in message.content, seconds=5)
        assert pictures_shown(stage) == 0


async def test_a_picture_that_is_asked_for_when_the_last_round_is_over_appears_before_the_end(stage: Stage) -> None:
    is_made, held = asyncio.Event(), Held()
    stage.discord.faults.add(Fault(held, "POST", POST, lambda call: bool(call.files), times=1))
    stage.host.answer("AI-1", '!image "a lamp"\n\nhere it comes')
    stage.host.paint(Reply(), Reply(after=is_made))
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        room = stage.room()
        await until(held.is_met.is_set)
        assert room.state.rounds_are_over
        await stage.ann.slash(stage.channel, "backroom image", description="a boat")
        await until(lambda: len(stage.host.images) == 2)
        held.is_over.set()
        await until(lambda: pictures_shown(stage) == 1)
        await room.say()
        is_made.set()
        await stage.until_over()
        assert pictures_shown(stage) == 2
    stage.nothing_is_wrong()
