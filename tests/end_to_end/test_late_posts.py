"""A post that Discord stores only after it was sent again: one of the two is taken back, and none that was meant."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process
from collections.abc import Callable

import pytest

from bot.rehearsal.faults import Cut, Fault, StoredLate
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut, Exchange
from bot.rehearsal.routes.webhook_messages import execute_webhook
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.other_programs import another_program
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
POST = "/webhooks/{webhook_id}/{webhook_token}"
SECONDS_LATE = 2.0
"""More than it takes until a post is looked for and sent again, and less than until its copy is looked for."""
LONG = "rain on the roof and nobody is up at this hour of the night but us machines " * 3


class StoredRightAfter:
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
    late = StoredRightAfter(stage, "the words that come late")
    stage.host.answer("AI-1", "the words that come late")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1, channel=place)
        await stage.until_over(place)
        await witness.until_all_is_said()
    assert len(late.posts) == 2
    assert [words for _, words in stage.said(place)].count("the words that come late") == 1
    assert witness.violations(Moment.DONE) == []


async def test_a_moderator_takes_back_a_copy_whose_webhook_is_gone(stage: Stage) -> None:
    witness = Witness(stage)
    stage.channel.set_bot_permissions(BOT_PERMISSIONS | Permission.MANAGE_MESSAGES)
    late = StoredRightAfter(stage, "the words that come late")
    stage.host.answer("AI-1", "the words that come late")
    stage.discord.faults.excuse(10008, 10015)
    async with stage.running():
        await stage.start(FLASH, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        await until(lambda: len(late.posts) == 2 and not stage.room().owes_words)
        for webhook in list(stage.channel.webhooks.values()):
            webhook.delete()
        await until(lambda: stage.words_of(f"AI-1 ({FLASH})") == ["the words that come late"])
    assert witness.violations(Moment.ANY_INSTANT) == []


async def test_the_last_words_of_a_room_that_come_late_are_there_once_as_well(stage: Stage) -> None:
    witness = Witness(stage)
    late = StoredRightAfter(stage, "the last words")
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
    late = StoredRightAfter(stage, "...")
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
        late = StoredRightAfter(stage, words, process)
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


class CutOff:
    """Cuts the first post of each of these words off; the test lets Discord store it when it likes.

    `in_between` is done at the first post of the last of these words.
    """

    def __init__(self, stage: Stage, *words: str, in_between: Callable[[CutOff], None] | None = None) -> None:
        self.posts: dict[str, list[Call]] = {one: [] for one in words}
        self._in_between = in_between
        self._stage = stage
        stage.discord.rest.before_effect.append(self._cut)

    def store(self, words: str) -> None:
        execute_webhook(self._stage.discord.world, self.posts[words][0])

    async def _cut(self, call: Call) -> Answer | None:
        words = call.json.get("content") if isinstance(call.json, dict) else None
        if call.method == "POST" and words in self.posts:
            self.posts[words].append(call)
            if len(self.posts[words]) == 1:
                if self._in_between is not None and words == list(self.posts)[-1]:
                    self._in_between(self)
                raise ConnectionCut
        return None


async def test_a_late_copy_is_not_taken_for_later_words_that_are_like_it(stage: Stage) -> None:
    witness = Witness(stage)
    one, two = LONG + "one.", LONG + "two."
    CutOff(stage, one, two, in_between=lambda late: late.store(one))
    stage.host.answer("AI-1", one, two, "the end")
    async with stage.running():
        await stage.start(FLASH, rounds=3)
        await stage.until_over()
        await witness.until_all_is_said()
    assert stage.words_of(f"AI-1 ({FLASH})") == [one, two, "the end"]
    assert witness.violations(Moment.DONE) == []


def taken_back(stage: Stage) -> list[Exchange]:
    """The messages of personas that the bot has deleted."""
    done = (one for one in stage.discord.exchanges if one.method == "DELETE" and one.path.startswith("/webhooks/"))
    return [one for one in done if "/messages/" in one.path]


@pytest.mark.parametrize("rounds", [1, 6], ids=["nothing more is said", "much more is said"])
async def test_a_copy_that_comes_when_the_room_is_over_is_taken_back(stage: Stage, rounds: int) -> None:
    witness = Witness(stage)
    stage.discord.faults.add(Fault(StoredLate(SECONDS_LATE), "POST", POST, times=1))
    stage.host.answer("AI-1", "late words", *(f"word {number}" for number in range(1, rounds)))
    async with stage.running():
        await stage.start(FLASH, rounds=rounds)
        await stage.until_over()
        await witness.until_all_is_said()
        await until(lambda: taken_back(stage))
        assert stage.words_of(f"AI-1 ({FLASH})").count("late words") == 1
    assert len(stage.words_of(f"AI-1 ({FLASH})")) == rounds
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("is_over", [False, True], ids=["open", "over"])
async def test_a_copy_that_comes_while_the_bot_is_stopped_is_taken_back(stage: Stage, is_over: bool) -> None:
    witness = Witness(stage)
    late = CutOff(stage, "late words")
    stage.host.answer("AI-1", "late words")
    async with stage.running():
        if is_over:
            await stage.start(FLASH, rounds=1)
            await stage.until_over()
            await witness.until_all_is_said()
        else:
            await stage.start(FLASH, rounds=0, order="conductor")
            await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
            await until(lambda: len(late.posts["late words"]) == 2 and not stage.room().owes_words)
    witness.stops += 1
    late.store("late words")
    assert stage.words_of(f"AI-1 ({FLASH})") == ["late words", "late words"]
    async with stage.running():
        await until(lambda: stage.words_of(f"AI-1 ({FLASH})") == ["late words"])
    assert witness.violations(Moment.DONE if is_over else Moment.ANY_INSTANT) == []


@pytest.mark.parametrize("is_stopped", [False, True], ids=["the bot runs", "the bot is stopped"])
async def test_a_copy_is_taken_back_as_well_when_discord_could_not_be_asked_for_the_post_at_first(
    stage: Stage, is_stopped: bool
) -> None:
    witness = Witness(stage)
    late = CutOff(stage, "late words")
    stage.discord.faults.add(Fault(Cut(), "GET", MESSAGES, only=lambda _: bool(late.posts["late words"])))
    stage.host.answer("AI-1", "late words")
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await until(lambda: stage.room().hindrance is not None)
        stage.discord.faults.clear()
        await stage.until_over()
        await witness.until_all_is_said()
        if not is_stopped:
            late.store("late words")
            await until(lambda: stage.words_of(f"AI-1 ({FLASH})") == ["late words"])
    if is_stopped:
        witness.stops += 1
        late.store("late words")
        async with stage.running():
            await until(lambda: stage.words_of(f"AI-1 ({FLASH})") == ["late words"])
    assert len(late.posts["late words"]) == 2
    assert witness.violations(Moment.DONE) == []


async def test_a_copy_is_taken_back_as_well_when_the_disk_failed_at_the_start(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    late = CutOff(stage, "late words")
    stage.host.answer("AI-1", "late words", "other words")
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
    late.store("late words")
    async with another_program(stage.database) as does:
        await does("ALTER TABLE posts RENAME COLUMN refusal TO misplaced")
        async with stage.running():
            await until(lambda: "may still stand twice" in caplog.text)
            await does("ALTER TABLE posts RENAME COLUMN misplaced TO refusal")
            await stage.start(FLASH, rounds=1)
            await until(lambda: stage.words_of(f"AI-1 ({FLASH})") == ["late words", "other words"])
