"""Discord refuses what an AI says, or the name it says it under: the room says so once and goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, BLOCKED_FOR_A_LINK, Delay, Fault, Refuse
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.world.channels import Channel
from tests.end_to_end.hall import FLASH, MESSAGES, POST, R1, UNDISTURBED, Target, a_hall
from tests.end_to_end.paused_room import open_paused, take_turn
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

REFUSALS = {
    "AutoMod": (BLOCKED_BY_AUTOMOD, "AutoMod"),
    "a link": (BLOCKED_FOR_A_LINK, "harmful"),
    "the content": (Refuse.field("content", "BASE_TYPE_BAD_LENGTH", "Must be 2000 or fewer in length."), "2000"),
}
FOR_A_WHILE = Refuse(400, 20016, "This action cannot be performed due to slowmode rate limit.")
TURNS_BEFORE = {"Part 2 of": 1, "A word": 2}
"""How many turns have been taken when these words were refused."""
BLOCKED = "The server's AutoMod blocked them."
NAME_DECLINED = Refuse.field("username", "USERNAME_INVALID_CONTAINS", "Username cannot contain this")
HIDDEN = {"Part 2 of": "a part of several", "A word": "the whole of a turn"}


def has_model(call: Call) -> bool:
    """Whether a post is by a persona whose name holds its model's."""
    return "(" in call.body.get("username", "")


def holds(word: str) -> Callable[[Call], bool]:
    return lambda call: word in str(call.body.get("content"))


def of_refusals(stage: Stage, channel: Channel | None = None) -> list[str]:
    """What a room says of what Discord refuses."""
    return [content for who, content in stage.said(channel) if who == "Backroom" and content.startswith("🚫")]


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
    stage.discord.faults.add(Fault(NAME_DECLINED, "POST", POST, has_model))
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
    stage.discord.faults.add(Fault(NAME_DECLINED, "POST", POST, has_model))
    stage.discord.faults.add(Fault(FOR_A_WHILE, "POST", POST, times=1))
    async with stage.running():
        for room in (stage.channel, stage.guild.add_text_channel("the next room")):
            await stage.start(FLASH, rounds=1, channel=room)
            await stage.until_over(room)
            said = stage.said(room)
            assert [who for who, _ in said if who != "Backroom"] == ["AI-1"]
            assert len([words for _, words in said if words.startswith("🚫") and "does not accept" in words]) == 1


async def test_what_a_person_says_by_the_house_is_heard_by_nobody_where_discord_refuses_it(stage: Stage) -> None:
    witness = Witness(stage)
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", MESSAGES, holds("kettle")))
    async with stage.running():
        await open_paused(stage)
        for words in ("What a kettle!", "What a lamp!"):
            await stage.ann.slash(stage.channel, "backroom say", words=words)
        await stage.channel.wait_for(lambda message: "What a lamp!" in message.content)
        stage.host.answer("AI-1", "yes")
        asked = await take_turn(stage)
        assert "What a lamp!" in asked.seen
        assert "kettle" not in asked.seen
        await stage.ann.slash(stage.channel, "backroom stop")
        await witness.until_all_is_said()
    assert of_refusals(stage) == [f"🚫 Words of Ann are missing here, and the AIs do not hear them. {BLOCKED}"]
    assert witness.violations(Moment.DONE) == []


async def test_that_a_line_of_the_house_is_missing_is_said_once(stage: Stage) -> None:
    witness = Witness(stage)
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", MESSAGES, holds("kettle")))
    stage.host.answer("AI-1", '!prompt "be a kettle"\n\nWhat a lamp!')
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
        await witness.until_all_is_said()
    assert of_refusals(stage) == [f"🚫 Some of the bot's own words are missing here. {BLOCKED}"]
    assert stage.words_of(f"AI-1 ({FLASH})") == ["What a lamp!"]
    assert witness.violations(Moment.DONE) == []


async def test_nor_is_it_said_again_and_again_where_discord_refuses_all_that_the_house_says(stage: Stage) -> None:
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", MESSAGES))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        await stage.channel.wait_for_messages(2)
        await stage.ann.slash(stage.channel, "backroom pause")
        await stage.room().say()
        sent = [one for one in stage.discord.exchanges if "own words are missing" in str(one.json)]
        assert len(sent) == 2


async def test_a_name_that_discord_refuses_is_told_in_every_room_and_not_again_after_a_restart(stage: Stage) -> None:
    stage.discord.faults.add(Fault(NAME_DECLINED, "POST", POST, has_model))
    other = stage.guild.add_text_channel("other")
    async with stage.running():
        await stage.start(FLASH, rounds=1, channel=other)
        await stage.until_over(other)
        stage.host.answer("AI-1", "one", Reply(text="never arrives", seconds_before=60))
        await stage.start(FLASH, rounds=2)
        await stage.channel.wait_for(lambda message: message.content.startswith("🚫"))
        await until(lambda: len(stage.asked("AI-1")) == 3)
    async with stage.running():
        await stage.until_over()
    assert stage.words_of("AI-1")[0] == "one"
    assert len(stage.words_of("AI-1")) == 2
    assert [len(of_refusals(stage, channel)) for channel in (stage.channel, other)] == [1, 1]


async def test_two_rooms_learn_at_the_same_time_that_discord_refuses_a_name(stage: Stage) -> None:
    async with a_hall(stage) as hall:
        for room in ("one", "other"):
            hall.add(room)
        stage.discord.faults.add(
            Fault(Delay(0.5), "POST", POST, has_model), Fault(NAME_DECLINED, "POST", POST, has_model)
        )
        await hall.play()
    assert hall.violations() == []
    for room in hall.rooms.values():
        assert all("does not accept" in line for line in of_refusals(stage, room))
        assert len(of_refusals(stage, room)) == 2
