"""A picture of a person's words: none is made of what the AIs do not hear, and it leaves with the words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.events import Intent
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from bot.room import notices
from tests.end_to_end.paused_room import open_paused, take_turn
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

SECRET = "under the third plank"
PICTURE = "Picture this"
NOT_HEARD = "The AIs of this room have not heard that message, so no picture is made of it."
FORGET = "Forget everything I said"
SECONDS_UNDER_WAY = 6.0
"""Longer than anybody waits for a post before going on without it."""

Way = Callable[[Person, Message], Awaitable[object]]
WAYS: dict[str, Way] = {
    "deleted": lambda bea, said: bea.deletes(said),
    "hidden by an edit": lambda bea, said: bea.edits(said, f". {SECRET}"),
    "said otherwise": lambda bea, said: bea.edits(said, "nowhere at all"),
    "hidden": lambda bea, said: bea.reacts(said, "🙈"),
}


@pytest.fixture
def bea(stage: Stage) -> Person:
    """Somebody who steers nothing."""
    stage.guild.lift_command_permissions()
    return stage.guild.add_member("Bea")


async def test_what_the_ais_have_not_heard_is_not_pictured(stage: Stage, bea: Person) -> None:
    long_ago = await bea.says(stage.channel, f"{SECRET}, long ago")
    async with stage.running():
        await open_paused(stage, mode="silent")
        silent = await bea.says(stage.channel, f"{SECRET}, to nobody")
        hidden = await bea.says(stage.channel, f"{SECRET}, to people")
        await bea.reacts(hidden, "🙈")
        for unheard in (long_ago, silent, hidden):
            assert (await stage.ann.uses_on(unheard, PICTURE)).content == NOT_HEARD
        assert (stage.host.images, stage.room().state.pictures_asked) == ([], 0)
    stage.nothing_is_wrong()


async def test_what_the_bot_may_not_read_is_not_pictured(stage: Stage, bea: Person) -> None:
    stage.discord.world.application.privileged_intents = Intent(0)
    async with stage.running() as bot:
        assert bot.user is not None
        await open_paused(stage)
        unread = await bea.says(stage.channel, SECRET)
        read = await bea.says(stage.channel, f"<@{bot.user.id}> a boat")
        assert (await stage.ann.uses_on(unread, PICTURE)).content == NOT_HEARD
        assert "being made" in (await stage.ann.uses_on(read, PICTURE)).content


async def test_what_was_said_before_it_was_forgotten_is_not_pictured(stage: Stage, bea: Person) -> None:
    async with stage.running():
        await open_paused(stage)
        said = await heard(stage, bea)
        await forget(bea, stage)
        refused = await stage.ann.uses_on(said, PICTURE)
        assert refused.content == "Who said that wanted it to be forgotten, so no picture is made of it."
        assert stage.host.images == []


async def test_words_that_were_changed_unheard_are_pictured_as_they_were_heard(stage: Stage, bea: Person) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        said = await heard(stage, bea, "a boat in the fog")
        room = stage.room()
        async with bot.ears.in_order(room):  # nobody hears meanwhile
            await bea.edits(said, f"a boat {SECRET}")
            assert "being made" in (await stage.ann.uses_on(said, PICTURE)).content
        await until(lambda: stage.host.images)
        assert stage.host.images[0].json["prompt"] == "a boat in the fog"


@pytest.mark.parametrize("way", WAYS)
async def test_a_picture_of_words_leaves_with_them(stage: Stage, bea: Person, way: str) -> None:
    async with stage.running():
        await open_paused(stage)
        said, picture = await pictured(stage, bea)
        await WAYS[way](bea, said)
        await until_gone(stage, picture)
        assert SECRET not in (await take_turn(stage)).seen
        assert stage.room().history.pictures == []
        assert SECRET not in await exported(stage)
    stage.nothing_is_wrong()


async def test_a_picture_that_arrives_long_after_its_words_were_taken_back_leaves_as_well(
    stage: Stage, bea: Person
) -> None:
    is_there, answers = asyncio.Event(), asyncio.Event()

    async def hold(call: Call, _answer: Answer) -> Answer | None:
        if call.method == "POST" and call.files and not is_there.is_set():
            is_there.set()
            await answers.wait()
        return None

    async with stage.running():
        await open_paused(stage)
        said = await heard(stage, bea)
        stage.discord.rest.after_effect.append(hold)
        await stage.ann.uses_on(said, PICTURE)
        await is_there.wait()
        await bea.deletes(said)
        await until(lambda: SECRET not in str(stage.room().history.lines))
        await asyncio.sleep(SECONDS_UNDER_WAY)
        answers.set()
        await until(lambda: not [m for m in stage.channel.messages if m.attachments])
        assert SECRET not in str(stage.said())
    stage.nothing_is_wrong()


async def test_a_picture_of_words_leaves_when_who_may_steer_takes_them_out(stage: Stage, bea: Person) -> None:
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.MANAGE_MESSAGES)
    async with stage.running():
        await open_paused(stage)
        said, picture = await pictured(stage, bea)
        await stage.ann.reacts(said, "❌")
        await until_gone(stage, picture)
        assert SECRET not in (await take_turn(stage)).seen
    stage.nothing_is_wrong()


async def test_a_picture_stays_where_its_words_are_still_said(stage: Stage, bea: Person) -> None:
    async with stage.running():
        await open_paused(stage)
        said, picture = await pictured(stage, bea)
        await bea.edits(said, f"It is {SECRET}, I think.")
        await until(lambda: "I think." in str(stage.room().history.lines))
        assert "I think." in (await take_turn(stage)).seen
        assert picture in stage.channel.messages


async def test_nothing_is_kept_of_a_picture_of_who_is_forgotten(stage: Stage, bea: Person) -> None:
    async with stage.running() as bot:
        await open_paused(stage)
        _, picture = await pictured(stage, bea)
        for shown in (picture, next(m for m in stage.channel.messages if "(generating...)" in m.content)):
            await stage.ann.reacts(shown, "🔥")
            await stage.ann.uses_on(shown, PICTURE)
        await until(lambda: len([m for m in stage.channel.messages if m.attachments]) == 3)
        room = stage.room()
        await until(lambda: len(room.history.reactions) == 2 and not room.owes_words)
        await stage.ann.says(stage.channel, "What a plank!", reply_to=picture)
        await until(lambda: "What a plank!" in str(room.history.lines))
        assert "3 pictures" in await forget(bea, stage)
        await until_gone(stage, picture)
        assert SECRET not in (await take_turn(stage)).seen
        assert SECRET not in await exported(stage)
        assert room.history.pictures == []
        assert await bot.supplies.database.privacy.still_shown() == []
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())
    stage.nothing_is_wrong()


async def test_nothing_is_kept_of_a_picture_of_words_that_were_deleted_before_they_were_forgotten(
    stage: Stage, bea: Person
) -> None:
    async with stage.running():
        await open_paused(stage)
        said, picture = await pictured(stage, bea)
        await bea.deletes(said)
        await until_gone(stage, picture)
        assert "1 picture." in await forget(bea, stage)
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())
    stage.nothing_is_wrong()


async def test_a_picture_is_not_made_to_its_end_of_words_that_are_taken_back(stage: Stage, bea: Person) -> None:
    is_taken_back = asyncio.Event()
    stage.host.picture_script = lambda _request: Reply(after=is_taken_back, cost=0.25)
    async with stage.running():
        await open_paused(stage)
        said = await heard(stage, bea)
        await stage.ann.uses_on(said, PICTURE)
        await until(lambda: stage.host.images)
        await bea.deletes(said)
        room = stage.room()
        await until(lambda: room.state.pictures_pending == ())
        await stage.ann.slash(stage.channel, "backroom temperature", seat="AI-1", temperature=0.5)
        is_taken_back.set()
        await until(lambda: room.state.cost_usd >= 0.25)
        await room.say()
        assert SECRET not in str(stage.said())
        assert [m for m in stage.channel.messages if m.attachments] == []
        assert SECRET not in await exported(stage)
    stage.nothing_is_wrong()


async def test_a_picture_is_not_made_to_its_end_of_words_of_who_is_forgotten(stage: Stage, bea: Person) -> None:
    stage.host.picture_script = lambda _request: Reply(seconds_before=1.0, cost=0.25)
    async with stage.running():
        await open_paused(stage)
        said = await heard(stage, bea)
        await stage.ann.uses_on(said, PICTURE)
        await until(lambda: stage.host.images)
        await forget(bea, stage)
        room = stage.room()
        await stage.channel.wait_for(lambda m: "could not be made" in m.content)
        assert room.state.cost_usd >= 0.25
        assert len(stage.host.images) == 1
        assert [m for m in stage.channel.messages if m.attachments] == []
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())
    stage.nothing_is_wrong()


async def test_a_picture_of_words_leaves_the_forks_as_well_and_rooms_that_are_over(stage: Stage, bea: Person) -> None:
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.CREATE_PUBLIC_THREADS)
    async with stage.running():
        await open_paused(stage)
        said, picture = await pictured(stage, bea)
        await take_turn(stage)
        spoken = next(m for m in reversed(stage.channel.messages) if m.author_name.startswith("AI-"))
        await stage.ann.uses_on(spoken, "Fork from here")
        fork = stage.guild.threads[0]
        assert SECRET in await exported(stage, fork)
        await stage.ann.slash(stage.channel, "backroom stop")
    async with stage.running():
        await bea.deletes(said)
        await until_gone(stage, picture)
        assert SECRET not in await exported(stage, fork)
        assert SECRET not in await exported(stage)
    stage.nothing_is_wrong()


async def heard(stage: Stage, person: Person, words: str = SECRET) -> Message:
    """Let a person say something that the AIs hear."""
    said = await person.says(stage.channel, words)
    await until(lambda: stage.room().history.entry_of_message(said.id))
    return said


async def pictured(stage: Stage, person: Person) -> tuple[Message, Message]:
    """Let a picture be made of what a person says; returns both messages."""
    said = await heard(stage, person)
    assert "being made" in (await stage.ann.uses_on(said, PICTURE)).content
    picture = await stage.channel.wait_for(lambda message: bool(message.attachments))
    await until(lambda: not stage.room().owes_words)
    assert f'!image "{SECRET}"' in picture.content
    return said, picture


async def until_gone(stage: Stage, picture: Message) -> None:
    """Wait until the house says nothing of a secret any more."""
    await until(lambda: not [m for m in stage.channel.messages if SECRET in m.content and m.author_name != "Bea"])
    assert picture not in stage.channel.messages
    assert [m for m in stage.channel.messages if m.attachments] == []


async def forget(person: Person, stage: Stage) -> str:
    """Let a person be forgotten; returns what they are told."""
    asked = await person.slash(stage.channel, "backroom forget me")
    assert asked.message is not None
    reply = await person.press(asked.message, FORGET)
    await until(lambda: reply.content != notices.FORGETTING)
    return reply.content


async def exported(stage: Stage, channel: Channel | None = None) -> str:
    """Everything that documents of a room hold."""
    documents: list[str] = []
    for form in ("md", "json"):
        reply = await stage.ann.slash(channel or stage.channel, "backroom export", format=form)
        assert reply.message is not None, reply.content
        documents += [file.data.decode() for file in reply.message.attachments]
    return "\n".join(documents)
