"""A gateway that drops, falls silent, repeats itself or loses things: nobody's word is lost, and nothing repeats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.rehearsal.faults import EventFault, Late, Lost, Overtaken, Twice
from bot.room.entries import Heard, Resumed
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
WORDS = "Does anybody see the ferry?"


async def drop(stage: Stage) -> None:
    await stage.discord.gateway.drop()


async def end_session(stage: Stage) -> None:
    await stage.discord.gateway.drop(4009, resumable=False)


async def ask_to_reconnect(stage: Stage) -> None:
    stage.discord.gateway.ask_to_reconnect()


async def fall_silent(stage: Stage) -> None:
    assert stage.bot is not None
    patience = stage.bot._connection.heartbeat_timeout
    stage.bot._connection.heartbeat_timeout = 0.3  # discord.py's own minute is for the next connection too
    await drop(stage)
    await until(lambda: stage.discord.gateway.has_a_client)
    stage.discord.gateway.acknowledges_heartbeats = False
    await until(lambda: not stage.discord.gateway.has_a_client)
    stage.bot._connection.heartbeat_timeout = patience  # a busy machine is no silence
    stage.discord.gateway.acknowledges_heartbeats = True


SECONDS_TO_COME_BACK = 60.0
"""discord.py waits before it connects again, by chance, and longer each time."""
DISTURBANCES = {
    "dropped": drop,
    "dropped for good": end_session,
    "asked to reconnect": ask_to_reconnect,
    "silent": fall_silent,
}


@pytest.mark.parametrize("disturb", DISTURBANCES.values(), ids=DISTURBANCES)
async def test_what_a_person_says_while_the_gateway_is_gone_is_heard_once(
    stage: Stage, disturb: Callable[[Stage], Awaitable[None]]
) -> None:
    witness = Witness(stage)
    if disturb is fall_silent:
        stage.discord.gateway.heartbeat_milliseconds = 200
    stage.host.script = Chatter(seconds=0.3)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(3)
        await disturb(stage)
        await stage.ann.says(stage.channel, WORDS)
        await until(lambda: f"[Ann]: {WORDS}" in stage.host.requests[-1].seen, SECONDS_TO_COME_BACK)
        assert stage.host.requests[-1].seen.count(WORDS) == 1
        await stop(stage)
        await witness.until_all_is_said()
    assert heard(witness) == [WORDS]
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("fate", [Twice(), Late(0.3), Overtaken()], ids=["twice", "late", "overtaken"])
async def test_words_of_which_the_gateway_tells_in_its_own_way_are_heard_once(
    stage: Stage, fate: Twice | Late | Overtaken
) -> None:
    witness = Witness(stage)
    stage.discord.faults.add(EventFault(fate, "MESSAGE_CREATE"))
    stage.host.script = Chatter(seconds=0.2)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        for number in range(3):
            await stage.ann.says(stage.channel, f"{WORDS} ({number})")
        await until(lambda: stage.host.requests and stage.host.requests[-1].seen.count(WORDS) == 3)
        await stop(stage)
        await witness.until_all_is_said()
    assert sorted(heard(witness)) == [f"{WORDS} ({number})" for number in range(3)]
    assert witness.violations(Moment.DONE) == []


async def test_what_the_gateway_lost_is_caught_up_with_when_it_is_there_anew(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.script = Chatter(seconds=0.2)
    async with stage.running() as bot:
        await bot.wait_until_ready()  # so that the bot does not catch up with this room when it is ready
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(2)
        regretted = await stage.ann.says(stage.channel, "Never mind the teapot.")
        await until(lambda: stage.host.requests and "teapot" in stage.host.requests[-1].seen)
        stage.discord.faults.add(EventFault(Lost(), "MESSAGE_*"))
        await stage.ann.says(stage.channel, WORDS)
        regretted.delete()
        stage.discord.faults.clear()
        assert len(stage.discord.faults.struck) == 2
        await end_session(stage)
        await until(lambda: f"[Ann]: {WORDS}" in stage.host.requests[-1].seen)
        assert "teapot" not in stage.host.requests[-1].seen
        await stop(stage)
        await witness.until_all_is_said()
    assert heard(witness) == ["Never mind the teapot.", WORDS]
    assert witness.violations(Moment.DONE) == []


async def test_what_the_gateway_never_told_of_is_noticed_also_while_it_seems_to_be_well(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.script = Chatter(seconds=0.2)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(2)
        regretted = await stage.ann.says(stage.channel, "Never mind the teapot.")
        await until(lambda: stage.host.requests and "teapot" in stage.host.requests[-1].seen)
        stage.discord.faults.add(EventFault(Lost(), "MESSAGE_*"))
        await stage.ann.says(stage.channel, WORDS)
        regretted.delete()
        stage.discord.faults.clear()
        audience: Any = bot.get_cog("Audience")
        audience.look_for_what_was_lost.change_interval(seconds=0.2)
        await until(lambda: f"[Ann]: {WORDS}" in stage.host.requests[-1].seen)
        await until(lambda: "teapot" not in stage.host.requests[-1].seen)
        assert stage.host.requests[-1].seen.count(WORDS) == 1
        await stop(stage)
        await witness.until_all_is_said()
    assert heard(witness) == ["Never mind the teapot.", WORDS]
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("fate", [Twice(), Overtaken()], ids=["twice", "overtaken"])
async def test_a_deletion_is_noticed_however_the_gateway_tells_of_it(stage: Stage, fate: Twice | Overtaken) -> None:
    witness = Witness(stage)
    stage.host.script = Chatter(seconds=0.2)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        said = await stage.ann.says(stage.channel, WORDS)
        await until(lambda: stage.host.requests and WORDS in stage.host.requests[-1].seen)
        stage.discord.faults.add(EventFault(fate, "MESSAGE_DELETE", times=1))
        said.delete()
        await until(lambda: WORDS not in stage.host.requests[-1].seen)
        await stop(stage)
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("name", ["step", "image", "stop"])
async def test_a_command_that_the_gateway_tells_of_twice_is_carried_out_once(stage: Stage, name: str) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(40060)
    stage.host.script = Chatter(seconds=0.2)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for_messages(2)
        stage.discord.faults.add(EventFault(Twice(), "INTERACTION_CREATE", times=1))
        options = {"description": "a lamp"} if name == "image" else {}
        reply = await stage.ann.slash(stage.channel, f"backroom {name}", **options)
        assert reply.failed is None
        if name != "stop":
            await stop(stage)
        await witness.until_all_is_said()
    (room,) = witness.evidence().rooms
    steps = [one.entry for one in room.entries if isinstance(one.entry, Resumed)]
    assert len(steps) == (name == "step")
    assert len(stage.host.images) <= 1
    assert [content[0] for who, content in stage.said() if content[0] in "⏹"] == ["⏹"]
    assert witness.violations(Moment.DONE) == []


async def stop(stage: Stage) -> None:
    await until(lambda: stage.discord.gateway.has_a_client)
    assert (await stage.ann.slash(stage.channel, "backroom stop")).failed is None


def heard(witness: Witness) -> list[str]:
    return [one.entry.text for room in witness.evidence().rooms for one in room.entries if isinstance(one.entry, Heard)]
