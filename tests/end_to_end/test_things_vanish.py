"""What a moderator deletes, moves or renames under a room: it goes on, or ends with a word to whoever opened it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from bot.posting.repeating import LONGEST_WAIT_SECONDS
from bot.rehearsal.faults import Blow, EventFault, Fault, Lost, RateLimited, ServerError
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
