"""Catching up: what Discord shows of a room's place is compared with what the gateway told of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

import aiohttp
import discord

from bot.client.looking_again import LookingAgain
from bot.client.members import Members
from bot.client.rights import may_here, roles_are_known
from bot.client.said import HIDES, is_by_person, words_of
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.listening import what_is_shown

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.client.ears import Ears
    from bot.open_room import OpenRoom

DISCORD_HISTORY_PAGE = 100
DISCORD_USERS_A_PAGE = 100
MESSAGES_CAUGHT_UP = 500
"""How far back a room looks for what was said while nobody told us."""
MESSAGES_WITH_PICTURES_CAUGHT_UP = 20
"""Of the newest messages that were missed the pictures are fetched too; older ones would hardly be shown any more."""
SECONDS_UNTIL_SHOWN = 2.0
"""So long a message that has just appeared may be missing in the history that Discord shows."""
ROOMS_LOOKED_AT_TOGETHER = 8
HIDERS_ASKED_ABOUT = 20
"""Of those who gave one message a 🙈 so many are looked up, to learn whether they may steer."""

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
        self._one_look: WeakKeyDictionary[OpenRoom, asyncio.Lock] = WeakKeyDictionary()
        self._gone: WeakKeyDictionary[OpenRoom, set[int]] = WeakKeyDictionary()
        self._weighed: WeakKeyDictionary[OpenRoom, dict[int, int]] = WeakKeyDictionary()
        self._put_off: WeakSet[OpenRoom] = WeakSet()
        self._again = LookingAgain(self._look_fully)

    async def glance(self, rooms: Iterable[OpenRoom]) -> None:
        """Look at the newest page of each room's place: one request where nothing was missed.

        What is older than that page, because more was said since the last look, is left to the next full one.
        """
        members = Members(self._bot)
        await asyncio.gather(*(self._look_at(room, DISCORD_HISTORY_PAGE, members) for room in rooms))

    async def look(self, rooms: Iterable[OpenRoom]) -> None:
        """Look at each room's place in full depth, back to where the room began, as far as that goes.

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
        await self._again.close()

    async def _look_or_try_again(self, room: OpenRoom, members: Members) -> None:
        if not await self._look_fully(room, members):
            self._again.begin(room)

    async def _look_fully(self, room: OpenRoom, members: Members | None = None) -> bool:
        return await self._look_at(room, MESSAGES_CAUGHT_UP, members or Members(self._bot))

    async def _look_at(self, room: OpenRoom, depth: int, members: Members) -> bool:
        """Look at one room; returns whether that went well, or somebody lets us know when it is to be done again."""
        async with self._one_look.setdefault(room, asyncio.Lock()), self._together:
            known_gone, weighed = self._gone.setdefault(room, set()), self._weighed.setdefault(room, {})
            is_full = depth > DISCORD_HISTORY_PAGE
            if is_full:
                weighed.clear()  # as many others may have given a 🙈 while nobody told us
            try:
                if not await _Look(self._bot, self._ears, room, members, known_gone, weighed).look(depth):
                    self.put_off([room])
                elif is_full:
                    self._bot.dispatch("caught_up", room)
            except BackroomError as error:
                _log.warning("room %s did not catch up: %s", room.number, error)
                self._bot.dispatch("not_noted", room)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                _log.warning("room %s did not catch up: %s", room.number, error)
                return False
            except Exception:  # noqa: BLE001 - one room's fault is never another's, and the next look comes all the same
                if self._bot.is_closed():
                    return True  # nobody can be asked any more
                _log.exception("room %s met an error that nobody foresaw and did not catch up", room.number)
                return False
        return True


