"""Looking back: what was taken back of a room that is over while nobody told us leaves it before it is shown.

It leaves the forks that go on from there as well, as soon as these have caught up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.client.gone import is_gone
from bot.client.members import Members
from bot.client.reactors import any_may_steer, people_with
from bot.client.rights import roles_are_known
from bot.client.said import HIDES, is_by_person
from bot.errors import BackroomError
from bot.listening import what_is_shown
from bot.room.reactions import REMOVES
from bot.room.state import Phase
from bot.storage import NoSuchRoom

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.open_room import OpenRoom

MESSAGES_LOOKED_BACK = 1_000
"""How far back from a room's last message is looked; every hundred cost a request."""
SECONDS_SHOWING_WAITS = 15.0
"""Who asks for a room waits no longer for the look before it, which goes on all the same."""
SECONDS_A_LOOK_HOLDS = 60.0
"""So long after a look the gateway is trusted to have told all."""
SECONDS_UNTIL_SHOWN = 2.0
"""So long a message that has just appeared may be missing in the history that Discord shows."""

_log = logging.getLogger("backroom.audience")


class LookingBack:
    """Looks at rooms that are over once somebody asks for them, or a fork goes on: much may have left them."""

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._under_way: dict[int, asyncio.Task[bool]] = {}
        self._looked: dict[int, float] = {}
        self._one_fork = asyncio.Lock()

    async def before_showing(self, number: int) -> bool:
        """Look at a room, if it is over. A look that takes long is not waited for, and one that fails holds up nothing.

        Returns whether all that is to be known of it is known, and no look is to be taken again soon.

        Raises:
            StorageError: the room cannot be read.
        """
        room = await self._bot.rooms.numbered(number)
        now = asyncio.get_running_loop().time()
        self._looked = {room: when for room, when in self._looked.items() if now - when < SECONDS_A_LOOK_HOLDS}
        if room.state.phase is not Phase.ENDED or number in self._looked:
            return True
        task = self._under_way.get(number)
        if task is None:
            task = asyncio.create_task(self._look_at(room), name=f"looking-back-{number}")
            self._under_way[number] = task
            task.add_done_callback(lambda _: self._under_way.pop(number, None))
        done, _ = await asyncio.wait([task], timeout=SECONDS_SHOWING_WAITS)
        return task in done and not task.cancelled() and task.result()

    async def at_origins(self, fork: OpenRoom) -> bool:
        """Look at the rooms that a fork has its first words from, those that are over, one fork after the other.

        Returns whether none of them is to be looked at again soon.

        Raises:
            StorageError: they cannot be read.
        """
        is_all = True
        async with self._one_fork:
            for number in await self._bot.supplies.database.known.origins_of(fork.number):
                with suppress(NoSuchRoom):
                    is_all &= await self.before_showing(number)
        return is_all

    async def close(self) -> None:
        """Look no more."""
        for task in (tasks := tuple(self._under_way.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_at(self, room: OpenRoom) -> bool:
        began = asyncio.get_running_loop().time()
        try:
            await self._look(room)
        except (BackroomError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("room %s, which is over, is shown as it is known: %s", room.number, error)
            return isinstance(error, discord.Forbidden | discord.NotFound)  # for long nobody may look there
        except Exception:  # noqa: BLE001 - the room is shown all the same
            if self._bot.is_closed():
                return True  # nobody can be asked any more
            _log.exception("room %s met an error that nobody foresaw when it was looked at", room.number)
            return False
        self._looked[room.number] = began
        return True

    async def _look(self, room: OpenRoom) -> None:
        first = await room.first_message()
        if first is None or not roles_are_known(self._bot, room):
            return
        said = await self._bot.supplies.database.known.said_in(room.number, first) - room.history.withdrawn_messages
        if not said:
            return
        shown, gone = await self._compared(room, said, first)
        if gone:
            await asyncio.sleep(SECONDS_UNTIL_SHOWN)
            shown, still_gone = await self._compared(room, said, first)
            gone &= still_gone
        marked = await self._marked(room, [message for message in shown if message.id in said])
        if leaving := gone | marked.keys():
            await self._bot.rooms.withdraw(leaving)
        for message, emoji in marked.items():
            if emoji == REMOVES:
                self._bot.dispatch("crossed_out", room, message)
        for message in shown:
            if message.id in said - leaving and message.edited_at is not None and is_by_person(message):
                async with self._bot.ears.in_order(None):
                    await self._bot.ears.hear_again(None, message, looked_up=True)

    async def _compared(self, room: OpenRoom, said: set[int], first: int) -> tuple[list[discord.Message], set[int]]:
        """Return what Discord shows of a room's time, the newest first, and what is missing of what was said."""
        channel = self._bot.get_partial_messageable(room.place.channel_id, guild_id=room.place.guild_id)
        last = max(said)
        shown: list[discord.Message] = []
        async for message in channel.history(limit=MESSAGES_LOOKED_BACK, before=discord.Object(last + 1)):
            shown.append(message)
            if message.id < first:
                break
        if not shown and not await is_gone(channel, last):
            return [], set()  # Discord shows nothing to who may not read there
        oldest = first if len(shown) < MESSAGES_LOOKED_BACK else max(first, shown[-1].id)
        return shown, {one for one in said if one >= oldest} - {message.id for message in shown}

    async def _marked(self, room: OpenRoom, messages: Iterable[discord.Message]) -> dict[int, str]:
        """Return which messages somebody who may has crossed out or hidden, and by which emoji."""
        members = Members(self._bot)
        marked: dict[int, str] = {}
        for message in messages:
            given = {str(one.emoji): one for one in message.reactions}
            for emoji in (REMOVES, HIDES):
                if emoji in given and await self._counts(room, message, given[emoji], members):
                    marked.setdefault(message.id, emoji)
        return marked

    async def _counts(
        self, room: OpenRoom, message: discord.Message, given: discord.Reaction, members: Members
    ) -> bool:
        """Whether who may steer gave a reaction; a 🙈 counts from the author as well."""
        shown = await what_is_shown(room, message.id)
        if shown is None:
            return False
        author = message.author.id if shown.by is None else shown.by
        people = await people_with(given)
        is_by_author = str(given.emoji) == HIDES and any(who.id == author for who in people)
        return is_by_author or await any_may_steer(self._bot, room, people, members)
