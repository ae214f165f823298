"""The journal's file taken away under a bot that runs: a pause and a notice, and all goes on when it is put back."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.rehearsal.faults import Fault, ServerError
from bot.rehearsal.rest.calls import Call
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
TOLD = "taken away, replaced or emptied while the bot runs"
POSTS_OF_PERSONAS = "/webhooks/{webhook_id}/{webhook_token}"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody take away a file that is open")


def take_away(stage: Stage) -> None:
    stage.database.rename(stage.folder / "elsewhere")


def put_back(stage: Stage) -> None:
    assert not stage.database.exists()
    (stage.folder / "elsewhere").rename(stage.database)


def spoken(stage: Stage) -> list[str]:
    return [content for who, content in stage.said() if who.startswith("AI-")]


async def until_told(stage: Stage) -> None:
    notice = await stage.channel.wait_for(lambda message: message.content.startswith("⏸️"))
    assert TOLD in notice.content


async def until_over(stage: Stage, witness: Witness) -> None:
    await stage.until_over()
    await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []
    stage.nothing_is_wrong()


async def test_an_answer_is_kept_until_the_file_is_put_back(stage: Stage) -> None:
    witness, is_gone = Witness(stage), asyncio.Event()
    stage.host.answer("AI-1", "one", "three")
    stage.host.answer("AI-2", Reply(text="two", after=is_gone), "four")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2)
        await until(lambda: stage.asked("AI-2") and not stage.room().owes_words)
        take_away(stage)
        is_gone.set()
        await until_told(stage)
        assert spoken(stage) == ["one"]
        refused = await stage.ann.slash(stage.channel, "backroom stop")
        assert TOLD in refused.content
        put_back(stage)
        await until_over(stage, witness)
    assert spoken(stage) == ["one", "two", "three", "four"]
    assert len(stage.host.chats) == 4


async def test_words_that_are_written_down_do_not_appear_while_the_file_is_away(stage: Stage) -> None:
    witness, refusing = Witness(stage), ServerError(503)

    def take_away_at_the_first(_: Call) -> bool:
        if stage.database.exists():
            take_away(stage)
            return True
        return False

    stage.discord.faults.add(Fault(refusing, "POST", POSTS_OF_PERSONAS, take_away_at_the_first))
    stage.host.answer("AI-1", "one")
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await until_told(stage)
        assert spoken(stage) == []
        put_back(stage)
        stage.discord.faults.clear()
        await until_over(stage, witness)
    assert spoken(stage) == ["one"]
    assert len(stage.host.chats) == 1
