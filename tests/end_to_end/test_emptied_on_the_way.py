"""Words of which nobody knows whether Discord has them leave the channel as well, once they are to be seen no more."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process

import pytest

from bot.rehearsal.faults import Cut, Fault
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.rest.handling import ConnectionCut
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.end_to_end.test_forgotten_on_the_way import NAME, SECRET, confirmed, says

CHANGES_ORDER = "🔀"
SECONDS_LATE = 3.0
"""Longer than it takes until a post that was cut off is looked for, and less than until it is looked for again."""


class CutOff:
    """Cuts off every post of the secret once Discord has it; a process that it is given is killed with it."""

    def __init__(self, stage: Stage, process: Process | None = None) -> None:
        self.posts: list[Call] = []
        self._process = process
        stage.discord.rest.after_effect.append(self._cut)

    async def _cut(self, call: Call, _answer: Answer) -> Answer | None:
        if not is_secret(call):
            return None
        self.posts.append(call)
        if self._process is not None:
            self._process.kill()
        raise ConnectionCut


@pytest.fixture
def quentin(stage: Stage) -> Person:
    """Somebody who wants to be forgotten."""
    stage.guild.lift_command_permissions()
    return stage.guild.add_member(NAME)


def is_secret(call: Call) -> bool:
    return call.method == "POST" and bool(call.json) and SECRET in str(call.json.get("content"))


def stands(stage: Stage) -> bool:
    return any(SECRET in content for _, content in stage.said())


async def forget(stage: Stage, person: Person) -> None:
    reply = await confirmed(person, await person.slash(stage.channel, "backroom forget me"))
    assert reply.content.startswith("Forgotten: 1 message")


def nothing_is_kept(stage: Stage) -> None:
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in stage.folder.iterdir())


@pytest.mark.parametrize("is_stopped", [False, True], ids=["the bot runs", "the bot is stopped meanwhile"])
async def test_forgotten_words_are_deleted_when_discord_could_not_be_asked_for_them_at_first(
    stage: Stage, quentin: Person, is_stopped: bool
) -> None:
    cut_off = CutOff(stage)
    async with stage.running():
        await open_paused(stage)
        stage.discord.faults.add(Fault(Cut(), "GET", MESSAGES))
        await says(stage, quentin)
        await until(lambda: stage.discord.faults.struck)
        await forget(stage, quentin)
        assert stands(stage)
        stage.discord.faults.clear()
        if not is_stopped:
            await until(lambda: not stands(stage))
    if is_stopped:
        assert stands(stage)
        async with stage.running():
            await until(lambda: not stands(stage))
    assert len(cut_off.posts) == 1
    nothing_is_kept(stage)
    stage.nothing_is_wrong()


async def test_forgotten_words_are_deleted_that_were_on_their_way_when_the_process_was_killed(
    stage: Stage, quentin: Person
) -> None:
    async with stage.process() as process:
        await open_paused(stage)
        cut_off = CutOff(stage, process)
        await says(stage, quentin)
        await asyncio.wait_for(process.wait(), 30)
    await until(lambda: not stage.discord.gateway.has_a_client)
    stage.discord.faults.add(Fault(Cut(), "GET", MESSAGES))
    async with stage.process() as process:
        await forget(stage, quentin)
        process.kill()
    await until(lambda: not stage.discord.gateway.has_a_client)
    assert stands(stage)
    stage.discord.faults.clear()
    async with stage.process():
        await until(lambda: not stands(stage))
    assert len(cut_off.posts) == 1
    stage.nothing_is_wrong()


async def test_forgotten_words_are_deleted_that_discord_stores_after_they_were_looked_for(
    stage: Stage, quentin: Person
) -> None:
    goes_on, posts = asyncio.Event(), list[Call]()

    async def hold(call: Call) -> Answer | None:
        if is_secret(call):
            posts.append(call)
            await goes_on.wait()
            raise ConnectionCut(SECONDS_LATE)
        return None

    async with stage.running() as bot:
        await open_paused(stage)
        stage.discord.rest.before_effect.append(hold)
        await says(stage, quentin)
        await until(lambda: posts)
        await forget(stage, quentin)
        goes_on.set()
        await bot.rooms.until_arrived()
        assert not stands(stage)
        await until(lambda: stands(stage))
        await until(lambda: not stands(stage))
    assert len(posts) == 1
    nothing_is_kept(stage)
    stage.nothing_is_wrong()


async def test_a_line_that_lost_a_name_on_its_way_stands_once(stage: Stage) -> None:
    cut_off: list[Call] = []

    async def cut(call: Call, _answer: Answer) -> Answer | None:
        if call.method == "POST" and call.json and str(call.json.get("content")).startswith(CHANGES_ORDER):
            cut_off.append(call)
            raise ConnectionCut
        return None

    quentin = stage.guild.add_member(NAME, permissions=Permission.MANAGE_CHANNELS)
    async with stage.running() as bot:
        await open_paused(stage)
        stage.discord.rest.after_effect.append(cut)
        stage.discord.faults.add(Fault(Cut(), "GET", MESSAGES))
        await quentin.slash(stage.channel, "backroom order", order="conductor")
        await until(lambda: stage.discord.faults.struck)
        await confirmed(quentin, await quentin.slash(stage.channel, "backroom forget me"))
        stage.discord.faults.clear()
        await until(lambda: not stage.room().owes_words)
        assert await bot.supplies.database.outbox.sought() == []
    assert len([content for _, content in stage.said() if content.startswith(CHANGES_ORDER)]) == len(cut_off) == 1
    stage.nothing_is_wrong()
