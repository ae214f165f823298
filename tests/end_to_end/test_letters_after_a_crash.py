"""Who opened a room is told once what cannot be said in it, also where the program is killed just then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.rehearsal.faults import Fault
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.world.permissions import Permission
from bot.room import notices
from bot.room.entries import Ended, Paused
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.paused_room import FLASH, R1
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_places_close import Held, HeldAndFailed
from tests.invariants.evidence import read_rooms

TO_A_PERSON = "/users/@me/channels"
POST = "/channels/{channel_id}/messages"
SECONDS_IN_WHICH_NOTHING_COMES = 0.5
EXCUSED = (10003, 10004, 10015, 50001, 50013)


def _is_letter(stage: Stage) -> Callable[[Call], bool]:
    return lambda call: call.parts.get("channel_id") != str(stage.channel.id)


def no_more_sending(stage: Stage) -> None:
    stage.channel.take_bot_permissions(Permission.SEND_MESSAGES)


def no_channel(stage: Stage) -> None:
    stage.channel.delete()


@dataclass(frozen=True)
class Case:
    """What closes the place, what is written down of it, and what the letter says."""

    happens: Callable[[Stage], None]
    entry: type
    words: str


CASES = {
    "closed": Case(no_more_sending, Paused, "is paused. The bot lacks permissions in this channel: Send Messages"),
    "deleted": Case(no_channel, Ended, "is over. The channel was deleted."),
}
MOMENTS = {
    "before it is begun": lambda stage: (HeldAndFailed(), "POST", TO_A_PERSON, None),
    "before it is sent": lambda stage: (HeldAndFailed(), "POST", POST, _is_letter(stage)),
    "when it is stored": lambda stage: (Held(after=True), "POST", POST, _is_letter(stage)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
async def test_a_letter_comes_once_though_the_program_is_killed(
    stage: Stage, case: Case, moment: Callable[[Stage], tuple[Held, str, str, Callable[[Call], bool] | None]]
) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0.3)
    held, method, route, only = moment(stage)
    async with stage.process() as process:
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        stage.discord.faults.add(Fault(held, method, route, only, times=1))
        case.happens(stage)
        await until(held.is_met.is_set)
        (room,) = read_rooms(stage.database)
        assert any(isinstance(one.entry, case.entry) for one in room.entries)
        process.kill()
        await process.wait()
    held.is_over.set()
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await until(lambda: stage.ann.direct_messages)
        await asyncio.sleep(SECONDS_IN_WHICH_NOTHING_COMES)
    (letter,) = stage.ann.direct_messages
    assert case.words in letter.content


async def test_a_letter_comes_once_though_the_program_is_started_again_and_again(stage: Stage) -> None:
    stage.discord.faults.excuse(*EXCUSED)
    stage.host.script = Chatter(seconds=0.3)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        no_more_sending(stage)
        await until(lambda: stage.ann.direct_messages)
    for _ in range(2):
        async with stage.running() as bot:
            await bot.wait_until_ready()
            await asyncio.sleep(SECONDS_IN_WHICH_NOTHING_COMES)
    assert len(stage.ann.direct_messages) == 1


async def test_nobody_is_told_that_a_room_is_over_that_did_not_come_to_its_end(stage: Stage) -> None:
    stage.host.script = Chatter(seconds=0.3)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        await bot.letters.note_last(stage.room(), notices.PLACE_IS_GONE)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        said = len(stage.channel.messages)
        await until(lambda: len(stage.channel.messages) > said + 2)
        await stage.ann.slash(stage.channel, "backroom stop")
        await stage.until_over()
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await asyncio.sleep(SECONDS_IN_WHICH_NOTHING_COMES)
    assert stage.ann.direct_messages == []
