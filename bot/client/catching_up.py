"""Catching up: what Discord shows of a room's place is compared with what the gateway told of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

import aiohttp
import discord

from bot.client.looking_again import LookingAgain
from bot.client.members import Members
from bot.client.one_look import MESSAGES_COMPARED, OneLook, Seen
from bot.client.permit import Permit
from bot.client.reading_on import DISCORD_HISTORY_PAGE
from bot.errors import BackroomError

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.client.ears import Ears
    from bot.open_room import OpenRoom

ROOMS_LOOKED_AT_TOGETHER = 8
ROOMS_LEFT_MIDWAY = 24
"""So many rooms that missed much wait while others are looked at; of each the newest messages are kept meanwhile."""
SECONDS_A_LOOK_HOLDS = 3.0
"""So long after a look a room need not be looked at again before somebody lets an AI speak."""
SECONDS_A_TURN_WAITS = 3.5
"""Who lets an AI speak waits no longer for the look before it; what seems to be deleted is looked for twice."""
SECONDS_TURNS_WAIT = 20.0
"""Nor does a room that goes on by itself: after a start all rooms are looked at, each in full depth."""

_log = logging.getLogger("backroom.audience")


class CatchingUp:
    """Looks at rooms, some of them together, and never twice at the same one at a time.

    Remembers of each room which posts it found gone, because one of the house may be gone without leaving what the
    AIs see, and how many 🙈 it weighed at a message: a glance asks who gave them only when there are more or fewer.
    """

    def __init__(self, bot: BackroomBot, ears: Ears) -> None:
        self._bot = bot
        self._ears = ears
        self._together = asyncio.Semaphore(ROOMS_LOOKED_AT_TOGETHER)
        self._midway = asyncio.Semaphore(ROOMS_LEFT_MIDWAY)
        self._one_look: WeakKeyDictionary[OpenRoom, asyncio.Lock] = WeakKeyDictionary()
        self._gone: WeakKeyDictionary[OpenRoom, set[int]] = WeakKeyDictionary()
        self._weighed: WeakKeyDictionary[OpenRoom, dict[int, int]] = WeakKeyDictionary()
        self._put_off: WeakSet[OpenRoom] = WeakSet()
        self._behind: WeakSet[OpenRoom] = WeakSet()
        self._looked: WeakKeyDictionary[OpenRoom, float] = WeakKeyDictionary()
        self._before_turns: WeakKeyDictionary[OpenRoom, asyncio.Task[None]] = WeakKeyDictionary()
        self._again = LookingAgain(self._look_fully)

    async def glance(self, rooms: Iterable[OpenRoom]) -> None:
        """Look at the newest page of each room's place: one request where nothing was missed.

        Where more was missed than that page shows, it becomes a look in full depth.
        """
        members = Members(self._bot)
        await asyncio.gather(*(self._glance_at(room, members) for room in rooms))

    async def glance_before_a_turn(self, room: OpenRoom) -> None:
        """Look at the newest page of a room's place, so that the AI that is asked next sees what nobody told us.

        A look that takes long goes on while the turn is taken, and one that fails holds up nothing.
        """
        await self._glance_first(room, SECONDS_A_TURN_WAITS)

    def fall_behind(self, rooms: Iterable[OpenRoom]) -> None:
        """Note that for a while nobody told us of rooms: the program was not running, or their place was closed."""
        for room in rooms:
            self._behind.add(room)
            self._looked.pop(room, None)

    async def glance_before_turns(self, room: OpenRoom) -> None:
        """Before a room takes turns again of which nobody told us for a while, look as before any turn, and longer."""
        if room in self._behind:
            self._behind.discard(room)
            await self._glance_first(room, SECONDS_TURNS_WAIT)

    async def look(self, rooms: Iterable[OpenRoom]) -> None:
        """Look at each room's place in full depth, and hear all that was missed since it was read last.

        A room at which Discord lets nobody look is looked at again later. Where all is heard and withdrawn that was
        missed, the event `caught_up` tells of it.
        """
        members = Members(self._bot)
        await asyncio.gather(*(self._look_or_try_again(room, members) for room in rooms))

    def put_off(self, rooms: Iterable[OpenRoom]) -> None:
        """Note that rooms can be looked at only once Discord has their server again."""
        self._put_off.update(rooms)

    async def look_at_put_off(self, rooms: Iterable[OpenRoom]) -> None:
        """Look in full depth at those of the rooms that were put off."""
        due = [room for room in rooms if room in self._put_off]
        self._put_off.difference_update(due)
        await self.look(due)

    async def close(self) -> None:
        """Try no more what Discord did not let us look at."""
        for task in (tasks := tuple(self._before_turns.values())):
            task.cancel()
        await asyncio.gather(*tasks, self._again.close(), return_exceptions=True)

    async def _glance_first(self, room: OpenRoom, seconds: float) -> None:
        """Glance at a room, unless that was just done, or is being done; wait no longer than so many seconds."""
        if self._was_just_looked_at(room):
            return
        task = self._before_turns.get(room)
        if task is None or task.done():
            task = asyncio.create_task(self._glance_if_need_be(room), name=f"look-before-a-turn-{room.number}")
            self._before_turns[room] = task
        await asyncio.wait([task], timeout=seconds)

    def _was_just_looked_at(self, room: OpenRoom) -> bool:
        return asyncio.get_running_loop().time() - self._looked.get(room, float("-inf")) < SECONDS_A_LOOK_HOLDS

    async def _glance_if_need_be(self, room: OpenRoom) -> None:
        async with self._one_look.setdefault(room, asyncio.Lock()):
            pass  # whoever looks has ended
        if not self._was_just_looked_at(room):
            await self.glance([room])

    async def _glance_at(self, room: OpenRoom, members: Members) -> None:
        if await self._look_at(room, DISCORD_HISTORY_PAGE, members) is Seen.OLDER_IS_MISSED:
            await self._look_or_try_again(room, members)

    async def _look_or_try_again(self, room: OpenRoom, members: Members) -> None:
        if not await self._look_fully(room, members):
            self._again.begin(room)

    async def _look_fully(self, room: OpenRoom, members: Members | None = None) -> bool:
        """Look in full depth; returns whether that went well, or somebody lets us know when it is to be done again."""
        return await self._look_at(room, MESSAGES_COMPARED, members or Members(self._bot)) is not None

    async def _look_at(self, room: OpenRoom, depth: int, members: Members) -> Seen | None:
        """Look at one room; returns None where it is to be looked at again, and nobody will let us know when."""
        async with self._one_look.setdefault(room, asyncio.Lock()), Permit(self._together, self._midway) as permit:
            known_gone, weighed = self._gone.setdefault(room, set()), self._weighed.setdefault(room, {})
            began = asyncio.get_running_loop().time()
            is_full = depth > DISCORD_HISTORY_PAGE
            if is_full:
                weighed.clear()  # as many others may have given a 🙈 while nobody told us
            try:
                seen = await OneLook(self._bot, self._ears, room, members, known_gone, weighed).look(depth, permit)
            except BackroomError as error:
                _log.warning("room %s did not catch up: %s", room.number, error)
                self._bot.dispatch("not_noted", room)
                return Seen.UNDECIDED
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                _log.warning("room %s did not catch up: %s", room.number, error)
                return None
            except Exception:  # noqa: BLE001 - one room's fault is never another's, and the next look comes all the same
                if self._bot.is_closed():
                    return Seen.UNDECIDED  # nobody can be asked any more
                _log.exception("room %s met an error that nobody foresaw and did not catch up", room.number)
                return None
            if seen is Seen.UNDECIDED:
                self.put_off([room])
            elif seen is Seen.ALL:
                self._looked[room] = began
                if is_full:
                    self._bot.dispatch("caught_up", room)
            return seen
