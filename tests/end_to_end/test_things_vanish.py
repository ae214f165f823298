"""What a moderator deletes, moves or renames under a room: it goes on, or ends with a word to whoever opened it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from bot.posting.repeating import LONGEST_WAIT_SECONDS
from bot.rehearsal.faults import Blow, EventFault, Fault, Lost, RateLimited, ServerError
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.webhooks import DISCORD_WEBHOOKS_A_CHANNEL, Webhook
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.hall import ANSWER, POST
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
PARTS = "\n\n".join(f"Part {number}. " + "Rain on the roof, and nobody is up. " * 40 for number in (1, 2, 3))
WEBHOOK_NOT_THERE = (10015,)
THREAD_IS_OF_ANOTHER_CHANNEL = (10003,)
"""Than the one that a moderator moved the webhook to."""
WEBHOOKS = "/channels/{channel_id}/webhooks"
SECONDS_TO_GO_ON = 0.5
"""In which a room makes of an answer what it will."""


def delete(webhook: Webhook, _elsewhere: Channel) -> None:
    webhook.delete()


def move(webhook: Webhook, elsewhere: Channel) -> None:
    webhook.move(elsewhere)


def rename(webhook: Webhook, _elsewhere: Channel) -> None:
    webhook.rename("Not what it was")


@pytest.mark.parametrize("is_in_the_middle", [True, False], ids=["between two parts", "between two turns"])
@pytest.mark.parametrize("vanish", [delete, move, rename])
async def test_a_webhook_that_is_no_longer_what_it_was_costs_no_word(
    stage: Stage, vanish: Callable[[Webhook, Channel], None], is_in_the_middle: bool
) -> None:
    witness = Witness(stage)
    elsewhere = stage.guild.add_text_channel("elsewhere")
    stage.discord.faults.excuse(*WEBHOOK_NOT_THERE)
    stage.host.answer("AI-1", PARTS)
    has_vanished = asyncio.Event()
    stage.host.answer("AI-2", Reply(text="A word.", after=has_vanished))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.channel.wait_for(lambda m: m.content.startswith("Part 1" if is_in_the_middle else "Part 3"))
        for webhook in list(stage.channel.webhooks.values()):
            vanish(webhook, elsewhere)
        has_vanished.set()
        await stage.until_over()
        await witness.until_all_is_said()
    assert [words[:6] for words in stage.words_of(f"AI-1 ({FLASH})")] == ["Part 1", "Part 2", "Part 3"]
    assert stage.words_of(f"AI-2 ({R1})") == ["A word."]
    assert elsewhere.messages == []
    assert witness.violations(Moment.DONE) == []
    assert [who for who, content in stage.said() if who == "Backroom" and content[0] not in "🚪⏹"] == []


@pytest.mark.parametrize("vanish", [delete, move, rename])
async def test_nor_does_it_in_a_thread_also_where_the_gateway_loses_that(
    stage: Stage, vanish: Callable[[Webhook, Channel], None]
) -> None:
    witness = Witness(stage)
    elsewhere = stage.guild.add_text_channel("elsewhere")
    thread = stage.channel.add_thread("deeper")
    stage.discord.faults.excuse(*WEBHOOK_NOT_THERE, *THREAD_IS_OF_ANOTHER_CHANNEL)
    stage.discord.faults.add(EventFault(Lost(), "WEBHOOKS_UPDATE"))
    has_vanished = asyncio.Event()
    stage.host.answer("AI-1", "The first word.")
    stage.host.answer("AI-2", Reply(text="A word.", after=has_vanished))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1, channel=thread)
        await thread.wait_for(lambda message: message.content == "The first word.")
        for webhook in list(stage.channel.webhooks.values()):
            vanish(webhook, elsewhere)
        has_vanished.set()
        await stage.until_over(thread)
        await witness.until_all_is_said()
    assert [words for who, words in stage.said(thread) if who != "Backroom"] == ["The first word.", "A word."]
    assert elsewhere.messages == stage.channel.messages == []
    assert [content[0] for who, content in stage.said(thread) if who == "Backroom"] == list("🚪⏹")
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("blow", [ServerError(503), RateLimited(0.5)], ids=["503", "429"])
async def test_a_webhook_that_cannot_even_be_looked_for_costs_no_word_and_pauses_nothing(
    stage: Stage, blow: Blow
) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(*WEBHOOK_NOT_THERE)
    stage.discord.faults.add(EventFault(Lost(), "WEBHOOKS_UPDATE"))
    has_vanished = asyncio.Event()
    stage.host.answer("AI-1", "The first word.")
    stage.host.answer("AI-2", Reply(text="A word.", after=has_vanished))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.channel.wait_for(lambda message: message.content == "The first word.")
        stage.discord.faults.add(Fault(blow, "GET", POST, times=1))
        for webhook in list(stage.channel.webhooks.values()):
            webhook.delete()
        has_vanished.set()
        await stage.until_over()
        await witness.until_all_is_said()
    assert f"GET {POST}" in [struck.route for struck in stage.discord.faults.struck]
    assert stage.words_of(f"AI-2 ({R1})") == ["A word."]
    assert [content[0] for who, content in stage.said() if who == "Backroom"] == list("🚪⏹")
    assert witness.violations(Moment.DONE) == []


async def a_misplaced_post(stage: Stage, blow: Blow) -> Channel:
    """Play a room whose webhook is moved, unheard, to the channel that is returned: a post is to be taken back there.

    That meets `blow` first.
    """
    elsewhere = stage.guild.add_text_channel("elsewhere")
    stage.discord.faults.add(EventFault(Lost(), "WEBHOOKS_UPDATE"), Fault(blow, "DELETE", ANSWER, times=1))
    has_vanished = asyncio.Event()
    stage.host.answer("AI-1", "The first word.")
    stage.host.answer("AI-2", Reply(text="A word.", after=has_vanished))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.channel.wait_for(lambda message: message.content == "The first word.")
        for webhook in list(stage.channel.webhooks.values()):
            webhook.move(elsewhere)
        has_vanished.set()
        await stage.until_over()
    assert f"DELETE {ANSWER}" in [struck.route for struck in stage.discord.faults.struck]
    assert stage.words_of(f"AI-2 ({R1})") == ["A word."]
    return elsewhere


@pytest.mark.parametrize("blow", [ServerError(502), RateLimited(0.5)], ids=["502", "429"])
async def test_a_post_does_not_stay_in_the_channel_that_its_webhook_was_moved_to(stage: Stage, blow: Blow) -> None:
    witness = Witness(stage)
    elsewhere = await a_misplaced_post(stage, blow)
    assert elsewhere.messages == []
    assert witness.violations(Moment.DONE) == []


async def test_nor_does_what_the_tries_before_have_left_there(stage: Stage) -> None:
    witness = Witness(stage)
    elsewhere = stage.guild.add_text_channel("elsewhere")
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
    witness.stops += 1
    for webhook in list(stage.channel.webhooks.values()):
        webhook.move(elsewhere)
    stage.discord.faults.add(Fault(ServerError(after=True), "POST", POST, times=2))
    stage.host.answer("AI-1", "A word.")
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await until(lambda: stage.words_of(f"AI-1 ({FLASH})")[-1:] == ["A word."])
        await witness.until_all_is_said()
    assert elsewhere.messages == []
    assert witness.violations(Moment.DONE) == []


async def test_the_log_tells_of_a_post_that_has_to_stay_in_another_channel(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = await a_misplaced_post(stage, RateLimited(LONGEST_WAIT_SECONDS + 1))
    (message,) = elsewhere.messages
    assert f"message {message.id} may still stand in the wrong channel" in caplog.text


async def test_a_channel_without_room_for_a_webhook_says_so_and_goes_on_when_there_is_room(stage: Stage) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(30007)
    for number in range(DISCORD_WEBHOOKS_A_CHANNEL):
        stage.discord.world.add_webhook(stage.channel, f"other {number}")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        told = await stage.channel.wait_for(lambda m: m.content.startswith("⏸️"))
        assert "already has 15 webhooks" in told.content
        next(iter(stage.channel.webhooks.values())).delete()
        await stage.until_over()
        await witness.until_all_is_said()
    assert [content[0] for who, content in stage.said() if who == "Backroom"] == list("🚪⏸▶⏹")
    assert stage.ann.direct_messages == []
    assert witness.violations(Moment.DONE) == []


@pytest.mark.parametrize("in_thread", [False, True], ids=["channel", "thread"])
async def test_a_room_whose_place_is_deleted_is_over_and_who_opened_it_is_told_once(
    stage: Stage, in_thread: bool
) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(10003, 10015)
    place = stage.channel.add_thread("deeper") if in_thread else stage.channel
    stage.host.script = Chatter()
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, channel=place)
        await place.wait_for_messages(3)
        place.delete()
        await witness.until_all_is_said()
        await until(lambda: stage.ann.direct_messages)
        assert bot.rooms.find(place.id) is None
        asked = len(stage.host.requests)
        await asyncio.sleep(0.5)
        assert len(stage.host.requests) <= asked + 1
    (letter,) = stage.ann.direct_messages
    assert "is over. The channel was deleted." in letter.content
    assert witness.violations(Moment.DONE) == []


def one_at_a_time(messages: Sequence[Message]) -> None:
    for message in messages:
        message.delete()


@pytest.mark.parametrize("delete_all", [one_at_a_time, Message.delete_together])
@pytest.mark.parametrize("while_down", [False, True], ids=["while it looks", "while it is down"])
async def test_deleted_messages_leave_what_the_next_ai_sees(
    stage: Stage, delete_all: Callable[[Sequence[Message]], None], while_down: bool
) -> None:
    witness = Witness(stage)
    stage.host.answer("AI-1", PARTS)
    stage.host.script = lambda _: Reply(text="never said", seconds_before=60)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=1)
        await stage.channel.wait_for(lambda m: m.content.startswith("Part 3"))
        aside = await stage.ann.says(stage.channel, "Never mind that kettle.")
        await until(lambda: stage.room().history.last_heard_message == aside.id)
        await stage.ann.slash(stage.channel, "backroom pause")
        gone = [m for m in stage.channel.messages if m.content.startswith("Part 2") or m is aside]
        if not while_down:
            delete_all(gone)
            await until(lambda: stage.room().history.withdrawn_messages == {m.id for m in gone})
    witness.stops += 1
    if while_down:
        delete_all(gone)
    async with stage.running():
        await until(lambda: stage.room().history.withdrawn_messages == {m.id for m in gone})
        stage.host.script = Chatter()
        await stage.ann.slash(stage.channel, "backroom resume")
        await stage.until_over()
        await witness.until_all_is_said()
    seen = stage.asked("AI-2")[-1].seen
    assert "Part 1." in seen
    assert "Part 3." in seen
    assert "Part 2." not in seen
    assert "kettle" not in seen
    assert witness.violations(Moment.DONE) == []


async def test_a_moderator_who_deletes_what_was_just_said_is_noticed_before_the_next_turn(stage: Stage) -> None:
    witness = Witness(stage)
    mod = stage.guild.add_member("Mod", permissions=Permission.MANAGE_MESSAGES)
    stage.host.answer("AI-1", "an unkind word")
    is_deleted = asyncio.Event()
    stage.host.answer("AI-2", Reply(text="second", after=is_deleted))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2)
        said = await stage.channel.wait_for(lambda m: m.content == "an unkind word")
        await stage.host.until_asked(2)
        await mod.deletes(said)
        await until(lambda: said.id in stage.room().history.withdrawn_messages)
        is_deleted.set()
        await stage.until_over()
        await witness.until_all_is_said()
        assert "unkind" in stage.asked("AI-2")[0].seen
        assert "unkind" not in stage.asked("AI-1")[1].seen + stage.asked("AI-2")[1].seen
    assert witness.violations(Moment.DONE) == []
    assert stage.discord.problems == []


class Holds:
    """Lets the second of two rooms be refused after the first has forgotten their webhook, or `is_found` another."""

    def __init__(self, second: str, is_found: bool) -> None:
        self._second = second
        self._is_found = is_found
        self.is_looked_at, self.second_comes = asyncio.Event(), asyncio.Event()
        self._is_looked_for, self._is_made, self._is_told = (asyncio.Event() for _ in range(3))

    async def __call__(self, call: Call, answer: Answer) -> None:
        request = (call.method, call.template)
        if request == ("GET", POST):
            self.is_looked_at.set()
            await self.second_comes.wait()
        elif request == ("POST", POST) and call.json["content"] == self._second and answer.status == 404:
            await (self._is_made if self._is_found else self._is_looked_for).wait()
            await asyncio.sleep(SECONDS_TO_GO_ON)
            self._is_told.set()
        elif request == ("POST", WEBHOOKS):
            self._is_made.set()
        elif request == ("GET", WEBHOOKS):
            self._is_looked_for.set()
            if not self._is_found:
                await self._is_told.wait()
                await asyncio.sleep(SECONDS_TO_GO_ON)


@pytest.mark.parametrize("is_found", [True, False], ids=["when the other has a new one", "while the other makes one"])
async def test_two_rooms_find_out_one_after_the_other_that_their_webhook_is_gone(stage: Stage, is_found: bool) -> None:
    witness = Witness(stage)
    stage.discord.faults.excuse(*WEBHOOK_NOT_THERE)
    stage.discord.faults.add(EventFault(Lost(), "WEBHOOKS_UPDATE"))
    places = (stage.channel, stage.channel.add_thread("deeper"))
    first, second = "said in the channel", "said in the thread"
    first_is_wanted, second_is_wanted = asyncio.Event(), asyncio.Event()
    holds = Holds(second, is_found)
    async with stage.running() as bot:
        for place, words, is_wanted in zip(places, (first, second), (first_is_wanted, second_is_wanted), strict=True):
            stage.host.answer("AI-1", "The first word.")
            stage.host.answer("AI-2", Reply(text=words, after=is_wanted))
            asked = len(stage.host.requests)
            await stage.start(FLASH, R1, rounds=1, channel=place)
            await place.wait_for(lambda message: message.content == "The first word.")
            await stage.host.until_asked(asked + 2)
        room = bot.rooms.at(places[1].id)
        await until(lambda: not room.owes_words)
        for webhook in list(stage.channel.webhooks.values()):
            webhook.delete()
        stage.discord.rest.after_effect.append(holds)
        first_is_wanted.set()
        await holds.is_looked_at.wait()
        second_is_wanted.set()
        await until(lambda: room.owes_words)
        await asyncio.sleep(SECONDS_TO_GO_ON)  # it is about to post by the webhook that is gone
        holds.second_comes.set()
        for place in places:
            await stage.until_over(place)
        await witness.until_all_is_said()
    for place in places:
        assert [content[0] for who, content in stage.said(place) if who == "Backroom"] == list("🚪⏹")
    assert witness.violations(Moment.DONE) == []
