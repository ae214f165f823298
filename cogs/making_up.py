"""Making up for what could not be written down: once the disk takes it, whoever did not note something looks again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from discord.ext import commands

from bot.client import BackroomBot
from bot.errors import StorageError
from bot.open_room import OpenRoom
from bot.pauses import pauses
from bot.room.state import Phase

SECONDS_BETWEEN_TRIES_AT_MOST = 10.0
"""People wait to be heard, and a try asks nobody but the disk."""
SECONDS_UNTIL_FORGIVEN = 300.0
"""A disk may take little and not much: a room that looks in vain does so ever less often, until so long it need not."""


class MakingUp(commands.Cog):
    """Waits for the disk on behalf of rooms in which something was said or taken back meanwhile."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._waiting: dict[int, asyncio.Task[None]] = {}
        self._rounds: dict[int, tuple[float, Iterator[float]]] = {}  # room: when it last began to wait, and its pauses

    async def cog_unload(self) -> None:
        """Wait no longer: the next start catches up."""
        for task in (tasks := tuple(self._waiting.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @commands.Cog.listener()
    async def on_not_noted(self, room: OpenRoom) -> None:
        """Begin to wait until something can be written down again."""
        if room.number not in self._waiting:
            seconds = self._seconds_before_round(room)
            task = asyncio.create_task(self._wait(room, seconds), name=f"making-up-{room.number}")
            self._waiting[room.number] = task
            task.add_done_callback(lambda _: self._waiting.pop(room.number, None))

    def _seconds_before_round(self, room: OpenRoom) -> float:
        now = asyncio.get_running_loop().time()
        self._rounds = {
            number: (began, rounds)
            for number, (began, rounds) in self._rounds.items()
            if now - began < SECONDS_UNTIL_FORGIVEN
        }
        _, rounds = self._rounds.get(room.number, (now, pauses()))
        self._rounds[room.number] = now, rounds
        return next(rounds)

    async def _wait(self, room: OpenRoom, seconds_before: float) -> None:
        await asyncio.sleep(seconds_before)
        for seconds in pauses():
            if room.state.phase is Phase.ENDED:
                return
            try:
                await room.check_writable()
            except StorageError:
                await asyncio.sleep(min(seconds, SECONDS_BETWEEN_TRIES_AT_MOST))
            else:
                self.bot.dispatch("writable_again", room)
                return


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(MakingUp(bot))
