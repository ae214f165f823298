"""A room that is over still owes words: whatever hinders them, they appear without another start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.room.state import Phase
from tests.end_to_end.other_programs import another_program
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
LAST_WORDS = "what was said last"

Meet = Callable[[], Awaitable[Answer | None]]


async def end_with_words_that_wait(stage: Stage) -> None:
    """Let a room end whose last words Discord has not taken, and the program with it."""
    stage.host.answer("AI-1", "what was said first")
    stage.host.answer("AI-2", LAST_WORDS)
    meet_last_words(stage, cut)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        room = stage.room()
        await until(lambda: room.state.turn == 2)
        reply = await stage.ann.slash(stage.channel, "backroom stop")
        assert "The room is over." in reply.content
        assert room.state.phase is Phase.ENDED
    assert LAST_WORDS not in [words for _, words in stage.said()]


async def cut() -> Answer | None:
    """Let Discord break off the connection."""
    raise ConnectionCut


def meet_last_words(stage: Stage, meet: Meet) -> None:
    """Let something happen from now on whenever the last words are sent."""

    async def handle(call: Call) -> Answer | None:
        is_last = isinstance(call.json, dict) and call.json.get("content") == LAST_WORDS
        return await meet() if is_last else None

    stage.discord.rest.before_effect[:] = [handle]


async def as_usual() -> None:
    """Let nothing happen."""


async def declined() -> Answer:
    """Discord's AutoMod declines."""
    return Answer(BLOCKED_BY_AUTOMOD.status, {"code": BLOCKED_BY_AUTOMOD.code, "message": BLOCKED_BY_AUTOMOD.message})


def openings(stage: Stage, sign: str) -> int:
    """How many messages begin with a sign."""
    return sum(words.startswith(sign) for _, words in stage.said())


async def test_that_words_were_declined_is_said_once_it_can_be_written_down(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    witness = Witness(stage)
    await end_with_words_that_wait(stage)
    async with another_program(stage.database) as does:
        locked = False

        async def decline_and_lock() -> Answer:
            nonlocal locked
            if not locked:
                locked = True
                await does("BEGIN IMMEDIATE")
            return await declined()

        meet_last_words(stage, decline_and_lock)
        async with stage.running():
            await until(lambda: "keeps the journal's database locked" in caplog.text)
            meet_last_words(stage, declined)
            await does("ROLLBACK")
            await stage.until_over()
            await until(lambda: openings(stage, "🚫") == 1)
            await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_who_removes_a_message_meanwhile_does_not_keep_the_rest_back(stage: Stage) -> None:
    witness = Witness(stage)
    await end_with_words_that_wait(stage)
    tries: list[None] = []

    async def count_and_cut() -> Answer | None:
        tries.append(None)
        return await cut()

    meet_last_words(stage, count_and_cut)
    async with stage.running():
        await until(lambda: tries)
        (first,) = [one for one in stage.channel.messages if one.content == "what was said first"]
        await stage.ann.reacts(first, "❌")
        await until(lambda: first not in stage.channel.messages)
        meet_last_words(stage, declined)
        await stage.until_over()
        await until(lambda: openings(stage, "🚫") == 1)
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_a_fault_of_the_disk_at_the_start_keeps_no_room_back(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    witness = Witness(stage)
    await end_with_words_that_wait(stage)
    meet_last_words(stage, as_usual)
    async with another_program(stage.database) as does:
        await does("ALTER TABLE posts RENAME COLUMN refusal TO misplaced")
        async with stage.running():
            await until(lambda: "may still owe words" in caplog.text)
            await does("ALTER TABLE posts RENAME COLUMN misplaced TO refusal")
            await stage.until_over()
            await witness.until_all_is_said()
    assert LAST_WORDS in [words for _, words in stage.said()]


async def test_a_new_room_in_the_same_channel_begins_after_the_last_words_of_the_one_before(stage: Stage) -> None:
    witness = Witness(stage)
    tries: list[None] = []

    async def cut_at_first() -> Answer | None:
        tries.append(None)
        return await cut() if len(tries) <= 4 else None

    await open_two_rooms(stage, cut_at_first, witness)
    assert begins_after_last_words(stage)
    assert witness.violations(Moment.DONE) == []


async def test_that_order_is_kept_over_a_restart(stage: Stage) -> None:
    witness = Witness(stage)
    await open_two_rooms(stage, cut)
    meet_last_words(stage, as_usual)
    async with stage.running():
        await witness.until_all_is_said()
    assert begins_after_last_words(stage)
    assert witness.violations(Moment.DONE) == []


async def open_two_rooms(stage: Stage, meet: Meet, witness: Witness | None = None) -> None:
    """Stop a room whose last words meet something, and open another at once; until all is said, where that is asked."""
    stage.host.answer("AI-1", LAST_WORDS, "something new")
    meet_last_words(stage, meet)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        first = stage.room()
        await until(lambda: first.state.turn == 1)
        await stage.ann.slash(stage.channel, "backroom stop")
        await stage.start(FLASH, rounds=1)
        if witness is not None:
            await stage.channel.wait_for(lambda message: "The round is over" in message.content, seconds=40)
            await witness.until_all_is_said()


def begins_after_last_words(stage: Stage) -> bool:
    """Whether the channel shows the first room whole, and then the second."""
    said = [words if who != "Backroom" else words[0] for who, words in stage.said()]
    return said[:5] == ["🚪", LAST_WORDS, "⏹", "🚪", "something new"]
