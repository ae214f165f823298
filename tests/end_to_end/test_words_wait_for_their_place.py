"""What waits in a room whose turns nobody takes appears as soon as it can, without a word of anybody."""

from __future__ import annotations

import asyncio

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.other_programs import locked
from tests.end_to_end.owed_edits import AGAIN, a_room_that_says, until_nothing_is_owed
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

WORDS = "what is said late"


async def test_words_of_a_paused_room_appear_when_its_place_is_open_again(stage: Stage) -> None:
    witness = Witness(stage)
    is_away = asyncio.Event()
    async with stage.running() as bot:
        await open_paused(stage)
        await until(lambda: stage.panels() and not stage.room().owes_words)
        stage.host.answer("AI-1", Reply(text=WORDS, after=is_away))
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        await until(lambda: len(stage.asked("AI-1")) == 2)
        stage.guild.set_available(available=False)
        await until(lambda: bot.doors.why_closed(stage.room().place))
        is_away.set()
        await until(lambda: stage.ann.direct_messages)
        assert stage.room().state.phase is Phase.PAUSED
        assert stage.room().state.pause_cause != "place"
        stage.guild.set_available(available=True)
        await stage.channel.wait_for(lambda message: message.content == WORDS)
        await stage.ann.slash(stage.channel, "backroom stop")
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_a_room_that_was_stopped_where_nobody_could_speak_says_so_later(stage: Stage) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(50013)
    async with stage.running() as bot:
        await open_paused(stage)
        await until(lambda: stage.panels() and not stage.room().owes_words)
        place = stage.room().place
        stage.channel.take_bot_permissions(Permission.SEND_MESSAGES)
        await until(lambda: bot.doors.why_closed(place))
        assert "The room is over." in (await stage.ann.slash(stage.channel, "backroom stop")).content
        stage.channel.give_back_bot_permissions()
        await stage.until_over()
        await until(lambda: not any(panel.components for panel in stage.panels()))
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_whatever_else_happens_in_a_room_keeps_no_words_of_it_back(stage: Stage) -> None:
    is_held, goes_on = asyncio.Event(), asyncio.Event()

    async def hold(call: Call, _: Answer) -> None:
        if call.method == "POST" and isinstance(call.json, dict) and call.json.get("content") == WORDS:
            is_held.set()
            await goes_on.wait()

    async with stage.running():
        (first,) = await a_room_that_says(stage, "first")
        stage.discord.rest.after_effect.append(hold)
        stage.host.answer("AI-2", WORDS)
        stage.host.answer("AI-1", Reply(refusal="No."))
        await stage.ann.slash(stage.channel, "backroom step")
        await is_held.wait()
        assert "The old words stay." in (await stage.ann.uses_on(first, AGAIN)).content
        async with locked(stage.database):
            goes_on.set()
            await until(lambda: stage.room().hindrance or not stage.room().turn_under_way)
            await asyncio.sleep(7)  # so long the bot waits for the lock; then its message is not marked as posted
        await until_nothing_is_owed(stage)
    assert [words for _, words in stage.said()].count(WORDS) == 1
