"""Who opened a room steers it without Manage Channels: also when it is over, and nobody else's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.client import BackroomBot
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.forks import FORK, let_threads_be_opened
from tests.end_to_end.stage import Stage, until

FLASH, AGAIN = "Gemini 3 Flash", "Say it again"
MAY_NOT_STEER = "To steer rooms here, you need Manage Channels or a role that may steer rooms"
NEEDS_BOTH = (
    "it is not enough that you may open rooms: you need Manage Channels or a role that may steer rooms as well."
)


async def who_may_open(stage: Stage) -> Person:
    """Give a person the right to open rooms, and no other."""
    bea = stage.guild.add_member("Bea")
    boss = stage.guild.add_member("Boss", permissions=Permission.MANAGE_GUILD)
    await boss.slash(stage.channel, "backroom settings rights", right="start", give=bea.roles[0])
    return bea


async def a_room_of(stage: Stage, opener: Person, words: str) -> Message:
    """Let a room take its one round and end; return what was said in it."""
    stage.host.answer("AI-1", words)
    reply = await opener.slash(stage.channel, "backroom start", ai1=FLASH, rounds=1, pace=0)
    assert reply.content.startswith("The room is open"), reply.content
    said = await stage.channel.wait_for(lambda message: message.content == words)
    await stage.channel.wait_for(lambda message: message.id > said.id and message.content.startswith("⏹️"))
    return said


async def test_a_room_that_is_over_is_still_its_openers(stage: Stage) -> None:
    async with stage.running():
        bea = await who_may_open(stage)
        own = await a_room_of(stage, bea, "mine")
        reply = await bea.slash(stage.channel, "backroom export")
        assert reply.content.startswith("This is room 1.")
        assert (await bea.slash(stage.channel, "backroom pause")).content.startswith("No room is open in this channel.")
        assert "The room is over." in (await bea.uses_on(own, AGAIN)).content
        let_threads_be_opened(stage)
        assert "The fork continues" in (await bea.uses_on(own, FORK)).content
    stage.nothing_is_wrong()


@pytest.mark.parametrize("is_open", [True, False])
async def test_somebody_elses_room_is_not_theirs_whichever_is_open(stage: Stage, *, is_open: bool) -> None:
    let_threads_be_opened(stage)
    async with stage.running():
        bea = await who_may_open(stage)
        of_ann = await a_room_of(stage, stage.ann, "hers")
        assert MAY_NOT_STEER in (await bea.slash(stage.channel, "backroom export")).content
        if is_open:
            await bea.slash(stage.channel, "backroom start", ai1=FLASH, rounds=0, order="conductor")
        assert MAY_NOT_STEER in (await bea.uses_on(of_ann, AGAIN)).content
        assert NEEDS_BOTH in (await bea.uses_on(of_ann, FORK)).content
        assert stage.guild.threads == []
    stage.nothing_is_wrong()


async def test_a_fork_that_is_over_is_its_openers_and_not_those_of_the_room_before(stage: Stage) -> None:
    async with stage.running():
        bea = await who_may_open(stage)
        stage.host.answer("AI-1", "hers", "what followed")
        await bea.slash(stage.channel, "backroom start", ai1=FLASH, rounds=1, pace=0)
        said = await stage.channel.wait_for(lambda message: message.content == "hers")
        await stage.until_over()
        let_threads_be_opened(stage)
        await stage.ann.uses_on(said, FORK)
        (thread,) = stage.guild.threads
        await stage.until_over(thread)
    async with stage.running() as bot:
        await until(lambda: not list(bot.rooms))
        assert MAY_NOT_STEER in (await bea.slash(thread, "backroom export")).content
        assert (await bea.slash(stage.channel, "backroom export")).content.startswith("This is room 1.")
    stage.nothing_is_wrong()


async def test_of_a_long_room_that_is_over_no_more_is_read_than_who_opened_it(stage: Stage) -> None:
    async with stage.running():
        bea = await who_may_open(stage)
        await a_room_of(stage, stage.ann, "hers")
    async with stage.running() as bot:
        asked = questions_about_entries(bot)
        assert MAY_NOT_STEER in (await bea.slash(stage.channel, "backroom pause")).content
        assert rows_of(stage, asked) == 1
    stage.nothing_is_wrong()


def questions_about_entries(bot: BackroomBot) -> list[tuple[str, Any]]:
    """Return what a bot's database is asked about entries from now on, as (question, values), while it comes."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT entries."):
            asked.append((statement, values))

    engine = bot.supplies.database.transactions._readers.sync_engine  # pyright: ignore[reportPrivateUsage]
    event.listen(engine, "before_cursor_execute", note)
    return asked


def rows_of(stage: Stage, asked: Iterable[tuple[str, Any]]) -> int:
    """Return how many rows answer these questions."""
    with closing(sqlite3.connect(stage.database)) as connection:
        return sum(len(connection.execute(statement, values).fetchall()) for statement, values in asked)
