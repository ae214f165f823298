"""What a person's message comes to in a room: it is heard once, heard anew as it was changed, or left unheard."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import discord

from bot.client.members import Members
from bot.client.rights import may_here, roles_are_known
from bot.client.said import lost_files, pictures_of, words_of
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.listening import Shown, as_it_stands, change_words, hear, take_reply, what_is_shown
from bot.room import notices
from bot.room.entries import Heard

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.open_room import OpenRoom

DELETIONS_REMEMBERED = 1_000
"""The gateway may tell of a deletion before it tells of the message."""
EDITS_REMEMBERED = 1_000
REPLIES_REMEMBERED = 1_000
UNHEARD_REMEMBERED = 5_000
"""Of each room: far more than are looked through at once, for what is left in a long outage comes on top."""

_log = logging.getLogger("backroom.audience")


class Ears:
    """Hears messages for rooms, whoever tells of them: the gateway, or a look at what Discord shows.

    What was found not to be heard stays so: what held when it was said decides. Roles and settings that change
    later, a dot that is edited away and a 🙈 that is taken back let no old words in; nor is any of it worth asking
    Discord about again. A message that could not be written down is no decision, nor is one of somebody whose roles
    are not known just now. All this is known until the program ends: a look after the next start decides anew about
    what it finds unheard after the room's bookmark.
    """

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._deleted: deque[int] = deque(maxlen=DELETIONS_REMEMBERED)
        self._replies_taken: deque[int] = deque(maxlen=REPLIES_REMEMBERED)
        self._edited: dict[int, datetime] = {}
        self._in_rooms_that_are_over = asyncio.Lock()
        self._in_order: WeakKeyDictionary[OpenRoom, asyncio.Lock] = WeakKeyDictionary()
        self._unheard: WeakKeyDictionary[OpenRoom, dict[int, None]] = WeakKeyDictionary()
        self._noting: list[set[int]] = []

    def in_order(self, room: OpenRoom | None) -> asyncio.Lock:
        """Return the lock of a room under which one message is heard or changed after the other; None: none is open."""
        if room is None:
            return self._in_rooms_that_are_over
        return self._in_order.setdefault(room, asyncio.Lock())

    @contextmanager
    def told_meanwhile(self) -> Generator[set[int]]:
        """Hand out a set that comes to hold the messages that the gateway tells something newer of, in the block."""
        told: set[int] = set()
        self._noting.append(told)
        try:
            yield told
        finally:
            self._noting[:] = [one for one in self._noting if one is not told]

    def note_told(self, messages: Iterable[int]) -> None:
        """Note that the gateway tells of an edit, a deletion or a 🙈: it is newer than what is being looked up."""
        for message in messages:
            for told in self._noting:
                told.add(message)

    def note_deleted(self, messages: Iterable[int]) -> None:
        """Note that messages are gone, also those of which we may still be told that they were said."""
        self._deleted.extend(messages)

    def is_deleted(self, message: int) -> bool:
        """Whether the gateway has told that a message is gone."""
        return message in self._deleted

    def leave(self, room: OpenRoom, message: int) -> None:
        """Note that a message is not to be heard."""
        unheard = self._unheard.setdefault(room, {})
        unheard.setdefault(message)
        if len(unheard) > UNHEARD_REMEMBERED:
            del unheard[next(iter(unheard))]

    def has_left(self, room: OpenRoom, message: int) -> bool:
        """Whether it is decided that a message is not to be heard."""
        return message in self._unheard.get(room, ())

    async def hear(
        self,
        room: OpenRoom,
        message: discord.Message,
        author: discord.User | discord.Member,
        *,
        with_pictures: bool = True,
    ) -> None:
        """Let the AIs hear a message, under the name that its author has in the server; or decide that they do not."""
        try:
            if words := words_of(message):
                await self._hear(room, message, words, author, with_pictures=with_pictures)
                if self._is_unwanted(room, message.id):  # it may have become so while it was being written down
                    await self._bot.rooms.withdraw([message.id])
        except BackroomError as error:
            _log.warning("room %s: somebody was not heard: %s", room.number, error)
            self._bot.dispatch("not_noted", room)
            return
        if room.history.entry_of_message(message.id) is None:
            self.leave(room, message.id)

    async def hear_again(self, room: OpenRoom | None, message: discord.Message, *, looked_up: bool = False) -> None:
        """Hear a message that was changed as it is now, in every room; what is off the record now is withdrawn.

        So is what somebody changes who may not be heard any more, and what is hidden from us since it was changed:
        the old words are taken back, and the new ones are none that we may tell.
        `room` is the one that is open in the message's channel.
        Words older than those that were noted, or `looked_up` and no newer, change nothing.
        """
        noted, edited = self._edited.get(message.id), message.edited_at
        is_hidden = not message.content and not message.attachments and not self._bot.hears_people
        if is_hidden and edited is None:
            return  # nobody changed its words: Discord shows a link in it, or that it is pinned
        if noted is not None and edited is not None and (edited < noted or (looked_up and edited == noted)):
            return
        try:
            is_settled = await self._change(message)
        except BackroomError as error:
            _log.warning("that message %s was changed was not noted: %s", message.id, error)
            if room is not None:
                self._bot.dispatch("not_noted", room)
        else:
            if edited is not None and is_settled:
                self._note_edited(message.id, edited)

    async def _change(self, message: discord.Message) -> bool:
        """Let a message say what it says now in the rooms that know it; returns whether that is settled."""
        words, is_known, is_decided = words_of(message), False, True
        async for room in self._bot.rooms.that_know([message.id]):
            is_known = True
            if not words:
                await room.withdraw([message.id])
                continue
            stands = await as_it_stands(room, message.id)
            if stands is None or stands[1].text == words:
                continue
            may_speak = await self._may_speak(room, message.author)
            if may_speak is None:
                is_decided = False
                continue
            without_pictures = lost_files(message, stands[1].text)
            await change_words(room, message.id, words, may_speak=may_speak, without_pictures=without_pictures)
        return is_known and is_decided

    async def _may_speak(self, room: OpenRoom, who: discord.User | discord.Member) -> bool | None:
        """Whether somebody may be heard now; None while nobody knows who has which role."""
        if may_here(self._bot, room, Right.SPEAK, who):
            return True
        if not roles_are_known(self._bot, room):
            return None
        member = await Members(self._bot).find(room.place.guild_id, who)
        return may_here(self._bot, room, Right.SPEAK, member) if roles_are_known(self._bot, room) else None

    async def take_unreadable_reply(self, room: OpenRoom, message: discord.Message) -> None:
        """Give whom a person answered the next turn also where their words are hidden from us."""
        if self._bot.hears_people or message.content or message.id in self._replies_taken:
            return
        self._replies_taken.append(message.id)
        try:
            answered = await _answered(room, message)
            is_late = await self._bot.pseudonyms.is_forgotten(message.author.id, message.id)
            if answered is not None and answered.seat is not None and not is_late:
                await take_reply(room, notices.name_of_person(message.author.display_name), answered.seat)
        except BackroomError as error:
            _log.warning("room %s: a reply was not noted: %s", room.number, error)

    async def _hear(
        self,
        room: OpenRoom,
        message: discord.Message,
        words: str,
        author: discord.User | discord.Member,
        *,
        with_pictures: bool,
    ) -> None:
        if self._is_unwanted(room, message.id) or room.state.mode != "open":
            return
        name = notices.name_of_person(author.display_name)
        heard = Heard(message=message.id, by=author.id, by_name=name, text=words)
        pictures = await pictures_of(message) if with_pictures else []
        answered = await _answered(room, message)
        if answered is not None:
            is_quoted = bool(answered.entry_of_somebody) and not room.history.is_in_mind(answered.entry)
            answers = notices.excerpt(answered.said) if is_quoted else ""
            heard = heard.model_copy(
                update={"reply_to": answered.who, "answers": answers, "answers_to": answered.entry_of_somebody}
            )
        if not self._is_unwanted(room, message.id):
            seat = answered.seat if answered is not None else None
            to_us = self._bot.user is not None and any(user.id == self._bot.user.id for user in message.mentions)
            await hear(room, heard, self._bot.pseudonyms, pictures, answers=seat, to_the_bot=to_us)

    def _is_unwanted(self, room: OpenRoom, message: int) -> bool:
        """Whether a message was deleted or hidden, which may have been while its pictures were on their way."""
        return self.is_deleted(message) or self.has_left(room, message)

    def _note_edited(self, message: int, edited: datetime) -> None:
        self._edited.pop(message, None)
        self._edited[message] = edited
        if len(self._edited) > EDITS_REMEMBERED:
            del self._edited[next(iter(self._edited))]


async def _answered(room: OpenRoom, message: discord.Message) -> Shown | None:
    """Return what a reply answers, if it is a message of the room."""
    is_reply = message.type is discord.MessageType.reply and message.reference is not None
    answers = message.reference.message_id if is_reply and message.reference else None
    return None if answers is None else await what_is_shown(room, answers)
