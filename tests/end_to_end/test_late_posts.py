"""A post that Discord stores only after it was sent again: one of the two is taken back, and none that was meant."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process

import pytest

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.routes.webhook_messages import execute_webhook
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"


class StoredLate:
    """Cuts the first post of such words off, and lets Discord store it right after the second.

    A process that it is given is killed while it waits for the first.
    """

    def __init__(self, stage: Stage, words: str, process: Process | None = None) -> None:
        self.posts: list[Call] = []
        self._process = process
        self._stage = stage
        self._words = words
        stage.discord.rest.before_effect.append(self._cut)
        stage.discord.rest.after_effect.append(self._store)

    async def _cut(self, call: Call) -> Answer | None:
        if self._is_meant(call):
            self.posts.append(call)
            if len(self.posts) == 1:
                if self._process is not None:
                    self._process.kill()
                raise ConnectionCut
        return None

    async def _store(self, call: Call, _answer: Answer) -> Answer | None:
        if self._is_meant(call) and len(self.posts) == 2:
            execute_webhook(self._stage.discord.world, self.posts[0])
        return None

    def _is_meant(self, call: Call) -> bool:
        return call.method == "POST" and isinstance(call.json, dict) and call.json.get("content") == self._words


@pytest.mark.parametrize("in_thread", [False, True], ids=["channel", "thread"])
async def test_a_post_that_comes_late_is_there_once_in_the_end(stage: Stage, in_thread: bool) -> None:
    witness = Witness(stage)
    place = stage.channel.add_thread("deeper") if in_thread else stage.channel
    late = StoredLate(stage, "the words that come late")
    stage.host.answer("AI-1", "the words that come late")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1, channel=place)
        await stage.until_over(place)
        await witness.until_all_is_said()
    assert len(late.posts) == 2
    assert [words for _, words in stage.said(place)].count("the words that come late") == 1
    assert witness.violations(Moment.DONE) == []


async def test_the_last_words_of_a_room_that_come_late_are_there_once_as_well(stage: Stage) -> None:
    witness = Witness(stage)
    late = StoredLate(stage, "the last words")
    stage.host.answer("AI-1", "the last words")
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
        await witness.until_all_is_said()
    assert len(late.posts) == 2
    assert stage.words_of(f"AI-1 ({FLASH})") == ["the last words"]
    assert witness.violations(Moment.DONE) == []


async def test_words_that_are_meant_to_come_twice_are_not_taken_for_latecomers(stage: Stage) -> None:
    witness = Witness(stage)
    late = StoredLate(stage, "...")
    stage.host.answer("AI-1", "...", "...", "...")
    async with stage.running():
        await stage.start(FLASH, rounds=3)
        await stage.until_over()
        await witness.until_all_is_said()
    assert len(late.posts) == 4
    assert stage.words_of(f"AI-1 ({FLASH})") == ["...", "...", "..."]
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("words", ["the words that come late", "..."], ids=["said once", "said in every turn"])
async def test_a_post_that_was_on_its_way_when_the_process_was_killed_is_there_once_in_the_end(
    stage: Stage, words: str
) -> None:
    witness = Witness(stage)
    said = [words] * 3 if words == "..." else [words, "the second word", "the third word"]
    stage.host.answer("AI-1", *said)
    async with stage.process() as process:
        late = StoredLate(stage, words, process)
        await stage.start(FLASH, rounds=3)
        await asyncio.wait_for(process.wait(), 30)
    witness.stops += 1
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.process():
        await stage.until_over()
        await witness.until_all_is_said()
    assert len(late.posts) == 1 + said.count(words)
    assert stage.words_of(f"AI-1 ({FLASH})") == said
    assert witness.violations(Moment.DONE) == []
