"""What the gateway never told of is looked up: at little cost, and never against what it tells meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.client import BackroomBot
from bot.client.reading_on import SECONDS_UNTIL_SHOWN
from bot.rehearsal.faults import EventFault, Lost
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Edited, Entry, Heard
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.paused_room import FLASH, R1, SLOW, last_of, open_paused, take_turn
from tests.end_to_end.stage import Stage, until

FAR_MORE_THAN_A_PAGE = 150


async def test_a_glance_costs_one_request_once_all_is_decided_and_old_words_stay_unheard(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    for number in range(FAR_MORE_THAN_A_PAGE):
        await bea.says(stage.channel, f"before there was a room ({number})")
    async with stage.running() as bot:
        await open_running(stage)
        await bot.guild_settings.change(stage.guild.id, speak_roles=[1])
        heard = await stage.ann.says(stage.channel, "I may speak")
        refused = await bea.says(stage.channel, "may I?")
        await stage.ann.says(stage.channel, ".between us")
        with_no_event(stage)
        await bea.says(stage.channel, "is anybody there?")
        await bea.says(stage.channel, "hello?")
        hidden = await stage.ann.says(stage.channel, "hidden at once")
        await stage.ann.reacts(hidden, "🙈")
        await bea.reacts(heard, "🙈")  # not hers, and she may not steer
        with_events(stage)
        await until(lambda: "I may speak" in words(stage))
        history, members = f"/channels/{stage.channel.id}/messages", f"/guilds/{stage.guild.id}/members"
        who = [f"{history}/{message.id}/reactions/🙈" for message in (heard, hidden)]
        assert sorted(await reads_of_a_glance(bot, stage)) == sorted([history, *who, f"{members}/{bea.id}"])
        assert await reads_of_a_glance(bot, stage) == [history]
        await bot.guild_settings.change(stage.guild.id, speak_roles=[])
        await bea.unreacts(heard, "🙈")
        await stage.ann.unreacts(hidden, "🙈")
        assert await reads_of_a_glance(bot, stage) == [history]
        assert await heard_words(stage) == ["I may speak"]
        assert refused.id not in stage.room().history.withdrawn_messages


async def test_an_error_that_nobody_foresaw_in_one_room_ends_no_look_for_good(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = stage.channel, stage.guild.add_text_channel("next-door")
    breaks = [True]

    async def show_nonsense(call: Call, answer: Answer) -> Answer | None:
        is_there = call.template == MESSAGES and call.method == "GET" and str(broken.id) in call.path
        return Answer(json=[{"id": "1"}]) if breaks and is_there else None

    async with stage.running() as bot:
        await open_running(stage)
        await open_running(stage, other)
        stage.discord.rest.after_effect.append(show_nonsense)
        with_no_event(stage)
        await stage.ann.says(broken, "in the broken room")
        await stage.ann.says(other, "in the other room")
        with_events(stage)
        looks_of(bot).change_interval(seconds=0.1)
        await until(lambda: "in the other room" in words(stage, other))
        await until(lambda: "nobody foresaw" in caplog.text)
        breaks.clear()
        await until(lambda: "in the broken room" in words(stage, broken))


async def test_what_the_gateway_tells_during_a_look_is_newer_than_what_is_looked_up(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_running(stage)
        said = await stage.ann.says(stage.channel, "the tide is blue")
        await until(lambda: "blue" in words(stage))
        await stage.ann.edits(said, "the tide is grey")
        await until(lambda: "grey" in words(stage))
        with_no_event(stage)
        hidden = await stage.ann.says(stage.channel, "my address is 7 Quay Street")
        dotted = await stage.ann.says(stage.channel, "the key is under the mat")
        await stage.ann.says(stage.channel, "does anybody see the ferry?")
        with_events(stage)
        async with a_slow_glance(bot, stage):
            await stage.ann.reacts(hidden, "🙈")
            await stage.ann.edits(dotted, ".the key is under the mat")
            await stage.ann.edits(said, "the tide is green")
            await until(lambda: "green" in words(stage))
        await glance(bot)
        edits = [one.text for one in await entries(stage) if isinstance(one, Edited)]
        assert edits == ["the tide is grey", "the tide is green"]
        assert await heard_words(stage) == ["the tide is blue", "does anybody see the ferry?"]


async def test_what_is_said_while_the_history_is_on_its_way_is_not_taken_for_deleted(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_running(stage)
        async with a_slow_glance(bot, stage):
            await stage.ann.says(stage.channel, "not in that history")
            await stage.ann.slash(stage.channel, "backroom say", words="nor is this")
            await until(lambda: "not in that" in words(stage) and "nor is this" in words(stage))
            await stage.channel.wait_for(lambda message: "nor is this" in message.content)
            await stage.room().say()
        assert stage.room().history.withdrawn_messages == set()


async def test_what_is_gone_is_noticed_and_a_line_of_the_house_is_missed_once_only(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_running(stage)
        said = await stage.ann.says(stage.channel, "never mind the teapot")
        await stage.ann.says(stage.channel, "I am still here")
        await until(lambda: "still here" in words(stage))
        opening = next(message for message in stage.channel.messages if message.content.startswith("🚪"))
        with_no_event(stage)
        opening.delete()
        said.delete()
        with_events(stage)
        assert len(await reads_of_a_glance(bot, stage)) == 2  # looked for twice before it counts as gone
        assert len(await reads_of_a_glance(bot, stage)) == 1
        assert "teapot" not in words(stage)
        assert "still here" in words(stage)


async def test_what_was_said_in_a_channel_that_was_cleared_is_gone(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        await stage.ann.says(stage.channel, "never mind the teapot")
        await until(lambda: "teapot" in words(stage))
        with_no_event(stage)
        for message in list(stage.channel.messages):
            message.delete()
        with_events(stage)
        stage.discord.faults.excuse(10008)
        await bot.catching_up.look([stage.room()])
        assert "teapot" not in words(stage)
        assert "teapot" not in (await take_turn(stage)).seen
    stage.nothing_is_wrong()


async def test_a_channel_in_which_the_bot_may_not_read_is_not_taken_for_cleared(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        await stage.ann.says(stage.channel, "never mind the teapot")
        await until(lambda: "teapot" in words(stage))
        stage.discord.faults.excuse(50001, 50013)
        stage.channel.take_bot_permissions(Permission.READ_MESSAGE_HISTORY)
        await bot.catching_up.look([stage.room()])
        stage.channel.give_back_bot_permissions()
        assert "teapot" in words(stage)
        await bot.catching_up.look([stage.room()])
        assert "teapot" in words(stage)
    stage.nothing_is_wrong()


async def test_a_moderator_hides_words_also_while_the_bot_is_away(stage: Stage) -> None:
    bea, cy = stage.guild.add_member("Bea"), stage.guild.add_member("Cy")
    mo = stage.guild.add_member("Mo", permissions=Permission.MANAGE_CHANNELS)  # who did not open the room
    stage.host.answer("AI-2", "the lamp tells where you live")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        await take_turn(stage)
        heard = await bea.says(stage.channel, "Cy lives at 7 Quay Street")
        other = await bea.says(stage.channel, "good evening, Cy")
        await until(lambda: "good evening" in words(stage))
        of_ai = last_of(stage, "AI-2")
    missed = await bea.says(stage.channel, "on the second floor")
    for message in (heard, of_ai, missed):
        await cy.reacts(message, "🙈")
        await mo.reacts(message, "🙈")
    await cy.reacts(other, "🙈")
    await bea.says(stage.channel, "do you hear me?")
    async with stage.running():
        await until(lambda: "do you hear me?" in words(stage))
        asked = await take_turn(stage)
        for gone in ("Quay Street", "where you live", "second floor"):
            assert gone not in asked.seen
        assert "[Bea]: good evening, Cy" in asked.seen
        asked_for = [path for path in reads(stage) if path.endswith(f"/members/{mo.id}")]
        assert len(asked_for) == 1


async def test_who_was_missed_is_heard_under_the_name_that_they_have_in_the_server(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    await bea.takes_nickname("Keeper")
    async with stage.running() as bot:
        await open_running(stage)
        with_no_event(stage)
        await bea.says(stage.channel, "the lamp is lit")
        with_events(stage)
        await glance(bot)
        assert [(one.by_name, one.text) for one in await entries(stage) if isinstance(one, Heard)] == [
            ("Keeper", "the lamp is lit")
        ]


async def test_much_that_was_missed_is_heard_though_somebody_speaks_before_it_is_looked_up(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
    for number in range(FAR_MORE_THAN_A_PAGE):
        await stage.ann.says(stage.channel, f"({number}) while you were away")
    async with stage.running():
        await stage.ann.says(stage.channel, "welcome back")
        await until(lambda: "(0) while you were away" in words(stage))
        await until(lambda: words(stage).count("while you were away") == FAR_MORE_THAN_A_PAGE)


async def test_more_than_a_page_that_the_gateway_lost_is_heard_by_one_glance(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_running(stage)
        with_no_event(stage)
        for number in range(FAR_MORE_THAN_A_PAGE):
            await stage.ann.says(stage.channel, f"({number}) is anybody there?")
        let_time_pass(stage)
        await stage.ann.slash(stage.channel, "backroom say", words="hello?")  # the newest that is known is the house's
        with_events(stage)
        await glance(bot)
        heard = [f"({number}) is anybody there?" for number in range(FAR_MORE_THAN_A_PAGE)]
        assert [text for text in await heard_words(stage) if text != "hello?"] == heard
        assert await reads_of_a_glance(bot, stage) == [f"/channels/{stage.channel.id}/messages"]


async def open_running(stage: Stage, channel: Channel | None = None) -> None:
    """Open a room that goes on while nobody says anything, and that the bot looks at only when it is told to."""
    asked = len(stage.host.chats)
    stage.host.answer("AI-1", SLOW)
    await stage.start(FLASH, R1, rounds=0, channel=channel)
    await until(lambda: len(stage.host.chats) > asked)
    assert stage.bot is not None
    looks = looks_of(stage.bot)
    looks.change_interval(seconds=0.05)
    await until(lambda: looks.current_loop)  # the first one does nothing
    looks.change_interval(hours=1)
    await looks()  # when the one before is over


def with_no_event(stage: Stage) -> None:
    stage.discord.faults.add(EventFault(Lost(), "MESSAGE_*"))


def with_events(stage: Stage) -> None:
    stage.discord.faults.clear()


def let_time_pass(stage: Stage) -> None:
    """Let all that was said so far be old enough for Discord to show it everywhere."""
    stage.discord.world.ids.let_pass(SECONDS_UNTIL_SHOWN + 1)


def looks_of(bot: BackroomBot) -> Any:
    audience: Any = bot.get_cog("Audience")
    return audience.look_for_what_was_lost


async def glance(bot: BackroomBot) -> None:
    """Look once as the bot does now and then."""
    await looks_of(bot)()


@asynccontextmanager
async def a_slow_glance(bot: BackroomBot, stage: Stage) -> AsyncGenerator[None]:
    """Look; Discord has read out its history before the block, and the answer is on its way until the block ends."""
    is_read, arrives = asyncio.Event(), asyncio.Event()

    async def hold(call: Call, answer: Answer) -> None:
        if call.template == MESSAGES and call.method == "GET" and not is_read.is_set():
            is_read.set()
            await arrives.wait()

    stage.discord.rest.after_effect.append(hold)
    looking = asyncio.create_task(glance(bot))
    await is_read.wait()
    yield
    arrives.set()
    await looking


def reads(stage: Stage) -> list[str]:
    """The paths of all that Discord was asked for."""
    return [one.path for one in stage.discord.exchanges if one.method == "GET"]


async def reads_of_a_glance(bot: BackroomBot, stage: Stage) -> list[str]:
    before = len(reads(stage))
    await glance(bot)
    return reads(stage)[before:]


def words(stage: Stage, channel: Channel | None = None) -> str:
    """What the AIs of a room see."""
    assert stage.bot is not None
    room = stage.bot.rooms.at((channel or stage.channel).id)
    return "\n".join(line.text for line in room.history.lines)


async def entries(stage: Stage) -> list[Entry]:
    journal = stage.room()._database.journal  # pyright: ignore[reportPrivateUsage]
    return [one.entry for one in await journal.entries(stage.room().number)]


async def heard_words(stage: Stage) -> list[str]:
    return [one.text for one in await entries(stage) if isinstance(one, Heard)]


async def test_words_that_came_before_the_rooms_first_line_leave_as_well_when_they_are_deleted(stage: Stage) -> None:
    stands = asyncio.Event()

    async def hold(call: Call) -> Answer | None:
        if call.method == "POST" and "🚪" in str(call.body.get("content")):
            await asyncio.wait_for(stands.wait(), 10)
        return None

    stage.discord.rest.before_effect.append(hold)
    async with stage.running() as bot:
        starting = asyncio.create_task(stage.start(rounds=0, order="conductor"))
        await until(lambda: bot.rooms.find(stage.channel.id))
        said = await stage.ann.says(stage.channel, "am I too early?")
        await until(lambda: "too early" in words(stage))
        stands.set()
        await starting
        await until(lambda: not stage.room().owes_words)
    await stage.ann.deletes(said)
    async with stage.running():
        await until(lambda: said.id in stage.room().history.withdrawn_messages)
