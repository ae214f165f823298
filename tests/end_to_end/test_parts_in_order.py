"""A part of a turn that Discord declined does not come after the parts that follow it, whatever happens meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault, Refuse
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from tests.end_to_end.hall import FLASH, POST, R1, beginning, speak
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

PARTS = ["Part 1 of", "Part 2 of", "Part 3 of"]
FOR_A_WHILE = Refuse(400, 20016, "This action cannot be performed due to slowmode rate limit.")


def says(call: Call, words: str) -> bool:
    return call.method == "POST" and isinstance(call.json, dict) and words in str(call.json.get("content"))


def times_sent(stage: Stage, words: str) -> int:
    bodies = [one.json for one in stage.discord.exchanges if one.method == "POST" and isinstance(one.json, dict)]
    return sum(words in str(body.get("content")) for body in bodies)


def declined_once(stage: Stage) -> None:
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", POST, lambda call: says(call, PARTS[0]), times=1))


def the_rest_stands_in_order(stage: Stage) -> None:
    """The first part is missing and said to be, once; what follows it stands where it should."""
    said = [beginning(words) for who, words in stage.said() if who.startswith("AI-1")]
    assert [words for words in said if words in PARTS] == PARTS[1:]
    assert times_sent(stage, PARTS[0]) == 1
    (notice,) = (words for _, words in stage.said() if words.startswith("🚫"))
    assert "are missing here" in notice
    assert "what follows them stands here by now" in notice


@pytest.mark.parametrize(("words", "is_stored"), [(PARTS[1], True), (PARTS[2], False)], ids=["not marked", "marked"])
async def test_a_part_that_was_declined_before_a_kill_is_not_tried_once_later_ones_stand(
    stage: Stage, words: str, is_stored: bool
) -> None:
    witness = Witness(stage)
    stage.host.script = speak
    declined_once(stage)
    async with stage.process() as process:

        async def kill(call: Call, _answer: Answer | None = None) -> Answer | None:
            if says(call, words):
                process.kill()
                raise ConnectionCut
            return None

        (stage.discord.rest.after_effect if is_stored else stage.discord.rest.before_effect).append(kill)
        await stage.start(FLASH, R1, rounds=1)
        await asyncio.wait_for(process.wait(), 30)
    stage.discord.rest.after_effect.clear()
    stage.discord.rest.before_effect.clear()
    witness.stops += 1
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.process():
        await stage.until_over()
        await witness.until_all_is_said()
    the_rest_stands_in_order(stage)
    assert witness.violations(Moment.DONE) == []
    later = [one.seen for one in stage.asked("AI-2")]
    assert later
    assert not any(PARTS[0] in seen for seen in later)


async def test_a_part_that_was_declined_before_discord_was_out_is_not_tried_once_later_ones_stand(
    stage: Stage,
) -> None:
    witness = Witness(stage)
    stage.host.script = speak
    declined_once(stage)
    stage.discord.faults.add(Fault(FOR_A_WHILE, "POST", POST, lambda call: says(call, PARTS[2]), times=1))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
        await witness.until_all_is_said()
    the_rest_stands_in_order(stage)
    assert witness.violations(Moment.DONE) == []
