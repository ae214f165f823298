"""What a person does is written down though the database breaks off: the room does it, once, whoever is told what."""

from __future__ import annotations

import pytest

from bot.room.state import Phase
from tests.end_to_end.failing_disks import BreaksOffAfterCommit
from tests.end_to_end.paused_room import FLASH, open_paused
from tests.end_to_end.stage import Stage, until

HELLO = "Hello there"


async def test_a_room_that_is_resumed_while_the_database_breaks_off_goes_on(stage: Stage) -> None:
    async with stage.running() as bot:
        await bot.wait_until_ready()  # rooms that are open by then are looked at
        await open_paused(stage)
        stage.host.answer("AI-1", *["one"] * 50)
        stage.host.answer("AI-2", *["two"] * 50)
        database = BreaksOffAfterCommit(bot, "resumed")
        reply = await stage.ann.slash(stage.channel, "backroom resume")
        assert (database.broke_off, reply.failed) == (True, None)
        assert "connection lost" not in reply.content
        await until(lambda: "two" in str(stage.said()))
        assert lines_with(stage, "▶") == 1
    stage.nothing_is_wrong()


@pytest.mark.parametrize("reads_on", ["who asks again", "who says something"])
async def test_a_room_that_was_resumed_unknown_to_all_goes_on_once_that_is_read(stage: Stage, reads_on: str) -> None:
    async with stage.running() as bot:
        await bot.wait_until_ready()  # rooms that are open by then are looked at
        await open_paused(stage)
        stage.host.answer("AI-1", *["one"] * 50)
        stage.host.answer("AI-2", *["two"] * 50)
        database = BreaksOffAfterCommit(bot, "resumed", unread=True)
        reply = await stage.ann.slash(stage.channel, "backroom resume")
        assert (database.broke_off, database.is_to_be_unread) == (True, False)
        assert "connection lost" in reply.content
        if reads_on == "who asks again":
            reply = await stage.ann.slash(stage.channel, "backroom resume")
            assert reply.content.startswith("The room is already running")
        else:
            await stage.ann.says(stage.channel, HELLO)
        await until(lambda: "two" in str(stage.said()))
        assert lines_with(stage, "▶") == 1
    stage.nothing_is_wrong()


async def test_words_that_were_written_down_while_the_database_broke_off_are_said_at_once(stage: Stage) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        database = BreaksOffAfterCommit(bot, "heard")
        reply = await stage.ann.slash(stage.channel, "backroom say", words=HELLO)
        assert (database.broke_off, reply.content) == (True, "The AIs will hear that before the next one answers.")
        await until(lambda: lines_with(stage, HELLO))
        assert str(stage.room().history.lines).count(HELLO) == 1
    stage.nothing_is_wrong()


@pytest.mark.parametrize("unread", [False, True], ids=["read at once", "read at the next try"])
async def test_who_stops_a_room_while_the_database_breaks_off_is_told_that_it_is_over(
    stage: Stage, unread: bool
) -> None:
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await open_paused(stage)
        room = stage.room()
        database = BreaksOffAfterCommit(bot, "ended", unread=unread)
        reply = await stage.ann.slash(stage.channel, "backroom stop")
        assert (database.broke_off, "connection lost" in reply.content) == (True, unread)
        reply = await stage.ann.slash(stage.channel, "backroom stop")
        assert reply.content.startswith("The room is already over." if unread else "No room is open in this channel.")
        assert room.state.phase is Phase.ENDED
        await until(lambda: lines_with(stage, "⏹"))
        await stage.start(FLASH, rounds=1)
    stage.nothing_is_wrong()


def lines_with(stage: Stage, part: str) -> int:
    """How many messages hold something."""
    return sum(part in content for _, content in stage.said())
