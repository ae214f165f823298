"""What a room may cost holds for its pictures as well, however many are asked for before the first of them is paid."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.room.entries import PictureFailed
from bot.room.state import Phase
from tests.end_to_end.owed_edits import until_nothing_is_owed
from tests.end_to_end.paused_room import FLASH, R1, SLOW, open_paused
from tests.end_to_end.stage import Stage, until
from tests.invariants.evidence import read_rooms
from tests.openrouter import Reply

BUDGET_USD = 0.1
PICTURE = Reply(cost=0.06, seconds_before=0.2)
SENTENCE = "The room has cost $0.12, and may not cost more until somebody resumes it."
COULD_NOT = "image could not be made."


async def until_all_is_settled(stage: Stage) -> None:
    await until(lambda: stage.room().state.pictures_pending == ())
    await until_nothing_is_owed(stage)


def lines_of_failures(stage: Stage) -> Sequence[str]:
    return [line for _, said in stage.said() for line in said.splitlines() if COULD_NOT in line]


@pytest.mark.parametrize("names_its_price", [True, False])
async def test_of_pictures_that_people_ask_for_at_once_none_is_begun_past_the_budget(
    stage: Stage, names_its_price: bool
) -> None:
    stage.host.picture_script = lambda _request: PICTURE if names_its_price else replace(PICTURE, cost=None)
    price = 0.0 if names_its_price else 0.06
    async with stage.running(room_budget_usd=BUDGET_USD, image_price_usd=price):
        await open_paused(stage)
        room = stage.room()
        asked = [
            stage.ann.slash(stage.channel, "backroom image", description=f"a lamp, the {time}. time")
            for time in range(5)
        ]
        assert all("is being made" in reply.content for reply in await asyncio.gather(*asked))
        await until_all_is_settled(stage)
        assert (len(stage.host.images), round(room.state.cost_usd, 4)) == (2, 0.12)
        assert lines_of_failures(stage) == [f"🎨 Ann's {COULD_NOT} {SENTENCE}"] * 3
        stage.host.answer("AI-1", SLOW)
        await stage.ann.slash(stage.channel, "backroom resume")
        await stage.ann.slash(stage.channel, "backroom image", description="a lamp after all")
        await until(lambda: len(stage.host.images) == 3)
        await until_all_is_settled(stage)
        assert len(lines_of_failures(stage)) == 3
    stage.nothing_is_wrong()


async def test_pictures_that_ais_asked_for_are_not_begun_past_the_budget(stage: Stage) -> None:
    stage.host.picture_script = lambda _request: PICTURE
    stage.host.script = lambda _request: Reply(
        text=f'!image "a lamp"\n!image "a door"\n\nwords about {len(stage.host.chats)} lamps', cost=0.0
    )
    async with stage.running(room_budget_usd=BUDGET_USD):
        await stage.start(FLASH, R1, rounds=0)
        room = stage.room()
        await until(lambda: room.state.phase is Phase.PAUSED)
        await until_all_is_settled(stage)
        assert (len(stage.host.images), round(room.state.cost_usd, 4)) == (2, 0.12)
        failed = lines_of_failures(stage)
        assert len(failed) == room.state.pictures_asked - 2 > 0
        assert all(line.endswith(SENTENCE) for line in failed)
    stage.nothing_is_wrong()


async def test_pictures_that_wait_over_a_restart_are_not_begun_past_the_budget(stage: Stage) -> None:
    stage.guild.set_preferred_locale("de")
    stage.host.picture_script = lambda _request: Reply(seconds_before=30)
    stage.host.answer("AI-1", Reply(text="dear words", cost=0.12, seconds_before=1.0))
    async with stage.running(room_budget_usd=BUDGET_USD):
        await stage.start(FLASH, rounds=0)
        for what in ("a lamp", "a door", "a boat"):
            await stage.ann.slash(stage.channel, "backroom image", description=what)
        room = stage.room()
        await until(lambda: room.state.pause_cause == "cost")
        assert (len(stage.host.images), len(room.state.pictures_pending)) == (1, 3)
    stage.host.picture_script = lambda _request: PICTURE
    async with stage.running(room_budget_usd=BUDGET_USD * 9):  # a person has to let it cost more all the same
        await until_all_is_settled(stage)
        assert len(stage.host.images) == 1
    reason = "Der Raum hat 0,12 $ gekostet und darf nicht mehr kosten, bis ihn jemand fortsetzt."
    failed = [one.entry.reason for one in read_rooms(stage.database)[0].entries if isinstance(one.entry, PictureFailed)]
    assert failed == [reason] * 3
    assert sum(f"🎨 Ann: Das Bild kam nicht zustande. {reason}" in said for _, said in stage.said()) == 3
    stage.nothing_is_wrong()
