"""The money that a room shows, and may cost, is all of its money: also what went for words that nobody read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.rehearsal.world.permissions import Permission
from bot.room.entries import Failed, PictureFailed, Spent
from bot.room.state import Phase
from tests.end_to_end.failing_disks import a_read_only_database
from tests.end_to_end.owed_edits import AGAIN, a_room_that_says
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until
from tests.invariants.evidence import read_rooms
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
LATE = Reply(text="too late", cost=0.25, seconds_before=1)
SLOW = Reply(text="never", seconds_before=30)


def entries(stage: Stage) -> list[object]:
    return [written.entry for written in read_rooms(stage.database)[0].entries]


def spent(stage: Stage) -> list[Spent]:
    return [entry for entry in entries(stage) if isinstance(entry, Spent)]


async def in_the_instant(stage: Stage, arrived: Callable[[], object], command: str, **options: object) -> None:
    """Give a command, and let what a host sends arrive while it waits for its turn to be written down."""
    async with stage.room().draft():
        commanded = asyncio.create_task(stage.ann.slash(stage.channel, f"backroom {command}", **options))
        await until(arrived)
    assert (await commanded).failed is None


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("skip", {}),
        ("mute", {"seat": "AI-1"}),
        ("remove", {"seat": "AI-1"}),
        ("model", {"seat": "AI-1", "model": "Kimi K2"}),
        ("stop", {}),
    ],
    ids=["skip", "mute", "remove", "model", "stop"],
)
async def test_an_answer_costs_money_that_comes_in_the_instant_when_nobody_wants_it_any_more(
    stage: Stage, command: str, options: dict[str, object]
) -> None:
    stage.host.answer("AI-1", LATE, SLOW)
    stage.host.answer("AI-2", SLOW)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: stage.asked("AI-1"))
        room = stage.room()
        await in_the_instant(stage, lambda: room.owed.answer, command, **options)
        await until(lambda: room.state.cost_usd)
        assert room.state.cost_usd == 0.25
        assert room.owed.answer is None
        if command != "stop":
            assert "$0.2500" in (await stage.ann.slash(stage.channel, "backroom status")).content
            await stage.ann.slash(stage.channel, "backroom stop")
    assert all(content != "too late" for _, content in stage.said())
    assert [(one.what, one.seat, one.cost_usd, one.completion_tokens) for one in spent(stage)] in (
        [("answer", 1, 0.25, 20)],
        [],  # the answer was quicker after all: it is in the journal itself
    )
    stage.nothing_is_wrong()


async def test_a_room_whose_skipped_answer_was_dear_waits_for_a_person(stage: Stage) -> None:
    stage.host.answer("AI-1", LATE)
    async with stage.running(room_budget_usd=0.2):
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: stage.asked("AI-1"))
        room = stage.room()
        await in_the_instant(stage, lambda: room.owed.answer, "skip")
        await until(lambda: room.state.phase is Phase.PAUSED)
        await stage.channel.wait_for(lambda m: "It has cost $0.25" in m.content)
        assert stage.asked("AI-2") == []


@pytest.mark.parametrize("command", ["skip", "pause", "stop"])
async def test_a_try_that_was_paid_costs_money_when_the_next_one_is_given_up(stage: Stage, command: str) -> None:
    stage.host.answer("AI-1", Reply(text="", cost=0.25), SLOW)
    stage.host.answer("AI-2", SLOW)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: len(stage.asked("AI-1")) == 2)
        room = stage.room()
        await stage.ann.slash(stage.channel, f"backroom {command}")
        await until(lambda: room.state.cost_usd == 0.25)
    assert spent(stage) == [Spent(what="attempt", seat=1, cost_usd=0.25)]


@pytest.mark.parametrize("command", ["skip", "pause", "stop"])
async def test_a_failure_costs_money_that_nobody_is_told_of_any_more(stage: Stage, command: str) -> None:
    stage.host.answer("AI-1", Reply(text="first", cost=0.0))
    stage.host.answer("AI-2", Reply(refusal="No.", cost=0.5, seconds_before=1))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=600)
        await until(lambda: stage.asked("AI-2"))
        room = stage.room()
        await in_the_instant(stage, lambda: room.owed.held, command)
        await until(lambda: room.state.cost_usd == 0.5)
        assert (room.owed.held, room.owed.for_nothing) == ([], [])
    assert [entry for entry in entries(stage) if isinstance(entry, Failed)] == []
    assert spent(stage) == [Spent(what="attempt", seat=2, cost_usd=0.5)]


async def test_whoever_has_failed_is_not_asked_and_paid_again_after_a_kill(stage: Stage) -> None:
    stage.host.answer("AI-1", Reply(text="first", cost=0.0), SLOW, SLOW)
    stage.host.answer("AI-2", Reply(refusal="No.", cost=0.5))
    async with stage.process() as process:
        await stage.start(FLASH, R1, rounds=0, pace=600)
        await until(lambda: any(isinstance(entry, Failed) for entry in entries(stage)))
        process.kill()
        await process.wait()
    await until(lambda: not stage.discord.gateway.has_a_client)
    async with stage.running():
        await stage.channel.wait_for(lambda m: "AI-2" in m.content and "No." in m.content)
        await until(lambda: len(stage.asked("AI-1")) >= 2)
        assert stage.room().state.cost_usd == 0.5
    assert len(stage.asked("AI-2")) == 1
    stage.nothing_is_wrong()


async def test_a_failure_that_is_told_costs_its_money_once(stage: Stage) -> None:
    stage.host.answer("AI-1", Reply(refusal="No.", cost=0.5))
    stage.host.answer("AI-2", SLOW)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: stage.asked("AI-2"))
        assert stage.room().state.cost_usd == 0.5
        assert stage.room().owed.cost_usd == 0
    assert spent(stage) == []


async def test_a_picture_costs_money_that_comes_in_the_instant_of_the_end(stage: Stage) -> None:
    stage.host.answer("AI-1", SLOW)
    stage.host.paint(Reply(cost=0.5, seconds_before=1))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        await stage.ann.slash(stage.channel, "backroom image", description="a slow lamp")
        await until(lambda: stage.host.images)
        room = stage.room()
        await in_the_instant(stage, lambda: room.owed.held, "stop")
        await until(lambda: room.state.cost_usd == 0.5)
    assert spent(stage) in ([Spent(what="picture", cost_usd=0.5)], [])


async def test_a_picture_costs_money_that_came_and_cannot_be_shown(stage: Stage) -> None:
    stage.host.answer("AI-1", SLOW)
    stage.host.paint(Reply(cost=0.5, picture=b"no picture at all"))
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        await stage.ann.slash(stage.channel, "backroom image", description="a slow lamp")
        room = stage.room()
        await until(lambda: room.state.cost_usd == 0.5)
        assert "$0.5000" in (await stage.ann.slash(stage.channel, "backroom status")).content
    assert [entry.cost_usd for entry in entries(stage) if isinstance(entry, PictureFailed)] == [0.5]
    assert spent(stage) == []


async def test_what_was_to_be_said_again_costs_its_money_where_the_old_words_stay(stage: Stage) -> None:
    async with stage.running():
        (first,) = await a_room_that_says(stage, "old words")
        room, is_over = stage.room(), asyncio.Event()
        before = room.state.cost_usd
        stage.host.answer("AI-1", Reply(text='!prompt "only this"', cost=0.5), Reply(refusal="No.", cost=0.25))
        stage.host.answer("AI-1", Reply(text="too late", cost=1.0, after=is_over))
        for cost in (0.5, 0.75):
            assert "The old words stay." in (await stage.ann.uses_on(first, AGAIN)).content
            assert room.state.cost_usd == before + cost
        asked = asyncio.create_task(stage.ann.uses_on(first, AGAIN))
        await until(lambda: len(stage.asked("AI-1")) == 5)
        await stage.ann.slash(stage.channel, "backroom stop")
        is_over.set()
        assert "The room is already over" in (await asked).content
        assert room.state.cost_usd == before + 1.75
        assert (room.owed.held, room.owed.for_nothing) == ([], [])
    assert [(one.what, one.seat, one.cost_usd) for one in spent(stage) if one.cost_usd] == [
        ("again", 1, 0.5),
        ("again", 1, 0.25),
        ("again", 1, 1.0),
    ]


async def test_a_room_that_waits_because_of_its_cost_lets_nobody_spend_more_beside_its_turns(stage: Stage) -> None:
    ulf = stage.guild.add_member("Ulf", permissions=Permission.MANAGE_CHANNELS, locale="de")
    stage.host.answer("AI-1", Reply(text="dear words", cost=0.5))
    async with stage.running(room_budget_usd=0.5):
        await stage.start(FLASH, rounds=0)
        room = stage.room()
        await until(lambda: room.state.pause_cause == "cost")
        dear = await stage.channel.wait_for(lambda message: message.content == "dear words")
        sentence = "The room has cost $0.50, and may not cost more until somebody resumes it."
        for reply in (
            await stage.ann.uses_on(dear, "Picture this"),
            await stage.ann.slash(stage.channel, "backroom image", description="a slow lamp"),
        ):
            assert reply.content == sentence
        assert (await stage.ann.uses_on(dear, AGAIN)).content == f"The old words stay. {sentence}"
        german = (await ulf.uses_on(dear, "Picture this")).content
        assert german == "Der Raum hat 0,50 $ gekostet und darf nicht mehr kosten, bis ihn jemand fortsetzt."
        assert (len(stage.asked("AI-1")), stage.host.images, room.state.pictures_asked) == (1, [], 0)
        stage.host.answer("AI-1", SLOW, Reply(text="finer words", cost=0.25))
        await stage.ann.slash(stage.channel, "backroom resume")
        await until(lambda: len(stage.asked("AI-1")) == 2)
        assert "has said it again" in (await stage.ann.uses_on(dear, AGAIN)).content
        assert room.state.cost_usd == 0.75
    stage.nothing_is_wrong()


async def test_a_server_that_lowers_its_budget_is_heard_at_once_by_who_asks_for_more(stage: Stage) -> None:
    async with stage.running() as bot:
        (first,) = await a_room_that_says(stage, "old words")
        stage.host.answer("AI-1", Reply(text="finer words", cost=0.5))
        assert "has said it again" in (await stage.ann.uses_on(first, AGAIN)).content
        await bot.guild_settings.change(stage.guild.id, room_budget_usd=0.25)
        asked = len(stage.asked("AI-1"))
        assert "may not cost more" in (await stage.ann.uses_on(first, AGAIN)).content
        reply = await stage.ann.slash(stage.channel, "backroom image", description="a slow lamp")
        assert "may not cost more" in reply.content
        assert (len(stage.asked("AI-1")), stage.host.images) == (asked, [])


async def test_a_cost_that_is_written_down_with_a_deletion_is_not_taken_for_a_message_of_the_room(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage)
        room = stage.room()
        lost = Spent(what="attempt", seat=1, cost_usd=0.25)
        room.owed.for_nothing.append(lost)
        assert not await room.withdraw([stage.channel.id])
        assert spent(stage) == [lost]


async def test_what_could_not_be_written_down_counts_for_who_asks_for_more(stage: Stage) -> None:
    with a_read_only_database(stage) as disk:
        async with stage.running(room_budget_usd=0.5) as bot:
            (said,) = await a_room_that_says(stage, "old words")
            stage.host.answer("AI-1", *[Reply(text="finer words", cost=0.3)] * 5)
            asked = len(stage.asked("AI-1"))
            await disk.fails(bot)
            told = [(await stage.ann.uses_on(said, AGAIN)).content for _ in range(5)]
            assert len(stage.asked("AI-1")) == asked + 2
            sentence = "The room has cost $0.60, and may not cost more until somebody resumes it."
            assert all(disk.told in said for said in told[:2])
            assert told[2:] == [f"The old words stay. {sentence}"] * 3
            await disk.is_mended()
            stage.host.answer("AI-1", SLOW)
            await stage.ann.slash(stage.channel, "backroom resume")
            assert (round(stage.room().state.cost_usd, 2), stage.room().owed.cost_usd) == (0.6, 0)
            assert stage.room().state.cost_since_granted_usd == 0
    assert [one.cost_usd for one in spent(stage) if one.cost_usd] == [0.3, 0.3]


async def test_a_room_that_has_spent_its_budget_unpaused_is_let_go_on_as_who_asks_is_told(stage: Stage) -> None:
    stage.host.picture_script = lambda _request: Reply(cost=0.3)
    async with stage.running(room_budget_usd=0.2):
        await stage.start(FLASH, R1, rounds=0, order="conductor")
        room = stage.room()

        async def spend_it() -> None:
            assert room.state.phase is Phase.RUNNING
            await stage.ann.slash(stage.channel, "backroom image", description="a lamp")
            await until(lambda: room.state.cost_since_granted_usd >= 0.2)
            refused = await stage.ann.slash(stage.channel, "backroom image", description="a lamp")
            assert "may not cost more until somebody resumes it." in refused.content

        await spend_it()
        assert (await stage.ann.slash(stage.channel, "backroom resume")).content == "The room goes on."
        assert "already running" in (await stage.ann.slash(stage.channel, "backroom resume")).content
        await spend_it()
        stage.host.answer("AI-2", "here I am")
        assert "takes one turn" in (await stage.ann.slash(stage.channel, "backroom step", seat="AI-2")).content
        await stage.channel.wait_for(lambda message: message.content == "here I am")
        assert room.state.cost_since_granted_usd < 0.2
    stage.nothing_is_wrong()
