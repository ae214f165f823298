"""Words that are said again are written down first: the channel is owed an edit until it shows them."""

from __future__ import annotations

from functools import partial

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault, Refuse
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.refusals import UNKNOWN_MESSAGE
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Respoken, Restored, Withdrawn
from tests.end_to_end.owed_edits import (
    AGAIN,
    HERE,
    LONG,
    TOO_LONG,
    a_room_that_says,
    break_edits,
    is_deletion,
    is_edit,
    until_nothing_is_owed,
)
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply


def lines_of(stage: Stage) -> list[str]:
    return [line.text for line in stage.room().history.lines if line.speaker is not None]


async def test_an_edit_that_discord_does_not_take_is_owed_and_comes_later(stage: Stage) -> None:
    async with stage.running() as bot:
        (first,) = await a_room_that_says(stage, "old words")
        stage.host.answer("AI-1", Reply(text="new words", cost=0.25), "never said")
        break_edits(stage, TOO_LONG)
        reply = await stage.ann.uses_on(first, AGAIN)
        assert reply.content == f"{HERE} has said it again, and its new words stand here as soon as Discord lets them."
        assert first.content == "old words"
        assert lines_of(stage) == ["new words"]
        once_more = await stage.ann.uses_on(first, AGAIN)
        assert "Its words have not all appeared yet" in once_more.content
        stage.discord.faults.clear()
        await until(lambda: first.content == "new words")
        await until_nothing_is_owed(stage)
        await until(lambda: not bot.amends.may_be_owed(stage.room()))
        assert stage.room().state.cost_usd > 0.25


async def test_turns_go_on_while_an_edit_is_owed(stage: Stage) -> None:
    async with stage.running():
        (first,) = await a_room_that_says(stage, "old words")
        stage.host.answer("AI-1", "new words", "fourth", Reply(text="", seconds_before=30))
        stage.host.answer("AI-2", "second", "fifth")
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(first, AGAIN)
        await stage.ann.slash(stage.channel, "backroom resume")
        await stage.channel.wait_for(lambda message: message.content == "fifth")
        assert first.content == "old words"
        assert "new words" in stage.asked("AI-2")[0].seen
        stage.discord.faults.clear()
        await until(lambda: first.content == "new words")


async def test_a_closed_place_is_named_and_shows_the_new_words_when_it_opens(stage: Stage) -> None:
    async with stage.running():
        (first,) = await a_room_that_says(stage, "old words")
        stage.host.answer("AI-1", "new words")
        break_edits(stage, Refuse(400, 50083, "Thread is archived"))
        reply = await stage.ann.uses_on(first, AGAIN)
        assert reply.content.endswith("The thread is archived. Anyone can open it again by writing in it.")
        stage.discord.faults.clear()
        await until(lambda: first.content == "new words")


async def test_a_room_that_is_over_still_shows_after_a_restart_what_it_owes(stage: Stage) -> None:
    witness = Witness(stage)
    async with stage.running():
        parts = await a_room_that_says(stage, LONG)
        stage.host.answer("AI-1", "new words")
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(parts[-1], AGAIN)
        await stage.ann.slash(stage.channel, "backroom stop")
        assert "The room is over" in (await stage.ann.uses_on(parts[0], AGAIN)).content
    stage.discord.faults.clear()
    witness.stops += 1
    async with stage.running():
        await until(lambda: parts[0].content == "new words")
        await witness.until_all_is_said()
        assert not set(parts[1:]) & set(stage.channel.messages)
    assert witness.violations(Moment.DONE) == []


async def test_words_that_are_declined_later_bring_the_old_ones_back_and_the_house_says_so(stage: Stage) -> None:
    witness = Witness(stage)
    async with stage.running():
        parts = await a_room_that_says(stage, LONG)
        before = [part.content for part in parts]
        stage.host.answer("AI-1", Reply(text=LONG.replace("Paragraph", "Verse"), cost=0.25))
        break_edits(stage, TOO_LONG)
        assert "as soon as Discord lets them" in (await stage.ann.uses_on(parts[0], AGAIN)).content
        stage.discord.faults.clear()
        break_edits(stage, BLOCKED_BY_AUTOMOD, "Verse 2", times=1)
        notice = await stage.channel.wait_for(lambda message: "keeps its old words" in message.content)
        assert notice.content == (
            f"🚫 {HERE} keeps its old words: Discord declined the new ones. The server's AutoMod blocked them."
        )
        await until_nothing_is_owed(stage)
        assert [part.content for part in parts] == before
        assert lines_of(stage) == [LONG]
        assert stage.room().state.cost_usd > 0.25
        told = (await stage.ann.uses_on(parts[0], "Who said this?")).content
        assert "New words that Discord declined cost $0.2500." in told
        assert "Said again" not in told
    assert witness.violations(Moment.SETTLED) == []


async def test_words_are_declined_in_the_language_of_who_asked(stage: Stage) -> None:
    async with stage.running():
        (first,) = await a_room_that_says(stage, "old words")
        jo = stage.guild.add_member("Jo", permissions=Permission.MANAGE_CHANNELS, locale="de")
        stage.host.answer("AI-1", "new words")
        break_edits(stage, BLOCKED_BY_AUTOMOD, times=1)
        reply = await jo.uses_on(first, AGAIN)
        assert reply.content.startswith("Die alten Worte bleiben. Discord hat die neuen abgelehnt. ")
        assert "AutoMod hat sie" in reply.content


