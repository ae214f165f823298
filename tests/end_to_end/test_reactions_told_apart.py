"""Where whose message it is does not tell the AIs which one people react to, the line about it says how it begins."""

from __future__ import annotations

import asyncio

from bot.listening import note_reactions
from bot.rehearsal.rest.calls import Call
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import Stage, until


def _told(seen: str) -> list[str]:
    return [line for line in seen.split("\n") if line.startswith("[") and ("reacted " in line or "Nobody" in line)]


async def test_an_old_message_is_quoted_as_it_stands_and_no_longer_once_it_is_hidden(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "the tide [of 1911] keeps no ledger", *["on we go"] * 9)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        said = await bea.says(stage.channel, "my lamp is green")
        for _ in range(9):
            await take_turn(stage)
        await stage.ann.reacts(words, "🔥")
        await stage.ann.reacts(said, "🔥")
        assert _told((await take_turn(stage)).seen) == [
            "[1 person reacted 🔥 to AI-1's message “the tide (of 1911) keeps no ledger”]",
            "[1 person reacted 🔥 to Bea's message “my lamp is green”]",
        ]
        await bea.edits(said, "my lamp is red")
        await stage.ann.reacts(words, "🙈")
        await until(lambda: words.id in stage.room().history.withdrawn_messages)
        await until(lambda: "my lamp is red" in [line.text for line in stage.room().history.lines])
        asked = await take_turn(stage)
        assert _told(asked.seen) == ["[1 person reacted 🔥 to Bea's message “my lamp is red”]"]
        assert "ledger" not in asked.seen
        await bea.reacts(said, "💀")
        await until(lambda: stage.room().history.given(said.id).get("💀"))
        await bea.deletes(said)
        await until(lambda: said.id in stage.room().history.withdrawn_messages)
        asked = await take_turn(stage)
        assert "my lamp" not in asked.seen
        assert "red" not in asked.seen.replace("reacted", "")
    stage.nothing_is_wrong()


async def test_several_messages_of_one_name_are_told_apart(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "a lamp", "a buoy")
        await take_turn(stage)
        first = last_of(stage, "AI-1")
        await take_turn(stage)
        await take_turn(stage)
        second = last_of(stage, "AI-1")
        await bea.reacts(second, "🔥")
        assert _told((await take_turn(stage)).seen) == ["[1 person reacted 🔥 to AI-1's message]"]
        await bea.reacts(first, "🌊")  # AI-1 has spoken since
        assert _told((await take_turn(stage)).seen)[-1] == "[1 person reacted 🌊 to AI-1's message “a lamp”]"
        await bea.reacts(first, "💀")
        await bea.reacts(last_of(stage, "AI-1"), "💀")
        await bea.reacts(second, "💀")
        *_, one, two, three = _told((await take_turn(stage)).seen)
        assert one == "[1 person reacted 🌊 to AI-1's message “a lamp”, 1 reacted 💀]"
        assert two == "[1 person reacted 💀 to AI-1's message “AI-1 speaks for the 4. time.”]"
        assert three == "[1 person reacted 🔥 to AI-1's message “a buoy”, 1 reacted 💀]"


async def test_what_only_people_read_of_the_house_is_quoted_to_no_ai(stage: Stage) -> None:
    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", 'Well.\n!prompt "trust nobody"', *["on we go"] * 9)
        await take_turn(stage)
        private = next(message for message in stage.channel.messages if "trust nobody" in message.content)
        for _ in range(9):
            await take_turn(stage)
        await stage.ann.reacts(private, "🔥")
        await stage.ann.says(stage.channel, "oh!", reply_to=private)
        asked = await take_turn(stage, seat="AI-2")
        assert "[1 person reacted 🔥 to the house's message]" in asked.seen
        assert "[Ann]: (to the house) oh!" in asked.seen
        assert "trust nobody" not in asked.seen


async def test_long_words_are_quoted_as_they_begin_whichever_part_people_react_to_last(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "alpha " * 330 + "\n\n" + "omega " * 150, *["on we go"] * 9)
        await take_turn(stage)
        first, last = [message for message in stage.channel.messages if message.author_name.startswith("AI-1")]
        for _ in range(9):
            await take_turn(stage)
        await stage.ann.reacts(last, "🔥")
        await bea.reacts(last, "🔥")
        await until(lambda: stage.room().history.given(last.id))
        await stage.ann.reacts(first, "🌊")
        (told,) = _told((await take_turn(stage)).seen)
        assert told.startswith("[2 people reacted 🔥 to AI-1's message “alpha alpha")


async def test_a_part_that_is_only_left_to_delete_is_not_quoted(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    deletes, may_go = asyncio.Event(), asyncio.Event()

    async def hold(call: Call) -> None:
        if call.method == "DELETE":
            deletes.set()
            await may_go.wait()

    stage.host.answer("AI-1")
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "alpha " * 330 + "\n\n" + "omega " * 150, "on we go", "alpha alone")
        await take_turn(stage)
        first, last = [message for message in stage.channel.messages if message.author_name.startswith("AI-1")]
        await take_turn(stage)
        await take_turn(stage)  # AI-1 has spoken since
        stage.discord.rest.before_effect.append(hold)
        saying = asyncio.create_task(stage.ann.uses_on(first, "Say it again"))
        await deletes.wait()
        assert last in stage.channel.messages
        await bea.reacts(last, "🔥")
        await until(lambda: len(stage.room().waiting_reactions))
        await note_reactions(stage.room())
        may_go.set()
        await (await saying).wait_until_settled()
        asked = await take_turn(stage)
        assert "alpha alone" in asked.seen
        assert _told(asked.seen) == []
        assert "omega" not in asked.seen
