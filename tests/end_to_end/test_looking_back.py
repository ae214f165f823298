"""What was taken back of a room that is over while nobody could note it: it is in nothing that is shown afterwards."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from bot.client import BackroomBot
from bot.rehearsal.faults import Blow, Fault, Refuse, ServerError
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.forks import fork, let_threads_be_opened, shows
from tests.end_to_end.garbled import Garbled
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_catching_up import glance, words
from tests.end_to_end.test_costs_beside_words import a_disk_that_takes_no

WHO_SAID_THIS = "Who said this?"
OF_AIS = ("the lamp is on", "the door is shut", "the clock has stopped")
OF_ANN = ("the kettle is lost", "the ferry is late", "the tide is grey")


async def a_room_that_is_over(stage: Stage) -> dict[str, Message]:
    """Open a room in which AIs and Ann say something, and end it; returns the messages by their words."""
    stage.host.answer("AI-1", *OF_AIS)
    await stage.start(FLASH, R1, rounds=0, order="conductor")
    for said in OF_AIS:
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        await one(stage, said)
    for said in OF_ANN:
        await stage.ann.says(stage.channel, said)
    await until(lambda: OF_ANN[-1] in words(stage))
    await stage.ann.slash(stage.channel, "backroom stop")
    await stage.until_over()
    return {said: await one(stage, said) for said in (*OF_AIS, *OF_ANN)}


async def one(stage: Stage, said: str) -> Message:
    return await stage.channel.wait_for(lambda message: message.content == said)


@asynccontextmanager
async def running_again(stage: Stage) -> AsyncGenerator[BackroomBot]:
    async with stage.running() as bot:
        await bot.wait_until_ready()
        yield bot


async def exported(stage: Stage) -> str:
    """What the room's file says to Ann."""
    reply = await stage.ann.slash(stage.channel, "backroom export", format="json")
    assert reply.message is not None, reply.content
    return reply.message.attachments[0].data.decode()


def shown(text: str) -> list[str]:
    return [said for said in (*OF_AIS, *OF_ANN) if said in text]


async def test_what_was_taken_back_while_the_bot_was_away_is_in_no_file(stage: Stage) -> None:
    async with stage.running():
        there = await a_room_that_is_over(stage)
    for number in range(120):
        await stage.ann.says(stage.channel, f"long after ({number})")
    there[OF_AIS[0]].delete()
    await stage.ann.reacts(there[OF_AIS[1]], "❌")
    await stage.ann.deletes(there[OF_ANN[0]])
    await stage.ann.reacts(there[OF_ANN[1]], "🙈")
    async with running_again(stage):
        assert shown(await exported(stage)) == [OF_AIS[2], OF_ANN[2]]
        await until(lambda: there[OF_AIS[1]] not in stage.channel.messages)
        assert "long after" not in await exported(stage)
    stage.nothing_is_wrong()


async def test_who_asks_where_words_come_from_hears_that_they_are_off_the_record(stage: Stage) -> None:
    async with stage.running():
        there = await a_room_that_is_over(stage)
    await stage.ann.reacts(there[OF_ANN[1]], "🙈")
    async with running_again(stage):
        assert "taken off the record" in (await stage.ann.uses_on(there[OF_ANN[1]], WHO_SAID_THIS)).content
        assert "taken off the record" not in (await stage.ann.uses_on(there[OF_ANN[2]], WHO_SAID_THIS)).content


async def test_what_was_taken_back_is_in_no_fork(stage: Stage) -> None:
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.CREATE_PUBLIC_THREADS)
    async with stage.running():
        there = await a_room_that_is_over(stage)
    await stage.ann.deletes(there[OF_ANN[0]])
    async with running_again(stage):
        await stage.ann.uses_on(there[OF_ANN[1]], "Fork from here")
        thread = there[OF_ANN[1]].thread
        assert thread is not None
        asked = len(stage.host.chats)
        await stage.ann.slash(thread, "backroom step", seat="AI-1")
        await until(lambda: len(stage.host.chats) > asked)
        assert shown(stage.host.chats[asked].seen) == [*OF_AIS, OF_ANN[1]]


async def test_a_channel_that_was_emptied_leaves_nothing_in_the_file(stage: Stage) -> None:
    async with stage.running():
        await a_room_that_is_over(stage)
    for message in list(stage.channel.messages):
        message.delete()
    async with running_again(stage):
        assert shown(await exported(stage)) == []


