"""People change who speaks and who sits where: mute, unmute, remove, model, skip, order, step with a seat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.room.entries import Order
from bot.room.state import Phase
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1, KIMI, OPUS = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2", "Claude 3 Opus"
SLOW = Reply(text="too late", seconds_before=30)
AT_ONCE = 15.0  # seconds: half of what a slow model takes; the machines that run this are shared


def speakers(stage: Stage) -> list[str]:
    return [who[:4] for who, _ in stage.said() if who.startswith("AI-")]


async def while_one_answers(stage: Stage, command: str, **options: object) -> str:
    """Open a room, and steer it while AI-1 takes its time; return what was answered."""
    stage.host.answer("AI-1", SLOW)
    await stage.start(FLASH, R1, KIMI, rounds=1)
    await until(lambda: stage.asked("AI-1"))
    reply = await stage.ann.slash(stage.channel, f"backroom {command}", **options)
    assert reply.ephemeral
    await asyncio.wait_for(stage.asked("AI-1")[0].abandoned.wait(), AT_ONCE)
    await stage.until_over()
    assert all("too late" not in content for _, content in stage.said())
    return reply.content


async def test_a_skipped_answer_is_given_up_at_once_and_the_next_seat_is_asked(stage: Stage) -> None:
    async with stage.running():
        answer = await while_one_answers(stage, "skip")
    assert answer == "AI-1 (Gemini 3 Flash)'s turn is skipped."
    assert speakers(stage) == ["AI-2", "AI-3"]
    assert any("Ann skipped the turn of AI-1" in content for _, content in stage.said())
    stage.nothing_is_wrong()


async def test_when_all_rounds_are_over_there_is_no_turn_to_skip(stage: Stage) -> None:
    stage.host.answer("AI-1", '!image "a slow lamp"')
    stage.host.picture_script = lambda _request: Reply(seconds_before=30)
    async with stage.running():
        await stage.start(FLASH, rounds=1)
        await until(lambda: stage.room().state.rounds_are_over)
        reply = await stage.ann.slash(stage.channel, "backroom skip")
        assert reply.content == "There is no turn to skip: nobody is next."
        assert stage.room().state.round == 2
    stage.nothing_is_wrong()


async def test_a_muted_seat_says_nothing_more_also_while_it_answers(stage: Stage) -> None:
    async with stage.running():
        answer = await while_one_answers(stage, "mute", seat="AI-1", rounds=2)
    assert answer == "AI-1 (Gemini 3 Flash) is muted for its next 2 turns."
    assert speakers(stage) == ["AI-2", "AI-3"]
    stage.nothing_is_wrong()


async def test_a_removed_seat_says_nothing_more_and_the_others_learn_that_it_left(stage: Stage) -> None:
    async with stage.running():
        answer = await while_one_answers(stage, "remove", seat="1")
    assert answer.startswith("AI-1 (Gemini 3 Flash) has left.")
    assert speakers(stage) == ["AI-2", "AI-3"]
    assert "[Ann removed AI-1 (Gemini 3 Flash)]" in stage.asked("AI-2")[0].seen
    assert "AI-1" not in stage.asked("AI-2")[0].system
    stage.nothing_is_wrong()


async def test_a_new_model_takes_over_the_turn_under_way_with_its_own_name_and_face(stage: Stage) -> None:
    async with stage.running():
        answer = await while_one_answers(stage, "model", seat="AI-1", model="opus 3")
    assert answer.startswith("AI-1 (Gemini 3 Flash) is AI-1 (Claude 3 Opus) from its next turn on.")
    assert speakers(stage) == ["AI-1", "AI-2", "AI-3"]
    assert stage.words_of("AI-1 (Claude 3 Opus)")
    assert "[Ann gave AI-1 another model: Claude 3 Opus]" in stage.asked("AI-2")[0].seen
    faces = {m.author_name: m.author.avatar_url for m in stage.channel.messages if m.author_name.startswith("AI-")}
    assert len(set(faces.values())) == len(faces)
    stage.nothing_is_wrong()


async def test_an_answer_that_waits_to_be_read_is_dropped_with_its_seat_and_nobody_waits_for_it(stage: Stage) -> None:
    stage.host.answer("AI-1", "first")
    stage.host.answer("AI-2", "never said")
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, rounds=1, pace=600)
        await stage.channel.wait_for(lambda m: m.content == "first")
        await until(lambda: stage.room().state.answered is not None)
        await stage.ann.slash(stage.channel, "backroom mute", seat="AI-2")
        await until(lambda: stage.asked("AI-3"), AT_ONCE)
        await stage.ann.slash(stage.channel, "backroom stop")
    assert all(content != "never said" for _, content in stage.said())


async def test_who_is_asked_speaks_next_where_that_is_the_order(stage: Stage) -> None:
    ordered = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="AI-3, what do you see?", after=ordered))
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, rounds=1)
        reply = await stage.ann.slash(stage.channel, "backroom order", order="addressed")
        assert reply.content == "Who speaks next from now on: whoever was just named or asked, otherwise each in turn."
        again = await stage.ann.slash(stage.channel, "backroom order", order="addressed")
        assert "That is already the order" in again.content
        ordered.set()
        await stage.until_over()
    assert speakers(stage) == ["AI-1", "AI-3", "AI-2"]
    assert "Whom you name or ask something speaks next" in stage.asked("AI-3")[0].system


async def conducted(stage: Stage, rounds: int = 0) -> None:
    """Open a room and give it a conductor before anybody has spoken."""
    stage.host.answer("AI-1", SLOW, "one")
    await stage.start(FLASH, R1, KIMI, rounds=rounds)
    await until(lambda: stage.asked("AI-1"))
    await stage.ann.slash(stage.channel, "backroom pause")
    await stage.ann.slash(stage.channel, "backroom order", order="conductor")
    await stage.ann.slash(stage.channel, "backroom resume")
    await stage.channel.wait_for(lambda m: "waits for its conductor" in m.content and "resumed" in m.content)


async def test_a_room_with_a_conductor_waits_and_says_so_once(stage: Stage) -> None:
    async with stage.running():
        await conducted(stage)
        room = stage.room()
        for seat in (3, 2):
            await stage.ann.slash(stage.channel, "backroom step", seat=f"AI-{seat}")
        await until(lambda: room.state.turn == 2)
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-2"))
        assert speakers(stage) == ["AI-3", "AI-2"]
        assert room.state.phase is Phase.RUNNING
        status = await stage.ann.slash(stage.channel, "backroom status")
        assert "waits for its conductor" in status.content
        assert "its turn" not in status.content
        nobody = await stage.ann.slash(stage.channel, "backroom step")
        assert nobody.content == "In this room, people say who speaks next. Name an AI: `/backroom step seat:AI-1`."
        running = await stage.ann.slash(stage.channel, "backroom resume")
        assert "waits for somebody to say who speaks" in running.content
        skipped = await stage.ann.slash(stage.channel, "backroom skip")
        assert skipped.content == "There is no turn to skip: nobody is next."
    said = [content for _, content in stage.said()]
    assert sum("waits for its conductor" in content for content in said) == 1
    assert not any("is answering" in content for content in said)
    stage.nothing_is_wrong()


async def test_a_conductors_room_goes_on_when_somebody_is_called_on_and_its_rounds_count(stage: Stage) -> None:
    async with stage.running():
        await conducted(stage, rounds=1)
        for number in (2, 3, 1):
            await stage.ann.slash(stage.channel, "backroom step", seat=f"AI-{number}")
        await stage.until_over()
    assert speakers(stage) == ["AI-2", "AI-3", "AI-1"]


async def called_by_words(stage: Stage) -> None:
    await stage.ann.says(stage.channel, "And what of the tide, @AI-1?")


async def called_by_command(stage: Stage) -> None:
    await stage.ann.slash(stage.channel, "backroom say", words="And what of the tide, @AI-1?")


async def called_by_a_reply(stage: Stage) -> None:
    words = next(message for message in stage.channel.messages if message.content == "one")
    await stage.ann.says(stage.channel, "And what of the tide?", reply_to=words)


CALLS = {"by words": called_by_words, "by command": called_by_command, "by a reply": called_by_a_reply}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_who_is_called_on_while_answering_hears_it_and_speaks_again(
    stage: Stage, call: Callable[[Stage], Awaitable[None]]
) -> None:
    called = asyncio.Event()
    stage.host.answer("AI-1", "one", Reply(text="two", after=called), "two again")
    async with stage.running():
        await stage.start(FLASH, R1, rounds=2)
        await until(lambda: len(stage.asked("AI-1")) == 2)
        for _ in range(2):
            await call(stage)
        await until(lambda: stage.room().history.last_heard_message)
        called.set()
        await stage.until_over()
    assert speakers(stage) == ["AI-1", "AI-2", "AI-1", "AI-1", "AI-2"]
    assert "And what of the tide" in stage.asked("AI-1")[2].seen


async def test_a_conductor_waits_also_after_a_restart_without_saying_so_again(stage: Stage) -> None:
    async with stage.running():
        await conducted(stage)
        before = stage.said()
    async with stage.running():
        await until(lambda: stage.room().state.order == "conductor")
        reply = await stage.ann.slash(stage.channel, "backroom step", seat="2")
        assert reply.content.startswith("AI-2 (DeepSeek R1) takes one turn")
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-2"))
    assert [who[:4] for who, _ in stage.said()[len(before) :]] == ["AI-2"], stage.said()


async def test_a_step_of_another_seat_lets_the_turn_under_way_end_first(stage: Stage) -> None:
    stepped = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="one", after=stepped))
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, rounds=0)
        await until(lambda: stage.asked("AI-1"))
        reply = await stage.ann.slash(stage.channel, "backroom step", seat="AI-3")
        assert reply.content.startswith("AI-1 (Gemini 3 Flash) is still speaking and finishes first.")
        stepped.set()
        await until(lambda: stage.room().state.phase is Phase.PAUSED)
        await stage.room().say()
    assert speakers(stage) == ["AI-1", "AI-3"]


async def test_status_tells_the_order_who_is_muted_for_how_long_and_who_left(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, OPUS, rounds=0, pace=600)
        await stage.channel.wait_for(lambda m: m.author_name.startswith("AI-1"))
        await stage.ann.slash(stage.channel, "backroom mute", seat="AI-1", rounds=2)
        await stage.ann.slash(stage.channel, "backroom mute", seat="AI-2")
        await stage.ann.slash(stage.channel, "backroom remove", seat="AI-4")
        reply = await stage.ann.slash(stage.channel, "backroom status")
        for part in (
            "Who speaks: each in turn",
            "the AIs hear whatever people write here",
            "muted for 2 rounds by Ann",
            "muted by Ann",
            "Left: AI-4 (Claude 3 Opus)",
        ):
            assert part in reply.content
        added = await stage.ann.slash(stage.channel, "backroom add", model=OPUS)
        assert added.content.startswith("AI-5 (Claude 3 Opus) has joined")


async def test_wrong_uses_get_a_sentence(stage: Stage) -> None:
    async with stage.running():
        for command, options in (("skip", {}), ("mute", {"seat": "1"}), ("order", {"order": "conductor"})):
            reply = await stage.ann.slash(stage.channel, f"backroom {command}", **options)
            assert reply.content == "No room is open in this channel. `/backroom start` opens one."
        await stage.start(FLASH, R1, rounds=0, pace=600)

        async def asks(command: str, **options: object) -> str:
            reply = await stage.ann.slash(stage.channel, f"backroom {command}", **options)
            assert reply.ephemeral
            return reply.content

        assert "is not muted" in await asks("unmute", seat="AI-1")
        assert "Nobody here is called" in await asks("mute", seat="AI-7")
        assert "already has that model" in await asks("model", seat="AI-1", model=FLASH)
        await asks("add", model=R1)
        assert await asks("mute", seat=R1) == f"Several here are called “{R1}”: AI-2, AI-3. Name one of them."
        await asks("remove", seat="AI-3")
        assert "Claude 3 Opus" in await asks("model", seat="AI-1", model="Claude 3 Opsu Max")
        twice = await asyncio.gather(asks("mute", seat="AI-2"), asks("mute", seat="AI-2"))
        assert sum("already muted" in sentence for sentence in twice) == 1
        assert "AI-2 (DeepSeek R1) is muted." in await asks("step", seat="AI-2")
        assert "Then no AI here could speak any more" in await asks("mute", seat="AI-1")
        await asks("remove", seat="AI-1")
        assert await asks("unmute", seat="AI-1") == f"AI-1 ({FLASH}) has left. In this room: AI-2 ({R1})."
        assert "the last AI in this room" in await asks("remove", seat="AI-2")
        await stage.channel.wait_for(lambda m: "Every AI here is muted" in m.content)
        assert "Every AI here is muted" in await asks("resume")
        assert "Every AI here is muted" in await asks("step")
        assert "is no longer muted" in await asks("unmute", seat="AI-2")
        assert "goes on" in await asks("resume")


@pytest.mark.parametrize("order", ["round_robin", "addressed", "conductor"])
async def test_everything_at_once_gets_sentences_and_leaves_a_room_that_can_be_stopped(
    stage: Stage, order: Order
) -> None:
    async with stage.running():
        await stage.start(FLASH, R1, KIMI, rounds=0)
        await stage.ann.slash(stage.channel, "backroom order", order=order)
        commands = [
            ("skip", {}),
            ("mute", {"seat": "1", "rounds": 1}),
            ("model", {"seat": "2", "model": OPUS}),
            ("remove", {"seat": "3"}),
            ("step", {"seat": "2"}),
            ("unmute", {"seat": "1"}),
            ("skip", {}),
        ]
        replies = await asyncio.gather(
            *(stage.ann.slash(stage.channel, f"backroom {command}", **options) for command, options in commands)
        )
        assert all(reply.failed is None and reply.ephemeral and reply.content for reply in replies)
        assert not any("reference" in reply.content for reply in replies)
        assert (await stage.ann.slash(stage.channel, "backroom stop")).content == "The room is over."
    stage.nothing_is_wrong()
