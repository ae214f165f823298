"""A room is forked from one of its messages: what was said until then is shared, and goes on in a thread."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.channels import Thread
from bot.rehearsal.world.messages import Message
from bot.room.state import Phase
from tests.end_to_end.forks import FORK, let_threads_be_opened
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_where import ADULT
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
SLOW = Reply(text="late", seconds_before=30)


async def one(stage: Stage, words: str) -> Message:
    return await stage.channel.wait_for(lambda message: words in message.content)


async def test_a_fork_shares_everything_up_to_a_message_and_goes_on_in_its_thread(stage: Stage) -> None:
    let_threads_be_opened(stage)
    stage.host.answer("AI-1", '!prompt "count lamps"\n\n!temperature 0.5\n\nfirst', "third", SLOW)
    stage.host.answer("AI-2", "second", "fourth", SLOW)
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0)
        await one(stage, "fourth")
        second = await one(stage, "second")
        await stage.ann.slash(stage.channel, "backroom pause")
        origin = stage.room()
        before = origin.state
        stage.host.answer("AI-1", "third, but otherwise", SLOW)
        reply = await stage.ann.uses_on(second, FORK)
        thread = second.thread
        assert isinstance(thread, Thread)
        assert reply.content.startswith(f"The fork continues in <#{thread.id}>")
        await thread.wait_for(lambda message: message.content == "third, but otherwise")
        opening = thread.messages[0]
        assert second.url.rpartition("/")[2] in opening.content
        assert "forked by Ann" in opening.content
        asked = next(one for one in reversed(stage.asked("AI-1")) if "second" in one.seen and "fourth" not in one.seen)
        assert "first" in asked.seen
        assert "third" not in asked.seen
        assert "count lamps" in asked.system
        assert asked.json["temperature"] == 0.5
        fork = bot.rooms.at(thread.id)
        assert fork.state.round == 2
        assert fork.state.opened is not None
        assert fork.state.opened.by == stage.ann.user.id
        assert origin.state is before  # the other room knows nothing of it
    stage.nothing_is_wrong()


async def test_a_room_that_is_over_goes_on_in_a_fork_for_as_many_rounds(stage: Stage) -> None:
    let_threads_be_opened(stage)
    stage.host.answer("AI-1", '!image "a lamp"\n\nonly words')
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
        over = await one(stage, "⏹️")
        await stage.ann.uses_on(over, FORK)
        thread = over.thread
        assert isinstance(thread, Thread)
        await stage.until_over(thread)
        assert [m.author_name for m in thread.messages if m.author_name.startswith("AI-")] == ["AI-1 (Gemini 3 Flash)"]
        assert "only words" in str(stage.asked("AI-1")[-1].messages)
        assert "a lamp" in stage.asked("AI-1")[-1].seen
        pictures = [part for part in stage.asked("AI-1")[-1].messages[-1]["content"] if part["type"] == "image_url"]
        assert len(pictures) == 1
    stage.nothing_is_wrong()


async def test_a_turn_is_forked_only_when_all_its_parts_stand_there_and_can_be_taken_back(stage: Stage) -> None:
    let_threads_be_opened(stage)
    goes_on = asyncio.Event()

    async def hold(call: Call) -> Answer | None:
        if call.method == "POST" and call.json and str(call.json.get("content")).startswith("Part 2"):
            await goes_on.wait()
        return None

    stage.discord.rest.before_effect.append(hold)
    parts = [f"Part {number}. " + "Rain on the roof, and nobody is up. " * 40 for number in (1, 2, 3)]
    stage.host.answer("AI-1", "\n\n".join(parts), SLOW, SLOW)
    async with stage.running() as bot:
        await stage.start(FLASH, rounds=0)
        first = await one(stage, "Part 1")
        reply = await stage.ann.uses_on(first, FORK)
        assert reply.content == "Not all that was said until then has appeared yet. Try again in a moment."
        goes_on.set()
        last = await one(stage, "Part 3")
        await until(lambda: not stage.room().owes_words)
        await stage.ann.uses_on(first, FORK)
        assert first.thread is not None
        last.delete()
        for room in (stage.room(), bot.rooms.at(first.thread.id)):
            await until(lambda room=room: last.id in room.history.withdrawn_messages)
            assert not any("Part 3" in line.text for line in room.history.lines)
    stage.nothing_is_wrong()


async def test_what_is_said_in_a_private_thread_goes_into_no_public_one(stage: Stage) -> None:
    let_threads_be_opened(stage)
    hidden = stage.channel.add_thread("hidden", is_private=True)
    hidden.join(stage.ann.id)
    hidden.join(stage.discord.world.application.bot.id)
    stage.host.answer("AI-1", "between us")
    async with stage.running():
        await stage.start(FLASH, rounds=1, channel=hidden)
        await stage.until_over(hidden)
        said = await hidden.wait_for(lambda message: message.content == "between us")
        reply = await stage.ann.uses_on(said, FORK)
        assert "This thread is private" in reply.content
        reply = await stage.ann.slash(hidden, "backroom start", ai1=FLASH, thread=True)
        assert "This thread is private" in reply.content
        assert stage.guild.threads == [hidden]
    stage.nothing_is_wrong()


async def test_words_that_were_taken_back_later_do_not_come_back_by_a_fork(stage: Stage) -> None:
    let_threads_be_opened(stage)
    stage.host.answer("AI-1", "first", SLOW)
    async with stage.running() as bot:
        bea = stage.guild.add_member("Bea")
        await stage.start(FLASH, rounds=0)
        secret = await bea.says(stage.channel, "a secret")
        await until(lambda: stage.room().history.entry_of_message(secret.id))
        public = await bea.says(stage.channel, "no secret")
        await until(lambda: stage.room().history.entry_of_message(public.id))
        await bea.deletes(secret)
        await until(lambda: secret.id in stage.room().history.withdrawn_messages)
        await stage.ann.uses_on(public, FORK)
        assert isinstance(public.thread, Thread)
        texts = [line.text for line in bot.rooms.at(public.thread.id).history.lines]
        assert "no secret" in texts
        assert "a secret" not in texts
    stage.nothing_is_wrong()


async def test_a_message_with_a_thread_and_a_message_in_a_thread_are_forked_into_a_new_one(stage: Stage) -> None:
    let_threads_be_opened(stage)
    stage.host.script = lambda _: "a few words"
    async with stage.running() as bot:
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
        words = await one(stage, "a few words")
        first, second = await asyncio.gather(stage.ann.uses_on(words, FORK), stage.ann.uses_on(words, FORK))
        assert sorted(one.content[:8] for one in (first, second)) == ["A fork f", "The fork"]
        assert isinstance(words.thread, Thread)
        again = await stage.ann.uses_on(words, FORK)
        assert "The fork continues" in again.content
        assert str(words.thread.id) not in again.content
        inner = await words.thread.wait_for(lambda message: message.content == "a few words")
        inside = await stage.ann.uses_on(inner, FORK)
        assert "The fork continues" in inside.content
        assert len(stage.guild.threads) == 3
        assert all(thread.parent is stage.channel for thread in stage.guild.threads)
        assert all(room.state.phase is not Phase.PAUSED for room in bot.rooms)
    stage.nothing_is_wrong()


async def test_what_hinders_a_fork_is_a_sentence(stage: Stage) -> None:
    stage.host.answer("AI-1", "a few words", SLOW)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        words = await one(stage, "a few words")
        bea = stage.guild.add_member("Bea")
        assert "To open rooms here" in (await bea.uses_on(words, FORK)).content
        assert "Create Public Threads" in (await stage.ann.uses_on(words, FORK)).content
        let_threads_be_opened(stage)
        elsewhere = await bea.says(stage.guild.add_text_channel("elsewhere"), "hello")
        assert "not belong to a room" in (await stage.ann.uses_on(elsewhere, FORK)).content
        assert stage.guild.threads == []
    stage.nothing_is_wrong()


async def test_a_fork_heeds_what_the_server_has_ruled_out_since(stage: Stage, tmp_path: Path) -> None:
    let_threads_be_opened(stage)
    (tmp_path / "late.toml").write_text(ADULT)
    stage.channel.nsfw = True
    stage.host.script = lambda _: "a few words"
    async with stage.running(scenarios_folder=tmp_path) as bot:
        await stage.start(FLASH, scenario="Late show", rounds=1)
        await stage.until_over()
        words = await one(stage, "a few words")
        await bot.guild_settings.change(stage.guild.id, models=[R1])
        assert "does not allow Gemini 3 Flash" in (await stage.ann.uses_on(words, FORK)).content
        await bot.guild_settings.change(stage.guild.id, models=[])
        stage.channel.nsfw = False
        stage.channel.announce_changed()
        refused = await stage.ann.uses_on(words, FORK)
        assert refused.content == "“Late show” is for age-restricted channels only, and this is not one."
        assert stage.guild.threads == []
    stage.nothing_is_wrong()


async def test_a_forums_post_is_forked_into_another_post(stage: Stage) -> None:
    forum = stage.guild.add_forum("rooms")
    stage.host.script = lambda _: "a few words"
    async with stage.running():
        post = await stage.ann.opens_post(forum, "a room", "hello")
        await stage.start(FLASH, rounds=1, channel=post)
        await stage.until_over(post)
        words = await post.wait_for(lambda message: message.content == "a few words")
        reply = await stage.ann.uses_on(words, FORK)
        assert "The fork continues in" in reply.content
        fork = next(thread for thread in stage.guild.threads if thread is not post)
        assert fork.parent is forum
        assert [message.id for message in fork.messages if message.content.startswith("🍴")] == [fork.id]
        await stage.until_over(fork)
    stage.nothing_is_wrong()
