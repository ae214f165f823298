"""Who wants to be forgotten is: also when the bot ends half way through, or their words are still on their way."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from bot.client import BackroomBot
from bot.rehearsal.faults import Fault, ServerError
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.room.entries import Ended, Heard
from bot.storage import Place
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import SECONDS, Stage, until
from tests.images.image_host import png

FORGET = "Forget everything I said"
SECRET = "under the third plank"


async def test_reactions_of_who_was_forgotten_are_not_taken_up_again_after_a_restart(stage: Stage) -> None:
    words, bea = await with_a_reaction_of_bea(stage)
    async with stage.running():
        await press_forget(stage, bea)
        await until(lambda: not stage.room().history.given(words.id))
    asked_before = times_asked_who_reacted(stage)
    async with stage.running():
        await until(lambda: times_asked_who_reacted(stage) > asked_before)  # it catches up
        await stage.ann.reacts(words, "💀")
        await until(lambda: stage.room().history.given(words.id))
        assert list(stage.room().history.given(words.id)) == ["💀"]


async def test_who_presses_forget_is_noted_before_anything_is_forgotten(stage: Stage) -> None:
    words, bea = await with_a_reaction_of_bea(stage)
    async with stage.running() as bot, stage.room().draft():  # nobody else writes, so that the forgetting cannot end
        await press_forget(stage, bea)
        await until_noted(bot, bea, words)
        assert stage.room().history.given(words.id)


async def test_a_forgetting_that_was_cut_off_is_finished_at_the_next_start(stage: Stage) -> None:
    words, bea = await with_a_reaction_of_bea(stage)
    async with AsyncExitStack() as held, stage.running() as bot:
        await held.enter_async_context(stage.room().draft())
        await press_forget(stage, bea)
        await until_noted(bot, bea, words)
    async with stage.running() as bot:
        assert not stage.room().history.given(words.id)
        assert await bot.supplies.database.marks.beginning_with("forgetting") == {}
    assert str(bea.id).encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())


async def test_words_that_the_house_repeated_leave_the_channel_after_a_restart_as_well(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.slash(stage.channel, "backroom say", words=SECRET)
        shown = await stage.channel.wait_for(lambda m: SECRET in m.content)
        await until(lambda: not stage.room().owes_words)
        stage.discord.faults.add(Fault(ServerError(503), "DELETE", "/channels/*/messages/*"))
        await press_forget(stage, stage.ann)
        await until(lambda: "ServerError" in [struck.kind for struck in stage.discord.faults.struck])
    assert shown.id in stage.channel.history
    stage.discord.faults.clear()
    async with stage.running():
        await until(lambda: shown.id not in stage.channel.history)


async def test_words_whose_picture_is_on_its_way_are_not_heard_when_their_author_is_forgotten(stage: Stage) -> None:
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running() as bot:
        await open_paused(stage)
        stage.discord.files.gate.clear()
        said = await bea.says(stage.channel, SECRET, files={"plank.png": png()})
        await until(lambda: stage.discord.files.waiting)
        await press_forget(stage, bea)
        await until_noted(bot, bea, said)
        stage.discord.files.gate.set()
        await stage.ann.says(stage.channel, "Good evening.")
        await bea.says(stage.channel, "I am new here.")
        await until(lambda: "I am new here." in str(stage.room().history.lines))
        asked = await take_turn(stage)
        assert SECRET not in asked.seen
        assert "Good evening." in asked.seen
        assert "[Bea]: I am new here." in asked.seen
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())


async def test_a_room_that_is_just_being_read_knows_nothing_of_who_is_forgotten(stage: Stage) -> None:
    long_ago = Place(stage.guild.id, stage.channel.id + 1)
    heard = [Heard(message=number, by=stage.ann.id, by_name="Ann", text=SECRET) for number in range(1, 3_000)]
    async with stage.running() as bot:
        number = await bot.supplies.database.journal.open_room(long_ago, [*heard, Ended(reason="stopped")])
        room, gone = await asyncio.gather(
            bot.rooms.numbered(number), bot.rooms.forget_person(stage.ann.id, stage.guild.id, {"Ann"}, 3_000)
        )
        assert gone.messages == len(heard)
        assert SECRET not in str(room.history.lines)


async def with_a_reaction_of_bea(stage: Stage) -> tuple[Message, Person]:
    """Let Bea react to what an AI says, and end the bot once that is written down."""
    bea = stage.guild.add_member("Bea")
    stage.guild.lift_command_permissions()
    async with stage.running():
        await open_paused(stage)
        await take_turn(stage)
        words = last_of(stage, "AI-1")
        await bea.reacts(words, "🔥")
        await until(lambda: stage.room().history.given(words.id))
    return words, bea


async def press_forget(stage: Stage, person: Person) -> None:
    reply = await person.slash(stage.channel, "backroom forget me")
    assert reply.message is not None
    await person.press(reply.message, FORGET)


async def until_noted(bot: BackroomBot, person: Person, message: Message) -> None:
    """Wait until it is noted that what a person did about a message is to stay forgotten."""
    async with asyncio.timeout(SECONDS):
        while not await bot.pseudonyms.is_forgotten(person.id, message.id):  # noqa: ASYNC110 - the database is silent
            await asyncio.sleep(0.01)


def times_asked_who_reacted(stage: Stage) -> int:
    """Return how often the bot was told who reacted with an emoji."""
    asked = [one for one in stage.discord.exchanges if one.method == "GET" and "/reactions/" in one.path]
    return sum(one.status is not None for one in asked)
