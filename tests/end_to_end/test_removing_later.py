"""❌ that was given while the bot was not there: it is looked up at little cost, and one hindrance is not another's."""

from __future__ import annotations

import pytest

from bot.rehearsal.faults import Blow, Fault, Refuse
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from bot.room.reactions import REMOVES
from tests.end_to_end.garbled import Garbled
from tests.end_to_end.stage import Stage, until

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
LOOKED_UP_AT_MOST = 20
MESSAGES_LOOKED_AT = 50
NOT_ALLOWED = Answer(403, {"code": 50013, "message": "Missing Permissions"})


async def a_room_that_waits(stage: Stage, channel: Channel, words: str) -> list[Message]:
    """Open a room in which only AI-1 has spoken, and nobody goes on unless called upon; return its messages."""
    stage.host.answer("AI-1", words)
    await stage.start(FLASH, R1, rounds=0, order="conductor", channel=channel)
    await stage.ann.slash(channel, "backroom step", seat="AI-1")
    await channel.wait_for(lambda message: message.author_name.startswith("AI-1"))
    assert stage.bot is not None
    await stage.bot.rooms.at(channel.id).say()
    return [message for message in channel.messages if message.author_name.startswith("AI-1")]


async def until_away(stage: Stage) -> None:
    await until(lambda: not stage.discord.gateway.has_a_client)


async def all_react(people: list[Person], *messages: Message) -> None:
    for message in messages:
        for person in people:
            await person.reacts(message, REMOVES)


def is_of_removing(call: Call) -> bool:
    """Whether a request looks for what is to be removed; others look at as many messages as a page holds."""
    return "/reactions/" in call.path or call.query.get("limit") == str(MESSAGES_LOOKED_AT)


def asked_about(stage: Stage, part: str) -> int:
    """How often Discord was asked about reactions (`/reactions/`) or members (`/members/`)."""
    return sum(one.method == "GET" and part in one.path for one in stage.discord.exchanges)


async def test_looking_for_who_may_remove_asks_only_about_what_is_the_rooms_and_about_few_people_once(
    stage: Stage,
) -> None:
    crowd = [stage.guild.add_member(f"Guest {number}") for number in range(LOOKED_UP_AT_MOST + 5)]
    async with stage.running():
        first, second, third = await a_room_that_waits(stage, stage.channel, "word " * 900)
        outburst = await crowd[0].says(stage.channel, "an outburst")
        aside = await crowd[0].says(stage.channel, ".an aside")
        await until(lambda: stage.panels() and stage.room().history.entry_of_message(outburst.id))
        assert stage.bot is not None
        assert stage.bot.user is not None
        bot = stage.guild.members[stage.bot.user.id]
    await until_away(stage)
    door = next(message for message in stage.channel.messages if message.content.startswith("🚪"))
    first.react(bot, REMOVES)
    await all_react(crowd, second, third, outburst, aside, stage.panels()[-1])
    await all_react([*crowd, stage.ann], door)  # the oldest, so that all others were looked at when it goes
    async with stage.running():
        await until(lambda: door not in stage.channel.messages)
        assert asked_about(stage, "/reactions/") == len([second, third, outburst, door])
        assert asked_about(stage, "/members/") == LOOKED_UP_AT_MOST
        assert {first, second, third, outburst, aside} <= set(stage.channel.messages)
        assert not stage.room().history.withdrawn_messages
    stage.nothing_is_wrong()


@pytest.mark.parametrize("may_delete", [True, False], ids=["the bot may delete it", "it stays in the channel"])
async def test_what_people_said_is_removed_as_well_also_what_was_missed(stage: Stage, *, may_delete: bool) -> None:
    bea = stage.guild.add_member("Bea")
    if may_delete:
        stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.MANAGE_MESSAGES)
    async with stage.running():
        await a_room_that_waits(stage, stage.channel, "hello")
        heard = await bea.says(stage.channel, "buy my coins")
        await until(lambda: stage.room().history.entry_of_message(heard.id))
    await until_away(stage)
    missed = await bea.says(stage.channel, "buy my stamps")
    await all_react([stage.ann], heard, missed)
    async with stage.running():
        await until(lambda: {heard.id, missed.id} <= stage.room().history.withdrawn_messages)
        if may_delete:
            await until(lambda: heard not in stage.channel.messages and missed not in stage.channel.messages)
    if not may_delete:
        asked = asked_about(stage, "/reactions/")
        await until_away(stage)
        door = next(message for message in stage.channel.messages if message.content.startswith("🚪"))
        await all_react([bea], door)  # the oldest, so that all others were looked at when it is asked about
        async with stage.running():
            await until(lambda: asked_about(stage, "/reactions/") > asked)
            assert asked_about(stage, "/reactions/") == asked + 1  # nothing is left to do about the others
    stage.nothing_is_wrong()


HINDRANCES = {"it may not be deleted": ("DELETE", ""), "nobody says who reacted to it": ("GET", "/reactions/")}


@pytest.mark.parametrize(("method", "part"), HINDRANCES.values(), ids=HINDRANCES)
async def test_a_message_that_cannot_be_removed_keeps_no_other_from_being_removed(
    stage: Stage, method: str, part: str
) -> None:
    async def refuse(call: Call) -> Answer | None:
        is_meant = call.method == method and str(newest.id) in call.path and part in call.path
        return NOT_ALLOWED if is_meant else None

    async with stage.running():
        oldest, _, newest = await a_room_that_waits(stage, stage.channel, "word " * 900)
    await until_away(stage)
    await all_react([stage.ann], oldest, newest)
    stage.discord.rest.before_effect.append(refuse)
    async with stage.running():
        await until(lambda: oldest not in stage.channel.messages)
        assert newest in stage.channel.messages


async def test_a_room_that_meets_what_nobody_foresaw_keeps_no_other_room_back(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async def garble(call: Call) -> Answer | None:
        is_meant = call.method == "GET" and f"/channels/{stage.channel.id}/" in call.path and "/reactions/" in call.path
        return Answer(json=[{}]) if is_meant else None

    other = stage.guild.add_text_channel("other")
    async with stage.running():
        (here,) = await a_room_that_waits(stage, stage.channel, "hello")
        (there,) = await a_room_that_waits(stage, other, "hello")
    await until_away(stage)
    await all_react([stage.ann], here, there)
    stage.discord.rest.before_effect.append(garble)
    async with stage.running():
        await until(lambda: there not in other.messages)
        await until(lambda: "room 1: an error that nobody foresaw" in caplog.text)
        assert here in stage.channel.messages


LOOKS = {"what stands there": "/channels/*/messages", "who reacted": "/channels/*/messages/*/reactions/*"}


@pytest.mark.parametrize("path", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("blow", [Refuse(403, 50013, "Missing Permissions"), Garbled()], ids=["refused", "garbled"])
async def test_a_look_at_what_is_to_be_removed_that_fails_is_taken_again(stage: Stage, blow: Blow, path: str) -> None:
    async with stage.running():
        (words,) = await a_room_that_waits(stage, stage.channel, "hello")
    await until_away(stage)
    await all_react([stage.ann], words)
    stage.discord.faults.add(Fault(blow, "GET", path, times=1, only=is_of_removing))
    async with stage.running():
        await until(lambda: words not in stage.channel.messages)
