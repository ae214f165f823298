"""What is said while a cost waits to be written down stays what was said: it can be taken out of the room again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import PictureMade, Spent, Spoke
from tests.end_to_end.other_programs import another_program
from tests.end_to_end.owed_edits import AGAIN, a_room_that_says
from tests.end_to_end.paused_room import take_turn
from tests.end_to_end.stage import SECONDS, Stage, until
from tests.invariants import Evidence, Moment
from tests.invariants.evidence import read_rooms
from tests.invariants.posts import strayed_posts
from tests.openrouter import Reply

WORDS, NEW_WORDS = "an unkind word", "a kinder one"
DEAR = Reply(refusal="No.", cost=0.25)


@asynccontextmanager
async def a_disk_that_takes_no(stage: Stage, *kinds: str) -> AsyncGenerator[None]:
    """Let SQLite refuse whatever is written together with an entry of these kinds."""
    named = ", ".join(f"'{kind}'" for kind in kinds)
    refuse = f"BEFORE INSERT ON entries WHEN NEW.kind IN ({named}) BEGIN SELECT RAISE(ABORT, 'no room'); END"
    async with another_program(stage.database) as does:
        await does(f"CREATE TRIGGER refused {refuse}")
        yield
        await does("DROP TRIGGER refused")


async def try_in_vain(stage: Stage, said: Message) -> None:
    """Let something be said again that is refused, and costs what cannot be written down."""
    stage.host.answer("AI-1", DEAR)
    assert "The old words stay." in (await stage.ann.uses_on(said, AGAIN)).content
    assert [spent.cost_usd for spent in stage.room().owed.for_nothing] == [0.25]


def written_with(stage: Stage, cost: float) -> set[type]:
    """The kinds of entries that were written down together with a cost, and its own."""
    entries = read_rooms(stage.database)[0].entries
    (at,) = {one.at for one in entries if isinstance(one.entry, Spent) and one.entry.cost_usd == cost}
    return {type(one.entry) for one in entries if one.at == at}


def strayed(stage: Stage) -> Sequence[str]:
    return list(strayed_posts(Evidence(read_rooms(stage.database)), Moment.DONE))


async def is_deleted(stage: Stage, said: Message) -> None:
    mod = stage.guild.add_member("Mod", permissions=Permission.MANAGE_MESSAGES)
    await mod.deletes(said)
    await until(lambda: said.id in stage.room().history.withdrawn_messages)


async def is_crossed_out(stage: Stage, said: Message) -> None:
    await stage.ann.reacts(said, "❌")
    await until(lambda: said.id in stage.room().history.withdrawn_messages)
    await until(lambda: said not in stage.channel.messages)


async def is_said_again(stage: Stage, said: Message) -> None:
    stage.host.answer("AI-2", NEW_WORDS)
    assert "has said it again" in (await stage.ann.uses_on(said, AGAIN)).content
    assert said.content == NEW_WORDS


@pytest.mark.parametrize("goes", [is_deleted, is_crossed_out, is_said_again])
async def test_words_that_were_published_with_a_cost_leave_what_the_ais_see(
    stage: Stage, goes: Callable[[Stage, Message], Awaitable[None]]
) -> None:
    async with stage.running():
        (first,) = await a_room_that_says(stage, "first")
        stage.host.answer("AI-2", WORDS)
        async with a_disk_that_takes_no(stage, "spoke", "spent"):
            await stage.ann.slash(stage.channel, "backroom step")
            await until(lambda: stage.room().state.answered)
            await try_in_vain(stage, first)
        said = await stage.channel.wait_for(lambda message: message.content == WORDS, seconds=SECONDS)
        assert stage.room().owed.for_nothing == []
        assert written_with(stage, 0.25) == {Spent, Spoke}
        await goes(stage, said)
        seen = (await take_turn(stage)).seen
        assert "first" in seen
        assert WORDS not in seen
        assert (NEW_WORDS in seen) == (goes is is_said_again)
        assert strayed(stage) == []
    stage.nothing_is_wrong()


async def test_a_picture_that_was_kept_with_a_cost_leaves_what_the_ais_see(stage: Stage) -> None:
    is_tried = asyncio.Event()
    stage.host.paint(Reply(after=is_tried))
    async with stage.running():
        (first,) = await a_room_that_says(stage, '!image "a slow lamp"\n\nfirst')
        await until(lambda: stage.host.images)
        async with a_disk_that_takes_no(stage, "spent"):
            await try_in_vain(stage, first)
        is_tried.set()
        shown = await stage.channel.wait_for(lambda message: bool(message.attachments), seconds=SECONDS)
        assert stage.room().owed.for_nothing == []
        assert written_with(stage, 0.25) == {Spent, PictureMade}
        assert stage.room().history.pictures == [1]
        await is_deleted(stage, shown)
        assert stage.room().history.pictures == []
        assert strayed(stage) == []
    stage.nothing_is_wrong()
