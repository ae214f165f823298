"""What a room is to be paused for may be gone until the pause is written down."""

from __future__ import annotations

import asyncio

import pytest

from bot import seating
from bot.client import BackroomBot
from bot.room.entries import Entry, Joined, OrderSet, Unmuted
from tests.end_to_end.paused_room import FLASH, KIMI, R1, SLOW
from tests.end_to_end.stage import Stage, until


@pytest.mark.parametrize(
    "meanwhile", [Joined(seat=3, model=KIMI, invitation=""), Unmuted(seat=2, by_name="Ann")], ids=lambda one: one.kind
)
async def test_who_is_seated_or_unmuted_meanwhile_speaks(stage: Stage, meanwhile: Entry) -> None:
    async with stage.running() as bot:
        await _with_nobody_left(stage, bot, meanwhile)
        await until(lambda: stage.asked("AI-3") or stage.asked("AI-2"))
        assert not any(content.startswith("⏸️") for _, content in stage.said())


async def test_a_room_that_gets_a_conductor_meanwhile_waits_for_one(stage: Stage) -> None:
    async with stage.running() as bot:
        joins = Joined(seat=3, model=KIMI, invitation="")
        await _with_nobody_left(stage, bot, joins, OrderSet(order="conductor", by_name="Ann"))
        await until(lambda: not any(task.get_name() == f"turns-{stage.room().number}" for task in asyncio.all_tasks()))
        assert not any(content.startswith("⏸️") for _, content in stage.said())
        assert stage.room().state.phase == "running"


async def _with_nobody_left(stage: Stage, bot: BackroomBot, *meanwhile: Entry) -> None:
    """Remove the last AI that is not muted; something is written down just before the house pauses the room."""
    stage.host.answer("AI-1", SLOW)
    stage.host.answer("AI-2", SLOW)
    stage.host.answer("AI-3", SLOW)
    await stage.start(FLASH, R1, rounds=0)
    await until(lambda: stage.asked("AI-1"))
    room = stage.room()
    await stage.ann.slash(stage.channel, "backroom mute", seat="AI-2")
    await room.say()
    await seating.remove(room, "Ann", room.state.seat(1))
    async with room.draft() as draft:
        bot.room_changed(room)
        await until(lambda: room._one_writer._waiters)  # pyright: ignore[reportPrivateUsage]
        draft.enter(*meanwhile)
    bot.room_changed(room)
