"""A disk that fails while rooms talk: a pause and a notice, nothing lost, paid twice or said twice; then it goes on."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, closing

import pytest

from bot.rehearsal.faults import Fault
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Spent
from tests.end_to_end.failing_disks import (
    DISKS,
    Breaking,
    BreaksOffAfterCommit,
    FailingDisk,
    a_full_disk,
    a_read_only_database,
)
from tests.end_to_end.garbled import Garbled
from tests.end_to_end.hall import MESSAGES
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
LONG = "rain on the roof " * 100
SECONDS_OF_TRIES = 4.0
"""So long the room tries again; a turn would be asked for meanwhile, and a second notice be said."""
EVERY_DISK = pytest.mark.parametrize("disk_of", DISKS.values(), ids=DISKS)
NOTHING_FITS = pytest.mark.parametrize("disk_of", [a_full_disk, a_read_only_database], ids=["full disk", "read-only"])
"""Disks that take not even a few words."""


@pytest.fixture
def witness(stage: Stage) -> Witness:
    return Witness(stage)


@pytest.fixture
def disk(stage: Stage, disk_of: Breaking) -> Iterator[FailingDisk]:
    with disk_of(stage) as disk:
        yield disk


@asynccontextmanager
async def played(stage: Stage, witness: Witness) -> AsyncGenerator[None]:
    """Let what happens within the block come to the end of the room, and look at what it left behind."""
    yield
    await stage.until_over()
    await witness.until_all_is_said()
    assert witness.violations(Moment.DONE) == []
    with closing(sqlite3.connect(stage.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    stage.nothing_is_wrong()


def spoken(stage: Stage) -> list[str]:
    return [content.split()[0] for who, content in stage.said() if who.startswith("AI-")]


def told_of_disk(stage: Stage) -> list[str]:
    """What the house was about to say of the disk; Discord shows the same words within some minutes only once."""
    sent = [one.json.get("content") or "" for one in stage.discord.exchanges if one.method == "POST" and one.json]
    return [content[0] for content in sent if "save what happens" in content]


def told_in_channel(stage: Stage, sign: str) -> int:
    return sum(content.startswith(sign) and "save what happens" in content for _, content in stage.said())


async def until_it_waits(stage: Stage, told: str) -> None:
    notice = await stage.channel.wait_for(lambda m: m.content.startswith("⏸️"))
    assert "The room waits, because the bot cannot save what happens." in notice.content
    assert told in notice.content
    await asyncio.sleep(SECONDS_OF_TRIES)


@EVERY_DISK
async def test_an_answer_that_cannot_be_written_down_is_kept_and_paid_once(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    has_failed = asyncio.Event()
    stage.host.answer("AI-1", "one", "three")
    stage.host.answer("AI-2", Reply(text=f"two {LONG}", after=has_failed, cost=0.02), "four")
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=2)
        await until(lambda: stage.asked("AI-2") and not stage.room().owes_words)
        async with played(stage, witness):
            await disk.fails(bot)
            has_failed.set()
            await until_it_waits(stage, disk.told)
            await disk.is_mended()
    assert spoken(stage) == ["one", "two", "three", "four"]
    assert told_of_disk(stage) == ["⏸", "▶"]
    assert len(stage.host.chats) == 4


@pytest.mark.parametrize("unread", [False, True], ids=["read at once", "read at the next try"])
@pytest.mark.parametrize("kind", ["answered", "spoke"])
async def test_what_was_written_down_though_the_database_broke_off_is_known(
    stage: Stage, witness: Witness, kind: str, unread: bool
) -> None:
    stage.host.answer("AI-1", "one", "three")
    stage.host.answer("AI-2", Reply(text="two", cost=0.02), "four")
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=2)
        database = BreaksOffAfterCommit(bot, kind, unread=unread)
        async with played(stage, witness):
            await until(lambda: database.broke_off)
    assert spoken(stage) == ["one", "two", "three", "four"]
    assert told_of_disk(stage) == (["⏸", "▶"] if unread else [])
    assert len(stage.host.chats) == 4


@pytest.mark.parametrize("disk_of", [a_read_only_database])
async def test_a_room_goes_on_though_a_web_page_answered_when_it_was_to_say_that_it_waits(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    has_failed = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="one", after=has_failed))
    page = Fault(Garbled(), "POST", MESSAGES, lambda call: "save what happens" in call.json["content"], times=1)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.asked("AI-1") and not stage.room().owes_words)
        async with played(stage, witness):
            stage.discord.faults.add(page)
            await disk.fails(bot)
            has_failed.set()
            await until(lambda: stage.discord.faults.struck)
            await disk.is_mended()


@pytest.mark.parametrize("disk_of", [a_read_only_database])
async def test_a_second_failure_is_said_as_well(stage: Stage, witness: Witness, disk: FailingDisk) -> None:
    has_failed, fails_again = asyncio.Event(), asyncio.Event()
    stage.host.answer("AI-1", Reply(text="one", after=has_failed))
    stage.host.answer("AI-2", Reply(text="two", after=fails_again))
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=1)
        async with played(stage, witness):
            for number, event in enumerate((has_failed, fails_again), 1):
                await until(lambda number=number: len(stage.host.chats) == number)
                await disk.fails(bot)
                event.set()
                await until(lambda number=number: told_in_channel(stage, "⏸") == number)
                await disk.is_mended()
                await until(lambda number=number: told_in_channel(stage, "▶") == number)
    assert spoken(stage) == ["one", "two"]


@EVERY_DISK
async def test_words_that_appeared_and_could_not_be_marked_as_said_are_not_said_again(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    stage.host.answer("AI-1", "one", f"three {LONG}")
    stage.host.answer("AI-2", "two", "four")

    async def fail_after_two(call: Call, _: Answer) -> None:
        if call.method == "POST" and isinstance(call.json, dict) and call.json.get("content") == "two":
            assert stage.bot is not None
            await disk.fails(stage.bot)

    stage.discord.rest.after_effect.append(fail_after_two)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2)
        async with played(stage, witness):
            await until_it_waits(stage, disk.told)
            await disk.is_mended()
    assert spoken(stage) == ["one", "two", "three", "four"]
    assert told_of_disk(stage) == ["⏸", "▶"]
    assert len(stage.host.chats) == 4


@pytest.mark.parametrize("disk_of", [a_read_only_database])
async def test_what_a_person_does_once_the_disk_is_mended_waits_for_no_later_try(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    async def fail_after_it(call: Call, _: Answer) -> None:
        if call.method == "POST" and isinstance(call.json, dict) and "hello" in str(call.json.get("content")):
            assert stage.bot is not None
            await disk.fails(stage.bot)

    stage.discord.rest.after_effect.append(fail_after_it)
    async with stage.running() as bot:
        await bot.wait_until_ready()
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        async with played(stage, witness):
            await stage.ann.slash(stage.channel, "backroom say", words="hello")
            await until(lambda: stage.room().hindrance)
            await asyncio.sleep(1 + 2 + 5 + 1)
            await disk.is_mended()
            witness.listened.add(stage.room().number)
            await stage.ann.slash(stage.channel, "backroom stop")
            await stage.channel.wait_for(lambda message: message.content.startswith("⏹️"), seconds=5)


@EVERY_DISK
async def test_a_picture_that_cannot_be_kept_is_made_and_paid_once(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    has_failed = asyncio.Event()
    stage.host.answer("AI-1", '!image "a lamp"\n\none')
    stage.host.answer("AI-2", Reply(text=f"two {LONG}", after=has_failed))
    stage.host.paint(Reply(after=has_failed, cost=0.04))
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=1)
        await until(lambda: stage.host.images and stage.asked("AI-2") and not stage.room().owes_words)
        async with played(stage, witness):
            await disk.fails(bot)
            has_failed.set()
            await until_it_waits(stage, disk.told)
            await disk.is_mended()
    assert len(stage.host.images) == 1
    assert sum(len(message.attachments) for message in stage.channel.messages) == 1
    assert told_of_disk(stage) == ["⏸", "▶"]


@EVERY_DISK
async def test_an_answer_for_words_said_again_is_paid_and_the_old_words_stay(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    has_failed = asyncio.Event()
    stage.host.answer("AI-1", "one", Reply(text=f"finer {5 * LONG}", after=has_failed, cost=0.03))
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        one = await stage.channel.wait_for(lambda message: message.content == "one")
        await until(lambda: not stage.room().owes_words)
        saying = asyncio.create_task(stage.ann.uses_on(one, "Say it again"))
        await until(lambda: len(stage.asked("AI-1")) == 2)
        async with played(stage, witness):
            await disk.fails(bot)
            has_failed.set()
            reply = await (await saying).wait_until_settled()
            assert reply.content.startswith(f"The old words stay. {disk.told}")
            await disk.is_mended()
            await stage.ann.slash(stage.channel, "backroom stop")
    assert one.content == "one"
    (room,) = witness.evidence().rooms
    assert [spent.cost_usd for spent in room.own(Spent)] == [0.03]


@NOTHING_FITS
async def test_what_people_say_take_back_and_feel_meanwhile_is_made_up_for(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    stage.host.answer("AI-1", "one")
    stage.host.answer("AI-2", "two")
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        one = await stage.channel.wait_for(lambda message: message.content == "one")
        regretted = await stage.ann.says(stage.channel, "the kettle")
        changed = await stage.ann.says(stage.channel, "the tide is blue")
        await until(lambda: stage.room().history.entry_of_message(changed.id) and not stage.room().owes_words)
        await disk.fails(bot)
        said = await stage.ann.says(stage.channel, f"does anybody hear the {LONG}")
        unsaid = await stage.ann.says(stage.channel, f"a secret {LONG}")
        await stage.ann.deletes(regretted)
        await stage.ann.deletes(unsaid)
        await stage.ann.edits(changed, f"the tide is grey {LONG}")
        await stage.ann.reacts(one, "🔥")
        await asyncio.sleep(SECONDS_OF_TRIES)
        room = stage.room()
        assert room.history.entry_of_message(said.id) is None
        async with played(stage, witness):
            await disk.is_mended()
            await until(lambda: room.history.entry_of_message(said.id) and not len(room.waiting_reactions))
            await until(lambda: regretted.id in room.history.withdrawn_messages)
            await until(lambda: "tide is grey" in str(room.history.lines))
            await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")
            await stage.channel.wait_for(lambda message: message.content == "two")
            seen = stage.asked("AI-2")[-1].seen
            assert seen.count("does anybody hear") == 1
            assert "[Ann]: " in seen.partition("does anybody hear")[0]  # her quick lines come as one
            assert "tide is grey" in seen
            assert "🔥" in seen
            assert not any(words in seen for words in ("kettle", "a secret", "tide is blue"))
            witness.listened.add(room.number)
            await stage.ann.slash(stage.channel, "backroom stop")


ASKED_FOR = {
    "pause": {},
    "mute": {"seat": "AI-2"},
    "mode": {"mode": "curated"},
    "say": {"words": "hello"},
    "image": {"description": "a lamp"},
    "prompt": {"seat": "AI-1", "text": "be kind"},
    "model": {"seat": "AI-1", "model": "Kimi K2"},
    "add": {"model": "Kimi K2"},
    "stop": {},
}


@NOTHING_FITS
async def test_whoever_asks_for_something_meanwhile_gets_a_sentence_and_nothing_changes(
    stage: Stage, witness: Witness, disk: FailingDisk
) -> None:
    stage.channel.set_bot_permissions(stage.channel.bot_permissions | Permission.CREATE_PUBLIC_THREADS)
    elsewhere = stage.guild.add_text_channel("elsewhere")
    zoe = stage.guild.add_member("Zoe", permissions=Permission.MANAGE_GUILD)
    stage.host.answer("AI-1", "one", Reply(text="late", seconds_before=60))
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        one = await stage.channel.wait_for(lambda message: message.content == "one")
        while await bot.supplies.database.outbox.posted_as(one.id) is None:  # noqa: ASYNC110 - nobody signals it
            await asyncio.sleep(0.01)
        forgetting = await zoe.slash(stage.channel, "backroom forget me")
        assert forgetting.message is not None
        await until(lambda: stage.panels() and stage.panels()[-1].components)
        await disk.fails(bot)
        before = stage.room().state
        replies = {
            **{
                name: await stage.ann.slash(stage.channel, f"backroom {name}", **options)
                for name, options in ASKED_FOR.items()
            },
            "start": await stage.ann.slash(elsewhere, "backroom start", ai1=FLASH),
            "settings": await zoe.slash(stage.channel, "backroom settings room", quiet=False),
            "panel": await stage.ann.press(stage.panels()[-1], "Pause"),
            "fork": await stage.ann.uses_on(one, "Fork from here"),
            "forget": await zoe.press(forgetting.message, "Forget everything I said"),
        }
        await until(lambda: disk.told in replies["forget"].content)
        assert {name: reply.content for name, reply in replies.items() if disk.told not in reply.content} == {}
        assert [name for name, reply in replies.items() if reply.failed] == []
        assert stage.room().state is before
        assert stage.guild.threads == []
        assert elsewhere.messages == []
        await stage.ann.reacts(one, "❌")
        await until(lambda: any(disk.told in letter.content for letter in stage.ann.direct_messages))
        assert one in stage.channel.messages
        async with played(stage, witness):
            await disk.is_mended()
            stopped = await stage.ann.slash(stage.channel, "backroom stop")
            assert stopped.content == "The room is over."


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the files of a process that runs")
async def test_a_process_whose_files_may_not_grow_any_more_goes_on_when_they_may(
    stage: Stage, witness: Witness
) -> None:
    has_failed = asyncio.Event()
    stage.host.answer("AI-1", "one", "three")
    stage.host.answer("AI-2", Reply(text=f"two {LONG}", after=has_failed), "four")
    async with stage.process() as process:
        await stage.start(FLASH, R1, rounds=2)
        await until(lambda: stage.asked("AI-2") and not any(room.owes_words for room in witness.evidence().rooms))
        async with played(stage, witness):
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            has_failed.set()
            await until_it_waits(stage, "The disk that holds the journal reports an error.")
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert process.returncode is None
    assert spoken(stage) == ["one", "two", "three", "four"]
    assert told_of_disk(stage) == ["⏸", "▶"]
    assert len(stage.host.chats) == 4
