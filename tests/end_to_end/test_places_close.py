"""A place that closes under a room: who has to know is told once, and the room goes on when it is open again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.rehearsal.faults import Blow, Fault
from bot.rehearsal.faults.deeds import Deed
from bot.rehearsal.rest.calls import Answer
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.other_programs import locked
from tests.end_to_end.paused_room import SLOW
from tests.end_to_end.stage import SECONDS, Stage, until
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
LETTER = {"letter": 1, "log": 1}
"""Whoever opened the room gets a letter, and the log has it in any case."""
EXCUSED = (10003, 10004, 10015, 50001, 50007, 50013, 50083, 160005)
"""Refusals that are no fault of the bot's, because it was we who took away what it asked for."""


AS_DISCORD_SAYS = ("cannot see this channel", "lacks a permission here", "no longer in it")
"""What a refusal says where it is quicker than the gateway's event."""


@dataclass(frozen=True)
class Row:
    """What closes a place and opens it again, where that is told, and with which words."""

    close: Callable[[Stage, Channel], Any]
    open: Callable[[Stage, Channel], Any]
    told: dict[str, int]
    words: str
    in_thread: bool = False


def taken(permission: Permission, words: str, *, in_guild: bool = False) -> Row:
    if in_guild:
        return Row(
            lambda stage, _: stage.guild.take_bot_permissions(permission),
            lambda stage, _: stage.guild.give_back_bot_permissions(),
            LETTER,
            words,
        )
    return Row(
        lambda _, channel: channel.take_bot_permissions(permission),
        lambda _, channel: channel.give_back_bot_permissions(),
        LETTER,
        words,
    )


def archived(words: str, *, archived: bool, locked: bool) -> Row:
    def close(_: Stage, thread: Channel) -> None:
        assert isinstance(thread, Thread)
        thread.set_archived(archived=archived, locked=locked)

    def open_again(_: Stage, thread: Channel) -> None:
        assert isinstance(thread, Thread)
        thread.set_archived(archived=False, locked=False)

    return Row(close, open_again, LETTER, words, in_thread=True)


ROWS = {
    "no sending": taken(Permission.SEND_MESSAGES, "Send Messages"),
    "no looking": taken(Permission.VIEW_CHANNEL, "View Channel"),
    "no history": taken(Permission.READ_MESSAGE_HISTORY, "Read Message History"),
    "no sending in the whole guild": taken(Permission.SEND_MESSAGES, "Send Messages", in_guild=True),
    "a thread is archived": archived("archived", archived=True, locked=False),
    "a thread is locked": archived("locked", archived=False, locked=True),
    "a thread is archived and locked": archived("locked", archived=True, locked=True),
    "kicked": Row(
        lambda s, _: s.guild.remove_bot(), lambda s, _: s.guild.invite_bot(), {"log": 1}, "no longer in the server"
    ),
    "the guild is gone": Row(
        lambda s, _: s.guild.set_available(available=False),
        lambda s, _: s.guild.set_available(available=True),
        LETTER,
        "unavailable",
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_a_room_whose_place_closes_waits_and_goes_on_by_itself(
    stage: Stage, caplog: pytest.LogCaptureFixture, row: Row
) -> None:
    witness = Witness(stage)
    place = stage.channel.add_thread("deeper") if row.in_thread else stage.channel
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0.3)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, channel=place)
        await place.wait_for_messages(3)
        row.close(stage, place)
        room = bot.rooms.at(place.id)
        await until(lambda: room.state.phase is Phase.PAUSED and is_told_and_tried(stage, caplog, row))
        asked = len(stage.host.requests)
        row.open(stage, place)
        await until(lambda: len(stage.host.requests) > asked + 3)
        assert told(stage, caplog) == row.told
        await stage.ann.slash(place, "backroom stop")
        await witness.until_all_is_said()
        assert told(stage, caplog) == row.told
        assert row.words in logged(caplog)[0] or any(words in logged(caplog)[0] for words in AS_DISCORD_SAYS)
        said = [content[:20] for who, content in stage.said(place) if who == "Backroom"]
        assert [line[0] for line in said] == list("🚪⏸▶⏹"), said
    assert witness.violations(Moment.DONE) == []


