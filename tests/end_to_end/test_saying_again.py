"""A turn is taken anew: its new words stand where the old ones stood, for people and for AIs."""

from __future__ import annotations

import asyncio

from bot.rehearsal.faults import BLOCKED_BY_AUTOMOD, Fault, RateLimited, ServerError
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage, files_of, index_of, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
HERE = "AI-1 (Gemini 3 Flash)"
AGAIN, WHO = "Say it again", "Who said this?"
EDIT = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
SLOW = Reply(text="late", seconds_before=30)
LONG = "\n\n".join(f"Paragraph {number}: {'word ' * 150}" for number in range(6))


async def one(stage: Stage, words: str) -> Message:
    return await stage.channel.wait_for(lambda message: words in message.content)


async def a_paused_room(stage: Stage, *first: str | Reply) -> Message:
    """Let AI-1 and AI-2 speak, and AI-1 once more; then wait. Returns the first message of AI-1's first turn."""
    stage.host.answer("AI-1", *first, "third")
    stage.host.answer("AI-2", "second", SLOW)
    await stage.start(FLASH, R1, rounds=0)
    await one(stage, "third")
    await until(lambda: len(stage.asked("AI-2")) == 2)
    await stage.ann.slash(stage.channel, "backroom pause")
    return next(message for message in stage.channel.messages if message.author_name == HERE)


async def test_a_turn_is_taken_anew_with_what_its_seat_saw_then(stage: Stage) -> None:
    async with stage.running() as bot:
        first = await a_paused_room(stage, Reply(text="clumsy words\n\n!temperature 0.5", cost=0.01))
        await one(stage, "⏸️")
        others = [message.content for message in stage.channel.messages if message is not first]
        new = 'finer words\n\n!temperature 0.9\n\n!prompt "be fine"\n\n!add_ai "Kimi K2" "come"'
        stage.host.answer("AI-1", Reply(text=new, cost=0.25, prompt_tokens=77), SLOW)
        stage.host.answer("AI-2", "after all that", SLOW)
        cost = stage.room().state.cost_usd
        reply = await stage.ann.uses_on(first, AGAIN)
        assert reply.content == f"{HERE} has said it again, and the AIs know only the new words."
        assert reply.ephemeral
        assert first.content == 'finer words\n\n!add_ai "Kimi K2" "come"'  # what is cut is cut; nothing is carried out
        asked = stage.asked("AI-1")
        assert asked[-1].messages == asked[0].messages
        assert "temperature" not in asked[-1].json
        assert [message.content for message in stage.channel.messages if message is not first] == others
        room = stage.room()
        assert len(room.state.seats) == 2
        assert room.state.seat(1).temperature == 0.5
        assert room.state.cost_usd == cost + 0.25
        told = (await stage.ann.uses_on(first, WHO)).content
        for part in ("77 read", "$0.2500", "Said again once, for Ann", "cost $0.0100"):
            assert part in told
        await stage.ann.slash(stage.channel, "backroom step")
        await one(stage, "after all that")
        seen = stage.asked("AI-2")[-1].seen
        assert "finer words" in seen
        assert "clumsy words" not in seen
        post = await bot.supplies.database.outbox.posted_as(first.id)
        assert post is not None
        assert post.post.text == first.content
    stage.nothing_is_wrong()


async def test_fewer_parts_leave_no_old_ones_and_more_become_a_file(stage: Stage) -> None:
    async with stage.running():
        await a_paused_room(stage, LONG)
        parts = [message for message in stage.channel.messages if "Paragraph" in message.content]
        assert len(parts) > 2
        stage.host.answer("AI-1", "brief now", LONG, "brief once more")
        await stage.ann.uses_on(parts[1], AGAIN)
        await until(lambda: not any(part in stage.channel.messages for part in parts[1:]))
        assert parts[0].content == "brief now"
        assert stage.room().history.withdrawn_messages == set()
        assert [line.text for line in stage.room().history.lines].count("brief now") == 1
        await stage.ann.uses_on(parts[0], AGAIN)
        assert parts[0].content.startswith("Paragraph 0")
        assert parts[0].content.endswith("(the whole message is attached)")
        assert files_of(parts[0]) == [f"words-{parts[0].id}.md"]
        assert parts[0].attachments[0].data.decode() == LONG
        await stage.ann.uses_on(parts[0], AGAIN)
        assert (parts[0].content, parts[0].attachments) == ("brief once more", [])
    stage.nothing_is_wrong()


async def test_ais_keep_words_in_a_file_when_a_part_before_them_is_deleted(stage: Stage) -> None:
    moderator = stage.guild.add_member("Mo", permissions=Permission.MANAGE_MESSAGES)
    async with stage.running():
        await a_paused_room(stage, "\n\n".join(LONG.split("\n\n")[:3]))
        first, last = [message for message in stage.channel.messages if "Paragraph" in message.content]
        stage.host.answer("AI-1", LONG.replace("Paragraph", "Verse"))
        await stage.ann.uses_on(first, AGAIN)
        assert last.content.endswith("(the rest is attached)")
        rest = last.attachments[0].data.decode()
        assert "Verse 5" in rest
        await moderator.deletes(first)
        await until(lambda: first.id in stage.room().history.withdrawn_messages)
        assert [line.text for line in stage.room().history.lines if "Verse" in line.text] == [rest]
    stage.nothing_is_wrong()


async def test_the_new_words_are_there_after_a_restart(stage: Stage) -> None:
    async with stage.running():
        first = await a_paused_room(stage, "clumsy words")
        stage.host.answer("AI-1", "finer words", "finest words")
        await stage.ann.uses_on(first, AGAIN)
    async with stage.running():
        texts = [line.text for line in stage.room().history.lines]
        assert "finer words" in texts
        assert "clumsy words" not in texts
        await stage.ann.uses_on(first, AGAIN)
        assert first.content == "finest words"
    stage.nothing_is_wrong()


