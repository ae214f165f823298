"""Discord lets nothing of what the AIs say through, turn after turn: the room waits, instead of paying for nobody."""

from __future__ import annotations

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault
from bot.rehearsal.rest.calls import Call
from bot.room.declining import LEAST_TURNS, Declining
from bot.room.entries import Forked, Resumed, Spoke, Withdrawn
from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.hall import POST
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply
from tests.room.rooms import TestRoom

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
REASON = f"Discord let nothing of the last {LEAST_TURNS} turns through. The server's AutoMod blocked them."
BLOCKS = Fault(BLOCKED_BY_AUTOMOD, "POST", POST)


def marks(stage: Stage) -> str:
    """What each line of the house begins with."""
    return "".join(content[0] for who, content in stage.said() if who == "Backroom")


async def test_the_room_waits_and_says_why_and_goes_on_when_a_person_wants_it(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.script = Chatter(seconds=0)
    stage.discord.faults.add(BLOCKS)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=5)
        told = await stage.channel.wait_for(lambda m: "⏸️" in m.content)
        assert f"⏸️ The room is paused. {REASON} `/backroom resume` continues it" in told.content
        assert len(stage.host.chats) == LEAST_TURNS
        status = await stage.ann.slash(stage.channel, "backroom status")
        assert f"paused: {REASON.rstrip('.')}" in status.content
        await until(lambda: f"paused: {REASON.rstrip('.')}" in stage.panels()[-1].content)
        stage.discord.faults.clear()
        await stage.ann.slash(stage.channel, "backroom resume")
        await stage.until_over()
        await witness.until_all_is_said()
    assert len(stage.host.chats) == 2 * 5
    assert stage.ann.direct_messages == []
    assert witness.violations(Moment.DONE) == []


async def test_who_opened_the_room_gets_a_letter_where_the_house_cannot_say_so_either(stage: Stage) -> None:
    stage.host.script = Chatter(seconds=0)
    here = f"/channels/{stage.channel.id}/messages"
    async with stage.running():
        stage.discord.faults.add(BLOCKS, Fault(BLOCKED_BY_AUTOMOD, "POST", here))
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: stage.ann.direct_messages)
        (letter,) = stage.ann.direct_messages
        assert "is paused" in letter.content
        assert REASON in letter.content
        assert "`/backroom resume` there continues it." in letter.content
        assert stage.room().state.phase is Phase.PAUSED
        assert len(stage.host.chats) == LEAST_TURNS
        await stage.ann.slash(stage.channel, "backroom resume")
        await until(lambda: len(stage.ann.direct_messages) == 2)
        assert len(stage.host.chats) == 2 * LEAST_TURNS
    assert stage.channel.messages == []


async def test_what_was_refused_before_a_restart_counts(stage: Stage) -> None:
    stage.discord.faults.add(BLOCKS)
    stage.host.answer("AI-1", "one", Reply(text="never arrives", seconds_before=60))
    stage.host.answer("AI-2", "two")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: marks(stage) == "🚪🚫🚫" and len(stage.host.chats) == LEAST_TURNS)
    stage.host.script = Chatter(seconds=0)
    async with stage.running():
        told = await stage.channel.wait_for(lambda m: "⏸️" in m.content)
    assert REASON in told.content
    assert marks(stage) == "🚪🚫🚫🚫"


async def test_a_turn_that_comes_through_begins_anew(stage: Stage) -> None:
    def is_no_third(call: Call) -> bool:
        return not str(call.json["content"]).startswith(("3,", "6,"))

    stage.host.script = Chatter(seconds=0)
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", POST, is_no_third))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=4)
        await stage.until_over()
    assert marks(stage) == "🚪" + "🚫" * 6 + "⏹"


@pytest.mark.parametrize("seats", [1, 3, 5])
def test_no_fewer_turns_count_than_a_round_has(seats: int) -> None:
    room, declining, waits_after, seq = TestRoom(*[FLASH] * seats), Declining(), 0, 0
    while not declining.is_to_wait(room.state):
        waits_after += 1
        seat, seq = 1 + (waits_after - 1) % seats, 2 * waits_after
        declining = declining.after(seq, Spoke(turn=waits_after, seat=seat, text="words"))
        declining = declining.after(seq + 1, Withdrawn(entry=seq, reason="AutoMod"))
    assert waits_after == max(seats, LEAST_TURNS)
    for goes_on in (Resumed(by_name="Ann"), Forked(room=1, entry=seq, by=1, by_name="Ann")):
        assert not declining.after(seq + 2, goes_on).is_to_wait(room.state)
    assert declining.after(seq + 2, Resumed()).is_to_wait(room.state)
