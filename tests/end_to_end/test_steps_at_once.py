"""Several steps at once: each answer says what comes of it, and none takes away a turn that another promised."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from bot.rehearsal.rest.calls import Answer, Call
from bot.room.state import Phase
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
ADDS_NONE = f"AI-1 ({FLASH}) was already asked to take a turn, so this step adds none."


def speakers(stage: Stage) -> list[str]:
    return [who[:4] for who, _ in stage.said() if who.startswith("AI-")]


async def test_of_two_steps_at_once_one_promises_a_turn_and_the_other_says_that_it_adds_none(stage: Stage) -> None:
    answered = asyncio.Event()
    async with stage.running():
        await open_paused(stage)
        await until(lambda: stage.panels() and stage.panels()[-1].components)
        stage.host.answer("AI-1", Reply(text="one", after=answered))
        replies = await asyncio.gather(
            stage.ann.slash(stage.channel, "backroom step"), stage.ann.press(stage.panels()[-1], "Step")
        )
        told = sorted(reply.content.split(" `/")[0] for reply in replies)
        assert told == [f"AI-1 ({FLASH}) takes one turn, then the room waits.", ADDS_NONE]
        answered.set()
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await stage.room().say()
    assert speakers(stage) == ["AI-1"]
    stage.nothing_is_wrong()


async def test_a_step_that_adds_none_leaves_the_turn_that_an_earlier_one_promised(stage: Stage) -> None:
    stepped = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="one", after=stepped))
    stage.host.answer("AI-3", "three")
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, rounds=0)
        await until(lambda: stage.asked("AI-1"))
        promised = await stage.ann.slash(stage.channel, "backroom step", seat="AI-3")
        assert f"AI-3 ({KIMI}) takes one turn" in promised.content
        for options in ({}, {"seat": "AI-1"}):
            reply = await stage.ann.slash(stage.channel, "backroom step", **options)
            assert reply.content.startswith(ADDS_NONE)
        stepped.set()
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await stage.room().say()
    assert speakers(stage) == ["AI-1", "AI-3"]
    stage.nothing_is_wrong()


async def test_a_step_of_another_seat_counts_that_who_is_answering_was_called_on_and_speaks_again(stage: Stage) -> None:
    stepped = asyncio.Event()
    async with stage.running():
        await open_paused(stage, FLASH, R1, KIMI)
        stage.host.answer("AI-1", Reply(text="one", after=stepped), "one again")
        await stage.ann.slash(stage.channel, "backroom step")
        await until(lambda: len(stage.asked("AI-1")) == 2)
        await stage.ann.slash(stage.channel, "backroom say", words="@AI-1, and the tide?")
        promised = await stage.ann.slash(stage.channel, "backroom step", seat="AI-3")
        assert f"AI-3 ({KIMI}) takes one turn" in promised.content
        stepped.set()
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await stage.room().say()
    assert speakers(stage) == ["AI-1", "AI-1", "AI-3"]
    stage.nothing_is_wrong()


@asynccontextmanager
async def a_turn_that_cannot_begin(stage: Stage, *models: str) -> AsyncGenerator[asyncio.Event]:
    """Open a paused room in which a turn begins only after the event: until then, words are on their way."""
    arrive = asyncio.Event()

    async def hold(call: Call, answer: Answer) -> None:
        if call.template == MESSAGES and call.method == "POST" and "wait a moment" in str(call.json):
            await arrive.wait()

    async with stage.running():
        await open_paused(stage, *models)
        stage.discord.rest.after_effect.append(hold)
        await stage.ann.slash(stage.channel, "backroom say", words="wait a moment")
        yield arrive


STEPS_OF_TWO = {
    "then another seat": ((None, "AI-3"), ["AI-1", "AI-3"]),
    "then two others": ((None, "AI-3", "AI-2"), ["AI-1", "AI-3", "AI-2"]),
    "a seat, then another": (("AI-2", "AI-3"), ["AI-2", "AI-3"]),
}


@pytest.mark.parametrize(("steps", "speak"), STEPS_OF_TWO.values(), ids=STEPS_OF_TWO)
async def test_steps_before_the_first_ones_turn_begins_each_get_their_turn(
    stage: Stage, steps: tuple[str | None, ...], speak: list[str]
) -> None:
    models: dict[str, str] = dict(zip(("AI-1", "AI-2", "AI-3"), (FLASH, R1, KIMI), strict=True))
    async with a_turn_that_cannot_begin(stage, *models.values()) as arrive:
        for seat in models:
            stage.host.answer(seat, "my turn")
        for seat, who in zip(steps, speak, strict=True):
            reply = await stage.ann.slash(stage.channel, "backroom step", **({"seat": seat} if seat else {}))
            assert reply.content.startswith(f"{who} ({models[who]}) takes one turn, then the room waits.")
        assert stage.room().turn_under_way is None
        arrive.set()
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await stage.room().say()
    assert speakers(stage) == speak
    stage.nothing_is_wrong()


async def test_a_step_of_who_was_promised_the_turn_before_it_begins_says_that_it_adds_none(stage: Stage) -> None:
    async with a_turn_that_cannot_begin(stage) as arrive:
        stage.host.answer("AI-1", "my turn")
        promised = await stage.ann.slash(stage.channel, "backroom step")
        assert promised.content.startswith(f"AI-1 ({FLASH}) takes one turn")
        for options in ({"seat": "AI-1"}, {}):
            reply = await stage.ann.slash(stage.channel, "backroom step", **options)
            assert reply.content.startswith(ADDS_NONE)
        assert stage.room().turn_under_way is None
        arrive.set()
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await stage.room().say()
    assert speakers(stage) == ["AI-1"]
    stage.nothing_is_wrong()