async def test_a_letter_about_a_place_that_is_open_again_meanwhile_is_not_sent(stage: Stage) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    held = Held()
    stage.discord.faults.add(Fault(held, "POST", "/users/@me/channels", times=1))
    stage.host.script = Chatter(seconds=0.3)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        stage.channel.take_bot_permissions(Permission.SEND_MESSAGES)
        await until(held.is_met.is_set)
        stage.channel.give_back_bot_permissions()
        await until(lambda: any(content.startswith("▶") for _, content in stage.said()))
        held.is_over.set()
        stage.channel.take_bot_permissions(Permission.READ_MESSAGE_HISTORY)
        await until(lambda: stage.ann.direct_messages)
        (letter,) = stage.ann.direct_messages
        assert "Read Message History" in letter.content


async def test_a_place_that_is_open_again_before_the_pause_is_written_down_is_not_waited_for(stage: Stage) -> None:
    stage.host.answer("AI-1", SLOW, SLOW)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, rounds=0)
        room = stage.room()
        await until(lambda: stage.asked("AI-1") and not room.owes_words)
        async with locked(stage.database):
            stage.channel.take_bot_permissions(Permission.MANAGE_WEBHOOKS)
            await until(lambda: room._one_writer.locked())  # pyright: ignore[reportPrivateUsage]
            stage.channel.give_back_bot_permissions()
            await until(lambda: not bot.doors.why_closed(room.place))
        await stage.channel.wait_for(lambda message: message.content.startswith("▶"))
        assert room.state.phase is Phase.RUNNING


async def test_who_opened_a_room_is_told_though_the_gateway_begins_anew_just_before_that(stage: Stage) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    held = HeldAndFailed()
    stage.discord.faults.add(Fault(held, "POST", "/webhooks/{webhook_id}/{webhook_token}", times=1))
    async with stage.running() as bot:
        await stage.start(FLASH, rounds=0)
        await until(held.is_met.is_set)
        await bot.wait_until_ready()
        stage.channel.take_bot_permissions(Permission.VIEW_CHANNEL)
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        ready = asyncio.create_task(bot.wait_for("ready"))
        await stage.discord.gateway.drop(4009, resumable=False)
        await asyncio.wait_for(ready, SECONDS)
        assert stage.ann.direct_messages == []
        held.is_over.set()
        await until(lambda: stage.ann.direct_messages)
        assert "View Channel" in stage.ann.direct_messages[0].content


@dataclass(frozen=True)
class Held(Blow):
    """The request waits until the test lets it go on."""

    is_met: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def strike(self, answer: Answer | None) -> Answer | None:
        self.is_met.set()
        await self.is_over.wait()
        return None

    def told_of(self, deed: Deed) -> str:
        return f"The test holds {deed.request}"


@dataclass(frozen=True)
class HeldAndFailed(Held):
    """The request waits until the test lets it go on, and then Discord does not carry it out."""

    async def strike(self, answer: Answer | None) -> Answer | None:
        await super().strike(answer)
        return Answer(503, {"message": "503: Service Unavailable", "code": 0})


def told(stage: Stage, caplog: pytest.LogCaptureFixture) -> dict[str, int]:
    """Return where people were told that the place is closed, and how often."""
    letters = [letter.content for letter in stage.ann.direct_messages]
    return {where: len(lines) for where, lines in (("letter", letters), ("log", logged(caplog))) if lines}


def is_told_and_tried(stage: Stage, caplog: pytest.LogCaptureFixture, row: Row) -> bool:
    """Whether all are told who are to be; where no letter is to arrive, Discord must have refused it already."""
    is_tried = "letter" in row.told or "could not be told" in caplog.text
    return is_tried and told(stage, caplog) == row.told


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = (line.getMessage() for line in caplog.records if line.name == "backroom.places")
    return [line for line in lines if line.startswith("room 1, in")]
