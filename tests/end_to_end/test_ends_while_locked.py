"""The end of the program while another one keeps the database locked: in time, and nothing lost."""

from __future__ import annotations

import asyncio
import sys

import pytest

from tests.end_to_end.other_programs import locked
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
SECONDS_UNTIL_DOCKER_KILLS = 10.0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends no process by a signal")
async def test_the_program_ends_before_it_would_be_killed(stage: Stage) -> None:
    witness, is_locked = Witness(stage), asyncio.Event()
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", Reply(text="two", after=is_locked), "two again")
    async with stage.process() as process:
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-2") and not any(room.owes_words for room in witness.evidence().rooms))
        async with locked(stage.database):
            is_locked.set()
            await stage.channel.wait_for(lambda message: message.content.startswith("⏸️"))
            process.terminate()
            _, errors = await asyncio.wait_for(process.communicate(), SECONDS_UNTIL_DOCKER_KILLS)
            assert process.returncode == 0
            assert b"Traceback" not in errors
    witness.stops += 1
    async with stage.process():
        await stage.until_over()
        await witness.until_all_is_said()
    assert [words for who, words in stage.said() if who.startswith("AI-")] == ["one", "two again"]
    assert witness.violations(Moment.DONE) == []
    stage.nothing_is_wrong()
