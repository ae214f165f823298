"""People ask a message: who said it, a picture of it; and whoever steers takes it out of the room."""

from __future__ import annotations

import pytest

from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Heard
from bot.room.history import MESSAGES_KEPT
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, is_panel, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
HERE = "AI-1 (Gemini 3 Flash)"
WHO = "Who said this?"


@pytest.fixture
def bea(stage: Stage) -> Person:
    """Somebody who may only read and write."""
    return stage.guild.add_member("Bea")


async def one(stage: Stage, words: str) -> Message:
    """The message that holds these words, once it is there."""
    return await stage.channel.wait_for(lambda message: words in message.content)


async def paused(stage: Stage) -> None:
    await stage.ann.slash(stage.channel, "backroom pause")


async def test_a_message_tells_only_the_asker_who_said_it_and_how(stage: Stage, bea: Person) -> None:
    stage.host.answer(
        "AI-1",
        '!temperature 0.5\n\n!prompt "count lamps"\n\nfirst',
        Reply(
            text='second\n\n!add_ai "Kimi K2" "mind the step"', cost=0.0123, prompt_tokens=1234, completion_tokens=56
        ),
        Reply(text="late", seconds_before=30),
    )
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        newcomer = await stage.channel.wait_for(lambda message: message.author_name.startswith("AI-3"))
        before = len(stage.channel.messages)
        of_first = await bea.uses_on(await one(stage, "first"), WHO)
        of_second = await bea.uses_on(await one(stage, "second"), WHO)
        of_newcomer = await bea.uses_on(newcomer, WHO)
        of_steerer = await stage.ann.uses_on(await one(stage, "second"), WHO)
        assert of_first.ephemeral
        assert "round 1, turn 1" in of_first.content
        assert "its model's own" in of_first.content  # the temperature that it asked for came after it had spoken
        assert "Invited by Ann" in of_first.content
        for part in (HERE, "round 2, turn 3", "Temperature: 0.5", "1,234 read, 56 written", "$0.0123"):
            assert part in of_second.content
        assert "AI-1 (Gemini 3 Flash) with the words “mind the step”" in of_newcomer.content
        assert "count lamps" not in of_second.content
        assert of_steerer.content == of_second.content + "\nAdded to its instructions by then:\n- count lamps"
        assert len(stage.channel.messages) == before
    stage.nothing_is_wrong()


async def test_parts_pictures_notices_and_people_are_told_of_also_when_the_room_is_over(
    stage: Stage, bea: Person
) -> None:
    stage.host.answer("AI-1", '!image "a lamp"\n\n' + "word " * 700 + "end", Reply(text="bye", seconds_before=1))
    async with stage.running():
        await stage.start(FLASH, rounds=2)
        heard = await bea.uses_on(await bea.says(stage.channel, "good evening"), WHO)
        assert heard.content.startswith("💬 **Bea** said this")
        await stage.until_over()
        parts = [message for message in stage.channel.messages if "word word" in message.content]
        assert len(parts) > 1
        answers = [(await bea.uses_on(part, WHO)).content for part in parts]
        assert len(set(answers)) == 1
        assert answers[0].startswith(f"**{HERE}** · round 1, turn 1")
        picture = await stage.channel.wait_for(lambda message: bool(message.attachments))
        told = (await bea.uses_on(picture, WHO)).content
        for part in (f"**{HERE}** asked for", "a lamp", "$0.04"):
            assert part in told
        for words in ("(generating...)", "🚪", "⏹️"):
            house = await bea.uses_on(await one(stage, words), WHO)
            assert house.content.startswith("🏠 This comes from the house")
        stray = await bea.says(stage.channel, "nobody hears this")
        assert (await bea.uses_on(stray, WHO)).content.startswith("This message does not belong to a room")
    stage.nothing_is_wrong()


async def test_who_said_it_is_told_of_people_long_ago_also_when_the_room_is_over(stage: Stage, bea: Person) -> None:
    async with stage.running():
        await open_paused(stage)
        said = await bea.says(stage.channel, "good evening")
        await until(lambda: stage.room().history.entry_of_message(said.id))
        async with stage.room().draft() as draft:
            draft.enter(*(Heard(message=n, by=9, by_name="Cem", text="and") for n in range(1, MESSAGES_KEPT + 1)))
        assert (await bea.uses_on(said, WHO)).content.startswith("💬 **Bea** said this")
        await stage.ann.slash(stage.channel, "backroom stop")
        assert (await bea.uses_on(said, WHO)).content.startswith("💬 **Bea** said this")
        again = await stage.ann.uses_on(said, "Say it again")
        assert again.content == "Only what an AI has said can be said again."
    stage.nothing_is_wrong()


@pytest.mark.parametrize("entry", [WHO, "Say it again", "Fork from here"])
async def test_the_panel_is_told_apart_from_messages_of_no_room(stage: Stage, entry: str) -> None:
    async with stage.running():
        await open_paused(stage)
        await until(lambda: stage.panels())
        assert (await stage.ann.uses_on(stage.panels()[0], entry)).content.startswith(
            "That message is the room's panel"
        )
        stray = await stage.ann.says(stage.channel, ".nobody hears this")
        assert (await stage.ann.uses_on(stray, entry)).content.startswith("This message does not belong to a room")
    stage.nothing_is_wrong()


