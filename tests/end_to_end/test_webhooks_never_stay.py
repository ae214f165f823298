"""A bot that guards the server deletes our webhook as soon as it is made: the room says so once, and waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.rehearsal.faults import EventFault, Late
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.channels import Channel
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.hall import WEBHOOKS
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
WEBHOOK_NOT_THERE = (10015, 10003)
SECONDS_OF_PEACE = 1.0


class Guard:
    """Deletes each webhook of a channel as soon as it is made."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.is_there = True
        self.deleted = 0

    async def __call__(self, call: Call, _answer: Answer) -> None:
        if (call.method, call.template) == ("POST", WEBHOOKS) and self.is_there:
            for webhook in tuple(self._channel.webhooks.values()):
                self.deleted += 1
                webhook.delete()


@pytest.mark.parametrize("in_thread", [False, True], ids=["channel", "thread"])
async def test_the_room_says_so_once_and_goes_on_when_the_webhook_may_stay(stage: Stage, in_thread: bool) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(*WEBHOOK_NOT_THERE)
    place = stage.channel.add_thread("deeper") if in_thread else stage.channel
    guard = Guard(stage.channel)
    stage.discord.rest.after_effect.append(guard)
    stage.host.script = Chatter(seconds=0)
    async with stage.running() as bot:
        await bot.wait_until_ready()  # which has every place looked at
        await stage.start(FLASH, R1, rounds=1, channel=place)
        told = await place.wait_for(lambda message: message.content.startswith("⏸️"))
        assert "it is deleted or moved as soon as it is made" in told.content
        room = bot.rooms.at(place.id)
        await until(lambda: room.state.phase is Phase.PAUSED)
        await asyncio.sleep(SECONDS_OF_PEACE)
        before = guard.deleted
        await asyncio.sleep(SECONDS_OF_PEACE)
        assert guard.deleted == before
        assert len(stage.host.chats) == 1
        guard.is_there = False
        places: Any = bot.get_cog("Places")
        places.look_at_closed.change_interval(seconds=0.05)
        await stage.until_over(place)
        await witness.until_all_is_said()
    assert [content[0] for who, content in stage.said(place) if who == "Backroom"] == list("🚪⏸▶⏹")
    assert stage.ann.direct_messages == []
    assert witness.violations(Moment.DONE) == []


async def test_words_of_a_room_that_waits_for_its_conductor_wait_as_well(stage: Stage) -> None:
    stage.discord.faults.excuse(*WEBHOOK_NOT_THERE)
    stage.discord.faults.add(EventFault(Late(SECONDS_OF_PEACE / 2), "WEBHOOKS_UPDATE"))
    guard = Guard(stage.channel)
    stage.discord.rest.after_effect.append(guard)
    stage.host.script = Chatter(seconds=0)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        await stage.channel.wait_for(lambda message: message.content[0] in "⏳⏸")  # whichever task finds out first
        await asyncio.sleep(SECONDS_OF_PEACE)
        before = guard.deleted
        await asyncio.sleep(SECONDS_OF_PEACE)
        assert guard.deleted == before
        guard.is_there = False
        places: Any = bot.get_cog("Places")
        places.look_at_closed.change_interval(seconds=0.05)
        await until(lambda: stage.words_of(f"AI-1 ({FLASH})"))
        await stage.ann.slash(stage.channel, "backroom stop")
        await stage.until_over()
    assert len([content for _, content in stage.said() if "deleted or moved as soon as it is made" in content]) == 1
    assert stage.ann.direct_messages == []
