"""People steer a room: stop, pause, resume, step, status, and the human twins of the directives."""

from __future__ import annotations

import asyncio

import pytest

from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.stage import Stage, index_of, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
SLOW = Reply(text="too late", seconds_before=30)
AT_ONCE = 15.0  # seconds: half of what a slow model takes; the machines that run this are shared


@pytest.mark.parametrize("command", ["stop", "pause"])
async def test_a_room_stops_at_once_also_while_a_model_is_answering(stage: Stage, command: str) -> None:
    stage.host.answer("AI-1", SLOW)
    async with stage.running():
        await stage.start(FLASH, R1)
        await until(lambda: stage.asked("AI-1"))
        reply = await stage.ann.slash(stage.channel, f"backroom {command}")
        await asyncio.wait_for(stage.asked("AI-1")[0].abandoned.wait(), AT_ONCE)
        assert reply.ephemeral
        await stage.channel.wait_for(lambda m: f"Ann {'stopped' if command == 'stop' else 'paused'}" in m.content)
        assert all("too late" not in content for _, content in stage.said())
    stage.nothing_is_wrong()


async def test_a_paused_turn_is_taken_again_by_the_same_seat_when_the_room_goes_on(stage: Stage) -> None:
    stage.host.answer("AI-1", SLOW, "now then")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-1"))
        await stage.ann.slash(stage.channel, "backroom pause")
        reply = await stage.ann.slash(stage.channel, "backroom resume")
        assert reply.content == "The room goes on."
        await stage.until_over()
    speakers = [who for who, _ in stage.said() if who.startswith("AI-")]
    assert speakers == ["AI-1 (Gemini 3 Flash)", "AI-2 (DeepSeek R1)"]
    assert stage.words_of("AI-1 (Gemini 3 Flash)") == ["now then"]


async def test_a_step_takes_one_turn_and_waits(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=600)
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-1"))
        await stage.ann.slash(stage.channel, "backroom pause")
        room = stage.room()
        assert room.state.turn == 1
        room_opened = room.state.opened
        assert room_opened is not None
        reply = await stage.ann.slash(stage.channel, "backroom step")
        assert "takes one turn" in reply.content
        await asyncio.sleep(0.3)
        assert room.state.phase is Phase.RUNNING  # the pace holds for a step as well
        await stage.ann.slash(stage.channel, "backroom stop")


async def test_steps_go_round(stage: Stage) -> None:
    async with stage.running():
        stage.host.answer("AI-1", SLOW, "one", "three")
        stage.host.answer("AI-2", "two")
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: stage.asked("AI-1"))
        await stage.ann.slash(stage.channel, "backroom pause")
        room = stage.room()
        for turn in (1, 2, 3):
            await stage.ann.slash(stage.channel, "backroom step")
            await until(lambda turn=turn: room.state.turn == turn)
            assert room.state.phase is Phase.PAUSED
        await room.say()
        assert [words for who, words in stage.said() if who.startswith("AI-")] == ["one", "two", "three"]


async def test_the_next_is_asked_while_people_read_and_speaks_when_they_have(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1, pace=1.0)
        await stage.until_over()
    one, two = [m for m in stage.channel.messages if m.author_name.startswith("AI-")]
    seconds = (two.id - one.id) / (1 << 22) / 1000
    assert 0.95 <= seconds < 3


async def test_a_second_room_in_a_channel_is_refused_and_another_channel_has_its_own(stage: Stage) -> None:
    other = stage.guild.add_text_channel("elsewhere")
    async with stage.running():
        await stage.start(FLASH, rounds=0, pace=60)
        again = await stage.ann.slash(stage.channel, "backroom start")
        assert "already open" in again.content
        assert again.ephemeral
        await stage.start(R1, rounds=1, channel=other)
        await stage.until_over(other)
        assert [who for who, _ in stage.said(other) if who.startswith("AI-")] == ["AI-1 (DeepSeek R1)"]
        await stage.ann.slash(stage.channel, "backroom stop")
        await stage.start(R1, rounds=1)
        await stage.until_over()


@pytest.mark.parametrize("command", ["stop", "pause", "resume", "step", "status"])
async def test_steering_where_no_room_is_says_so(stage: Stage, command: str) -> None:
    async with stage.running():
        reply = await stage.ann.slash(stage.channel, f"backroom {command}")
        assert reply.content == "No room is open in this channel. `/backroom start` opens one."
        assert reply.ephemeral


async def test_pressing_things_twice_gets_a_sentence(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, pace=60)
        resumed = await stage.ann.slash(stage.channel, "backroom resume")
        assert "already running" in resumed.content
        first, second = await asyncio.gather(
            stage.ann.slash(stage.channel, "backroom pause"), stage.ann.slash(stage.channel, "backroom pause")
        )
        assert "The room is paused." in (first.content, second.content)
        assert any("already" in reply.content for reply in (first, second))
        stops = await asyncio.gather(*(stage.ann.slash(stage.channel, "backroom stop") for _ in range(3)))
        assert sum(reply.content == "The room is over." for reply in stops) == 1
        assert all(reply.failed is None for reply in stops)


