"""What people take back is gone from every room that knows it: one that is over, that has heard much since, a fork."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.open_room import OpenRoom
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Edited, Heard, Withdrawn
from bot.room.history import MESSAGES_KEPT
from tests.end_to_end.forks import fork, let_threads_be_opened, shows
from tests.end_to_end.paused_room import last_of, open_paused, take_turn
from tests.end_to_end.stage import SECONDS, Stage, until

SECRET = "under the third plank"

TakeBack = Callable[[Person, Person, Message], Awaitable[object]]


async def delete(bea: Person, _: Person, message: Message) -> None:
    await bea.deletes(message)


async def edit(bea: Person, _: Person, message: Message) -> None:
    await bea.edits(message, "nowhere")


async def edit_to_a_dot(bea: Person, _: Person, message: Message) -> None:
    await bea.edits(message, f".{SECRET}")


async def hide(bea: Person, _: Person, message: Message) -> None:
    await bea.reacts(message, "🙈")


async def cross_out(_: Person, ann: Person, message: Message) -> None:
    await ann.reacts(message, "❌")


every_way = pytest.mark.parametrize("take_back", [delete, edit, edit_to_a_dot, hide, cross_out])


@pytest.fixture
def bea(stage: Stage) -> Person:
    """Somebody who may only read and write."""
    let_threads_be_opened(stage)
    return stage.guild.add_member("Bea")


async def heard(stage: Stage, person: Person, words: str) -> Message:
    said = await person.says(stage.channel, words)
    await until(lambda: stage.room().history.entry_of_message(said.id))
    return said


async def until_noted(stage: Stage, room: OpenRoom, message: Message) -> None:
    """Wait until the journal says something of a message after it was heard."""
    async with asyncio.timeout(SECONDS):
        while not await entries_about(stage, room, message):  # noqa: ASYNC110 - the database is silent
            await asyncio.sleep(0.01)


async def entries_about(stage: Stage, room: OpenRoom, message: Message) -> list[Edited | Withdrawn]:
    """Return what the journal says of a message after it was heard."""
    assert stage.bot is not None
    written = await stage.bot.supplies.database.journal.entries(room.number)
    (seq,) = [one.seq for one in written if isinstance(one.entry, Heard) and one.entry.message == message.id]
    entries = [one.entry for one in written]
    return [one for one in entries if isinstance(one, Edited | Withdrawn) and one.entry == seq]


async def hear_many_more(room: OpenRoom) -> None:
    """Let people say so much that the room's history lets go of what was said before."""
    async with room.draft() as draft:
        draft.enter(*(Heard(message=n, by=9, by_name="Cem", text=f"line {n}") for n in range(1, MESSAGES_KEPT + 1)))


async def changed_long_after_it_was_said(stage: Stage, person: Person) -> Message:
    """Open a room in which somebody's secret of long ago reads "nowhere" by now."""
    await open_paused(stage)
    said = await heard(stage, person, SECRET)
    await hear_many_more(stage.room())
    await person.edits(said, "nowhere")
    await until(lambda: shows(stage.room(), "nowhere"))
    return said


@every_way
async def test_what_is_taken_back_in_a_room_that_is_over_does_not_come_back_by_a_fork(
    stage: Stage, bea: Person, take_back: TakeBack
) -> None:
    async with stage.running():
        await open_paused(stage)
        secret = await heard(stage, bea, SECRET)
        public = await heard(stage, bea, "good evening")
        over = stage.room()
        await stage.ann.slash(stage.channel, "backroom stop")
        await take_back(bea, stage.ann, secret)
        await until(lambda: not shows(over, SECRET))
        assert len(await entries_about(stage, over, secret)) == 1
        forked = await fork(stage, public)
        assert shows(forked, "good evening")
        assert not shows(forked, SECRET)
    stage.nothing_is_wrong()


async def test_what_is_deleted_in_a_room_that_was_over_before_the_start_is_withdrawn(stage: Stage, bea: Person) -> None:
    async with stage.running():
        await open_paused(stage)
        secret = await heard(stage, bea, SECRET)
        public = await heard(stage, bea, "good evening")
        over = stage.room()
        await stage.ann.slash(stage.channel, "backroom stop")
    async with stage.running():
        await bea.deletes(secret)
        await until_noted(stage, over, secret)
        assert not shows(await fork(stage, public), SECRET)
    stage.nothing_is_wrong()


@every_way
async def test_what_was_said_long_ago_can_be_taken_back(stage: Stage, bea: Person, take_back: TakeBack) -> None:
    async with stage.running():
        await open_paused(stage)
        secret = await heard(stage, bea, SECRET)
        await hear_many_more(stage.room())
        assert stage.room().history.entry_of_message(secret.id) is None
        assert shows(stage.room(), SECRET)
        await take_back(bea, stage.ann, secret)
        await until(lambda: not shows(stage.room(), SECRET))
        assert len(await entries_about(stage, stage.room(), secret)) == 1
        assert SECRET not in (await take_turn(stage)).seen
    stage.nothing_is_wrong()


