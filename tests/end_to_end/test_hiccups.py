"""A server that Discord does not have for a few seconds: nothing is announced, nobody is told, nothing is lost."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot.room.entries import Paused
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
HERE, THERE = f"AI-1 ({FLASH})", f"AI-2 ({R1})"
PARTS = "\n\n".join(f"Part {number}. " + "Rain on the roof, and nobody is up. " * 40 for number in (1, 2, 3))


async def is_away(stage: Stage) -> None:
    """Let Discord lose the server, and the bot know it."""
    assert stage.bot is not None
    guild = stage.bot.get_guild(stage.guild.id)
    assert guild is not None
    stage.guild.set_available(available=False)
    await until(lambda: guild.unavailable)


def times_paused(witness: Witness) -> int:
    return sum(isinstance(one.entry, Paused) for room in witness.evidence().rooms for one in room.entries)


def nobody_was_told(stage: Stage) -> bool:
    notices = [content[0] for who, content in stage.said() if who == "Backroom"]
    return notices == list("🚪⏹") and stage.ann.direct_messages == []


@pytest.mark.parametrize("words", ["two", PARTS], ids=["one message", "three messages"])
async def test_words_that_are_to_be_posted_wait_it_out(stage: Stage, words: str) -> None:
    witness = Witness(stage)
    has_gone = asyncio.Event()
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", Reply(text=words, after=has_gone))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-2") and not stage.room().owes_words)
        room = stage.room()
        await is_away(stage)
        has_gone.set()
        await until(lambda: room.state.turn == 2)
        await asyncio.sleep(0.5)  # what is to be said would be found to be hindered by now
        stage.guild.set_available(available=True)
        await stage.until_over()
        await witness.until_all_is_said()
    assert " ".join(stage.words_of(THERE)).split() == words.split()
    assert times_paused(witness) == 0
    assert nobody_was_told(stage)
    assert witness.violations(Moment.DONE) == []
    stage.nothing_is_wrong()


async def test_words_that_are_said_again_wait_it_out(stage: Stage) -> None:
    has_gone = asyncio.Event()
    stage.host.answer("AI-1", "one", Reply(text="finer", after=has_gone))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        one = await stage.channel.wait_for(lambda message: message.content == "one")
        await until(lambda: not stage.room().owes_words)
        saying = asyncio.create_task(stage.ann.uses_on(one, "Say it again"))
        await until(lambda: len(stage.asked("AI-1")) == 2)
        await is_away(stage)
        has_gone.set()
        await until(lambda: stage.room().history.lines[-1].text == "finer")
        await asyncio.sleep(0.5)  # a letter would be on its way by now
        stage.guild.set_available(available=True)
        reply = await (await saying).wait_until_settled()
        assert reply.content == f"{HERE} has said it again, and the AIs know only the new words."
        assert one.content == "finer"
    assert stage.ann.direct_messages == []
    stage.nothing_is_wrong()


async def test_a_start_before_discord_has_told_of_the_server_pauses_nothing(stage: Stage) -> None:
    witness = Witness(stage)
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", Reply(text="never arrives", seconds_before=30), "two")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-2") and not stage.room().owes_words)
    witness.stops += 1
    stage.guild.is_available = False
    async with stage.running() as bot:
        await bot.wait_until_ready()
        guild = bot.get_guild(stage.guild.id)
        assert isinstance(guild, discord.Guild)
        assert guild.unavailable
        await asyncio.sleep(1)  # AI-2 would be asked, and its words found to be hindered, by now
        stage.guild.set_available(available=True)
        await stage.until_over()
        await witness.until_all_is_said()
    assert stage.words_of(THERE) == ["two"]
    assert times_paused(witness) == 0
    assert nobody_was_told(stage)
    assert witness.violations(Moment.DONE) == []


async def test_who_lets_an_ai_speak_waits_it_out_as_well(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await is_away(stage)
        checking = asyncio.create_task(stage.room().check_open())
        await asyncio.sleep(0.5)  # it would have been refused by now
        stage.guild.set_available(available=True)
        await checking