async def test_status_tells_only_the_asker_how_things_stand(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        stage.host.answer("AI-1", Reply(text="!temperature 0.5\n\nhello", cost=0.0125))
        await stage.start(FLASH, R1, rounds=7, pace=60)
        await stage.channel.wait_for(lambda m: m.content == "hello")
        before = stage.said()
        reply = await bea.slash(stage.channel, "backroom status")
        assert reply.ephemeral
        for part in ("AI-1 (Gemini 3 Flash)", "0.5", "AI-2 (DeepSeek R1)", "round 1 of 7", "$0.0125", "its turn"):
            assert part in reply.content
        assert stage.said() == before


async def test_who_may_not_manage_the_channel_may_not_steer(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        reply = await bea.slash(stage.channel, "backroom start")
        assert "Manage Channels" in reply.content
        assert reply.ephemeral
        assert stage.said() == []


async def test_a_person_adds_an_ai_that_speaks_at_the_end_of_the_round(stage: Stage) -> None:
    added = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="first", after=added))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        reply = await stage.ann.slash(stage.channel, "backroom add", model=KIMI, words="mind the step")
        assert reply.content == "AI-3 (Kimi K2) has joined and speaks at the end of this round."
        added.set()
        await stage.until_over()
    assert [who for who, _ in stage.said() if who.startswith("AI-")][-1] == "AI-3 (Kimi K2)"
    assert "mind the step" in stage.asked("AI-3")[0].system
    assert "[Ann invited AI-3 (Kimi K2)]" in stage.asked("AI-2")[0].seen


async def test_a_person_may_seat_a_model_twice_but_not_a_sixth(stage: Stage) -> None:
    async with stage.running():
        await stage.start(*[FLASH] * 5, pace=60)
        reply = await stage.ann.slash(stage.channel, "backroom add", model=KIMI)
        assert reply.content == "Maximum of 5 AIs already reached."


async def test_an_unknown_model_is_refused_with_the_nearest_before_anything_starts(stage: Stage) -> None:
    async with stage.running():
        reply = await stage.ann.slash(stage.channel, "backroom start", ai1="Claude 3 Opsu Max")
        assert "Claude 3 Opus" in reply.content
        assert stage.said() == []


async def test_a_persons_picture_is_seen_by_the_ais(stage: Stage) -> None:
    stage.host.answer("AI-1", Reply(text="first", seconds_before=0.2))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=0.3)
        await stage.ann.slash(stage.channel, "backroom image", description="a red door")
        shown = await stage.channel.wait_for(lambda m: bool(m.attachments))
        assert shown.author_name == "Backroom"
        assert shown.content == '🎨 Ann created an image\n[Ann]: !image "a red door"'
        await until(lambda: any('[Ann]: !image "a red door"' in request.seen for request in stage.asked("AI-2")))
        await stage.ann.slash(stage.channel, "backroom stop")
    stage.nothing_is_wrong()


async def test_a_persons_prompt_and_temperature_reach_one_seat(stage: Stage) -> None:
    told = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="first", after=told))
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, rounds=1)
        await stage.ann.slash(stage.channel, "backroom prompt", seat="AI-2", text="speak of tides")
        await stage.ann.slash(stage.channel, "backroom temperature", seat="3", temperature=0.3)
        nobody = await stage.ann.slash(stage.channel, "backroom prompt", seat="AI-9", text="x")
        assert "Nobody here is called" in nobody.content
        told.set()
        await stage.until_over()
    assert "speak of tides" in stage.asked("AI-2")[0].system
    assert "speak of tides" not in stage.asked("AI-3")[0].system + stage.asked("AI-3")[0].seen
    assert "[Ann modified AI-2's system prompt]" in stage.asked("AI-3")[0].seen
    assert stage.asked("AI-3")[0].json["temperature"] == 0.3


async def test_a_room_works_in_a_thread(stage: Stage) -> None:
    thread = stage.channel.add_thread("aside")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1, channel=thread)
        await stage.until_over(thread)
    assert [who for who, _ in stage.said(thread) if who.startswith("AI-")] == [
        "AI-1 (Gemini 3 Flash)",
        "AI-2 (DeepSeek R1)",
    ]
    assert stage.said() == []
    stage.nothing_is_wrong()


async def test_what_the_bot_lacks_is_named_all_at_once_before_anything_starts(stage: Stage) -> None:
    stage.channel.set_bot_permissions(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)
    async with stage.running():
        reply = await stage.ann.slash(stage.channel, "backroom start")
        for name in ("Embed Links", "Attach Files", "Read Message History", "Manage Webhooks"):
            assert name in reply.content
        assert "Send Messages" not in reply.content
        assert stage.said() == []


async def test_autocomplete_offers_models_scenarios_and_seats(stage: Stage) -> None:
    async with stage.running():
        models = await stage.ann.autocomplete(stage.channel, "backroom start", option="ai1", text="kim")
        assert ("Kimi K2", "Kimi K2") in models
        scenarios = await stage.ann.autocomplete(stage.channel, "backroom start", option="scenario", text="ship")
        assert [value for _, value in scenarios] == ["Ship's log"]
        await stage.start(FLASH, R1, pace=60)
        seats = await stage.ann.autocomplete(stage.channel, "backroom prompt", option="seat", text="deep")
        assert seats == [("AI-2 (DeepSeek R1)", "AI-2")]


async def test_the_scenarios_cast_sits_down_when_none_is_given(stage: Stage) -> None:
    async with stage.running():
        reply = await stage.ann.slash(stage.channel, "backroom start", opening="   ", rounds=1, pace=0)
        assert "AI-1 (Gemini 3 Flash), AI-2 (Gemini 3 Flash)" in reply.content
        await stage.until_over()
    opening = stage.said()[0][1]
    assert "Backroom" in opening
    assert "> The lamp is on" in opening  # an opening of nothing but spaces is none
    assert index_of(stage.said(), "⏹️") == 3
