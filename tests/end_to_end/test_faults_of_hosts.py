"""A models' host that is out, or answers strangely: said once, in plain words, and the room goes on when it can."""

from __future__ import annotations

import asyncio

from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.stage import Stage, until
from tests.invariants import CLAIMS, Moment, Witness
from tests.openrouter import Reply
from tests.openrouter_faults import (
    CUT_BEFORE,
    CUT_IN_MID_STREAM,
    EMPTY,
    ERROR_IN_MID_STREAM,
    LINE_SEPARATORS,
    LONE_SURROGATES,
    NULL,
    REASONING_ONLY,
    REFUSAL,
    WEB_PAGE,
    HostFault,
    failing,
    megabytes,
)

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"


def lines(stage: Stage, sign: str) -> list[str]:
    return [line for who, said in stage.said() if who == "Backroom" for line in said.splitlines() if line[0] == sign]


async def end(stage: Stage, witness: Witness) -> None:
    assert (await stage.ann.slash(stage.channel, "backroom stop")).failed is None
    await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_an_outage_is_said_once_and_the_room_goes_on_when_the_host_answers_again(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.script = Chatter()
    async with stage.running(seconds_before_probe=0.2):
        await stage.start(FLASH, R1, KIMI, rounds=0)
        await stage.channel.wait_for_messages(4)
        stage.host.faults.add(HostFault(failing(503)))
        await stage.channel.wait_for(lambda m: m.content.splitlines()[-1].startswith("⏸️"))
        await until(lambda: stage.room().state.probes > 1)
        spoken = len(stage.channel.messages)
        stage.host.faults.clear()
        await stage.channel.wait_for_messages(spoken + 4)
        assert stage.room().state.phase is Phase.RUNNING
        await end(stage, witness)
    assert len(lines(stage, "⚠")) == 1
    assert len(lines(stage, "⏸")) == 1
    assert lines(stage, "✅") == ["✅ OpenRouter answers again."]
    assert lines(stage, "🔇") == []


async def test_one_model_that_is_out_is_muted_while_the_others_go_on_and_may_come_back(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.script = Chatter(seconds=0.02)
    async with stage.running():
        stage.host.faults.add(HostFault(failing(503), seat="AI-2"))
        await stage.start(FLASH, R1, KIMI, rounds=0)
        await stage.channel.wait_for(lambda m: "🔇" in m.content)
        stage.host.faults.clear()
        await stage.channel.wait_for_messages(len(stage.channel.messages) + 4)
        assert stage.words_of(f"AI-2 ({R1})") == []
        await stage.ann.slash(stage.channel, "backroom pause")
        await stage.ann.slash(stage.channel, "backroom resume")
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-2"))
        await end(stage, witness)
    assert len(lines(stage, "⚠")) == len(lines(stage, "🔇")) == 1
    assert lines(stage, "✅") == [f"✅ AI-2 ({R1}) answers again."]


async def test_a_room_without_credit_waits_for_a_person_and_asks_nobody_meanwhile(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.script = Chatter()
    async with stage.running(seconds_before_probe=0.1):
        stage.host.faults.add(HostFault(failing(402)))
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for(lambda m: "⏸️" in m.content)
        asked = len(stage.host.requests)
        await asyncio.sleep(0.5)
        assert len(stage.host.requests) == asked == 2
        stage.host.faults.clear()
        assert (await stage.ann.slash(stage.channel, "backroom resume")).failed is None
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-2"))
        await end(stage, witness)
    assert all("operator" in line for line in lines(stage, "⚠"))
    assert len(lines(stage, "⏸")) == 1
    assert lines(stage, "✅") == []


async def test_what_passes_by_itself_is_tried_again_and_nobody_in_the_room_is_told(stage: Stage) -> None:
    passing = [
        *(CUT_BEFORE, CUT_IN_MID_STREAM, ERROR_IN_MID_STREAM, WEB_PAGE),
        *(EMPTY, NULL, REASONING_ONLY, failing(429), failing(503)),
    ]
    witness, chatter = Witness(stage), Chatter()
    for number, fault in enumerate(passing):
        stage.host.answer("AI-1", fault, chatter({"messages": []}).text + f" {number}")
    async with stage.running():
        await stage.start(FLASH, rounds=len(passing))
        await stage.until_over()
        await witness.until_all_is_said()
    assert [words[-1] for words in stage.words_of(f"AI-1 ({FLASH})")] == [str(n) for n in range(len(passing))]
    assert [content[0] for who, content in stage.said() if who == "Backroom"] == list("🚪⏹")
    assert "These first words" not in stage.host.requests[-1].seen
    assert witness.violations(Moment.DONE) == []


async def test_strange_answers_are_read_as_far_as_they_can_be_and_harm_nobody(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.answer("AI-1", LINE_SEPARATORS, LONE_SURROGATES, megabytes(1), REFUSAL, Reply(text="the last words"))
    stage.host.script = Chatter()
    async with stage.running():
        await stage.start(FLASH, R1, rounds=5)
        await stage.until_over()
        await witness.until_all_is_said()
    separators, surrogates, endless, last = (m for m in stage.channel.messages if m.author_name.startswith("AI-1"))
    assert separators.content.split() == ["one", "two", "three", "four"]
    assert surrogates.content == "half a face � and half a heart �"
    assert len(endless.attachments[0].data) > 50_000
    assert last.content == "the last words"
    (refused,) = lines(stage, "⚠")
    assert "declined to answer" in refused
    as_said = {name: claim for name, claim in CLAIMS.items() if name != "an answer is written down once"}
    assert [wrong for claim in as_said.values() for wrong in claim(witness.evidence(), Moment.DONE)] == []
    stage.nothing_is_wrong()
