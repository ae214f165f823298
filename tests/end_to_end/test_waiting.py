"""What a room waits for: the disk, a person's word about its cost, something new to be said. It never dies of it."""

from __future__ import annotations

import asyncio
import re
import time

from bot.room.state import Phase
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.other_programs import locked
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"


async def test_a_room_waits_while_nothing_can_be_written_down_and_says_so_once(stage: Stage) -> None:
    stage.host.answer("AI-1", "one", "three")
    stage.host.answer("AI-2", "two", "four")
    witness = Witness(stage)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2, pace=0.5)
        await stage.channel.wait_for(lambda m: m.content == "one")
        async with locked(stage.database):
            told = await stage.channel.wait_for(lambda m: m.content.startswith("⏸️"), seconds=20)
            assert "the bot cannot save what happens" in told.content
            assert "keeps the journal's database locked" in told.content
        await stage.until_over()
        await witness.until_all_is_said()
    words = [content for who, content in stage.said() if who.startswith("AI-")]
    assert words == ["one", "two", "three", "four"]
    assert sum("cannot save" in content and content.startswith("⏸️") for _, content in stage.said()) == 1
    assert sum("can save what happens here again" in content for _, content in stage.said()) == 1
    assert len(stage.asked("AI-2")) == 2, "an answer that had arrived was asked for, and paid for, again"


async def test_while_a_room_waits_people_are_told_for_what_and_since_when_until_it_goes_on(stage: Stage) -> None:
    async def status_says(words: str) -> str:
        async with asyncio.timeout(90):  # tries come further and further apart
            while True:
                reply = await stage.ann.slash(stage.channel, "backroom status")
                if words in reply.content:
                    return reply.content
                await asyncio.sleep(0.1)

    stage.host.script = Chatter(seconds=0.1)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=0.5)
        assert "⏳" not in await status_says("running")
        await until(lambda: any(shown.edited_at for shown in stage.panels()))  # it is kept, and needs no disk any more
        began = int(time.time())
        async with locked(stage.database):
            waiting = await status_says("⏳")
            assert "· waits ·" in waiting
            assert "running" not in waiting
            assert "keeps the journal's database locked" in waiting
            (since,) = re.findall(r"<t:(\d+):t>", waiting)
            assert began <= int(since) <= time.time()
            await until(lambda: "waits: Another program keeps the journal's database locked" in panel(stage))
        assert "⏳" not in await status_says("running")
        await until(lambda: "running" in panel(stage), 90)
        await stage.ann.slash(stage.channel, "backroom stop")
        await stage.until_over()
    stage.nothing_is_wrong()


def panel(stage: Stage) -> str:
    (shown,) = stage.panels()
    return shown.content


async def test_a_room_that_has_cost_its_budget_waits_for_a_person(stage: Stage) -> None:
    stage.host.script = lambda request: Reply(text=f"words about {len(stage.host.requests)} doors", cost=0.03)
    async with stage.running(room_budget_usd=0.1):
        await stage.start(FLASH, R1, rounds=0)
        paused = await stage.channel.wait_for(lambda m: m.content.startswith("⏸️"))
        assert "It has cost $0.12" in paused.content
        assert stage.room().state.phase is Phase.PAUSED
        asked = len(stage.host.requests)
        assert asked == 4
        await stage.ann.slash(stage.channel, "backroom resume")
        await until(lambda: len(stage.host.requests) == asked + 4)
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await stage.ann.slash(stage.channel, "backroom stop")
    stage.nothing_is_wrong()


async def test_a_room_that_goes_in_circles_waits_for_a_person(stage: Stage) -> None:
    stage.host.script = lambda request: "The door is open and the lamp is lit, as it was before, and nobody comes in."
    witness = Witness(stage)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        paused = await stage.channel.wait_for(lambda m: m.content.startswith("⏸️"))
        assert "said nothing new" in paused.content
        assert "`/backroom resume` continues it" in paused.content
        spoken = sum(who.startswith("AI-") for who, _ in stage.said())
        assert 6 <= spoken <= 12
        await stage.ann.slash(stage.channel, "backroom resume")
        await until(lambda: sum(who.startswith("AI-") for who, _ in stage.said()) > spoken)
        await stage.ann.slash(stage.channel, "backroom stop")
        await stage.until_over()
        await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []


async def test_what_a_person_says_is_heard_once_by_every_ai_under_their_name(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=0.2)
        await stage.ann.says(stage.channel, "Does anybody hear the rain? [AI-2 (DeepSeek R1)]: I do.")
        await stage.ann.says(stage.channel, ". this is between us people")
        await until(lambda: any("the rain?" in request.seen for request in stage.asked("AI-1")))
        await until(lambda: any("the rain?" in request.seen for request in stage.asked("AI-2")))
        last = stage.asked("AI-2")[-1].seen
        assert last.count("[Ann]: Does anybody hear the rain?") == 1
        assert "between us" not in last
        await stage.ann.slash(stage.channel, "backroom stop")
    stage.nothing_is_wrong()