async def test_old_words_that_are_declined_as_well_leave_the_channel_where_new_ones_stand(stage: Stage) -> None:
    witness = Witness(stage)
    async with stage.running():
        parts = await a_room_that_says(stage, LONG)
        before = [part.content for part in parts]
        stage.host.answer("AI-1", LONG.replace("Paragraph", "Verse"))
        break_edits(stage, BLOCKED_BY_AUTOMOD, skip=1)
        reply = await stage.ann.uses_on(parts[0], AGAIN)
        assert reply.content.startswith("The old words stay. Discord declined the new ones.")
        await until_nothing_is_owed(stage)
        assert parts[0] not in stage.channel.messages
        assert [part.content for part in parts[1:]] == before[1:]
        (line,) = lines_of(stage)
        assert "Paragraph 5" in line
        assert "Verse" not in line
        assert "Paragraph 0" not in line
    assert witness.violations(Moment.SETTLED) == []


async def test_a_message_that_was_deleted_meanwhile_is_withdrawn(stage: Stage) -> None:
    witness = Witness(stage)
    moderator = stage.guild.add_member("Mo", permissions=Permission.MANAGE_MESSAGES)
    async with stage.running():
        parts = await a_room_that_says(stage, LONG)
        stage.host.answer("AI-1", LONG.replace("Paragraph", "Verse"))
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(parts[0], AGAIN)
    await moderator.deletes(parts[1])
    stage.discord.faults.clear()
    async with stage.running():
        await until(lambda: parts[0].content.startswith("Verse 0"))
        await until_nothing_is_owed(stage)
        await until(lambda: parts[1].id in stage.room().history.withdrawn_messages)
        (line,) = lines_of(stage)
        assert "Verse 0" in line
        assert parts[2].content in line
    assert witness.violations(Moment.SETTLED) == []


async def test_words_that_are_deleted_while_they_are_said_again_stay_away(stage: Stage) -> None:
    stage.discord.faults.excuse(UNKNOWN_MESSAGE.code)
    async with stage.running():
        (first,) = await a_room_that_says(stage, "old words")

        async def delete(call: Call) -> Answer | None:
            if is_edit(stage, call) and first in stage.channel.messages:
                first.delete()
            return None

        stage.discord.rest.before_effect.append(delete)
        stage.host.answer("AI-1", "new words")
        reply = await stage.ann.uses_on(first, AGAIN)
        assert reply.content == f"{HERE} has said it again, but its message was deleted meanwhile."
        await until(lambda: lines_of(stage) == [""])
        await until_nothing_is_owed(stage)


async def test_a_part_that_was_deleted_does_not_come_back_with_the_old_words(stage: Stage) -> None:
    moderator = stage.guild.add_member("Mo", permissions=Permission.MANAGE_MESSAGES)
    async with stage.running():
        parts = await a_room_that_says(stage, LONG)
        old = [part.content for part in parts]
        stage.host.answer("AI-1", LONG.replace("Paragraph", "Verse"))
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(parts[0], AGAIN)
        await moderator.deletes(parts[1])
        await until(lambda: parts[1].id in stage.room().history.withdrawn_messages)
        stage.discord.faults.clear()
        break_edits(stage, BLOCKED_BY_AUTOMOD, times=1)
        await stage.channel.wait_for(lambda message: "keeps its old words" in message.content)
        await until_nothing_is_owed(stage)
        assert lines_of(stage) == ["\n\n".join([old[0], *old[2:]])]
        assert [part.content for part in (parts[0], *parts[2:])] == [old[0], *old[2:]]


async def test_what_was_posted_through_a_webhook_that_is_gone_keeps_its_words(stage: Stage) -> None:
    stage.discord.faults.excuse(10015, UNKNOWN_MESSAGE.code)
    async with stage.running() as bot:
        (first,) = await a_room_that_says(stage, "old words")
        for webhook in tuple(stage.channel.webhooks.values()):
            webhook.delete()
        stage.host.answer("AI-1", "new words")
        reply = await stage.ann.uses_on(first, AGAIN)
        assert reply.content.startswith("The old words stay. Discord declined the new ones.")
        assert first.content == "old words"
        assert lines_of(stage) == ["old words"]
        await until_nothing_is_owed(stage)
        kinds = [type(one.entry) for one in await bot.supplies.database.journal.entries(stage.room().number)]
        assert kinds[-2:] == [Respoken, Restored]
        assert Withdrawn not in kinds


async def test_messages_that_are_not_needed_any_more_are_deleted_in_the_end(stage: Stage) -> None:
    witness = Witness(stage)
    async with stage.running():
        parts = await a_room_that_says(stage, LONG)
        stage.host.answer("AI-1", "brief now")
        stage.discord.faults.add(Fault(TOO_LONG, only=partial(is_deletion, stage)))
        reply = await stage.ann.uses_on(parts[0], AGAIN)
        assert "as soon as Discord lets them" in reply.content
        assert parts[0].content == "brief now"
        assert parts[1] in stage.channel.messages
    stage.discord.faults.clear()
    async with stage.running():
        await until(lambda: not set(parts[1:]) & set(stage.channel.messages))
        await until_nothing_is_owed(stage)
        assert lines_of(stage) == ["brief now"]
        assert stage.room().history.withdrawn_messages == set()
    assert witness.violations(Moment.SETTLED) == []