async def test_where_it_fails_the_old_words_stay(stage: Stage) -> None:
    async with stage.running():
        first = await a_paused_room(stage, "old words")
        stage.host.answer("AI-1", Reply.failure(400, "no such thing"), '!prompt "only this"')
        for _ in range(2):
            reply = await stage.ann.uses_on(first, AGAIN)
            assert reply.content.startswith("The old words stay.")
            assert first.content == "old words"
        assert "old words" in [line.text for line in stage.room().history.lines]
        is_over = asyncio.Event()
        stage.host.answer("AI-1", Reply(text="too late", after=is_over))
        asked = asyncio.create_task(stage.ann.uses_on(first, AGAIN))
        await until(lambda: len(stage.asked("AI-1")) > 4)
        await stage.ann.slash(stage.channel, "backroom stop")
        is_over.set()
        assert "The room is already over" in (await asked).content
        assert first.content == "old words"
        assert "The room is over" in (await stage.ann.uses_on(first, AGAIN)).content


async def test_words_that_discord_declines_bring_the_old_ones_back(stage: Stage) -> None:
    async with stage.running():
        await a_paused_room(stage, LONG)
        parts = [message for message in stage.channel.messages if "Paragraph" in message.content]
        before = [part.content for part in parts]
        stage.host.answer("AI-1", LONG.replace("Paragraph", "Verse"))
        stage.discord.faults.add(Fault(BLOCKED_BY_AUTOMOD, "PATCH", EDIT, skip=1, times=1))
        reply = await stage.ann.uses_on(parts[0], AGAIN)
        assert reply.content.startswith("The old words stay. Discord declined the new ones.")
        assert [part.content for part in parts] == before
        assert not any("Verse" in line.text for line in stage.room().history.lines)


async def test_an_edit_is_tried_again_where_discord_fails(stage: Stage) -> None:
    async with stage.running():
        first = await a_paused_room(stage, "old words")
        stage.host.answer("AI-1", "new words")
        stage.discord.faults.add(Fault(ServerError(), "PATCH", EDIT, times=1))
        stage.discord.faults.add(Fault(RateLimited(0.2), "PATCH", EDIT, skip=1, times=1))
        reply = await stage.ann.uses_on(first, AGAIN)
        assert "has said it again" in reply.content
        assert first.content == "new words"


async def test_what_cannot_be_said_again_gets_a_sentence(stage: Stage) -> None:
    async with stage.running():
        first = await a_paused_room(stage, "old words")
        bea = stage.guild.add_member("Bea")
        assert "To steer rooms here" in (await bea.uses_on(first, AGAIN)).content
        one_is_refused = asyncio.Event()
        stage.host.answer("AI-1", Reply(text="new words", after=one_is_refused))
        both = [asyncio.create_task(stage.ann.uses_on(first, AGAIN)) for _ in range(2)]
        (refused,), (taken,) = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        one_is_refused.set()
        assert "already saying something again" in (await refused).content
        assert "has said it again" in (await taken).content
        notice = stage.channel.messages[index_of(stage.said(), "🚪")]
        assert "Only what an AI has said" in (await stage.ann.uses_on(notice, AGAIN)).content
        own = await stage.ann.says(stage.channel, ". aside")
        assert "not belong to a room" in (await stage.ann.uses_on(own, AGAIN)).content
    stage.nothing_is_wrong()


async def test_a_message_that_is_hidden_is_said_to_be_off_the_record_and_not_to_be_gone(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", permissions=Permission.MANAGE_CHANNELS, locale="de")
    async with stage.running():
        first = await a_paused_room(stage, "old words")
        asked = len(stage.asked("AI-1"))
        await stage.ann.reacts(first, "🙈")
        await until(lambda: first.id in stage.room().history.withdrawn_messages)
        assert (await stage.ann.uses_on(first, AGAIN)).content == "That message is off the record."
        assert (await ulf.uses_on(first, AGAIN)).content == "Diese Nachricht ist nicht für die AIs bestimmt."
        assert len(stage.asked("AI-1")) == asked
    stage.nothing_is_wrong()


async def test_words_that_are_hidden_while_they_are_said_again_are_not_said_to_be_gone(stage: Stage) -> None:
    async with stage.running():
        first = await a_paused_room(stage, "old words")
        is_hidden = asyncio.Event()
        stage.host.answer("AI-1", Reply(text="too late", after=is_hidden))
        asked = len(stage.asked("AI-1"))
        again = asyncio.create_task(stage.ann.uses_on(first, AGAIN))
        await until(lambda: len(stage.asked("AI-1")) > asked)
        await stage.ann.reacts(first, "🙈")
        await until(lambda: first.id in stage.room().history.withdrawn_messages)
        is_hidden.set()
        assert (await again).content == "The old words stay. The AIs no longer see any of its words."
        assert first.content == "old words"


async def test_in_a_room_that_is_over_it_is_said_once_that_the_old_words_stay(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", permissions=Permission.MANAGE_CHANNELS, locale="de")
    async with stage.running():
        first = await a_paused_room(stage, "old words")
        await stage.ann.slash(stage.channel, "backroom stop")
        assert (await stage.ann.uses_on(first, AGAIN)).content == "The old words stay. The room is over."
        german = (await ulf.uses_on(first, AGAIN)).content
        assert german == "Die alten Worte bleiben. Der Raum ist zu Ende."
    stage.nothing_is_wrong()
