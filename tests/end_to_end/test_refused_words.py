"""Discord refuses what an AI says, or the name it says it under: the room says so once and goes on."""

from __future__ import annotations

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, BLOCKED_FOR_A_LINK, Fault, Refuse
from tests.end_to_end.hall import FLASH, POST, R1, UNDISTURBED, Target, a_hall
from tests.end_to_end.stage import Stage
from tests.invariants import Moment, Witness

REFUSALS = {
    "AutoMod": (BLOCKED_BY_AUTOMOD, "AutoMod"),
    "a link": (BLOCKED_FOR_A_LINK, "harmful"),
    "the content": (Refuse.field("content", "BASE_TYPE_BAD_LENGTH", "Must be 2000 or fewer in length."), "2000"),
}
FOR_A_WHILE = Refuse(400, 20016, "This action cannot be performed due to slowmode rate limit.")
TURNS_BEFORE = {"Part 2 of": 1, "A word": 2}
"""How many turns have been taken when these words were refused."""
HIDDEN = {"Part 2 of": "a part of several", "A word": "the whole of a turn"}


@pytest.mark.parametrize("says", HIDDEN, ids=HIDDEN.values())
async def test_words_that_discord_refuses_are_said_to_be_missing_and_the_ais_forget_them(
    stage: Stage, says: str
) -> None:
    async with a_hall(stage) as hall:
        hall.add(UNDISTURBED)
        for name, (refusal, _) in REFUSALS.items():
            hall.add(name, (Target("POST", POST, says), refusal))
        await hall.play(rounds=2)
    assert hall.violations() == []
    numbers = {room.channel: room.number for room in hall.witness.evidence().rooms}
    for name, (_, reason) in REFUSALS.items():
        channel = hall.rooms[name]
        (notice,) = (content for _, content in stage.said(channel) if content.startswith("🚫"))
        assert "are missing here" in notice
        assert reason in notice
        assert hall.words(name).count(says) == hall.words(UNDISTURBED).count(says) - 1
        assert hall.times_sent(name)[says] == hall.times_sent(UNDISTURBED)[says]
        asked = [one for one in stage.host.chats if one.json["session_id"].startswith(f"room-{numbers[channel.id]}-")]
        after = asked[TURNS_BEFORE[says]].seen
        assert says not in after
        assert "Part 1 of" in after


async def test_a_name_that_discord_refuses_is_left_out_and_the_words_appear(stage: Stage) -> None:
    witness = Witness(stage)
    refusal = Refuse.field("username", "USERNAME_INVALID_CONTAINS", "Username cannot contain this")
    has_model = Fault(refusal, "POST", POST, lambda call: "(" in call.body.get("username", ""))
    stage.discord.faults.add(has_model)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2)
        await stage.until_over()
        await witness.until_all_is_said()
    assert [who for who, _ in stage.said() if who != "Backroom"] == ["AI-1", "AI-2", "AI-1", "AI-2"]
    renamed = [content for _, content in stage.said() if content.startswith("🚫")]
    assert len(renamed) == 2
    assert "AI-1" in renamed[0]
    assert len(stage.discord.faults.struck) == 2
    assert witness.violations(Moment.DONE) == []


async def test_that_a_name_is_left_out_is_said_also_where_the_words_had_to_wait_and_in_the_next_room(
    stage: Stage,
) -> None:
    refusal = Refuse.field("username", "USERNAME_INVALID_CONTAINS", "Username cannot contain this")
    stage.discord.faults.add(Fault(refusal, "POST", POST, lambda call: "(" in call.body.get("username", "")))
    stage.discord.faults.add(Fault(FOR_A_WHILE, "POST", POST, times=1))
    async with stage.running():
        for room in (stage.channel, stage.guild.add_text_channel("the next room")):
            await stage.start(FLASH, rounds=1, channel=room)
            await stage.until_over(room)
            said = stage.said(room)
            assert [who for who, _ in said if who != "Backroom"] == ["AI-1"]
            assert len([words for _, words in said if words.startswith("🚫") and "does not accept" in words]) == 1
