"""Killed while words are said again: the channel and the journal agree afterwards, and no answer is asked for twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.world.messages import Message
from bot.room.entries import Respoken, Restored
from tests.end_to_end.owed_edits import (
    AGAIN,
    LONG,
    a_room_that_says,
    is_deletion,
    is_edit,
    spoken,
    until_nothing_is_owed,
)
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness, lost_between

NEW = LONG.replace("Paragraph", "Verse")
Claim = Callable[[Stage, Call], bool]


async def kill_at(
    stage: Stage, witness: Witness, new: str, claim: Claim, *, nth: int = 1, stored: bool = False
) -> list[Message]:
    """Let a process say something again and kill it at the n-th such request, before or after Discord carried it out.

    Returns the messages whose words were to be replaced.
    """
    left = nth
    async with stage.process() as process:
        parts = await a_room_that_says(stage, LONG)
        before = witness.evidence()
        stage.host.answer("AI-1", new)

        def strike(call: Call) -> None:
            nonlocal left
            left -= claim(stage, call)
            if left == 0:
                process.kill()
                raise ConnectionCut

        async def ahead(call: Call) -> Answer | None:
            return None if stored else strike(call)

        async def behind(call: Call, _answer: Answer) -> Answer | None:
            return strike(call) if stored else None

        stage.discord.rest.before_effect.append(ahead)
        stage.discord.rest.after_effect.append(behind)
        asking = asyncio.create_task(stage.ann.uses_on(parts[0], AGAIN))
        await process.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    stage.discord.rest.before_effect.clear()
    stage.discord.rest.after_effect.clear()
    witness.stops += 1
    assert lost_between(before, witness.evidence(is_down=True)) == []
    assert witness.violations(Moment.ANY_INSTANT) == []
    await until(lambda: not stage.discord.gateway.has_a_client)
    return parts


async def until_it_says(stage: Stage, words: str) -> None:
    """Wait until the channel and the AIs have these words, and nothing is owed; the answer was asked for once."""
    await until_nothing_is_owed(stage)
    assert [line.text for line in stage.room().history.lines if line.speaker] == [words]
    assert "".join("".join(part.content.split()) for part in spoken(stage)) == "".join(words.split())
    assert len(stage.asked("AI-1")) == 3  # the one that was paused away, the old words, the new ones


@pytest.mark.parametrize("stored", [False, True], ids=["not stored", "stored"])
@pytest.mark.parametrize("nth", [1, 3])
async def test_killed_at_an_edit(stage: Stage, nth: int, stored: bool) -> None:
    witness = Witness(stage)
    parts = await kill_at(stage, witness, NEW, is_edit, nth=nth, stored=stored)
    async with stage.running():
        await until_it_says(stage, NEW)
        assert spoken(stage) == parts
    assert witness.violations(Moment.SETTLED) == []


@pytest.mark.parametrize("stored", [False, True], ids=["not stored", "stored"])
async def test_killed_at_a_deletion(stage: Stage, stored: bool) -> None:
    witness = Witness(stage)
    parts = await kill_at(stage, witness, "brief now", is_deletion, stored=stored)
    async with stage.running():
        await until_it_says(stage, "brief now")
        assert spoken(stage) == parts[:1]
        assert stage.room().history.withdrawn_messages == set()
    assert witness.violations(Moment.SETTLED) == []


async def test_killed_before_discord_could_decline_the_new_words(stage: Stage) -> None:
    witness = Witness(stage)
    await kill_at(stage, witness, NEW, is_edit, nth=2)
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, only=partial(is_edit, stage), skip=1, times=1))
    async with stage.running():
        await stage.channel.wait_for(lambda message: "keeps its old words" in message.content)
        await until_it_says(stage, LONG)
    assert witness.violations(Moment.SETTLED) == []


@pytest.mark.parametrize("stored", [False, True], ids=["not stored", "stored"])
async def test_killed_while_the_old_words_come_back(stage: Stage, stored: bool) -> None:
    witness = Witness(stage)
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, only=partial(is_edit, stage), skip=1, times=1))
    await kill_at(stage, witness, NEW, is_edit, nth=3, stored=stored)
    kinds = [type(one.entry) for room in witness.evidence(is_down=True).rooms for one in room.entries]
    assert kinds[-2:] == [Respoken, Restored]
    async with stage.running():
        await until_it_says(stage, LONG)
    assert witness.violations(Moment.SETTLED) == []
