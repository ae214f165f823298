"""How people react is known in the end, also where it came at a bad moment."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.listening import note_reactions
from bot.rehearsal.faults import Blow, Fault, Refuse
from bot.rehearsal.rest.calls import Answer, Call
from tests.end_to_end.garbled import Garbled
from tests.end_to_end.other_programs import another_program
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import SECONDS, Stage, until

POST_OF_PERSONA = "/webhooks/{webhook_id}/{webhook_token}"
WHO_REACTED = "/channels/*/messages/*/reactions/*"
PEOPLE_A_PAGE = 100


@contextmanager
def questions_about_messages() -> Generator[list[str]]:
    """Return the questions that the database is asked within the block about posts and what people said."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM posts" in statement or "FROM known" in statement:
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_a_reaction_to_words_that_discord_has_not_confirmed_counts_once_it_has(stage: Stage) -> None:
    confirmed = asyncio.Event()

    async def hold(call: Call, _answer: Answer) -> Answer | None:
        if (call.method, call.template) == ("POST", POST_OF_PERSONA):
            await asyncio.wait_for(confirmed.wait(), SECONDS)
        return None

    async with stage.running():
        await open_paused(stage)
        room = stage.room()
        stage.discord.rest.after_effect.append(hold)
        await stage.ann.slash(stage.channel, "backroom step")
        words = await stage.channel.wait_for(lambda message: message.author_name.startswith("AI-1"))
        await stage.ann.reacts(words, "🔥")
        await until(lambda: len(room.waiting_reactions))
        await note_reactions(room)
        assert room.history.given(words.id) == {}
        confirmed.set()
        await until(lambda: room.history.given(words.id) == {"🔥": {stage.ann.id}})


async def test_what_waits_when_a_room_ends_is_written_down_first(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        room, words = stage.room(), last_of(stage, "AI-1")
        await stage.ann.reacts(words, "🔥")
        await until(lambda: len(room.waiting_reactions))
        await stage.ann.slash(stage.channel, "backroom stop")
        assert room.history.given(words.id) == {"🔥": {stage.ann.id}}


async def test_what_waits_when_the_rounds_are_over_is_written_down_first(stage: Stage) -> None:
    async with stage.running():
        stage.host.answer("AI-1", "and that is all")
        await stage.start("Gemini 3 Flash", rounds=1)
        room = stage.room()
        words = await stage.channel.wait_for(lambda message: message.content == "and that is all")
        await stage.ann.reacts(words, "🔥")
        await stage.until_over()
        assert room.history.given(words.id) == {"🔥": {stage.ann.id}}


@pytest.mark.parametrize("blow", [Refuse(403, 50013, "Missing Permissions"), Garbled()], ids=["refused", "garbled"])
async def test_a_look_at_who_reacted_that_fails_is_taken_again(stage: Stage, blow: Blow) -> None:
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
    await stage.ann.reacts(words, "🔥")
    stage.discord.faults.add(Fault(blow, "GET", WHO_REACTED, times=1))
    async with stage.running():
        await until(lambda: stage.room().history.given(words.id) == {"🔥": {stage.ann.id}})


async def test_others_who_react_alike_during_an_outage_take_the_place_of_those_who_did(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        await stage.ann.reacts(words, "🔥")
        await until(lambda: stage.room().history.given(words.id))
    await stage.ann.unreacts(words, "🔥")
    await bea.reacts(words, "🔥")
    async with stage.running():
        await until(lambda: stage.room().history.given(words.id) == {"🔥": {bea.id}})


async def test_reactions_to_what_the_ais_do_not_hear_cost_two_questions_however_many_they_are(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        room = stage.room()
        unheard = [await stage.ann.says(stage.channel, f".between us, {number}") for number in range(20)]
        for message in unheard:
            await stage.ann.reacts(message, "🔥")
        await until(lambda: len(room.waiting_reactions) == len(unheard))
        with questions_about_messages() as asked:
            await note_reactions(room)
        assert len(asked) <= 2
        assert len(room.waiting_reactions) == len(unheard)  # one of them may just be on its way


async def test_a_look_at_who_reacted_that_meets_the_disk_is_taken_again(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
    await stage.ann.reacts(words, "🔥")
    async with another_program(stage.database) as does, stage.running():
        await does("ALTER TABLE marks RENAME COLUMN value TO misplaced")
        await until(lambda: any("/reactions/" in one.path for one in stage.discord.exchanges))
        await does("ALTER TABLE marks RENAME COLUMN misplaced TO value")
        await until(lambda: stage.room().history.given(words.id) == {"🔥": {stage.ann.id}})


async def test_nobody_of_a_crowd_that_discord_does_not_list_at_once_is_thought_to_have_taken_a_reaction_back(
    stage: Stage,
) -> None:
    crowd = [stage.guild.add_member(f"Guest {number}") for number in range(PEOPLE_A_PAGE)]
    async with stage.running() as bot:
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        assert bot.user is not None
        words.react(stage.guild.members[bot.user.id], "🔥")
        for guest in crowd:
            await guest.reacts(words, "🔥")
        await until(lambda: len(stage.room().history.given(words.id).get("🔥", ())) == PEOPLE_A_PAGE)
    await stage.ann.reacts(words, "🌊")
    async with stage.running():
        await until(lambda: "🌊" in stage.room().history.given(words.id))
        assert len(stage.room().history.given(words.id)["🔥"]) == PEOPLE_A_PAGE