async def test_where_the_bot_may_not_read_nothing_is_taken_for_deleted(stage: Stage) -> None:
    stage.discord.faults.excuse(50001, 50013)
    async with stage.running():
        await a_room_that_is_over(stage)
    stage.channel.take_bot_permissions(Permission.READ_MESSAGE_HISTORY)
    async with running_again(stage):
        assert shown(await exported(stage)) == [*OF_AIS, *OF_ANN]
    stage.channel.give_back_bot_permissions()
    async with running_again(stage):
        assert shown(await exported(stage)) == [*OF_AIS, *OF_ANN]


async def test_a_look_that_discord_refuses_keeps_no_file_back_and_is_made_up_for(stage: Stage) -> None:
    stage.discord.faults.excuse(50001)
    async with stage.running():
        there = await a_room_that_is_over(stage)
    await stage.ann.deletes(there[OF_ANN[0]])
    stage.discord.faults.add(Fault(Refuse(403, 50001, "Missing Access"), "GET", MESSAGES))
    async with running_again(stage):
        assert OF_ANN[0] in shown(await exported(stage))
        stage.discord.faults.clear()
        assert OF_ANN[0] not in shown(await exported(stage))


async def test_what_was_deleted_while_the_disk_took_nothing_is_in_no_file(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running() as bot:
        await bot.wait_until_ready()
        there = await a_room_that_is_over(stage)
        async with a_disk_that_takes_no(stage, "withdrawn"):
            await stage.ann.deletes(there[OF_ANN[0]])
            await until(lambda: "a deletion was not noted" in caplog.text)
        assert OF_ANN[0] not in shown(await exported(stage))


async def test_what_was_deleted_while_the_disk_took_nothing_leaves_a_fork_that_goes_on(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    let_threads_be_opened(stage)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        there = await a_room_that_is_over(stage)
        forked = await fork(stage, there[OF_ANN[-1]])
        assert shows(forked, OF_ANN[0])
        async with a_disk_that_takes_no(stage, "withdrawn"):
            await stage.ann.deletes(there[OF_ANN[0]])
            await until(lambda: "a deletion was not noted" in caplog.text)
        await glance(bot)
        assert not shows(forked, OF_ANN[0])


@pytest.mark.parametrize("times", [1, 2], ids=["forked", "forked twice"])
async def test_what_left_a_room_that_is_over_leaves_the_forks_that_go_on_without_anybody_asking(
    stage: Stage, times: int
) -> None:
    let_threads_be_opened(stage)
    async with stage.running():
        there = await a_room_that_is_over(stage)
        forked = await fork(stage, there[OF_ANN[-1]])
        if times == 2:
            (thread,) = stage.guild.threads
            notice = await thread.wait_for(lambda message: message.content.startswith("🍴"))
            between, forked = forked, await fork(stage, notice)
            await stage.ann.slash(thread, "backroom stop")
            await until(lambda: not between.owes_words)
        number = forked.number
        assert shows(forked, OF_ANN[0])
        assert shows(forked, OF_ANN[1])
    await stage.ann.deletes(there[OF_ANN[0]])
    await stage.ann.reacts(there[OF_ANN[1]], "🙈")
    async with running_again(stage) as bot:
        (forked,) = [room for room in bot.rooms if room.number == number]
        await until(lambda: not shows(forked, OF_ANN[0]) and not shows(forked, OF_ANN[1]))
        assert shows(forked, OF_ANN[2])


@pytest.mark.parametrize("blow", [ServerError(503), Garbled()], ids=["failed", "garbled"])
async def test_a_look_at_what_left_a_room_that_is_over_is_taken_again_for_the_fork_that_goes_on(
    stage: Stage, blow: Blow
) -> None:
    let_threads_be_opened(stage)
    async with stage.running():
        there = await a_room_that_is_over(stage)
        forked = await fork(stage, there[OF_ANN[-1]])
        assert shows(forked, OF_ANN[0])
    await stage.ann.deletes(there[OF_ANN[0]])
    stage.discord.faults.add(Fault(blow, "GET", f"/channels/{stage.channel.id}/messages", times=1))
    async with running_again(stage) as bot:
        (forked,) = bot.rooms
        await until(lambda: not shows(forked, OF_ANN[0]))
    assert stage.discord.faults.struck
