"""After a restart or a crash every running room goes on with the right seat, and nothing that was said is lost."""

from __future__ import annotations

import asyncio
import signal

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.room.state import Phase
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"


async def test_a_room_goes_on_with_the_right_seat_after_a_restart(stage: Stage) -> None:
    stage.host.answer("AI-1", '!add_ai "Kimi K2" "bring the ledger"\n\n!prompt "hold still"\n\none', "four")
    stage.host.answer("AI-2", Reply(text="never arrives", seconds_before=30), "!temperature 0.7\n\ntwo", "five")
    stage.host.answer("AI-3", "three", "six")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2)
        await until(lambda: stage.asked("AI-2"))
    async with stage.running():
        await stage.until_over()
    words = [content.split("\n")[-1] for who, content in stage.said() if who.startswith("AI-")]
    assert words == ["one", "two", "three", "four", "five", "six"]
    assert "hold still" in stage.asked("AI-1")[1].system
    assert "bring the ledger" in stage.asked("AI-3")[1].system
    assert stage.asked("AI-2")[2].json["temperature"] == 0.7
    stage.nothing_is_wrong()


async def test_a_paused_room_is_still_paused_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=60)
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-1"))
        await stage.ann.slash(stage.channel, "backroom pause")
    asked = len(stage.host.requests)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await asyncio.sleep(0.2)
        assert stage.room().state.phase is Phase.PAUSED
        assert len(stage.host.requests) == asked
        status = await stage.ann.slash(stage.channel, "backroom status")
        assert "paused" in status.content


async def test_an_answer_that_had_arrived_is_not_asked_for_again(stage: Stage) -> None:
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", "two")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1, pace=3)
        await until(lambda: stage.bot is not None and stage.room().state.answered and stage.room().state.turn == 1)
    async with stage.running():
        await stage.until_over()
    assert [words for who, words in stage.said() if who.startswith("AI-")] == ["one", "two"]
    assert len(stage.asked("AI-2")) == 1


async def test_sigterm_ends_the_process_cleanly_and_a_new_one_goes_on(stage: Stage) -> None:
    stage.host.answer("AI-2", Reply(text="never arrives", seconds_before=30), "two")
    async with stage.process() as process:
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-2"))
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0
        assert b"Traceback" not in errors
    async with stage.process():
        await stage.until_over()
    assert [who for who, _ in stage.said() if who.startswith("AI-")] == [f"AI-1 ({FLASH})", f"AI-2 ({R1})"]


async def test_a_killed_process_loses_nothing_and_says_nothing_twice(stage: Stage) -> None:
    texts = [f"word {number}" for number in range(8)]
    stage.host.answer("AI-1", *texts[0::2])
    stage.host.answer("AI-2", *[Reply(text=text, seconds_before=0.05) for text in texts[1::2]])
    async with stage.process() as process:
        await stage.start(FLASH, R1, rounds=4)
        await stage.channel.wait_for(lambda m: m.content == "word 3")
        process.kill()
        await process.wait()
    async with stage.process():
        await stage.until_over()
    said = [content for who, content in stage.said() if who.startswith("AI-")]
    assert len(said) == 8
    assert said[:4] == texts[:4]
    assert len(set(said)) == 8
    stage.nothing_is_wrong()


async def test_a_picture_that_was_being_made_is_posted_once(stage: Stage) -> None:
    stage.host.answer("AI-1", '!image "a slow lamp"\n\none')
    stage.host.paint(Reply(seconds_before=30))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1, pace=2)
        await until(lambda: any(request.path.endswith("/images") for request in stage.host.requests))
    async with stage.running():
        await stage.until_over()
    assert sum(len(message.attachments) for message in stage.channel.messages) == 1


async def test_the_last_words_of_a_room_that_is_over_appear_after_a_crash(stage: Stage) -> None:
    async def refuse_the_end(call: Call) -> Answer | None:
        if isinstance(call.json, dict) and str(call.json.get("content", "")).startswith("⏹️"):
            raise ConnectionCut
        return None

    stage.discord.rest.before_effect.append(refuse_the_end)
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-1"))
        room = stage.room()
        await until(lambda: room.state.phase is Phase.ENDED)
    assert not any(content.startswith("⏹️") for _, content in stage.said())
    stage.discord.rest.before_effect.clear()
    async with stage.running():
        await stage.until_over()
    assert sum(content.startswith("⏹️") for _, content in stage.said()) == 1
    assert len(stage.words_of(f"AI-1 ({FLASH})")) == 1


async def test_commands_are_told_to_discord_only_when_they_changed(stage: Stage) -> None:
    def told() -> int:
        return sum(e.method == "PUT" and e.path.endswith("/commands") for e in stage.discord.exchanges)

    async with stage.running():
        assert told() == 1
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
    assert told() == 1
