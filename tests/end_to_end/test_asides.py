"""Who reacts with ❌, ❓ or 🙈 is told what came of it: by letter, or where they take none, briefly in the channel."""

from __future__ import annotations

import pytest

from bot.client.asides import ASIDE_SIGN
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage, files_of, until
from tests.openrouter import Reply

FLASH = "Gemini 3 Flash"
THINKS = Reply(text="late", seconds_before=30)


@pytest.fixture
def bea(stage: Stage) -> Person:
    """Somebody who may only read and write."""
    return stage.guild.add_member("Bea")


@pytest.fixture
def uwe(stage: Stage) -> Person:
    """Somebody who takes no letters from the bot."""
    someone = stage.guild.add_member("Uwe")
    someone.takes_direct_messages = False
    return someone


async def remark_of_an_ai(stage: Stage) -> Message:
    """Open a room in which an AI has said one thing, and the next answer is long in coming."""
    stage.host.answer("AI-1", "a harmless remark", THINKS)
    await stage.start(FLASH, rounds=0)
    return await stage.channel.wait_for(lambda message: message.content == "a harmless remark")


async def letter_to(stage: Stage, person: Person, words: str) -> str:
    await until(lambda: any(words in letter.content for letter in person.direct_messages))
    return person.direct_messages[-1].content


def asides(stage: Stage) -> list[str]:
    return [message.content for message in stage.channel.messages if message.content.startswith(ASIDE_SIGN)]


async def test_a_cross_or_a_monkey_by_who_may_not_gets_one_letter_each_that_leads_to_the_message(
    stage: Stage, bea: Person
) -> None:
    async with stage.running():
        remark = await remark_of_an_ai(stage)
        await bea.reacts(remark, "❌")
        letter = await letter_to(stage, bea, "only people who may steer the room can do that. Nothing was removed.")
        assert letter.endswith(f"/{stage.channel.id}/{remark.id}")
        await bea.reacts(remark, "🙈")
        await letter_to(stage, bea, "only its author and people who may steer the room")
        for again in "❌🙈":
            await bea.unreacts(remark, again)
            await bea.reacts(remark, again)
        notice = next(message for message in stage.channel.messages if message.content.startswith("🚪"))
        await bea.reacts(notice, "❓")
        await letter_to(stage, bea, "🏠")
        assert len(bea.direct_messages) == 3  # no refusal is told twice
        assert remark in stage.channel.messages
        assert remark.id not in stage.room().history.withdrawn_messages
        assert asides(stage) == []
    stage.nothing_is_wrong()


async def test_the_panel_says_what_it_is_to_who_asks_it_or_wants_it_away(stage: Stage, bea: Person) -> None:
    async with stage.running():
        await remark_of_an_ai(stage)
        await until(lambda: stage.panels() and stage.panels()[-1].components)
        panel = stage.panels()[-1]
        await bea.reacts(panel, "❓")
        await letter_to(stage, bea, "That message is the room's panel")
        await stage.ann.reacts(panel, "❌")
        await letter_to(stage, stage.ann, "That message is the room's panel")
        assert stage.panels() == [panel]
    stage.nothing_is_wrong()


async def test_who_removes_what_the_bot_may_not_delete_is_told_that_it_still_stands_there(
    stage: Stage, bea: Person
) -> None:
    async with stage.running():
        await remark_of_an_ai(stage)
        outburst = await bea.says(stage.channel, "an outburst")
        await until(lambda: stage.room().history.entry_of_message(outburst.id))
        await stage.ann.reacts(outburst, "❌")
        await letter_to(stage, stage.ann, "it is still in the channel: to delete other people's messages")
        assert outburst.id in stage.room().history.withdrawn_messages
        off_the_record = await bea.says(stage.channel, ".psst")
        await stage.ann.reacts(off_the_record, "❌")
        await letter_to(stage, stage.ann, "The AIs do not see that message")
    stage.nothing_is_wrong()


async def test_an_answered_reaction_is_taken_away_where_that_is_allowed(stage: Stage, bea: Person) -> None:
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.MANAGE_MESSAGES)
    async with stage.running():
        remark = await remark_of_an_ai(stage)
        await bea.reacts(remark, "❌")
        await letter_to(stage, bea, "Nothing was removed")
        await until(lambda: bea.user not in remark.reactions.get("❌", []))
    stage.nothing_is_wrong()


async def test_who_takes_no_letters_is_told_in_the_channel_without_a_ping_and_nobody_fills_it_by_reacting(
    stage: Stage, uwe: Person
) -> None:
    others = [stage.guild.add_member(f"Other {number}") for number in range(5)]
    for other in others:
        other.takes_direct_messages = False
    async with stage.running() as bot:
        remark = await remark_of_an_ai(stage)
        await uwe.reacts(remark, "❓")
        await until(lambda: asides(stage))
        (aside,) = asides(stage)
        assert aside.startswith(f"{ASIDE_SIGN} <@{uwe.id}> The bot cannot send you a direct message.")
        await until(lambda: letters_refused(stage) == 1)
        await uwe.reacts(remark, "❌")
        for other in others:
            await other.reacts(remark, "❓")
        await until(lambda: letters_refused(stage) == 1 + len(others))
        assert len(asides(stage)) == 1
        assert not any("direct message" in request.seen for request in stage.asked("AI-1"))
        await bot.asides.close()  # as when the program ends
        assert asides(stage) == []
        assert letters_refused(stage) == 1 + len(others)  # who takes no letters is sent no second one


def letters_refused(stage: Stage) -> int:
    """How many letters Discord did not let through."""
    return sum(one.method == "POST" and one.status == 403 for one in stage.discord.exchanges)


async def test_a_long_answer_is_a_file_in_the_letter(stage: Stage) -> None:
    stage.host.answer("AI-1", f'!prompt "{"count lamps " * 250}"\n\na dim remark', "a bright remark", THINKS)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        remark = await stage.channel.wait_for(lambda message: message.content == "a bright remark")
        await stage.ann.reacts(remark, "❓")
        await until(lambda: stage.ann.direct_messages)
        assert files_of(stage.ann.direct_messages[0]) == ["who-said-this.md"]
    stage.nothing_is_wrong()
