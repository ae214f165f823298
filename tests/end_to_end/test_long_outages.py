"""However much people say while the bot is away, or nobody tells it, all of it is heard: once, and in order."""

from __future__ import annotations

import asyncio

import pytest

from bot.client import BackroomBot
from bot.client.catching_up import ROOMS_LOOKED_AT_TOGETHER
from bot.client.one_look import MESSAGES_COMPARED
from bot.rehearsal.faults import Fault, Refuse
from bot.rehearsal.rest.calls import Answer, Call
from tests.end_to_end.failing_disks import a_read_only_database
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.paused_room import FLASH, open_paused
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_catching_up import (
    glance,
    heard_words,
    let_time_pass,
    open_running,
    with_events,
    with_no_event,
    words,
)

PAGE = 100
MORE_THAN_IS_COMPARED = MESSAGES_COMPARED + 120
SECONDS_TO_READ = 120.0
NO_ACCESS = Refuse(403, 50001, "Missing Access")


async def test_all_that_was_said_in_a_long_outage_is_heard_once_and_is_not_read_again(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
    said = await say_much(stage, 10)
    await stage.ann.says(stage.channel, ".between us")
    await stage.ann.reacts(await stage.ann.says(stage.channel, "my address is 7 Quay Street"), "🙈")
    said += await say_much(stage, MORE_THAN_IS_COMPARED, first=len(said))
    let_time_pass(stage)
    await stage.ann.says(stage.channel, "here you are")
    async with stage.running() as bot:
        await until(lambda: "here you are" in words(stage), seconds=SECONDS_TO_READ)
        assert await heard_words(stage) == [*said, "here you are"]
        await looked_fully(bot, stage)
    before = len(read_on(stage))
    async with stage.running() as bot:
        await looked_fully(bot, stage)
        assert await heard_words(stage) == [*said, "here you are"]
    assert read_on(stage)[before:] == []


@pytest.mark.parametrize("is_ended", [False, True], ids=["a page is refused", "the bot ends"])
async def test_who_is_interrupted_while_reading_goes_on_at_that_page(stage: Stage, is_ended: bool) -> None:
    pages_read = 2
    async with stage.running():
        await open_paused(stage)
    said = await say_much(stage, MESSAGES_COMPARED + pages_read * PAGE + 50)
    let_time_pass(stage)
    await stage.ann.says(stage.channel, "here you are")
    third = Fault(NO_ACCESS, "GET", MESSAGES, only=is_read_on, skip=pages_read, times=None if is_ended else 1)
    stage.discord.faults.add(third)
    async with stage.running():
        if is_ended:
            await until(lambda: len(read_on(stage)) > pages_read)
            heard = await heard_words(stage)
            assert PAGE < len(heard) <= pages_read * PAGE
            assert heard == said[: len(heard)]
        else:
            await until(lambda: "here you are" in words(stage), seconds=SECONDS_TO_READ)
            assert await heard_words(stage) == [*said, "here you are"]
    first, second, third_asked, *_ = read_on(stage)
    assert first < second < third_asked
    if is_ended:
        stage.discord.faults.clear()
        before = len(read_on(stage))
        async with stage.running():
            await until(lambda: "here you are" in words(stage), seconds=SECONDS_TO_READ)
            assert await heard_words(stage) == [*said, "here you are"]
        assert read_on(stage)[before] == third_asked
    else:
        assert read_on(stage)[3] == third_asked


async def test_what_was_missed_before_words_that_the_gateway_told_of_is_heard_all_the_same(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
    said = await say_much(stage, MORE_THAN_IS_COMPARED)
    let_time_pass(stage)
    is_asked, goes_on = asyncio.Event(), asyncio.Event()

    async def hold(call: Call) -> None:
        if call.template == MESSAGES and call.method == "GET":
            is_asked.set()
            await goes_on.wait()

    stage.discord.rest.before_effect.append(hold)
    async with stage.running() as bot:
        await is_asked.wait()
        newer = await say_much(stage, 2, first=MORE_THAN_IS_COMPARED)
        await until(lambda: newer[-1] in words(stage))
        goes_on.set()
        await until(lambda: said[-1] in words(stage), seconds=SECONDS_TO_READ)
        await looked_fully(bot, stage)
        heard = await heard_words(stage)
        assert heard == [*newer, *said]


async def test_the_bookmark_stays_before_what_could_not_be_written_down(stage: Stage) -> None:
    with a_read_only_database(stage) as disk:
        async with stage.running() as bot:
            await open_paused(stage)
            with_no_event(stage)
            said = await say_much(stage, MORE_THAN_IS_COMPARED)
            let_time_pass(stage)
            said += await say_much(stage, 1, first=len(said))
            with_events(stage)
            await disk.fails(bot)
            await looked_fully(bot, stage)
            assert await heard_words(stage) == []
            await disk.is_mended()
            await until(lambda: said[-1] in words(stage), seconds=SECONDS_TO_READ)
            assert await heard_words(stage) == said


async def test_words_that_discord_shows_late_are_not_passed_over(stage: Stage) -> None:
    hidden: list[str] = []

    async def leave_out(call: Call, answer: Answer) -> Answer | None:
        if not hidden or call.template != MESSAGES or call.method != "GET":
            return None
        return Answer(json=[one for one in answer.json if one["content"] not in hidden])

    async with stage.running() as bot:
        await open_running(stage)
        let_time_pass(stage)
        with_no_event(stage)
        stage.discord.rest.after_effect.append(leave_out)
        hidden.append("can you see me?")
        await stage.ann.says(stage.channel, "can you see me?")
        await stage.ann.says(stage.channel, "I said something")
        await glance(bot)
        assert await heard_words(stage) == ["I said something"]
        hidden.clear()
        let_time_pass(stage)
        said = await say_much(stage, PAGE + 1)
        with_events(stage)
        await glance(bot)
        assert sorted(await heard_words(stage)) == sorted(["I said something", "can you see me?", *said])


async def test_a_room_that_missed_much_holds_up_the_looks_at_others_for_no_more_than_a_page(stage: Stage) -> None:
    slow = [stage.guild.add_text_channel(f"slow-{number}") for number in range(ROOMS_LOOKED_AT_TOGETHER - 1)]
    other = stage.guild.add_text_channel("next-door")
    async with stage.running() as bot:
        for channel in (*slow, stage.channel, other):
            await stage.start(FLASH, rounds=0, order="conductor", channel=channel)
        await until(lambda: not any(room.owes_words for room in bot.rooms))
    said = await say_much(stage, MESSAGES_COMPARED + 2 * PAGE + 50)
    await stage.ann.says(other, "and here?")
    let_time_pass(stage)
    asked: list[str] = []
    goes_on = asyncio.Event()

    async def hold(call: Call) -> None:
        if call.template == MESSAGES and call.method == "GET":
            if any(str(channel.id) in call.path for channel in slow):
                await goes_on.wait()
            asked.append("other" if str(other.id) in call.path else "next page" if is_read_on(call) else "newest")

    stage.discord.rest.before_effect.append(hold)
    async with stage.running():
        await until(lambda: said[-1] in words(stage), seconds=SECONDS_TO_READ)
        assert await heard_words(stage) == said
        assert "and here?" in words(stage, other)
        assert asked.count("next page") > 1
        assert asked[asked.index("next page") + 1] == "other"
        goes_on.set()


async def test_what_was_said_in_a_room_that_heard_nobody_stays_unheard_in_a_long_outage(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.slash(stage.channel, "backroom mode", mode="silent")
    await say_much(stage, MORE_THAN_IS_COMPARED)
    async with stage.running() as bot:
        await looked_fully(bot, stage)
        let_time_pass(stage)
        await stage.ann.slash(stage.channel, "backroom mode", mode="open")
        with_no_event(stage)
        said = await say_much(stage, PAGE + 1)
        with_events(stage)
        await looked_fully(bot, stage)
        assert await heard_words(stage) == said


async def say_much(stage: Stage, count: int, *, first: int = 0) -> list[str]:
    """Let Ann say so many things, none twice."""
    said = [f"({number}) is anybody there?" for number in range(first, first + count)]
    for text in said:
        await stage.ann.says(stage.channel, text)
    return said


async def looked_fully(bot: BackroomBot, stage: Stage) -> None:
    """Look at the room as after a start, once what was begun is over."""
    await bot.catching_up.look([stage.room()])


def is_read_on(call: Call) -> bool:
    return "after" in call.query


def read_on(stage: Stage) -> list[int]:
    """From which messages on Discord was asked for the next ones, in order."""
    asked = [one for one in stage.discord.exchanges if one.method == "GET" and one.path.endswith("/messages")]
    return [int(one.query["after"]) for one in asked if "after" in one.query]


async def test_words_that_were_refused_when_they_were_said_stay_unheard_also_after_a_restart(stage: Stage) -> None:
    dan = stage.guild.add_member("Dan")
    stage.guild.lift_command_permissions()
    async with stage.running() as bot:
        await open_running(stage)
        await bot.guild_settings.change(stage.guild.id, speak_roles=[1])
        await dan.says(stage.channel, "I have no right to speak")
        let_time_pass(stage)
        await stage.ann.says(stage.channel, "no, you have not")
        await until(lambda: "no, you have not" in words(stage))
        await glance(bot)
        await bot.guild_settings.change(stage.guild.id, speak_roles=[])
    async with stage.running() as bot:
        await looked_fully(bot, stage)
        await stage.ann.says(stage.channel, "now you have")
        await until(lambda: "now you have" in words(stage))
        assert await heard_words(stage) == ["no, you have not", "now you have"]
