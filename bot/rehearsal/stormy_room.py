"""A room in a storm: a person who lets it go on whenever it pauses, and the account when the storm is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.client import BackroomBot
from bot.errors import BackroomError
from bot.open_room import OpenRoom
from bot.rehearsal.account import Account, account_for
from bot.rehearsal.faults.plans import Plan
from bot.rehearsal.faults.storms import raging
from bot.rehearsal.server import RehearsalDiscord
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.commands import CommandNotOffered
from bot.rehearsal.world.happenings import Happening, Posted
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import MayNot, Person
from bot.room.state import Phase

SECONDS_UNTIL_RESUMED = 3
"""How long a room is paused before somebody has mercy."""
SECONDS_OF_SILENCE = 90
"""After so long without a word, besides the room's own pace, a room is given up."""
TRIES_TO_SAY_THE_REST = 5

_log = logging.getLogger("backroom.rehearsal")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a storm: how many faults struck, the account, and why the room did not come to its end."""

    faults: int
    account: Account
    trouble: str = ""

    @property
    def is_well(self) -> bool:
        """Whether the room came to its end with everything said once."""
        return self.account.is_settled and not self.trouble

    @property
    def sentence(self) -> str:
        """The outcome in one line."""
        lost, doubled = self.account.lost, self.account.doubled
        counts = f"The storm is over: {self.faults} faults struck, {lost} messages lost, {doubled} doubled."
        return f"{counts} {self.trouble}".rstrip()


class StormyRoom:
    """The room that is open in a channel, as a storm finds it."""

    def __init__(self, discord: RehearsalDiscord, bot: BackroomBot, channel: Channel, person: Person) -> None:
        self._discord = discord
        self._bot = bot
        self._channel = channel
        self._person = person
        self._room: OpenRoom = bot.rooms.at(channel.id)
        self._appeared: list[Message] = channel.messages
        discord.on_happening(self._see)

    async def weather(
        self, plan: Plan, seed: int, seconds_between_turns: float, until: Sequence[asyncio.Task[Any]]
    ) -> Outcome:
        """Let a storm rage until one of the tasks is done or the room is given up, and return what came of it."""
        patience = SECONDS_OF_SILENCE + 3 * seconds_between_turns
        kept_going = asyncio.create_task(self._keep_going(patience), name="keep-going")
        try:
            async with raging(plan, self._discord, self._channel, seed):
                await asyncio.wait([*until, kept_going], return_when=asyncio.FIRST_COMPLETED)
            trouble = "The room fell silent." if kept_going.done() else _trouble_of(until)
        finally:
            kept_going.cancel()
            await asyncio.gather(kept_going, return_exceptions=True)
        await self._say_the_rest()
        account = await account_for(self._bot.supplies.database, self._room, self._appeared)
        return Outcome(len(self._discord.faults.struck), account, trouble)

    def _see(self, happening: Happening) -> None:
        if isinstance(happening, Posted):
            self._appeared.append(happening.message)

    async def _keep_going(self, seconds_of_silence: float) -> None:
        """Resume the room whenever it has been paused for a while; return when nothing has been said for too long."""
        silent = paused = 0
        heard = len(self._appeared)
        while silent < seconds_of_silence:
            await asyncio.sleep(1)
            silent = silent + 1 if len(self._appeared) == heard else 0
            heard = len(self._appeared)
            paused = paused + 1 if self._room.state.phase is Phase.PAUSED else 0
            if paused >= SECONDS_UNTIL_RESUMED and self._commands_reach_the_bot:
                paused = 0
                await self._resume()

    @property
    def _commands_reach_the_bot(self) -> bool:
        """Whether anybody can use one: in a guild that is gone nobody can."""
        return self._discord.gateway.has_a_client and self._channel.guild.is_available

    async def _resume(self) -> None:
        try:
            await self._person.slash(self._channel, "backroom resume")
        except (CommandNotOffered, MayNot) as refusal:
            _log.info("the room cannot be resumed now: %s", refusal)

    async def _say_the_rest(self) -> None:
        """Let what still waits appear, now that nothing is in its way."""
        for attempt in range(TRIES_TO_SAY_THE_REST):
            try:
                await self._room.say()
                return
            except BackroomError as error:
                _log.info("something still waits: %s", error)
                await asyncio.sleep(attempt)


def _trouble_of(tasks: Sequence[asyncio.Task[Any]]) -> str:
    failures = [task.exception() for task in tasks if task.done() and not task.cancelled()]
    return next((f"It ended with {failure!r}." for failure in failures if failure is not None), "")
