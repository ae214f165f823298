"""What becomes of a place while nobody tells the bot: it finds out by asking, and says so once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from bot.client import BackroomBot
from bot.open_room import OpenRoom
from bot.rehearsal.faults import EventFault, Fault, Html, Lost, Refuse
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Resumed
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.garbled import Garbled
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
AS_EXPECTED = (10003, 10004, 10015, 50001, 50007, 50083, 160005)
"""Refusals that are no fault of the bot's, because it was we who took away what it asked for."""
SECONDS_OF_PEACE = 1.0
"""In which a room that waits asks nobody anything."""


@asynccontextmanager
async def started_again_after(
    happened: Callable[[], object], stage: Stage, witness: Witness, place: Channel
) -> AsyncGenerator[BackroomBot]:
    """Play a room for a while, let something happen while the bot is down, and run it again."""
    stage.discord.faults.excuse(*AS_EXPECTED)
    stage.host.script = Chatter(seconds=0.1)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, channel=place)
        await place.wait_for_messages(3)
    witness.stops += 1
    happened()
    async with stage.running() as bot:
        yield bot


async def asks_nobody(stage: Stage) -> bool:
    asked = len(stage.host.requests)
    await asyncio.sleep(SECONDS_OF_PEACE)
    return len(stage.host.requests) == asked


@pytest.mark.parametrize("in_thread", [False, True], ids=["channel", "thread"])
async def test_a_room_whose_place_was_deleted_meanwhile_is_over_and_who_opened_it_is_told_once(
    stage: Stage, in_thread: bool
) -> None:
    witness = Witness(stage)
    place = stage.channel.add_thread("deeper") if in_thread else stage.channel
    async with started_again_after(place.delete, stage, witness, place) as bot:
        await until(lambda: stage.ann.direct_messages)
        await until(lambda: bot.rooms.find(place.id) is None)
        assert await asks_nobody(stage)
        await witness.until_all_is_said()
    (letter,) = stage.ann.direct_messages
    assert "is over. The channel was deleted." in letter.content
    assert witness.violations(Moment.DONE) == []


async def test_a_room_whose_bot_was_kicked_meanwhile_waits_until_it_is_invited_again(stage: Stage) -> None:
    witness = Witness(stage)
    async with started_again_after(stage.guild.remove_bot, stage, witness, stage.channel) as bot:
        (room,) = bot.rooms
        await until(lambda: room.state.phase is Phase.PAUSED)
        assert await asks_nobody(stage)
        stage.guild.invite_bot()
        await until(lambda: room.state.phase is Phase.RUNNING)
        await stage.ann.slash(stage.channel, "backroom stop")
        await witness.until_all_is_said()
    assert [content[0] for who, content in stage.said() if who == "Backroom"] == list("🚪⏸▶⏹")
    assert witness.violations(Moment.DONE) == []


CLOSINGS = {"archived": (True, False), "locked": (False, True), "both": (True, True)}


@pytest.mark.parametrize(("archived", "locked"), CLOSINGS.values(), ids=CLOSINGS)
async def test_a_room_in_a_closed_thread_still_waits_when_the_gateway_begins_anew(
    stage: Stage, archived: bool, locked: bool
) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(*AS_EXPECTED)
    thread = stage.channel.add_thread("deeper")
    stage.host.script = Chatter(seconds=0.1)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, channel=thread)
        await thread.wait_for_messages(3)
        room = bot.rooms.at(thread.id)
        thread.set_archived(archived=archived, locked=locked)
        await until(lambda: room.state.phase is Phase.PAUSED and stage.ann.direct_messages)
        await stage.discord.gateway.drop(4009, resumable=False)
        await until(lambda: stage.discord.gateway.has_a_client)
        assert await asks_nobody(stage)
        await goes_on_after(stage, witness, room, lambda: thread.set_archived(archived=False, locked=False))
    assert len(stage.ann.direct_messages) == 1
    assert [content[0] for who, content in stage.said(thread) if who == "Backroom"] == list("🚪⏸▶⏹")
    assert witness.violations(Moment.DONE) == []


