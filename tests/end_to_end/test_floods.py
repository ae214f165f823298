"""A flood: long answers, many pictures, many rooms, under the limits that Discord has and does not tell of."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.posting.faces import SECONDS_TO_WAIT_FOR_A_FACE
from bot.rehearsal.faults import Delay, Fault, RateLimited
from tests.end_to_end.chatter import Chatter
from tests.end_to_end.hall import POST, UNDISTURBED, Target, a_hall
from tests.end_to_end.promptness import seconds_to_answer
from tests.end_to_end.stage import Stage, until
from tests.invariants import Moment, Witness
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
ROOMS = 5
TASKS_OF_A_ROOM = 12
"""Of the bot, of the rehearsal and of the host, each with its connections."""


class Painters(Chatter):
    """AIs that ask for two pictures a turn, with words in three parts."""

    def __call__(self, request: dict[str, Any]) -> Reply:
        mark = super().__call__(request).text
        parts = "\n\n".join(f"{mark} {'Rain on the roof, and nobody is up. ' * 40}" for _ in range(3))
        return Reply(text=f'{parts}\n\n!image "one, {mark}"\n\n!image "two, {mark}"', seconds_before=0.05)


async def test_rooms_that_flood_meet_no_limit_and_people_are_answered_in_a_second(stage: Stage) -> None:
    stage.discord.limits.are_enforced = True
    async with a_hall(stage, posts_a_minute=30) as hall:
        stage.host.script = Painters()
        at_most = await seconds_to_answer(stage)
        for number in range(ROOMS):
            hall.add(str(number))
        await hall.open(rounds=0)
        first = hall.rooms["0"]
        waits: list[float | None] = []
        for number in range(30):
            asked = await stage.ann.slash(first, "backroom image", description=f"a kite, number {number}")
            assert asked.failed is None
            waits.append(asked.seconds_to_first_response)
            await asyncio.sleep(0.1)
        assert len(asyncio.all_tasks()) < ROOMS * TASKS_OF_A_ROOM + 30
        for command in ("status", "stop"):
            replies = [await stage.ann.slash(channel, f"backroom {command}") for channel in hall.rooms.values()]
            waits += [reply.seconds_to_first_response for reply in replies]
        assert all(wait is not None and wait < at_most for wait in waits), waits
        assert hall.witness.violations(Moment.ANY_INSTANT) == []
    assert [one.path for one in stage.discord.exchanges if one.status == 429] == []
    for channel in hall.rooms.values():
        assert sum(m.author.is_persona for m in channel.messages) >= 3


async def test_words_pass_pictures_where_the_minute_has_little_room_left(stage: Stage) -> None:
    stage.discord.limits.are_enforced = True
    witness, chatter = Witness(stage), Chatter(seconds=0.05)
    stage.host.script = lambda request: Reply(text=f'{chatter(request).text}\n\n!image "a lamp"')
    async with stage.running(posts_a_minute=10):
        await stage.start(FLASH, R1, rounds=0)
        await until(lambda: sum(m.author.is_persona for m in stage.channel.messages) == 10)
        posted = [bool(m.attachments) for m in stage.channel.messages if m.author.is_persona]
        assert sum(posted) <= 4
        assert not any(posted[-4:])
        await stage.ann.slash(stage.channel, "backroom stop")
        assert witness.violations(Moment.ANY_INSTANT) == []
    assert [one.path for one in stage.discord.exchanges if one.status == 429] == []


async def test_a_face_that_discord_takes_long_to_take_is_waited_for_once(stage: Stage) -> None:
    stage.discord.faults.add(Fault(Delay(60.0), "POST", "/applications/{application_id}/emojis"))
    async with a_hall(stage) as hall:
        room = hall.add(UNDISTURBED)
        await hall.open(rounds=1)
        await room.wait_for(lambda m: m.content.startswith("Part 1"))
        began = asyncio.get_running_loop().time()
        await room.wait_for(lambda m: m.content.startswith("Part 3"))
        assert asyncio.get_running_loop().time() - began < SECONDS_TO_WAIT_FOR_A_FACE
        await stage.until_over(room)


async def test_a_channel_that_has_to_wait_keeps_no_other_waiting(stage: Stage) -> None:
    async with a_hall(stage) as hall:
        stage.host.script = Chatter(seconds=0.05)
        at_most = await seconds_to_answer(stage)
        waiting, other = hall.add("waiting"), hall.add(UNDISTURBED)
        hall.strike(waiting, Target("POST", POST), RateLimited(5.0, "shared"))
        await hall.open(rounds=0)
        await until(lambda: stage.discord.faults.struck)
        began = asyncio.get_running_loop().time()
        await other.wait_for_messages(len(other.messages) + 10)
        assert asyncio.get_running_loop().time() - began < 4
        assert sum(m.author.is_persona for m in waiting.messages) == 0
        reply = await stage.ann.slash(waiting, "backroom status")
        assert reply.seconds_to_first_response is not None
        assert reply.seconds_to_first_response < at_most
        await waiting.wait_for(lambda m: m.author.is_persona)
        for channel in (waiting, other):
            await stage.ann.slash(channel, "backroom stop")
        await hall.witness.until_all_is_said()
    assert hall.violations() == []
