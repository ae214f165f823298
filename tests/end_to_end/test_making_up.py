"""What could not be written down is made up for, ever less often where it goes on failing."""

from __future__ import annotations

import asyncio

from bot.open_room import OpenRoom
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import Stage, until

FACTOR = 1.5
"""Pauses grow by a factor of two and more; how busy the computer is changes them a little."""


async def test_a_room_that_looks_in_vain_does_so_ever_less_often(stage: Stage) -> None:
    looks: list[float] = []
    async with stage.running() as bot:
        await open_paused(stage)

        async def fail_again(room: OpenRoom) -> None:
            looks.append(asyncio.get_running_loop().time())
            bot.dispatch("not_noted", room)

        bot.add_listener(fail_again, "on_writable_again")
        began = asyncio.get_running_loop().time()
        bot.dispatch("not_noted", stage.room())
        await until(lambda: len(looks) == 3)
    first, second, third = looks[0] - began, looks[1] - looks[0], looks[2] - looks[1]
    assert second > FACTOR * first
    assert third > FACTOR * second