async def test_a_room_in_a_thread_that_was_locked_meanwhile_finds_out_and_says_so_once(
    stage: Stage,
) -> None:
    witness = Witness(stage)
    thread = stage.channel.add_thread("deeper")
    async with started_again_after(
        lambda: thread.set_archived(archived=True, locked=True), stage, witness, thread
    ) as bot:
        room = bot.rooms.at(thread.id)
        await until(lambda: room.state.phase is Phase.PAUSED and stage.ann.direct_messages)
        assert await asks_nobody(stage)
        await goes_on_after(stage, witness, room, lambda: thread.set_archived(archived=False, locked=False))
    (letter,) = stage.ann.direct_messages
    assert "The thread is locked." in letter.content
    assert witness.violations(Moment.DONE) == []


async def goes_on_after(stage: Stage, witness: Witness, room: OpenRoom, reopen: Callable[[], object]) -> None:
    assert room.state.phase is Phase.PAUSED
    reopen()
    await until(lambda: room.state.phase is Phase.RUNNING)
    place = stage.guild.channels[room.place.channel_id]
    await stage.ann.slash(place, "backroom stop")
    await witness.until_all_is_said()


async def test_who_opened_a_room_hears_once_that_its_place_is_closed_however_often_the_bot_starts(
    stage: Stage,
) -> None:
    witness = Witness(stage)
    hide = partial(stage.channel.take_bot_permissions, Permission.VIEW_CHANNEL)
    async with started_again_after(hide, stage, witness, stage.channel) as bot:
        await until(lambda: stage.ann.direct_messages and bot.rooms.at(stage.channel.id).state.phase is Phase.PAUSED)
    for _ in range(2):
        witness.stops += 1
        async with stage.running() as bot:
            assert await asks_nobody(stage)
            assert bot.rooms.at(stage.channel.id).state.pause_cause == "place"
    assert len(stage.ann.direct_messages) == 1
    async with stage.running() as bot:
        stage.channel.delete()
        await until(lambda: bot.rooms.find(stage.channel.id) is None)
        await until(lambda: len(stage.ann.direct_messages) == 2)
    assert "is over. The channel was deleted." in stage.ann.direct_messages[-1].content


async def open_in_locked_thread(stage: Stage, bot: BackroomBot) -> Thread:
    """Open a room in a thread that is locked then, and for which something else answers from then on."""
    stage.discord.faults.excuse(*AS_EXPECTED)
    thread = stage.guild.add_text_channel("elsewhere").add_thread("deeper")
    stage.host.script = Chatter(seconds=0.1)
    await stage.start(FLASH, R1, rounds=0, channel=thread)
    await thread.wait_for_messages(3)
    thread.set_archived(archived=True, locked=True)
    await until(lambda: bot.rooms.at(thread.id).state.pause_cause == "place" and stage.ann.direct_messages)
    stage.discord.faults.add(Fault(Garbled(), "GET", f"*/channels/{thread.id}"))
    return thread


def is_logged(caplog: pytest.LogCaptureFixture) -> bool:
    return any("met an error that nobody foresaw when its place was looked at" in one.message for one in caplog.records)