class _Look:
    """One look at one room: first all that has to be asked of Discord, then, message by message, what it changes."""

    def __init__(
        self,
        bot: BackroomBot,
        ears: Ears,
        room: OpenRoom,
        members: Members,
        known_gone: set[int],
        weighed: dict[int, int],
    ) -> None:
        self._bot = bot
        self._ears = ears
        self._room = room
        self._members = members
        self._known_gone = known_gone
        self._weighed = weighed

    async def look(self, depth: int) -> bool:
        """Hear what people said meanwhile, and notice what was changed, hidden or deleted.

        What the gateway tells of meanwhile is newer than what is looked up here, which then says nothing of it.
        Returns False where something is left undecided, because Discord does not have the server.
        """
        room = self._room
        if not roles_are_known(self._bot, room):
            return False
        first = await room.first_message()
        if first is None:
            return True
        with self._ears.told_meanwhile() as told:
            page, gone = await self._compared(first, depth)
            since = max(first, self._first_heard_now())
            missed = {message.id for message in page if message.id > since and self._is_missed(message)}
            hidden = await self._hidden(page, missed)
            authors = await self._who_may_speak(message for message in page if message.id in missed - hidden.keys())
            if leaving := (gone | hidden.keys()) - told:
                await self._bot.rooms.withdraw(leaving)
            self._known_gone |= gone - told
            self._weighed.update({message: count for message, count in hidden.items() if message not in told})
            await self._take(page, authors, told)
        return roles_are_known(self._bot, room)

    def _first_heard_now(self) -> int:
        """Return the first message id of the time since which people are heard as they are now."""
        return discord.utils.time_snowflake(self._room.mode_since) if self._room.mode_since is not None else 0

    async def _compared(self, first: int, depth: int) -> tuple[list[discord.Message], set[int]]:
        """Return the newest messages of a room's place, and which that are known of should be among them and are not.

        A message that is missing is looked for once more a little later: it may have been posted since Discord
        was asked, or may not be shown yet.
        """
        page = await self._page(first, depth)
        if not page:
            return [], set()  # Discord shows nothing to who may not read there
        known = await self._room.standing(_oldest_in(page, first))
        self._known_gone &= known
        missing = known - self._known_gone - {message.id for message in page}
        if any(not self._ears.is_deleted(message) for message in missing):
            await asyncio.sleep(SECONDS_UNTIL_SHOWN)
            page = await self._page(first, depth)
            oldest = _oldest_in(page, first)
            missing = {one for one in missing if page and one >= oldest} - {message.id for message in page}
        return page, missing

    async def _page(self, first: int, depth: int) -> list[discord.Message]:
        """Return the newest messages of a room's place, oldest first: so many, or all since the room began."""
        place = self._room.place
        channel = self._bot.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        found: list[discord.Message] = []
        async for message in channel.history(limit=depth):
            found.append(message)
            if message.id < first:
                break
        return found[::-1]

    def _is_missed(self, message: discord.Message) -> bool:
        """Whether a message is still to be heard, though something later may have been."""
        if not is_by_person(message) or self._room.state.mode != "open":
            return False
        is_known = self._room.history.entry_of_message(message.id) is not None
        return not is_known and not self._ears.has_left(self._room, message.id)

    def _is_heard(self, message: int) -> bool:
        history = self._room.history
        return history.entry_of_message(message) is not None and message not in history.withdrawn_messages

    async def _hidden(self, page: Sequence[discord.Message], missed: set[int]) -> dict[int, int]:
        """Return what its author, or who may steer the room, has taken off the record, each with how many hide it."""
        hidden: dict[int, int] = {}
        weighed: dict[int, int] = {}
        for message in page:
            given = next((one for one in message.reactions if str(one.emoji) == HIDES), None)
            author = await self._author(message, missed) if given is not None else None
            if given is None or author is None:
                continue
            if self._weighed.get(message.id) == given.count:
                weighed[message.id] = given.count
            elif await self._may_hide(given, author):
                hidden[message.id] = given.count
            elif roles_are_known(self._bot, self._room):
                weighed[message.id] = given.count
        self._weighed.clear()
        self._weighed.update(weighed)
        for message_id in hidden.keys() & missed:
            self._ears.leave(self._room, message_id)
        return hidden

    async def _author(self, message: discord.Message, missed: set[int]) -> int | None:
        """Return whose words a message holds; None where it is nothing of the room's, or is no longer heard."""
        shown = await what_is_shown(self._room, message.id)
        if shown is not None and shown.by is not None:
            return shown.by
        return message.author.id if shown is not None or message.id in missed else None

    async def _may_hide(self, given: discord.Reaction, author: int) -> bool:
        """Whether the author, or who may steer the room, is among those who gave a 🙈."""
        limit = min(given.count, DISCORD_USERS_A_PAGE)  # of no more than there are: else discord.py asks once more
        try:
            people = [who async for who in given.users(limit=limit) if not who.bot]
        except discord.NotFound:
            return True  # the message is gone
        if any(who.id == author or may_here(self._bot, self._room, Right.STEER, who) for who in people):
            return True
        for who in people[:HIDERS_ASKED_ABOUT]:
            member = await self._members.find(self._room.place.guild_id, who)
            if may_here(self._bot, self._room, Right.STEER, member):
                return True
        return False

    async def _who_may_speak(self, messages: Iterable[discord.Message]) -> dict[int, discord.User | discord.Member]:
        """Return who wrote each of these messages that are to be heard; the others stay unheard."""
        authors: dict[int, discord.User | discord.Member] = {}
        for message in messages:
            who = message.author
            if words_of(message):
                who = await self._members.find(self._room.place.guild_id, who)
            if may_here(self._bot, self._room, Right.SPEAK, who):
                authors[message.id] = who
            elif roles_are_known(self._bot, self._room):
                self._ears.leave(self._room, message.id)
        return authors

    async def _take(
        self,
        page: Sequence[discord.Message],
        authors: Mapping[int, discord.User | discord.Member],
        told: set[int],
    ) -> None:
        """Notice what was changed of what was heard, and hear what was missed."""
        newest = {message.id for message in page[-MESSAGES_WITH_PICTURES_CAUGHT_UP:]}
        for message in page:
            async with self._ears.in_order(self._room):
                if message.id in told:
                    continue
                if (author := authors.get(message.id)) is not None:
                    await self._ears.hear(self._room, message, author, with_pictures=message.id in newest)
                elif message.edited_at is not None and self._is_heard(message.id):
                    await self._ears.hear_again(self._room, message, looked_up=True)


def _oldest_in(page: Sequence[discord.Message], first: int) -> int:
    """Return from which message on a page shows everything of a room that began with `first`."""
    is_all = len(page) < DISCORD_HISTORY_PAGE
    return first if is_all else max(first, page[0].id)
