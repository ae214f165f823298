"""Words of a step that do not reach their place: the room is paused anyway, and people learn why the words wait."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.client import BackroomBot
from bot.rehearsal.faults import Cut, Fault, Refuse
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_places_close import Held
from tests.end_to_end.test_words_wait_for_conductors import nobody_tries

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
POST = "/webhooks/{webhook_id}/{webhook_token}"
OF_HOUSE = "/channels/{channel_id}/messages"
NOT_ALLOWED = Refuse(403, 50013, "Missing Permissions")
EXCUSED = (10003, 10015, 50013)


async def step_into_refusal(stage: Stage, *routes: str) -> None:
    """Let AI-2 take one turn in a paused room, and let Discord refuse its words, which the gateway does not tell of."""
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.answer("AI-2", "words that wait")
    await open_paused(stage)
    await until(lambda: stage.panels() and not stage.room().owes_words)
    here = (None, str(stage.channel.id))
    for route in routes:
        stage.discord.faults.add(Fault(NOT_ALLOWED, "POST", route, lambda call: call.parts.get("channel_id") in here))
    await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")
    await until(lambda: stage.room().hindrance)


async def test_the_house_says_once_whose_words_wait_and_they_appear_though_nobody_tells(stage: Stage) -> None:
    async with stage.running() as bot:
        await step_into_refusal(stage, POST)
        told = await stage.channel.wait_for(lambda m: m.content.startswith("⏳"))
        assert f"The words of AI-2 ({R1}) wait. The bot lacks a permission here." in told.content
        status = await stage.ann.slash(stage.channel, "backroom status")
        assert "⏳ Words have been waiting since" in status.content
        await until(lambda: "words wait: The bot lacks a permission" in stage.panels()[-1].content)
        refused = len([one for one in stage.discord.exchanges if one.status == 403])
        _look_often(bot)
        await until(lambda: len([one for one in stage.discord.exchanges if one.status == 403]) > refused + 1)
        stage.discord.faults.clear()
        await stage.channel.wait_for(lambda m: m.content == "words that wait")
        await until(lambda: stage.room().hindrance is None)
    assert [words[0] for who, words in stage.said() if who == "Backroom"].count("⏳") == 1
    assert stage.ann.direct_messages == []


async def test_what_people_say_meanwhile_is_said_however_quick_they_are(stage: Stage) -> None:
    first, second = Held(), Held()
    async with stage.running():
        await step_into_refusal(stage, POST)
        await stage.channel.wait_for(lambda m: m.content.startswith("⏳"))
        await until(nobody_tries)
        for held, words in ((first, "one"), (second, "two")):
            says = Fault(held, "POST", OF_HOUSE, lambda call, words=words: words in call.json["content"], times=1)
            stage.discord.faults.add(says)
        await stage.ann.slash(stage.channel, "backroom say", words="one")
        await until(first.is_met.is_set)
        await stage.ann.slash(stage.channel, "backroom say", words="two")
        first.is_over.set()
        await until(second.is_met.is_set)
        await stage.ann.slash(stage.channel, "backroom say", words="three")
        second.is_over.set()
        await stage.channel.wait_for(lambda m: "three" in m.content, seconds=5)


async def test_where_the_house_cannot_speak_either_who_opened_the_room_gets_a_letter(stage: Stage) -> None:
    async with stage.running():
        await step_into_refusal(stage, POST, OF_HOUSE)
        await until(lambda: stage.ann.direct_messages)
        (letter,) = stage.ann.direct_messages
        assert "words wait. The bot lacks a permission here." in letter.content


async def test_words_of_a_room_that_is_over_are_given_up_when_their_channel_is_deleted(stage: Stage) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.answer("AI-1", "words that wait")
    stage.discord.faults.add(Fault(Cut(), "POST", POST))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        room = stage.room()
        await until(lambda: room.state.turn == 1)
        await stage.ann.slash(stage.channel, "backroom stop")
    stage.discord.faults.clear()
    stage.channel.take_bot_permissions(Permission.MANAGE_WEBHOOKS)
    async with stage.running() as bot:
        await stage.until_over()
        stage.channel.delete()
        waiting = [room.number]
        async with asyncio.timeout(20):
            while waiting:
                waiting = await bot.supplies.database.outbox.rooms_with_waiting()
                await asyncio.sleep(0.1)


def _look_often(bot: BackroomBot) -> None:
    """Let places be looked at more often than once a minute."""
    places: Any = bot.get_cog("Places")
    places.look_at_closed.change_interval(seconds=0.5)
    places.look_at_closed.restart()
