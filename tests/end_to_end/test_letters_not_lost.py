"""Who opened a room is told once what they have to know, and nothing that is over, whatever happens just then."""

from __future__ import annotations

from typing import Any

import pytest

from bot.client import BackroomBot
from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.hall import MESSAGES, POST
from tests.end_to_end.paused_room import FLASH, R1, open_paused
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_places_close import Held
from tests.end_to_end.test_words_wait_for_conductors import a_picture_is_refused, conducted, pictures_shown

LETTER = "/users/@me/channels"
EXCUSED = (10003, 10004, 10015, 50001, 50013)


def looks_of(bot: BackroomBot) -> Any:
    """The loop that looks at closed places."""
    places: Any = bot.get_cog("Places")
    return places.look_at_closed


async def test_why_a_room_waits_that_can_say_nothing_is_told_though_its_place_is_looked_at_just_then(
    stage: Stage,
) -> None:
    stage.host.script = Chatter(seconds=0)
    held = Held()
    async with stage.running() as bot:
        await bot.wait_until_ready()
        blocked = (
            Fault(BLOCKED_BY_AUTOMOD, "POST", route) for route in (POST, f"/channels/{stage.channel.id}/messages")
        )
        stage.discord.faults.add(*blocked, Fault(held, "POST", LETTER, times=1))
        await stage.start(FLASH, R1, rounds=0)
        await until(held.is_met.is_set)
        looks_of(bot).change_interval(seconds=0.05)
        looks_of(bot).restart()
        await until(lambda: looks_of(bot).current_loop > 1)
        held.is_over.set()
        await until(lambda: stage.ann.direct_messages)
    assert "`/backroom resume` there continues it." in stage.ann.direct_messages[0].content


async def test_that_a_channel_was_deleted_is_told_though_its_last_words_are_confirmed_just_then(stage: Stage) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0)
    words, letter = Held(after=True), Held()
    stage.discord.faults.add(Fault(words, "POST", POST, skip=1, times=1), Fault(letter, "POST", LETTER, times=1))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        room = stage.room()
        await until(words.is_met.is_set)
        before = room.seconds_of_last_post
        stage.channel.delete()
        await until(letter.is_met.is_set)
        assert room.state.phase is Phase.ENDED
        words.is_over.set()
        await until(lambda: room.seconds_of_last_post > before)
        letter.is_over.set()
        await until(lambda: stage.ann.direct_messages)
    assert "is over. The channel was deleted." in stage.ann.direct_messages[0].content


async def test_nobody_is_told_of_words_that_appeared_while_discord_was_asked_whether_their_place_is_gone(
    stage: Stage,
) -> None:
    held = Held()
    here = str(stage.channel.id)
    async with stage.running() as bot:
        await conducted(stage, bot)
        stage.discord.faults.add(
            Fault(held, "GET", "/channels/{channel_id}", lambda call: call.parts.get("channel_id") == here, times=1)
        )
        await a_picture_is_refused(stage, POST, MESSAGES)
        await until(held.is_met.is_set)
        stage.discord.faults.clear()
        await until(lambda: pictures_shown(stage) == 1 and not stage.room().owes_words)
        held.is_over.set()
        stage.channel.take_bot_permissions(Permission.SEND_MESSAGES)
        await stage.ann.slash(stage.channel, "backroom say", words="anybody here?")
        await until(lambda: stage.ann.direct_messages)
    (told,) = stage.ann.direct_messages
    assert "Send Messages" in told.content


async def test_the_log_names_the_place_of_a_letter_by_its_number(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running():
        await open_paused(stage)
        stage.channel.take_bot_permissions(Permission.SEND_MESSAGES)
        await stage.ann.slash(stage.channel, "backroom say", words="anybody here?")
        await until(lambda: stage.ann.direct_messages)
    assert stage.guild.name in stage.ann.direct_messages[0].content
    assert f"in channel {stage.channel.id}: " in caplog.text
    assert stage.guild.name not in caplog.text