async def test_what_was_said_long_ago_can_be_changed_back(stage: Stage, bea: Person) -> None:
    async with stage.running():
        said = await changed_long_after_it_was_said(stage, bea)
        await bea.edits(said, SECRET)
        await until(lambda: shows(stage.room(), SECRET))
        assert [type(one) for one in await entries_about(stage, stage.room(), said)] == [Edited, Edited]
    stage.nothing_is_wrong()


async def test_reactions_to_what_was_said_long_ago_reach_the_ais_in_its_words_of_now(stage: Stage, bea: Person) -> None:
    async with stage.running():
        said = await changed_long_after_it_was_said(stage, bea)
        await stage.ann.reacts(said, "🔥")
        await until(lambda: stage.room().history.given(said.id))
        told = stage.room().history.lines[-1].text
        assert "Bea's message" in told
        assert "nowhere" in told
    stage.nothing_is_wrong()


@every_way
async def test_what_is_taken_back_leaves_the_forks_that_know_it(stage: Stage, bea: Person, take_back: TakeBack) -> None:
    async with stage.running():
        await open_paused(stage)
        secret = await heard(stage, bea, SECRET)
        public = await heard(stage, bea, "good evening")
        forked = await fork(stage, public)
        (thread,) = stage.guild.threads
        of_fork = await fork(stage, await thread.wait_for(lambda message: message.content.startswith("🍴")))
        assert shows(forked, SECRET)
        assert shows(of_fork, SECRET)
        await take_back(bea, stage.ann, secret)
        await until(lambda: not any(shows(room, SECRET) for room in (stage.room(), forked, of_fork)))
        assert shows(forked, "good evening")
    stage.nothing_is_wrong()


async def test_words_of_an_ai_that_are_deleted_leave_a_fork_as_well_part_by_part(stage: Stage, bea: Person) -> None:
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "mist " * 500 + SECRET)
        await take_turn(stage)
        first, *_, last = [one for one in stage.channel.messages if one.author_name.startswith("AI-1")]
        forked = await fork(stage, await heard(stage, bea, "good evening"))
        assert SECRET in last.content
        assert first.content not in last.content
        await stage.ann.reacts(last, "❌")
        await until(lambda: not shows(forked, SECRET))
        assert shows(forked, "mist mist")
        await stage.ann.reacts(first, "❌")
        await until(lambda: not shows(forked, "mist mist"))
        await until(lambda: first not in stage.channel.messages)
        assert shows(forked, "good evening")
    stage.nothing_is_wrong()


async def test_what_two_people_cross_out_at_once_is_deleted_once(stage: Stage) -> None:
    cem = stage.guild.add_member("Cem", permissions=Permission.MANAGE_CHANNELS)
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", "mist")
        await take_turn(stage)
        said = last_of(stage, "AI-1")
        await asyncio.gather(stage.ann.reacts(said, "❌"), cem.reacts(said, "❌"))
        await until(lambda: said not in stage.channel.messages)
        await asyncio.sleep(1)  # so long a second deletion would come
        deleted = [one for one in stage.discord.exchanges if one.method == "DELETE" and one.path.endswith(str(said.id))]
        assert len(deleted) == 1
    stage.nothing_is_wrong()


async def test_what_the_house_says_for_a_person_leaves_a_fork_as_well(stage: Stage, bea: Person) -> None:
    async with stage.running():
        await open_paused(stage)
        await stage.ann.slash(stage.channel, "backroom say", words=SECRET)
        said = await stage.channel.wait_for(lambda message: SECRET in message.content)
        await until(lambda: not stage.room().owes_words)
        forked = await fork(stage, await heard(stage, bea, "good evening"))
        assert shows(forked, SECRET)
        await stage.ann.reacts(said, "❌")
        await until(lambda: not shows(forked, SECRET) and said not in stage.channel.messages)
    stage.nothing_is_wrong()


async def test_what_leaves_while_nobody_tells_the_bot_leaves_the_forks_at_the_next_start(
    stage: Stage, bea: Person
) -> None:
    async with stage.running():
        await open_paused(stage)
        secret = await heard(stage, bea, SECRET)
        changed = await heard(stage, bea, "the tide is blue")
        number = (await fork(stage, await heard(stage, bea, "good evening"))).number
    await bea.deletes(secret)
    await bea.edits(changed, "the tide is grey")
    async with stage.running() as bot:
        (forked,) = [room for room in bot.rooms if room.number == number]
        await until(lambda: not shows(forked, SECRET) and shows(forked, "grey"))
    stage.nothing_is_wrong()


async def test_a_room_that_is_deleted_meanwhile_does_not_hide_the_others_that_know_a_message(
    stage: Stage, bea: Person
) -> None:
    async with stage.running():
        await open_paused(stage)
        secret = await heard(stage, bea, SECRET)
        over = await fork(stage, secret)
        (thread,) = stage.guild.threads
        newest = await fork(stage, await thread.wait_for(lambda message: message.content.startswith("🍴")))
        await stage.ann.slash(thread, "backroom stop")
        await until(lambda: not over.owes_words)
    async with stage.running() as bot:
        known = bot.rooms.that_know([secret.id])
        assert (await anext(known)).number == newest.number
        await bot.supplies.database.privacy.delete_room(over.number)
        assert [room async for room in known] == [stage.room()]
    stage.nothing_is_wrong()
