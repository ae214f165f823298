"""What is looked up of a room's place: what was missed is heard, what was changed or hidden noticed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import discord

from bot.client.members import Members
from bot.client.reactors import any_may_steer, people_with
from bot.client.rights import may_here, roles_are_known
from bot.client.said import HIDES, is_by_person, words_of
from bot.guild_settings import Right
from bot.listening import what_is_shown

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.client.ears import Ears
    from bot.open_room import OpenRoom


class LookedUp:
    """Decides about the messages of one room's place, a page at a time, the oldest first."""

    def __init__(self, bot: BackroomBot, ears: Ears, room: OpenRoom, members: Members) -> None:
        self._bot = bot
        self._ears = ears
        self._room = room
        self._members = members

    async def missed(self, page: Iterable[discord.Message], since: int) -> set[int]:
        """Return which messages after `since` are still to be heard, though something later may have been."""
        if self._room.state.mode != "open":
            return set()
        unknown = {
            message.id
            for message in page
            if message.id > since and is_by_person(message) and self._is_undecided(message.id)
        }
        return unknown - await self._room.recall.known(unknown)

    async def hide(
        self,
        page: Iterable[discord.Message],
        missed: set[int],
        weighed: dict[int, int],
        *,
        told: set[int],
        gone: Collection[int] = (),
    ) -> set[int]:
        """Withdraw what is hidden or `gone`, unless the gateway has `told` something newer; return what is hidden.

        `weighed` comes to hold the messages of the page at which a 🙈 was weighed, each with how many gave it: where it
        has held as many, nobody is asked who they are.
        """
        hidden = await self._hidden(page, missed, weighed)
        if leaving := (set(gone) | hidden.keys()) - told:
            await self._bot.rooms.withdraw(leaving)
        weighed.update({message: count for message, count in hidden.items() if message not in told})
        return set(hidden)

    async def hear(
        self,
        page: Sequence[discord.Message],
        missed: Collection[int],
        *,
        told: set[int],
        with_pictures: Collection[int],
    ) -> None:
        """Hear what was missed, and notice what was changed of what was heard."""
        authors = await self._who_may_speak(message for message in page if message.id in missed)
        changed = await self._changed(page)
        for message in page:
            async with self._ears.in_order(self._room):
                if message.id in told:
                    continue
                if (author := authors.get(message.id)) is not None:
                    pictured = message.id in with_pictures
                    await self._ears.hear(self._room, message, author, with_pictures=pictured)
                elif message.id in changed and message.id not in self._room.history.withdrawn_messages:
                    await self._ears.hear_again(self._room, message, looked_up=True)

    def _is_undecided(self, message: int) -> bool:
        is_known = self._room.history.entry_of_message(message) is not None
        return not is_known and not self._ears.has_left(self._room, message)

    async def _changed(self, page: Iterable[discord.Message]) -> set[int]:
        """Return which messages of people that were heard are not as they were at first."""
        edited = {message.id for message in page if message.edited_at is not None and is_by_person(message)}
        return await self._room.recall.known(edited)

    async def _hidden(
        self, page: Iterable[discord.Message], missed: set[int], weighed_before: dict[int, int]
    ) -> dict[int, int]:
        """Return what its author, or who may steer the room, has taken off the record, each with how many hide it."""
        hidden: dict[int, int] = {}
        weighed: dict[int, int] = {}
        for message in page:
            given = next((one for one in message.reactions if str(one.emoji) == HIDES), None)
            author = await self._author(message, missed) if given is not None else None
            if given is None or author is None:
                continue
            if weighed_before.get(message.id) == given.count:
                weighed[message.id] = given.count
            elif await self._may_hide(given, author):
                hidden[message.id] = given.count
            elif roles_are_known(self._bot, self._room):
                weighed[message.id] = given.count
        weighed_before.clear()
        weighed_before.update(weighed)
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
        try:
            people = await people_with(given)
        except discord.NotFound:
            return True  # the message is gone
        is_by_author = any(who.id == author for who in people)
        return is_by_author or await any_may_steer(self._bot, self._room, people, self._members)

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
