"""Who is forgotten while what they asked for is on its way is not written down after all, and is told what is so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from bot.rehearsal.world.replies import Reply
from bot.room import notices
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import Stage, until

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
FORGET = "Forget everything I said"
SECRET = "under the third plank"
NAME = "Quentin"
ASKS_FOR_TIME, CHANGES_ITS_MESSAGE = 5, 7  # types of first answers


async def confirmed(person: Person, asked: Reply) -> Reply:
    """Press the button of an answer, and wait until it says what came of it."""
    assert asked.message is not None
    reply = await person.press(asked.message, FORGET)
    await until(lambda: reply.content != notices.FORGETTING)
    return reply


@asynccontextmanager
async def on_its_way(stage: Stage, asking: Callable[[], Awaitable[Reply]]) -> AsyncGenerator[asyncio.Future[Reply]]:
    """Let what is asked for stay on its way, as the bot asks for time, while the block runs."""
    is_met, goes_on = asyncio.Event(), asyncio.Event()

    async def hold(call: Call, _answer: Answer) -> Answer | None:
        if call.path.endswith("/callback") and call.body["type"] == ASKS_FOR_TIME and not is_met.is_set():
            is_met.set()
            await goes_on.wait()
        return None

    stage.discord.rest.after_effect.append(hold)
    asked = asyncio.ensure_future(asking())
    await is_met.wait()
    yield asked
    goes_on.set()
    await asked


def says(stage: Stage, quentin: Person) -> Awaitable[Reply]:
    return quentin.slash(stage.channel, "backroom say", words=SECRET)


async def fills_in_the_form(stage: Stage, quentin: Person) -> Reply:
    return await (await quentin.press(stage.panels()[-1], "Say something")).submit(words=SECRET)


@pytest.mark.parametrize("say", [says, fills_in_the_form])
async def test_words_that_the_house_was_to_say_are_not_said_when_their_author_is_forgotten(
    stage: Stage, say: Callable[[Stage, Person], Awaitable[Reply]]
) -> None:
    quentin = stage.guild.add_member(NAME)
    stage.guild.lift_command_permissions()
    async with stage.running():
        await open_paused(stage)
        await until(lambda: stage.panels() and stage.panels()[-1].components)
        async with on_its_way(stage, lambda: say(stage, quentin)) as asked:
            await confirmed(quentin, await quentin.slash(stage.channel, "backroom forget me"))
        assert (await asked).content == "You have asked to be forgotten meanwhile, so this was not said."
        again = await quentin.slash(stage.channel, "backroom say", words="I am new here.")
        assert again.content == "The AIs will hear that before the next one answers."
        seen = (await take_turn(stage)).seen
        assert f"[{NAME}]: I am new here." in seen
        assert SECRET not in seen
    assert not any(SECRET in content for _, content in stage.said())
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())
    stage.nothing_is_wrong()


@pytest.mark.parametrize("is_cut", [False, True], ids=["late", "cut off"])
async def test_words_on_their_way_to_discord_are_deleted_when_they_arrive_and_never_sent_again(
    stage: Stage, is_cut: bool
) -> None:
    goes_on, posts = asyncio.Event(), list[Call]()

    async def hold(call: Call) -> Answer | None:
        if call.method == "POST" and call.json and SECRET in str(call.json.get("content")):
            posts.append(call)
            await goes_on.wait()
            if is_cut:
                raise ConnectionCut
        return None

    quentin = stage.guild.add_member(NAME)
    stage.guild.lift_command_permissions()
    async with stage.running() as bot:
        await open_paused(stage)
        stage.discord.rest.before_effect.append(hold)
        await says(stage, quentin)
        await until(lambda: posts)
        reply = await confirmed(quentin, await quentin.slash(stage.channel, "backroom forget me"))
        assert reply.content.startswith("Forgotten: 1 message")
        goes_on.set()
        await bot.rooms.until_arrived()
        await until(lambda: is_cut or was_deleted(stage))
        assert not any(SECRET in content for _, content in stage.said())
        assert len(posts) == 1
    stage.nothing_is_wrong()


def was_deleted(stage: Stage) -> bool:
    of_channel = f"/channels/{stage.channel.id}/messages/"
    deletions = [one for one in stage.discord.exchanges if one.method == "DELETE" and one.path.startswith(of_channel)]
    return any(one.status == 204 for one in deletions)


DEEDS: dict[str, Callable[[Stage, Person], Awaitable[Reply]]] = {
    "a command": lambda stage, quentin: quentin.slash(stage.channel, "backroom mode", mode="curated"),
    "a button": lambda stage, quentin: quentin.press(stage.panels()[-1], "Resume"),
    "a room": lambda stage, quentin: quentin.slash(
        next(channel for channel in stage.guild.channels.values() if channel.name == "other"), "backroom start"
    ),
    "a fork": lambda stage, quentin: quentin.uses_on(last_of(stage, "AI-1"), "Fork from here"),
    "the same again": lambda stage, quentin: quentin.uses_on(last_of(stage, "AI-1"), "Say it again"),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
async def test_nobody_is_named_for_what_they_asked_for_before_they_were_forgotten(
    stage: Stage, deed: Callable[[Stage, Person], Awaitable[Reply]]
) -> None:
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.CREATE_PUBLIC_THREADS)
    quentin = stage.guild.add_member(NAME, permissions=Permission.MANAGE_CHANNELS)
    stage.guild.add_text_channel("other")
    async with stage.running() as bot:
        await open_paused(stage)
        await take_turn(stage)
        await until(lambda: stage.panels() and "Resume" in str(stage.panels()[-1].components))
        before = [len(await bot.supplies.database.journal.entries(room.number)) for room in bot.rooms]
        async with on_its_way(stage, lambda: deed(stage, quentin)) as asked:
            await confirmed(quentin, await quentin.slash(stage.channel, "backroom forget me"))
        assert (await asked).failed is None
        assert [len(await bot.supplies.database.journal.entries(room.number)) for room in bot.rooms] != before
        for room in bot.rooms:
            await room.say()
    everywhere = [message.content for channel in stage.guild.channels.values() for message in channel.messages]
    assert [content for content in everywhere if NAME in content] == []
    kept = b"".join(file.read_bytes() for file in stage.folder.iterdir())
    assert (NAME.encode() in kept, str(quentin.id).encode() in kept) == (False, False)


async def test_who_presses_twice_reads_what_went_with_both_presses(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        await open_paused(stage)
        await bea.says(stage.channel, SECRET)
        await until(lambda: SECRET in str(stage.room().history.lines))
        asked = await bea.slash(stage.channel, "backroom forget me")
        message = asked.message
        assert message is not None
        before = accounts(stage)
        presses = await asyncio.gather(bea.press(message, FORGET), bea.press(message, FORGET))
        await until(lambda: accounts(stage) == before + len(presses))
        assert message.content.startswith("Forgotten: 1 message and 0 reactions.")
        other = await confirmed(bea, await bea.slash(stage.channel, "backroom forget me"))
        assert other.content == "Nothing that you said or did is kept any more: it was forgotten before."
    stage.nothing_is_wrong()


async def test_a_button_that_could_not_be_taken_away_knows_after_a_restart_that_all_is_forgotten(stage: Stage) -> None:
    async def refuse(call: Call) -> Answer | None:
        is_meant = call.path.endswith("/callback") and call.body["type"] == CHANGES_ITS_MESSAGE
        return Answer(403, {"code": 50013, "message": "Missing Permissions"}) if is_meant else None

    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        await open_paused(stage)
        await bea.says(stage.channel, SECRET)
        await until(lambda: SECRET in str(stage.room().history.lines))
        asked = await bea.slash(stage.channel, "backroom forget me")
        assert asked.message is not None
        stage.discord.rest.before_effect.append(refuse)
        assert (await bea.press(asked.message, FORGET)).content.startswith("Forgotten: 1 message")
        stage.discord.rest.before_effect.clear()
    async with stage.running():
        assert (await confirmed(bea, asked)).content.startswith("Nothing that you said or did is kept any more")


def accounts(stage: Stage) -> int:
    """Return how many answers were changed, and Discord has taken it: as the one of a press into an account of it."""
    edits = [one for one in stage.discord.exchanges if one.method == "PATCH" and one.path.endswith("/@original")]
    return sum(one.status == 200 for one in edits)
