"""Where rooms open: in channels, in threads of their own, in forums, and not where they do not belong."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.errors import StorageError
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.messages import MessageFlag
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import BOT_PERMISSIONS, Permission
from bot.room.state import Phase
from tests.end_to_end.stage import Stage, is_panel, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
ADULT = """
title = "Late show"
summary = "A scenario for an age-restricted channel; its words are as harmless as any."
cast = ["Kimi K2"]
opening = "It is late."
prompt = "Be kind."
adult = true
"""


@pytest.fixture
def boss(stage: Stage) -> Person:
    return stage.guild.add_member("Boss", permissions=Permission.MANAGE_GUILD)


def may_open_threads(stage: Stage) -> None:
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS)


def the_thread(stage: Stage) -> Thread:
    (thread,) = stage.guild.threads
    return thread


def speakers(stage: Stage, channel: Channel) -> list[str]:
    return [who for who, _ in stage.said(channel) if who.startswith("AI-")]


async def test_a_room_in_a_thread_of_its_own_is_linked_to_and_leaves_the_channel_alone(stage: Stage) -> None:
    may_open_threads(stage)
    async with stage.running():
        words = "A  line\nand then a good many words more, so that all of them together do not fit into a thread's name"
        reply = await stage.start(FLASH, R1, rounds=1, thread=True, opening=words)
        thread = the_thread(stage)
        assert f"<#{thread.id}>" in reply.content
        assert thread.name.startswith("Backroom: A line and then a good many")
        assert len(thread.name) <= 100
        await stage.until_over(thread)
        assert speakers(stage, thread) == ["AI-1 (Gemini 3 Flash)", "AI-2 (DeepSeek R1)"]
        assert speakers(stage, stage.channel) == []
        await stage.start(R1, rounds=1)  # the channel itself is free for another room
        await stage.until_over()
    assert list(stage.channel.webhooks)
    assert not thread.webhooks
    stage.nothing_is_wrong()


async def test_a_room_in_its_thread_is_steered_there_and_goes_on_after_a_restart(stage: Stage) -> None:
    may_open_threads(stage)
    stage.host.answer("AI-1", Reply(text="too late", seconds_before=30), "after the night")
    async with stage.running():
        await stage.start(FLASH, rounds=1, thread=True)
        thread = the_thread(stage)
        await until(lambda: stage.asked("AI-1"))
        reply = await stage.ann.slash(stage.channel, "backroom pause")
        assert reply.content == f"No room is open in this channel. There is one in <#{thread.id}>."
    async with stage.running():
        await stage.until_over(thread)
        assert "No room is open" in (await stage.ann.slash(thread, "backroom stop")).content
    assert [words for who, words in stage.said(thread) if who.startswith("AI-")] == ["after the night"]
    stage.nothing_is_wrong()


async def test_without_the_permission_to_open_threads_a_sentence_names_it(stage: Stage) -> None:
    async with stage.running():
        reply = await stage.ann.slash(stage.channel, "backroom start", thread=True)
        assert "Create Public Threads" in reply.content
        assert reply.ephemeral
        assert stage.guild.threads == []
        assert "The room is open: " in (await stage.start(FLASH, rounds=1)).content
        await stage.until_over()
    stage.nothing_is_wrong()


async def test_a_room_opens_in_a_thread_that_is_there_and_beside_it_when_it_shall_have_its_own(stage: Stage) -> None:
    may_open_threads(stage)
    there = stage.channel.add_thread("there already")
    async with stage.running():
        await stage.start(FLASH, rounds=1, channel=there)
        await stage.until_over(there)
        await stage.start(R1, rounds=1, channel=there, thread=True)
        (beside,) = [thread for thread in stage.guild.threads if thread is not there]
        assert beside.parent is stage.channel
        await stage.until_over(beside)
        assert speakers(stage, beside) == ["AI-1 (DeepSeek R1)"]
    stage.nothing_is_wrong()


async def test_a_private_thread_that_the_bot_is_not_in_is_named_as_such(stage: Stage) -> None:
    hidden = stage.channel.add_thread("hidden", is_private=True)
    hidden.join(stage.ann.id)
    async with stage.running():
        reply = await stage.ann.slash(hidden, "backroom start")
        assert "Mention it here" in reply.content
        hidden.join(stage.discord.world.application.bot.id)
        await stage.start(FLASH, rounds=1, channel=hidden)
        await stage.until_over(hidden)
    stage.nothing_is_wrong()


async def test_in_a_forum_a_room_is_a_new_post_and_a_post_that_is_there_holds_one_as_well(stage: Stage) -> None:
    forum = stage.guild.add_forum("rooms")
    post = await stage.ann.opens_post(forum, "Let them talk here", "Please.")
    async with stage.running():
        await stage.start(FLASH, rounds=1, channel=post)
        await stage.until_over(post)
        reply = await stage.start(R1, rounds=1, channel=forum)
        (new,) = [other for other in forum.posts if other is not post]
        assert f"<#{new.id}>" in reply.content
        await stage.until_over(new)
        assert speakers(stage, new) == ["AI-1 (DeepSeek R1)"]
        await stage.start(KIMI, rounds=1, channel=post, thread=True)
        assert len(forum.posts) == 3
        await stage.until_over(forum.posts[-1])
    stage.nothing_is_wrong()


async def test_a_forums_post_begins_with_the_rooms_own_first_words(stage: Stage) -> None:
    forum = stage.guild.add_forum("rooms")
    bea = stage.guild.add_member("Bea")
    stage.host.answer("AI-1", Reply(text="hello", seconds_before=0.5))
    async with stage.running():
        await stage.start(FLASH, rounds=2, pace=3, channel=forum)
        (post,) = forum.posts
        first = post.messages[0]
        assert first.id == post.id
        assert first.content.startswith("🚪 **Backroom**, opened by Ann, for 2 rounds. ")
        await post.wait_for(lambda message: message.content == "hello")
        await bea.reacts(first, "🔥")
        told = await bea.uses_on(first, "Who said this?")
        assert "This comes from the house that runs the room" in told.content
        await stage.until_over(post)
        assert [content[:1] for _, content in stage.said(post)].count("🚪") == 1
        assert "[1 person reacted 🔥 to the house's message]" in stage.asked("AI-1")[1].seen
    stage.nothing_is_wrong()


async def test_messages_notify_nobody_unless_the_server_wants_it(stage: Stage, boss: Person) -> None:
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
        assert all(MessageFlag.SUPPRESS_NOTIFICATIONS in message.flags for message in stage.channel.messages)
        quiet = len(stage.channel.messages)
        reply = await boss.slash(stage.channel, "backroom settings room", quiet=False)
        assert "**Messages notify:** people as usual (set here)." in reply.content
        await stage.start(FLASH, rounds=1)
        await until(lambda: sum(m.content.startswith("⏹️") for m in stage.channel.messages) == 2)
        loud = [message for message in stage.channel.messages[quiet:] if not is_panel(message)]
        assert loud
        assert not any(MessageFlag.SUPPRESS_NOTIFICATIONS in message.flags for message in loud)
    stage.nothing_is_wrong()


async def test_what_nobody_says_at_the_start_is_what_the_server_has_set(stage: Stage, boss: Person) -> None:
    may_open_threads(stage)
    stage.guild.set_preferred_locale("de")
    async with stage.running() as bot:
        await boss.slash(
            stage.channel,
            "backroom settings room",
            scenario="Ship's log",
            cast="kimi k2, DeepSeek R1",
            rounds=0,
            pace=600.0,
            mode="curated",
            order="conductor",
            thread=True,
        )
        reply = await stage.ann.slash(stage.channel, "backroom start")
        assert "AI-1 (Kimi K2), AI-2 (DeepSeek R1)" in reply.content
        opened = bot.rooms.at(the_thread(stage).id).state.opened
        assert opened is not None
        assert (opened.scenario, opened.rounds, opened.seconds_between_turns) == ("Ship's log", 0, 600.0)
        assert (opened.mode, opened.order, opened.quiet, opened.locale) == ("curated", "conductor", True, "de")
        await stage.start(FLASH, rounds=1, thread=False, mode="silent", order="addressed", scenario="Contrary salon")
        chosen = stage.room().state.opened
        assert chosen is not None
        assert (chosen.scenario, chosen.rounds, chosen.mode, chosen.order) == (
            "Contrary salon",
            1,
            "silent",
            "addressed",
        )
        await stage.until_over()
    stage.nothing_is_wrong()


async def test_rooms_open_only_where_the_server_wants_them(stage: Stage, boss: Person) -> None:
    elsewhere = stage.guild.add_text_channel("elsewhere")
    async with stage.running() as bot:
        await bot.wait_until_ready()  # the look that follows asks for panels, also in what is deleted below
        await boss.slash(elsewhere, "backroom settings where", add=elsewhere)
        reply = await stage.ann.slash(stage.channel, "backroom start")
        assert reply.content == f"This server allows rooms only in <#{elsewhere.id}>."
        thread = elsewhere.add_thread("of it")
        await stage.start(FLASH, rounds=1, channel=thread)
        await stage.until_over(thread)
        await until(lambda: not any(panel.components for panel in stage.panels(thread)))
        elsewhere.delete()
        await until(lambda: stage.bot and stage.bot.get_channel(elsewhere.id) is None)
        assert "no longer exist" in (await stage.ann.slash(stage.channel, "backroom start")).content
        gone = await boss.autocomplete(stage.channel, "backroom settings where", option="remove")
        assert gone == [(f"a deleted channel ({elsewhere.id})", str(elsewhere.id))]
        reply = await boss.slash(stage.channel, "backroom settings where", remove=str(elsewhere.id))
        assert reply.content == "**Rooms may be opened in:** every channel (the bot's default)."
        await stage.start(FLASH, rounds=1)
        await stage.until_over()
    stage.nothing_is_wrong()


async def test_models_that_the_server_does_not_allow_sit_down_by_no_way(stage: Stage, boss: Person) -> None:
    stage.host.answer("AI-1", '!add_ai "DeepSeek R1" "come"\n\nWho else?', "I see.")
    async with stage.running():
        for model in (FLASH, KIMI):
            await boss.slash(stage.channel, "backroom settings models", allow=model)
        refused = "This server does not allow DeepSeek R1 in its rooms. It allows: Gemini 3 Flash, Kimi K2."
        assert (await stage.ann.slash(stage.channel, "backroom start", ai1=R1)).content == refused
        assert await stage.ann.autocomplete(stage.channel, "backroom start", option="ai1", text="deepseek") == []
        await stage.start(FLASH, rounds=2, pace=0)
        assert (await stage.ann.slash(stage.channel, "backroom add", model=R1)).content == refused
        assert (await stage.ann.slash(stage.channel, "backroom model", seat="1", model=R1)).content == refused
        await stage.until_over()
        assert refused in stage.asked("AI-1")[1].seen
        assert speakers(stage, stage.channel) == ["AI-1 (Gemini 3 Flash)"] * 2
    stage.nothing_is_wrong()


async def test_a_servers_budget_lowers_what_a_room_may_cost_and_never_raises_it(stage: Stage, boss: Person) -> None:
    stage.host.answer("AI-1", *(Reply(text="dear", cost=0.3) for _ in range(9)))
    async with stage.running(room_budget_usd=0.5) as bot:
        reply = await boss.slash(stage.channel, "backroom settings caps", room_budget_usd=99.0)
        assert "$0.50 before somebody has to resume it (set by the bot's operator)." in reply.content
        await stage.start(FLASH, rounds=0)
        room = stage.room()
        assert bot.room_budget_usd(room) == 0.5
        await until(lambda: room.state.phase is Phase.PAUSED)
        assert room.state.turn == 2
        await boss.slash(stage.channel, "backroom settings caps", room_budget_usd=0.25)
        await stage.ann.slash(stage.channel, "backroom resume")
        await until(lambda: room.state.turn == 3 and room.state.phase is Phase.PAUSED)
        assert room.state.pause_cause == "cost"
    stage.nothing_is_wrong()


async def test_an_age_restricted_scenario_needs_an_age_restricted_channel(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "late.toml").write_text(ADULT)
    late = stage.guild.add_text_channel("late", nsfw=True)
    thread = late.add_thread("later")
    async with stage.running(scenarios_folder=tmp_path / "own"):
        reply = await stage.ann.slash(stage.channel, "backroom start", scenario="Late show")
        assert reply.content == "“Late show” is for age-restricted channels only, and this is not one."
        assert await stage.ann.autocomplete(stage.channel, "backroom start", option="scenario", text="late") == []
        for there in (late, thread):
            assert await stage.ann.autocomplete(there, "backroom start", option="scenario", text="late")
            await stage.start(channel=there, scenario="Late show", rounds=1)
            await stage.until_over(there)
    stage.nothing_is_wrong()


@pytest.mark.parametrize("may_delete", [True, False])
async def test_a_thread_in_which_no_room_could_be_opened_does_not_stay(stage: Stage, *, may_delete: bool) -> None:
    allowed = BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS
    stage.guild.set_bot_permissions(allowed | (Permission.MANAGE_THREADS if may_delete else Permission.NONE))
    async with stage.running() as bot:
        transactions = bot.supplies.database.transactions

        def refuse_in_a_thread(_: Connection) -> None:
            if stage.guild.threads:
                raise StorageError("The disk is full.")

        transactions.check_before_writing = refuse_in_a_thread
        reply = await stage.ann.slash(stage.channel, "backroom start", ai1=FLASH, thread=True)
        assert reply.content == "The disk is full."
        assert [thread.is_archived for thread in stage.guild.threads] == ([] if may_delete else [True])
    assert stage.discord.problems == []


async def test_starting_twice_at_once_gets_one_room_and_sentences(stage: Stage) -> None:
    async with stage.running():
        replies = await asyncio.gather(
            *(stage.ann.slash(stage.channel, "backroom start", ai1=model, pace=600.0) for model in (FLASH, R1, KIMI))
        )
        assert sum(reply.content.startswith("The room is open: ") for reply in replies) == 1
        assert sum("already open" in reply.content for reply in replies) == 2
    stage.nothing_is_wrong()


async def test_help_tells_everybody_what_can_be_done_and_by_whom(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    async with stage.running() as bot:
        reply = await bea.slash(stage.channel, "backroom help")
        assert reply.ephemeral
        assert len(reply.content) <= 2000
        assert all(f"`{command.name}" in reply.content for command in bot.backroom.commands)
        assert all(f"!{verb}" in reply.content for verb in bot.capabilities)
        assert "Manage Server" in reply.content
        assert "`/backroom start " in reply.content
    stage.nothing_is_wrong()