async def test_what_nobody_foresaw_of_one_place_keeps_no_other_from_being_looked_at_at_the_start(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running() as bot:
        thread = await open_in_locked_thread(stage, bot)
        await open_paused(stage)
    stage.channel.delete()
    async with stage.running() as bot:
        await until(lambda: bot.rooms.find(stage.channel.id) is None)
        assert bot.rooms.at(thread.id).state.pause_cause == "place"
    assert is_logged(caplog)


async def test_a_room_waits_on_while_discord_cannot_be_asked_how_its_place_stands(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.running() as bot:
        thread = await open_in_locked_thread(stage, bot)
    stage.discord.faults.clear()
    stage.discord.faults.add(Fault(Html(200), "GET", f"*/channels/{thread.id}"))
    said = stage.said(thread)
    with caplog.at_level(logging.INFO):
        async with stage.running() as bot:
            await bot.wait_until_ready()
            await until(lambda: "how it stands is not known" in caplog.text)
            assert await asks_nobody(stage)
            room = bot.rooms.at(thread.id)
            written = await bot.supplies.database.journal.entries(room.number)
            assert not any(isinstance(one.entry, Resumed) for one in written)
            stage.discord.faults.clear()
            thread.set_archived(archived=False, locked=False)
            await until(lambda: len(stage.said(thread)) > len(said) + 3)


async def test_what_nobody_foresaw_of_a_place_does_not_end_the_looks_at_it(stage: Stage) -> None:
    async with stage.running() as bot:
        thread = await open_in_locked_thread(stage, bot)
        places: Any = bot.get_cog("Places")
        places.look_at_closed.change_interval(seconds=0.05)
        await until(lambda: stage.discord.faults.struck)
        stage.discord.faults.clear()
        stage.discord.faults.add(EventFault(Lost(), "THREAD_UPDATE"))
        thread.set_archived(archived=False, locked=False)
        await until(lambda: bot.rooms.at(thread.id).state.phase is Phase.RUNNING)


async def test_a_letter_that_meets_what_nobody_foresaw_keeps_no_room_of_a_deleted_channel_from_ending(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.discord.faults.excuse(*AS_EXPECTED)
    stage.discord.faults.add(EventFault(Lost(), "THREAD_DELETE"), Fault(Garbled(), "POST", "/users/@me/channels"))
    threads = [stage.channel.add_thread("deeper"), stage.channel.add_thread("deepest")]
    async with stage.running() as bot:
        await bot.wait_until_ready()
        for thread in threads:
            await stage.start(FLASH, R1, rounds=0, order="conductor", channel=thread)
            await stage.ann.slash(thread, "backroom pause")
        rooms = [bot.rooms.at(thread.id) for thread in threads]
        await until(lambda: not any(room.owes_words for room in rooms))

        def are_closed() -> bool:
            """Archive them, else discord.py tells of each when their channel goes; a late word opens them again."""
            for thread in (one for one in threads if not one.is_archived):
                thread.set_archived(archived=True)
            return all(bot.doors.why_closed(room.place) for room in rooms)

        await until(are_closed)
        stage.channel.delete()
        await until(lambda: all(room.state.phase is Phase.ENDED for room in rooms))
    assert "when who opened it was told" in caplog.text


@asynccontextmanager
async def deleted_unheard(stage: Stage, in_thread: bool) -> AsyncGenerator[OpenRoom]:
    """Play a room, and delete its place so that the gateway never tells."""
    stage.discord.faults.excuse(*AS_EXPECTED)
    place = stage.channel.add_thread("deeper") if in_thread else stage.channel
    stage.host.script = Chatter(seconds=0.1)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, channel=place)
        await place.wait_for_messages(3)
        stage.discord.faults.add(*(EventFault(Lost(), name) for name in ("*_DELETE", "WEBHOOKS_UPDATE")))
        room = bot.rooms.at(place.id)
        place.delete()
        yield room


@pytest.mark.parametrize("in_thread", [False, True], ids=["channel", "thread"])
async def test_a_room_finds_out_that_its_place_was_deleted_when_the_gateway_loses_that(
    stage: Stage, in_thread: bool
) -> None:
    async with deleted_unheard(stage, in_thread) as room:
        await until(lambda: stage.ann.direct_messages)
        await until(lambda: room.state.phase is Phase.ENDED)
    assert words_of(stage.ann.direct_messages) == ["is over. The channel was deleted."]


@pytest.mark.parametrize("in_thread", [False, True], ids=["channel", "thread"])
async def test_a_room_that_cannot_ask_whether_its_place_was_deleted_says_once_that_it_waits_and_asks_later(
    stage: Stage, in_thread: bool
) -> None:
    stage.discord.faults.add(Fault(Refuse(403, 20001, "Not now"), "GET", "/channels/{channel_id}"))
    async with deleted_unheard(stage, in_thread) as room:
        assert stage.bot is not None
        places: Any = stage.bot.get_cog("Places")
        places.look_at_closed.change_interval(seconds=0.05)
        await until(lambda: stage.ann.direct_messages)
        asked_before = len(stage.discord.faults.struck)
        await until(lambda: len(stage.discord.faults.struck) > asked_before + 4)
        stage.discord.faults.clear()
        await until(lambda: room.state.phase is Phase.ENDED and len(stage.ann.direct_messages) > 1)
    waits, is_over = words_of(stage.ann.direct_messages)
    assert waits.startswith("is paused. The channel no longer exists.")
    assert is_over == "is over. The channel was deleted."


def words_of(letters: Sequence[Message]) -> list[str]:
    """Return what letters say after the name of the place."""
    return [letter.content.partition(" of The Back Room ")[2] for letter in letters]
