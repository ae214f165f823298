"""What happened while the bot was not there, or was just coming up, is made up for when it is back."""

from __future__ import annotations

import asyncio

from bot.rehearsal.faults import Fault, ServerError
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.messages import Message
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
HERE = "AI-1 (Gemini 3 Flash)"
EDIT_OF_HOUSE = "/channels/{channel_id}/messages/{message_id}"


async def a_room_that_waits(stage: Stage) -> Message:
    """Open a room in which only AI-1 has spoken, and nobody goes on unless called upon; return its words."""
    stage.host.answer("AI-1", "the first words")
    await stage.start(FLASH, R1, rounds=0, order="conductor")
    await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
    words = await stage.channel.wait_for(lambda message: message.author_name == HERE)
    await until(lambda: not stage.room().owes_words)
    return words


def heard(stage: Stage) -> list[str]:
    return [line.text for line in stage.room().history.lines if line.person]


async def test_words_that_were_missed_are_heard_though_later_ones_were_heard_before_them(stage: Stage) -> None:
    async with stage.running():
        await a_room_that_waits(stage)
    await until(lambda: not stage.discord.gateway.has_a_client)
    await stage.ann.says(stage.channel, "said while nobody was there")
    async with stage.running():
        await stage.ann.says(stage.channel, "said as soon as it was back")
        await until(lambda: len(heard(stage)) == 2)
        assert any("said while nobody was there" in line for line in heard(stage))
    async with stage.running():
        await stage.ann.says(stage.channel, "the end")
        await until(lambda: any("the end" in line for line in heard(stage)))
        assert len(heard(stage)) == 3
    stage.nothing_is_wrong()


async def test_the_last_message_of_a_room_that_was_deleted_meanwhile_is_forgotten(stage: Stage) -> None:
    async with stage.running():
        await a_room_that_waits(stage)
        hello = await stage.ann.says(stage.channel, "hello")
        await until(lambda: heard(stage))
    await until(lambda: not stage.discord.gateway.has_a_client)
    await stage.ann.deletes(hello)
    async with stage.running():
        await until(lambda: hello.id in stage.room().history.withdrawn_messages)
    stage.nothing_is_wrong()


async def test_what_was_to_be_removed_meanwhile_is_removed(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running():
        words = await a_room_that_waits(stage)
    await until(lambda: not stage.discord.gateway.has_a_client)
    await bea.reacts(words, "❌")  # who may not steer
    async with stage.running():
        await bea.says(stage.channel, "still here?")
        await until(lambda: heard(stage))
        assert words in stage.channel.messages
    await until(lambda: not stage.discord.gateway.has_a_client)
    await stage.ann.reacts(words, "❌")
    async with stage.running():
        await until(lambda: words not in stage.channel.messages)
        assert words.id in stage.room().history.withdrawn_messages
    stage.nothing_is_wrong()


async def test_a_panel_that_could_not_be_closed_when_its_room_was_over_is_closed_later(stage: Stage) -> None:
    stage.host.answer("AI-1", Reply(text="the only words", seconds_before=0.3))
    stage.discord.faults.add(Fault(ServerError(), "PATCH", EDIT_OF_HOUSE))
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await until(lambda: stage.panels())
        await stage.until_over()
        (panel,) = stage.panels()
    assert panel.components
    stage.discord.faults.clear()
    async with stage.running():
        await until(lambda: not panel.components)
        assert stage.panels() == [panel]
    stage.nothing_is_wrong()


async def test_what_the_gateway_tells_while_reactions_are_looked_up_is_newer(stage: Stage) -> None:
    is_looked_up, goes_on = asyncio.Event(), asyncio.Event()

    async def hold(call: Call, _answer: Answer) -> Answer | None:
        if call.method == "GET" and "/reactions/" in call.path:
            is_looked_up.set()
            await goes_on.wait()
        return None

    bea = stage.guild.add_member("Bea")
    async with stage.running():
        words = await a_room_that_waits(stage)
    await until(lambda: not stage.discord.gateway.has_a_client)
    await stage.ann.reacts(words, "🔥")
    await bea.reacts(words, "🔥")
    stage.discord.rest.after_effect.append(hold)
    async with stage.running() as bot:
        await is_looked_up.wait()
        await bea.unreacts(words, "🔥")
        await stage.ann.says(stage.channel, "after that")
        await until(lambda: "after that" in heard(stage))
        goes_on.set()
        room = bot.rooms.at(stage.channel.id)
        await until(lambda: room.history.given(words.id) and not len(room.waiting_reactions))
        assert room.history.given(words.id)["🔥"] == {stage.ann.user.id}
