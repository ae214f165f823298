"""Who wants to be forgotten is: also when the bot ends half way through, or their words are still on their way."""

from __future__ import annotations

import asyncio

from bot.client import BackroomBot
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import SECONDS, Stage, until

FORGET = "Forget everything I said"


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
    reply = await person.slash(stage.channel, "backroom forget")
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
