"""Reading on: what was missed in a long outage is heard page by page, from where a room's place was read last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import discord

from bot.client.looked_up import LookedUp
from bot.client.rights import roles_are_known
from bot.room.state import Phase

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.client.ears import Ears
    from bot.client.permit import Permit
    from bot.open_room import OpenRoom

DISCORD_HISTORY_PAGE = 100
SECONDS_UNTIL_SHOWN = 2.0
"""So long a message that has just appeared may be missing in the history that Discord shows."""

_BITS_BELOW_THE_TIME = 22  # of Discord's ids, which count milliseconds


class ReadingOn:
    """Hears what a room missed, however much it is; the room's bookmark moves with each page.

    So no more than a page is held at a time, and whoever is interrupted goes on at that page.
    """

    def __init__(self, bot: BackroomBot, ears: Ears, room: OpenRoom, looked_up: LookedUp) -> None:
        self._bot = bot
        self._ears = ears
        self._room = room
        self._looked_up = looked_up

    async def read(self, since: int, newest: Sequence[discord.Message], permit: Permit) -> bool:
        """Hear what was missed after the message `since` and before the `newest`; return whether all is decided.

        What cannot be decided, though everything is well, keeps nobody later from being heard, but the bookmark stays
        before it. After each page others may have the `permit` first: no room is to wait for all that this one missed.

        Raises:
            StorageError: nothing can be written down.
        """
        is_whole, end = True, newest[0].id - 1
        while since < end and self._listens():
            page, left = await self._hear_page(since, end)
            if page is None:
                return False  # Discord shows nothing any more to who may not read there
            decided = decided_through(page, left, since) if left or len(page) == DISCORD_HISTORY_PAGE else end
            if is_whole:
                await self._room.bookmark.move(min(decided, shown_through(newest)), at_once=True)
            if decided == since:
                if not roles_are_known(self._bot, self._room):
                    return False
                await self._room.check_writable()
                is_whole, decided = False, min(left)
            since = decided
            await permit.let_others()
        return is_whole

    def _listens(self) -> bool:
        return self._room.state.mode == "open" and self._room.state.phase is not Phase.ENDED

    async def _hear_page(self, since: int, end: int) -> tuple[list[discord.Message] | None, set[int]]:
        """Hear the page after a message, as far as `end`; return it, and what of it is still undecided."""
        with self._ears.told_meanwhile() as told:
            shown = await self._page(since)
            if not shown:
                return None, set()
            page = [message for message in shown if message.id <= end]
            missed = await self._looked_up.missed(page, since)
            hidden = await self._looked_up.hide(page, missed, {}, told=told)
            await self._looked_up.hear(page, missed - hidden, told=told, with_pictures=())
        return page, await self._looked_up.missed(page, since)

    async def _page(self, since: int) -> list[discord.Message]:
        """Return the messages that follow one, oldest first, as many as Discord shows at once."""
        place = self._room.place
        channel = self._bot.get_partial_messageable(place.channel_id, guild_id=place.guild_id)
        after = discord.Object(since)
        return [one async for one in channel.history(limit=DISCORD_HISTORY_PAGE, after=after, oldest_first=True)]


def decided_through(page: Sequence[discord.Message], left: Collection[int], since: int = 0) -> int:
    """Return the last message of a page before any of those that are `left`; `since` where there is none."""
    first = min(left, default=None)
    return max((message.id for message in page if first is None or message.id < first), default=since)


def shown_through(newest: Sequence[discord.Message]) -> int:
    """Return up to which message Discord shows all, going by the newest that it shows: no clock of ours counts."""
    return newest[-1].id - (int(SECONDS_UNTIL_SHOWN * 1000) << _BITS_BELOW_THE_TIME)
