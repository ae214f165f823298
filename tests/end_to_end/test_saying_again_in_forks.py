"""What is said again in one room is not said again in its forks; what is taken back of it leaves them as well."""

from __future__ import annotations

from bot.open_room import OpenRoom
from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, EventFault, Lost
from bot.rehearsal.rest.refusals import UNKNOWN_MESSAGE
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.forks import fork, let_threads_be_opened, shows
from tests.end_to_end.owed_edits import AGAIN, LONG, TOO_LONG, a_room_that_says, break_edits, until_nothing_is_owed
from tests.end_to_end.stage import Stage, until


async def a_forked_room_that_says(stage: Stage, words: str) -> tuple[list[Message], OpenRoom]:
    """Open a room in which AI-1 says something, and fork it there; both wait. Returns the messages, and the fork."""
    let_threads_be_opened(stage)
    parts = await a_room_that_says(stage, words)
    forked = await fork(stage, parts[0])
    assert parts[0].thread is not None
    await stage.ann.slash(parts[0].thread, "backroom pause")
    return parts, forked


def moderator(stage: Stage) -> Person:
    return stage.guild.add_member("Mo", permissions=Permission.MANAGE_MESSAGES)


async def let_old_words_come_back(stage: Stage) -> None:
    """Let Discord decline the new words that are owed."""
    stage.discord.faults.clear()
    break_edits(stage, BLOCKED_BY_AUTOMOD, times=1)
    await stage.channel.wait_for(lambda message: "keeps its old words" in message.content)
    await until_nothing_is_owed(stage)


async def test_a_fork_keeps_its_words_when_its_origin_says_them_otherwise(stage: Stage) -> None:
    async with stage.running() as bot:
        parts, forked = await a_forked_room_that_says(stage, LONG)
        secret = await stage.ann.says(stage.channel, "a secret")
        await until(lambda: shows(stage.room(), "a secret"))
        stage.host.answer("AI-1", "brief now")
        await stage.ann.uses_on(parts[0], AGAIN)
        await until(lambda: all(bot.ears.is_deleted(part.id) for part in parts[1:]))
        await stage.ann.deletes(secret)
        await until(lambda: not shows(stage.room(), "a secret"))
        assert shows(stage.room(), "brief now")
        assert shows(forked, LONG)
    stage.nothing_is_wrong()


async def test_a_part_that_was_to_go_and_stays_can_be_taken_back_in_a_fork(stage: Stage) -> None:
    async with stage.running():
        parts, forked = await a_forked_room_that_says(stage, LONG)
        stage.host.answer("AI-1", "brief now")
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(parts[0], AGAIN)
        await let_old_words_come_back(stage)
        assert "Paragraph 5" in parts[-1].content
        await moderator(stage).deletes(parts[-1])
        await until(lambda: not shows(stage.room(), "Paragraph 5"))
        assert not shows(forked, "Paragraph 5")
        assert shows(forked, "Paragraph 0")


async def test_a_part_that_is_taken_back_after_it_was_said_again_takes_the_old_words_out_of_a_fork(
    stage: Stage,
) -> None:
    async with stage.running():
        parts, before = await a_forked_room_that_says(stage, LONG)
        stage.host.answer("AI-1", LONG.replace("Paragraph", "Verse"))
        await stage.ann.uses_on(parts[0], AGAIN)
        after = await fork(stage, parts[0])
        assert shows(before, "Paragraph 0")
        assert shows(after, "Verse 5")
        await moderator(stage).deletes(parts[-1])
        await until(lambda: not shows(stage.room(), "Verse 5"))
        assert not shows(after, "Verse 5")
        assert shows(after, "Verse 0")
        assert not shows(before, "Paragraph")
        assert not shows(before, "Verse")
    stage.nothing_is_wrong()


async def test_a_part_that_somebody_deletes_while_it_is_to_go_leaves_a_fork(stage: Stage) -> None:
    async with stage.running():
        parts, forked = await a_forked_room_that_says(stage, LONG)
        stage.host.answer("AI-1", "brief now")
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(parts[0], AGAIN)
        await moderator(stage).deletes(parts[-1])
        await until(lambda: not shows(forked, "Paragraph"))
        stage.discord.faults.clear()
        await until(lambda: parts[0].content == "brief now")
        await until_nothing_is_owed(stage)
        assert shows(stage.room(), "brief now")
        assert not shows(forked, "brief now")


async def test_a_part_that_somebody_deletes_while_it_is_to_go_does_not_come_back_with_the_old_words(
    stage: Stage,
) -> None:
    async with stage.running():
        parts, forked = await a_forked_room_that_says(stage, LONG)
        mo = moderator(stage)
        stage.host.answer("AI-1", "brief now")
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(parts[0], AGAIN)
        await mo.deletes(parts[-1])
        await until(lambda: not shows(forked, "Paragraph"))
        await let_old_words_come_back(stage)
        await until(lambda: not shows(stage.room(), "Paragraph 5"))
        assert shows(stage.room(), "Paragraph 0")
        assert not shows(forked, "Paragraph")
        await mo.deletes(parts[-2])
        await until(lambda: parts[-2].id in stage.room().history.withdrawn_messages)
        assert shows(stage.room(), "Paragraph 0")
        assert not shows(forked, "Paragraph")


async def test_what_turns_out_to_be_gone_while_an_edit_is_owed_leaves_a_fork(stage: Stage) -> None:
    stage.discord.faults.excuse(UNKNOWN_MESSAGE.code)
    async with stage.running():
        (first,), forked = await a_forked_room_that_says(stage, "old words")
        stage.host.answer("AI-1", "new words")
        break_edits(stage, TOO_LONG)
        await stage.ann.uses_on(first, AGAIN)
        assert shows(stage.room(), "new words")
        assert shows(forked, "old words")
        stage.discord.faults.add(EventFault(Lost(), "MESSAGE_DELETE"))  # nobody but the edit can tell
        first.delete()
        stage.discord.faults.clear()
        await until(lambda: not shows(stage.room(), "new words"))
        assert not shows(forked, "old words")
