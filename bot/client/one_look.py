"""One look at what Discord shows of a room's place: what is missed is heard, what was changed or is gone noticed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

import discord

from bot.client.members import Members
from bot.client.rights import may_here, roles_are_known
from bot.client.said import HIDES, is_by_person, words_of
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
HIDERS_ASKED_ABOUT = 20
"""Of those who gave one message a 🙈 so many are looked up, to learn whether they may steer."""

_log = logging.getLogger("backroom.audience")


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
        self._members = members
        self._known_gone = known_gone
        self._weighed = weighed

    async def look(self, depth: int) -> Seen:
        """Hear what people said meanwhile, and notice what was changed, hidden or deleted.

        What the gateway tells of meanwhile is newer than what is looked up here, which then says nothing of it.
        """
        room = self._room
        if not roles_are_known(self._bot, room):
            return Seen.UNDECIDED
        first = await room.first_message()
        if first is None:
            return Seen.ALL
        with self._ears.told_meanwhile() as told:
            page, gone = await self._compared(first, depth)
            since = max(first, self._first_heard_now())
            missed = {message.id for message in page if message.id > since and self._is_missed(message)}
            if len(page) >= depth and _goes_further_back(page, missed):
                if depth < MESSAGES_CAUGHT_UP:
                    return Seen.OLDER_IS_MISSED
                _log.warning(
                    "room %s: more may have been missed; what is older than the newest %s messages was not looked at",
                    room.number,
                    depth,
                )
            hidden = await self._hidden(page, missed)
            authors = await self._who_may_speak(message for message in page if message.id in missed - hidden.keys())
            if leaving := (gone | hidden.keys()) - told:
                await self._bot.rooms.withdraw(leaving)
            self._known_gone |= gone - told
            self._weighed.update({message: count for message, count in hidden.items() if message not in told})
            await self._take(page, authors, told)
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


def _goes_further_back(page: Sequence[discord.Message], missed: Collection[int]) -> bool:
    """Whether what is missed may go on before a page: the first that a person says on it is among it."""
    first = next((message.id for message in page if is_by_person(message)), None)
    return first in missed
