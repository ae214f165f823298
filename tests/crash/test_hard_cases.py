"""Hard cases: what a room that comes back must not be misled by."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.storage import open_database
from tests.end_to_end.hall import POST
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"


def says(call: Call, words: str) -> bool:
    return call.method == "POST" and isinstance(call.json, dict) and words in str(call.json.get("content"))


async def test_a_post_is_recognised_however_much_people_wrote_since(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.answer("AI-1", "the words that were stored")
    async with stage.process() as process:

        async def kill(call: Call, _answer: Answer) -> Answer | None:
            if says(call, "the words that were stored"):
                process.kill()
                raise ConnectionCut
            return None

        stage.discord.rest.after_effect.append(kill)
        await stage.start(FLASH, R1, rounds=1)
        await process.wait()
    stage.discord.rest.after_effect.clear()
    witness.stops += 1
    for number in range(60):
        await stage.ann.says(stage.channel, f"Is anybody there? ({number})")
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.process():
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_the_same_words_of_an_earlier_room_are_not_taken_for_those_that_wait(stage: Stage) -> None:
    witness = Witness(stage)
    async with stage.process() as process:

        async def kill(call: Call) -> Answer | None:
            if says(call, "🚪"):
                process.kill()
                raise ConnectionCut
            return None

        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
        stage.discord.rest.before_effect.append(kill)
        await stage.start(FLASH, R1, rounds=1)
        await process.wait()
    stage.discord.rest.before_effect.clear()
    witness.stops += 1
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.process():
        await until(lambda: sum(content.startswith("⏹️") for _, content in stage.said()) == 2)
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_nor_are_those_of_a_room_that_is_kept_no_more(stage: Stage) -> None:
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=1)
        await stage.until_over()
        await until(lambda: not list(bot.rooms))
    async with stage.process() as process:

        async def kill(call: Call) -> Answer | None:
            if says(call, "🚪"):
                process.kill()
                raise ConnectionCut
            return None

        stage.discord.rest.before_effect.append(kill)
        await stage.start(FLASH, R1, rounds=1)
        await process.wait()
    stage.discord.rest.before_effect.clear()
    async with open_database(stage.settings().database_url) as database:
        await database.privacy.delete_room(1)
    _let_days_pass(stage, before_room=2, days=30)
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.process():
        await until(lambda: sum(content.startswith("⏹️") for _, content in stage.said()) == 2)
    assert sum(content.startswith("🚪") for _, content in stage.said()) == 2


def _let_days_pass(stage: Stage, *, before_room: int, days: int) -> None:
    """Let everything until now have been so many days before a room was opened."""
    later = datetime.now(UTC) + timedelta(days=days)
    with closing(sqlite3.connect(stage.database)) as connection, connection:
        opened_at = later.strftime("%Y-%m-%d %H:%M:%S.%f")
        connection.execute("UPDATE rooms SET opened_at = ? WHERE id = ?", (opened_at, before_room))
    stage.discord.world.ids.let_pass(days * 24 * 3600)


async def test_a_picture_that_the_program_dies_of_is_not_made_for_ever(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.answer("AI-1", '!image "a slow lamp"\n\none')
    stage.host.picture_script = lambda _request: Reply(seconds_before=0 if len(stage.host.images) > 3 else 30)
    for number in range(3):
        async with stage.process() as process:
            if number == 0:
                await stage.start(FLASH, R1, rounds=1)
            await until(lambda n=number: len(stage.host.images) > n or "⏹️" in str(stage.said()))
            process.kill()
            await process.wait()
            witness.stops += 1
        await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.process():
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_an_answer_that_was_kept_is_its_own_seats_also_when_a_muted_one_comes_back(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.answer("AI-1", *[Reply(text="")] * 6)
    stage.host.answer("AI-2", "two", "four", "six", "eight")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=0.6)
        room = stage.room()
        await until(lambda: room.state.seat(1).muted and room.state.round == 4 and room.state.answered)
        kept = room.state.answered
        await stage.ann.slash(stage.channel, "backroom pause")
        await stage.ann.slash(stage.channel, "backroom resume")
        await until(lambda: room.state.answered is not kept)
        await stage.ann.slash(stage.channel, "backroom stop")
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("words", ["the first words", "the last words"])
@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.02])
async def test_words_that_were_refused_just_before_it_died_are_said_to_be_missing_once(
    stage: Stage, words: str, seconds: float
) -> None:
    witness = Witness(stage)
    stage.host.answer("AI-1", "the first words")
    stage.host.answer("AI-2", "the last words")
    async with stage.process() as process:

        def dies_of(call: Call) -> bool:
            if says(call, words):
                asyncio.get_running_loop().call_later(seconds, process.kill)
                return True
            return False

        stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", POST, dies_of))
        await stage.start(FLASH, R1, rounds=1)
        await process.wait()
    stage.discord.faults.clear()
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", POST, lambda call: says(call, words)))
    witness.stops += 1
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.process():
        await stage.until_over()
        await witness.until_all_is_said()
    assert [content for _, content in stage.said() if "are missing here" in content and "AutoMod" in content] != []
    assert sum(content.startswith("🚫") for _, content in stage.said()) == 1
    assert words not in [content for _, content in stage.said()]
    later = [one.seen for one in stage.host.chats if "AI-2" in one.json["session_id"]]
    assert all("the first words" in seen for seen in later) is (words != "the first words")
    assert witness.violations(Moment.DONE) == []
