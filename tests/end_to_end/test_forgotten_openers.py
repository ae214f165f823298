"""Who opened a room and wants to be forgotten: they are told beforehand that they lose it, and nothing untrue after."""

from __future__ import annotations

from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.room import notices
from tests.end_to_end.paused_room import FLASH, open_paused
from tests.end_to_end.stage import Stage, until

LOST = "⚠️ You opened"


async def test_who_opened_a_room_is_told_that_they_lose_it_and_afterwards_why(stage: Stage) -> None:
    otto, bea = await with_otto(stage)
    async with stage.running() as bot:
        await bot.guild_settings.change(stage.guild.id, start_roles=[role.id for role in otto.roles])
        started = await otto.slash(stage.channel, "backroom start", ai1=FLASH, rounds=0, order="conductor")
        assert started.content.startswith("The room is open")
        assert "must have opened the room yourself" in (await bea.slash(stage.channel, "backroom pause")).content
        question = await otto.slash(stage.channel, "backroom forget me")
        assert f"{LOST} <#{stage.channel.id}>, and that is still open." in question.content
        assert LOST not in (await bea.slash(stage.channel, "backroom forget me")).content
        await press(otto, question.message)
        told = (await otto.slash(stage.channel, "backroom pause")).content
        assert told.startswith("To steer this room, you need Manage Channels")
        assert told.endswith("whoever opened it was forgotten.")
        assert "paused" in (await stage.ann.slash(stage.channel, "backroom pause")).content
    stage.nothing_is_wrong()


async def test_who_steers_a_room_anyway_or_opened_one_that_is_over_loses_nothing(stage: Stage) -> None:
    otto, _ = await with_otto(stage)
    async with stage.running() as bot:
        await bot.guild_settings.change(stage.guild.id, start_roles=[role.id for role in otto.roles])
        over = stage.guild.add_text_channel("over")
        await otto.slash(over, "backroom start", ai1=FLASH, rounds=0, order="conductor")
        await otto.slash(over, "backroom stop")
        await open_paused(stage)
        for person in (stage.ann, otto):
            assert LOST not in (await person.slash(stage.channel, "backroom forget me")).content
    stage.nothing_is_wrong()


async def test_of_a_message_that_was_forgotten_it_is_told_that_the_ais_see_it_no_longer(stage: Stage) -> None:
    otto, bea = await with_otto(stage)
    async with stage.running():
        await open_paused(stage)
        said = await otto.says(stage.channel, "under the third plank")
        await until(lambda: stage.room().history.entry_of_message(said.id))
        assert "no longer" not in (await bea.uses_on(said, "Who said this?")).content
        await press(otto, (await otto.slash(stage.channel, "backroom forget me")).message)
        told = (await bea.uses_on(said, "Who said this?")).content
        assert told.endswith("Whoever said it was forgotten: the AIs see it no longer.")
    stage.nothing_is_wrong()


async def with_otto(stage: Stage) -> tuple[Person, Person]:
    """Somebody whose role may come to open rooms, and somebody else."""
    stage.guild.lift_command_permissions()
    return stage.guild.add_member("Otto"), stage.guild.add_member("Bea")


async def press(person: Person, question: Message | None) -> None:
    """Press the button, and wait until the person is forgotten."""
    assert question is not None
    reply = await person.press(question, "Forget everything I said")
    await until(lambda: reply.content != notices.FORGETTING)
