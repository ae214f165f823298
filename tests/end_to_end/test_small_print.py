"""What must not slip past the wire: presses told twice, notices deleted, refusals before an outage, a bad room."""

from __future__ import annotations

import pytest

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, EventFault, Fault, RateLimited, ServerError, Twice
from bot.rehearsal.rest.calls import Call
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Skipped, Withdrawn
from tests.end_to_end.newer_rooms import make_unreadable
from tests.end_to_end.stage import SECONDS, Stage, until
from tests.openrouter import Reply
from tests.openrouter_faults import HostFault, failing

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
SLOW = Reply(text="too late", seconds_before=60)
POST = "/webhooks/{webhook_id}/{webhook_token}"


def _content(call: Call) -> object:
    return call.json.get("content") if isinstance(call.json, dict) else None


async def test_a_press_that_the_gateway_tells_of_twice_counts_once(stage: Stage) -> None:
    stage.host.answer("AI-1", SLOW)
    stage.host.answer("AI-2", SLOW)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: stage.panels() and stage.panels()[-1].components and stage.asked("AI-1"))
        stage.discord.faults.add(EventFault(Twice(), "INTERACTION_CREATE", times=1))
        await stage.ann.press(stage.panels()[-1], "Skip")
        await until(lambda: stage.asked("AI-2"))
        written = await bot.supplies.database.journal.entries(stage.room().number)
    assert sum(isinstance(one.entry, Skipped) for one in written) == 1


async def test_a_notice_of_a_turn_can_be_deleted_without_its_words(stage: Stage) -> None:
    stage.host.answer("AI-1", "!temperature 0.5\n\nhello there", SLOW)
    mod = stage.guild.add_member("Mod", permissions=Permission.MANAGE_MESSAGES)
    async with stage.running() as bot:
        await stage.start(FLASH, rounds=0)
        await stage.channel.wait_for(lambda m: m.content == "hello there")
        notice = next(m for m in stage.channel.messages if m.content.startswith("[AI-1 adjusted"))
        await mod.deletes(notice)
        assert not await stage.room().withdraw([notice.id])
        assert any(line.text == "hello there" for line in stage.room().history.lines)
        written = await bot.supplies.database.journal.entries(stage.room().number)
    assert not any(isinstance(one.entry, Withdrawn) for one in written)


async def test_words_that_were_refused_before_an_outage_are_said_to_be_missing_after_it(stage: Stage) -> None:
    parts = "\n\n".join(f"paragraph {number} " + "word " * 60 for number in range(12))
    stage.host.answer("AI-1", parts, SLOW)
    stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "POST", POST, lambda call: "paragraph 0" in str(call.body)))
    too_long = Fault(RateLimited(400), "POST", POST, lambda call: "paragraph 11" in str(call.body), times=1)
    stage.discord.faults.add(too_long)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        await until(lambda: stage.room().hindrance)
    async with stage.running():
        await stage.channel.wait_for(lambda m: "paragraph 11" in m.content, seconds=SECONDS)
        told = await stage.channel.wait_for(lambda m: m.content.startswith("🚫"), seconds=SECONDS)
        assert "AutoMod" in told.content
        assert not any("paragraph 0 " in line.text for line in stage.room().history.lines)


async def test_a_room_that_cannot_be_read_keeps_no_other_from_going_on(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    other = stage.guild.add_text_channel("other")
    stage.host.answer("AI-1", SLOW, SLOW)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        await stage.start(FLASH, rounds=0, channel=other)
    make_unreadable(stage, 1)
    async with stage.running() as bot:
        assert [room.place.channel_id for room in bot.rooms] == [other.id]
    assert "room 1 is left as it is" in caplog.text


async def test_an_ended_room_that_cannot_be_read_keeps_no_other_from_its_last_words_or_from_going_on(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    over, running = stage.guild.add_text_channel("over"), stage.guild.add_text_channel("running")
    stage.host.answer("AI-1", SLOW, SLOW, SLOW, "still here", SLOW)
    last_words = Fault(ServerError(), "POST", only=lambda call: str(_content(call)).startswith("⏹️"))
    stage.discord.faults.add(last_words)
    async with stage.running():
        for channel in (stage.channel, over, running):
            await stage.start(FLASH, rounds=0, channel=channel)
        for channel in (stage.channel, over):
            await stage.ann.slash(channel, "backroom stop")
        await until(lambda: sum(struck.kind == "ServerError" for struck in stage.discord.faults.struck) > 1)
    stage.discord.faults.clear()
    make_unreadable(stage, 1)
    async with stage.running() as bot:
        await running.wait_for(lambda message: message.content == "still here")
        await stage.until_over(over)
        assert [room.place.channel_id for room in bot.rooms] == [running.id]
    assert not any(content.startswith("⏹️") for _, content in stage.said())
    assert "room 1 is left as it is" in caplog.text


async def test_an_answer_full_of_directives_does_not_flood_the_channel(stage: Stage) -> None:
    wishes = "\n".join(f'!add_ai "Nobody {number}" "x"' for number in range(100))
    stage.host.answer("AI-1", f"{wishes}\n\nhello", SLOW)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await stage.channel.wait_for(lambda m: m.content.endswith("hello"))
        assert sum("was refused" in line for _, content in stage.said() for line in content.split("\n")) == 12
        assert any("Only the first 12 directives in a turn" in content for _, content in stage.said())


async def test_what_is_off_the_record_is_not_pictured(stage: Stage) -> None:
    stage.host.answer("AI-1", SLOW)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        aside = await stage.ann.says(stage.channel, ". between us")
        reply = await stage.ann.uses_on(aside, "Picture this")
        assert "off the record" in reply.content
        assert stage.host.images == []


async def test_a_person_can_let_a_room_wait_that_only_waits_for_a_host(stage: Stage) -> None:
    stage.host.faults.add(HostFault(failing(503)))
    async with stage.running(seconds_before_probe=0.5):
        await stage.start(FLASH, rounds=0)
        await until(lambda: stage.room().state.pause_cause == "host")
        reply = await stage.ann.slash(stage.channel, "backroom pause")
        assert reply.content == "The room is paused."
        assert stage.room().state.pause_cause == ""
        again = await stage.ann.slash(stage.channel, "backroom pause")
        assert "already paused" in again.content


async def test_status_tells_of_pictures_only_while_any_is_being_made(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", locale="de")
    stage.host.answer("AI-1", SLOW)
    stage.host.picture_script = lambda _request: Reply(seconds_before=60)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        lines = (await stage.ann.slash(stage.channel, "backroom status")).content.split("\n")
        assert "cost so far: $0.0000" in lines
        assert "Kosten bisher: 0,0000 $" in (await ulf.slash(stage.channel, "backroom status")).content.split("\n")
        await stage.ann.slash(stage.channel, "backroom image", description="a slow lamp")
        lines = (await stage.ann.slash(stage.channel, "backroom status")).content.split("\n")
        assert "Pictures being made: 1 · cost so far: $0.0000" in lines
    stage.nothing_is_wrong()
