"""One look at what Discord shows of a room's place: what is missed is heard, what was changed or is gone noticed."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

import discord

from bot.client.gone import is_gone
from bot.client.looked_up import LookedUp
from bot.client.members import Members
from bot.client.reading_on import (
    DISCORD_HISTORY_PAGE,
    SECONDS_UNTIL_SHOWN,
    ReadingOn,
    decided_through,
    shown_through,
)
from bot.client.rights import roles_are_known
from bot.client.said import is_by_person

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.client.ears import Ears
    from bot.client.permit import Permit
    from bot.open_room import OpenRoom

MESSAGES_COMPARED = 500
"""How far back a room looks for what was changed, hidden or deleted while nobody told us."""
MESSAGES_WITH_PICTURES_CAUGHT_UP = 20
"""Of the newest messages that were missed the pictures are fetched too; older ones would hardly be shown any more."""


class Seen(Enum):
    """What a look came to."""

    ALL = auto()
    OLDER_IS_MISSED = auto()
    """Nothing was done: more was missed than the newest page shows."""
    UNDECIDED = auto()
    """Discord does not have the server: it has to be looked at again."""


class OneLook:
    """A look at one room: first all that has to be asked of Discord, then, message by message, what it changes."""

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
        self._known_gone = known_gone
        self._weighed = weighed
        self._looked_up = LookedUp(bot, ears, room, members)
        self._reading_on = ReadingOn(bot, ears, room, self._looked_up)

    async def look(self, depth: int, permit: Permit) -> Seen:
        """Hear what people said meanwhile, and notice what was changed, hidden or deleted.

        What the gateway tells of meanwhile is newer than what is looked up here, which then says nothing of it. Where
        very much was missed, the `permit` to look is now and then left to others.
        """
        room = self._room
        if not roles_are_known(self._bot, room):
            return Seen.UNDECIDED
        first = await room.first_message()
        if first is None:
            return Seen.ALL
        with self._ears.told_meanwhile() as told:
            page, gone = await self._compared(first, depth)
            since = max(first, await room.bookmark.through(), self._first_heard_now())
            begins_later = room.state.mode == "open" and len(page) >= depth and page[0].id > since
            missed = await self._looked_up.missed(page, since)
            if begins_later and depth < MESSAGES_COMPARED and _goes_further_back(page, missed):
                return Seen.OLDER_IS_MISSED
            hidden = await self._looked_up.hide(page, missed, self._weighed, told=told, gone=gone)
            self._known_gone |= gone - told
            is_whole = not begins_later or await self._reading_on.read(since, page, permit)
            if roles_are_known(self._bot, room):
                pictured = {message.id for message in page[-MESSAGES_WITH_PICTURES_CAUGHT_UP:]}
                await self._looked_up.hear(page, missed - hidden, told=told, with_pictures=pictured)
        if is_whole and page:
            decided = decided_through(page, await self._looked_up.missed(page, since))
            has_left_any = any(self._ears.has_left(room, message.id) for message in page if message.id > since)
            at_once = has_left_any or depth >= MESSAGES_COMPARED  # what was left stays so, whatever is decided later
            await room.bookmark.move(min(decided, shown_through(page)), at_once=at_once)
        return Seen.ALL if roles_are_known(self._bot, room) else Seen.UNDECIDED

    def _first_heard_now(self) -> int:
        """Return the first message id of the time since which people are heard as they are now."""
        return discord.utils.time_snowflake(self._room.mode_since) if self._room.mode_since is not None else 0

    async def _compared(self, first: int, depth: int) -> tuple[list[discord.Message], set[int]]:
        """Return the newest messages of a room's place, and which that are known of should be among them and are not.

        A message that is missing is looked for once more a little later: it may have been posted since Discord
        was asked, or may not be shown yet.
        """
        page = await self._page(first, depth)
        known = await self._room.standing(_oldest_in(page, first))
        missing = known - self._known_gone - {message.id for message in page}
        if not page and not await self._are_gone(missing):
            return [], set()
        self._known_gone &= known
        if any(not self._ears.is_deleted(message) for message in missing):
            await asyncio.sleep(SECONDS_UNTIL_SHOWN)
            page = await self._page(first, depth)
            if not page and not await self._are_gone(missing):
                return [], set()
            oldest = _oldest_in(page, first)
            missing = {one for one in missing if one >= oldest} - {message.id for message in page}
        return page, missing

    async def _are_gone(self, missing: Collection[int]) -> bool:
        """Whether a place is empty because it was cleared; Discord shows nothing, too, to who may not read there."""
        return bool(missing) and await is_gone(self._channel, max(missing))

    @property
    def _channel(self) -> discord.PartialMessageable:
        place = self._room.place
        return self._bot.get_partial_messageable(place.channel_id, guild_id=place.guild_id)

    async def _page(self, first: int, depth: int) -> list[discord.Message]:
        """Return the newest messages of a room's place, oldest first: so many, or all since the room began."""
        found: list[discord.Message] = []
        async for message in self._channel.history(limit=depth):
            found.append(message)
            if message.id < first:
                break
        return found[::-1]


def _oldest_in(page: Sequence[discord.Message], first: int) -> int:
    """Return from which message on a page shows everything of a room that began with `first`."""
    is_all = len(page) < DISCORD_HISTORY_PAGE
    return first if is_all else max(first, page[0].id)


def _goes_further_back(page: Sequence[discord.Message], missed: Collection[int]) -> bool:
    """Whether what is missed may go on before a page: the first that a person says on it is among it."""
    first = next((message.id for message in page if is_by_person(message)), None)
    return first in missed