async def test_a_question_mark_is_answered_by_letter_and_taken_away_where_that_is_allowed(
    stage: Stage, bea: Person
) -> None:
    stage.host.answer("AI-1", "a thing to ask about", Reply(text="late", seconds_before=30))
    letters = stage.discord.world.direct_channel(bea.user)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        message = await one(stage, "a thing to ask about")
        await bea.reacts(message, "❓")
        letter = await letters.wait_for(lambda letter: HERE in letter.content)
        assert "Added to its instructions" not in letter.content
        assert "❓" in message.reactions  # the bot may not take it away
        stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.MANAGE_MESSAGES)
        await stage.ann.reacts(message, "❓")
        await until(lambda: stage.ann.user not in message.reactions.get("❓", []))
        asked = await bea.says(stage.channel, "what do you mean?")
        await stage.ann.reacts(asked, "❓")
        await stage.ann.reacts(message, "❓")
        to_ann = stage.discord.world.direct_channel(stage.ann.user)
        await to_ann.wait_for_messages(2)
        assert all(HERE in letter.content for letter in to_ann.messages)  # people ask each other as well
    stage.nothing_is_wrong()


async def test_a_cross_by_who_steers_takes_a_message_from_the_channel_and_from_what_ais_see(
    stage: Stage, bea: Person
) -> None:
    stage.host.answer("AI-1", "a regrettable remark")
    stage.host.answer("AI-2", Reply(text="late", seconds_before=30), "calm")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        remark = await one(stage, "a regrettable remark")
        outburst = await bea.says(stage.channel, "an outburst")
        await until(lambda: stage.room().history.entry_of_message(outburst.id) and stage.asked("AI-2"))
        await paused(stage)
        await bea.reacts(remark, "❌")
        await stage.ann.reacts(outburst, "❌")
        await stage.ann.reacts(remark, "❌")
        await until(lambda: remark not in stage.channel.messages)
        await until(lambda: outburst.id in stage.room().history.withdrawn_messages)
        assert outburst in stage.channel.messages  # the bot may not delete people's messages here
        assert remark.id in stage.room().history.withdrawn_messages
        await stage.ann.slash(stage.channel, "backroom step")
        await one(stage, "calm")
        seen = stage.asked("AI-2")[-1].seen
        assert "a regrettable remark" not in seen
        assert "an outburst" not in seen
    stage.nothing_is_wrong()


async def test_a_cross_by_who_does_not_steer_is_ignored_and_people_are_deleted_where_the_bot_may(
    stage: Stage, bea: Person
) -> None:
    stage.host.answer("AI-1", "a harmless remark", Reply(text="late", seconds_before=30))
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.MANAGE_MESSAGES)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        remark = await one(stage, "a harmless remark")
        outburst = await bea.says(stage.channel, "an outburst")
        await until(lambda: stage.room().history.entry_of_message(outburst.id))
        await bea.reacts(remark, "❌")
        await stage.ann.reacts(outburst, "❌")
        await until(lambda: outburst not in stage.channel.messages)
        assert remark in stage.channel.messages
        assert remark.id not in stage.room().history.withdrawn_messages
        notice = await one(stage, "🚪")
        await stage.ann.reacts(notice, "❌")
        await until(lambda: notice not in stage.channel.messages)
    stage.nothing_is_wrong()


async def test_a_message_is_pictured_for_the_room_and_its_ais(stage: Stage, bea: Person) -> None:
    stage.host.answer("AI-1", "a lighthouse of paper", Reply(text="late", seconds_before=30))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        words = await one(stage, "a lighthouse of paper")
        refused = await bea.uses_on(words, "Picture this")
        assert "To steer rooms here" in refused.content
        reply = await stage.ann.uses_on(words, "Picture this")
        assert reply.content.startswith("The picture is being made")
        picture = await stage.channel.wait_for(lambda message: bool(message.attachments))
        assert '[Ann]: !image "a lighthouse of paper"' in picture.content
        assert stage.host.images[0].json["prompt"] == "a lighthouse of paper"
        again = await stage.ann.uses_on(picture, "Picture this")
        assert again.content.startswith("The picture is being made")
        await until(lambda: len(stage.host.images) == 2)
        assert stage.host.images[1].json["prompt"] == "a lighthouse of paper"  # what it was to show, not its caption
        silent = await stage.ann.says(stage.channel, "", files={"a.txt": b"x"})
        assert "no words" in (await stage.ann.uses_on(silent, "Picture this")).content
        panel = await stage.channel.wait_for(is_panel)
        assert "the room's panel" in (await stage.ann.uses_on(panel, "Picture this")).content
        elsewhere = await stage.ann.says(stage.guild.add_text_channel("elsewhere"), "a stone")
        assert "No room is open" in (await stage.ann.uses_on(elsewhere, "Picture this")).content
    stage.nothing_is_wrong()


async def test_what_was_taken_off_the_record_is_not_pictured_and_says_so(stage: Stage, bea: Person) -> None:
    stage.host.answer("AI-1", "a thing to hide", Reply(text="late", seconds_before=30))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        words = await one(stage, "a thing to hide")
        own = await bea.says(stage.channel, "my address is 7 Quay Street")
        await until(lambda: stage.room().history.entry_of_message(own.id))
        assert "no longer" not in (await bea.uses_on(own, WHO)).content
        await bea.reacts(own, "🙈")
        await stage.ann.reacts(words, "🙈")
        await until(lambda: {own.id, words.id} <= stage.room().history.withdrawn_messages)
        for hidden in (own, words):
            assert "off the record" in (await stage.ann.uses_on(hidden, "Picture this")).content
            assert (await bea.uses_on(hidden, WHO)).content.endswith("the AIs see it no longer.")
        assert stage.host.images == []
    stage.nothing_is_wrong()


async def test_menus_work_after_a_restart(stage: Stage, bea: Person) -> None:
    stage.host.answer("AI-1", "before the night", Reply(text="late", seconds_before=30))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        message = await one(stage, "before the night")
        await paused(stage)
    async with stage.running():
        assert HERE in (await bea.uses_on(message, WHO)).content
        await stage.ann.reacts(message, "❌")
        await until(lambda: message not in stage.channel.messages)
    stage.nothing_is_wrong()
