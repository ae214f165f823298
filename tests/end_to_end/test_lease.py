"""Two processes with one database: one runs the rooms, a dead one is replaced at once, a stopped one in time."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
SECONDS = 30

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows stops no process by a signal")


@pytest.fixture(autouse=True)
def a_short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEASE_SECONDS", "2")


async def _end_of(process: asyncio.subprocess.Process) -> str:
    _, errors = await asyncio.wait_for(process.communicate(), SECONDS)
    assert b"Traceback" not in errors, errors.decode()
    return errors.decode()


def _words(stage: Stage) -> list[str]:
    return [content for who, content in stage.said() if who.startswith("AI-")]


async def test_a_second_process_ends_with_a_sentence_and_leaves_the_room_alone(stage: Stage) -> None:
    stage.host.answer("AI-1", "one", "three")
    stage.host.answer("AI-2", "two", "four")
    async with stage.process() as first, stage.process() as second:
        await stage.start(FLASH, R1, rounds=2, pace=1)
        told = await _end_of(second)
        assert second.returncode == 1
        assert f"process {first.pid} on " in told
        assert "End that process first" in told
        await stage.until_over()
    assert _words(stage) == ["one", "two", "three", "four"]
    assert sum("/users/@me" in exchange.path for exchange in stage.discord.exchanges) == 1
    stage.nothing_is_wrong()


async def test_a_killed_process_is_replaced_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEASE_SECONDS", "600")
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", Reply(text="never arrives", seconds_before=30), "two")
    async with stage.process() as first:
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-2"))
        first.kill()
        await first.wait()
    async with stage.process():
        await stage.until_over()  # which is not waited for as long as the lease
    assert _words(stage) == ["one", "two"]


async def test_a_process_that_stood_still_too_long_is_replaced_and_ends_when_it_wakes(stage: Stage) -> None:
    stage.host.answer("AI-1", "one", "three")
    stage.host.answer("AI-2", Reply(text="too late", seconds_before=8), "two", "four")
    async with stage.process() as first:
        await stage.start(FLASH, R1, rounds=2)
        await until(lambda: stage.asked("AI-2"))
        first.send_signal(signal.SIGSTOP)
        async with stage.process() as second:
            await stage.channel.wait_for(lambda message: message.content.startswith("⏹️"), seconds=60)
            first.send_signal(signal.SIGCONT)
            told = await _end_of(first)
            assert first.returncode == 1
            assert f"process {second.pid} on " in told
            assert "took over the rooms" in told
            assert second.returncode is None
    assert _words(stage) == ["one", "two", "three", "four"]
    assert sum(content.startswith("⏹️") for _, content in stage.said()) == 1


async def test_a_process_that_ends_cleanly_makes_way_for_one_that_waits(stage: Stage) -> None:
    stage.host.answer("AI-2", Reply(text="never arrives", seconds_before=30), "two")
    async with stage.process() as first:
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-2"))
        async with stage.process() as second:
            await asyncio.sleep(1)  # it is under way, and waits
            first.send_signal(signal.SIGTERM)
            await _end_of(first)
            assert first.returncode == 0
            await stage.until_over()
            assert second.returncode is None
    assert [who for who, _ in stage.said() if who.startswith("AI-")] == [f"AI-1 ({FLASH})", f"AI-2 ({R1})"]
