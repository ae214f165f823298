"""An aside: what one person is told who reacted. Discord has no answer to a reaction that only they would see.

It is a letter. Where somebody takes no letters it stands in the channel, names them without a ping, and goes by itself
after some seconds: once for each person in ten minutes and one at a time in each channel, so that nobody fills a
channel by reacting. The same refusal is told to the same person once an hour: ❌ and 🙈 are also plain emojis.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.room import notices
from bot.words import t

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

ASIDE_SIGN = "↪️"
"""What every aside in a channel begins with, and no line of a room."""
SECONDS_SHOWN = 20.0
SECONDS_BEFORE_ANOTHER_LETTER = 600.0
"""To who takes none: Discord shuts out bots that make too many requests which it refuses."""
SECONDS_BEFORE_REPEATING = 3600.0
SECONDS_TO_TAKE_BACK = 3.0
"""When the program ends: what stands in a channel goes with it, if Discord answers so soon."""
REMEMBERED = 2_000

_NO_PINGS = discord.AllowedMentions.none()
_BROKEN = (discord.HTTPException, aiohttp.ClientError, OSError)
_log = logging.getLogger("backroom.client")


class Lately:
    """What happened within the last seconds, as far back as is remembered."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def holds(self, what: Hashable) -> bool:
        """Whether it happened lately."""
        return time.monotonic() - self._at.get(what, float("-inf")) < self._seconds

    def is_new(self, what: Hashable) -> bool:
        """Return whether it did not happen lately; then it happens now."""
        if self.holds(what):
            return False
        self._at[what] = time.monotonic()
        self._at.move_to_end(what)
        while len(self._at) > REMEMBERED:
            self._at.popitem(last=False)
        return True

    def forget(self, what: Hashable) -> None:
        """Let it not have happened."""
        self._at.pop(what, None)


class Asides:
    """Tells people who reacted what came of it."""

    def __init__(self, bot: BackroomBot) -> None:
        self._bot = bot
        self._told = Lately(SECONDS_BEFORE_REPEATING)
        self._closed_to_letters = Lately(SECONDS_BEFORE_ANOTHER_LETTER)
        self._shown_in = Lately(SECONDS_SHOWN)
        self._standing: dict[int, asyncio.Task[None]] = {}

    async def tell(self, reaction: discord.RawReactionActionEvent, sentence: str) -> None:
        """Say a sentence about the message to who reacted, and take their reaction away; not twice within an hour."""
        what = (reaction.user_id, sentence)
        if not self._told.is_new(what):
            return
        was_told = await self.write(reaction, f"{sentence}\n{_link(reaction)}", otherwise=sentence)
        if not was_told:
            self._told.forget(what)

    async def write(
        self,
        reaction: discord.RawReactionActionEvent,
        letter: str,
        *,
        otherwise: str,
        file: discord.File | None = None,
    ) -> bool:
        """Write to who reacted, or show them `otherwise` in the channel; then take their reaction away.

        Returns whether they were told.
        """
        person = reaction.member
        if person is None or self._closed_to_letters.holds(person.id):
            return False
        try:
            if file is None:
                await person.send(letter, allowed_mentions=_NO_PINGS)
            else:
                await person.send(letter, file=file, allowed_mentions=_NO_PINGS)
        except discord.Forbidden:
            if not await self._show(reaction, person, otherwise):
                return False
        except _BROKEN as error:
            _log.info("who reacted to message %s could not be told: %s", reaction.message_id, error)
            return False
        await self._take_away(reaction, person)
        return True

    def is_about_panel(self, reaction: discord.RawReactionActionEvent) -> bool:
        """Whether a message that is no post of a room's is its panel: nothing else of ours stands there for long."""
        return self._is_panel(reaction.message_id, reaction.message_author_id)

    def of_no_room(self, message: discord.Message) -> str:
        """Return what is to be told of a message that is no post of a room's, and that no room has heard."""
        is_panel = message.webhook_id is None and self._is_panel(message.id, message.author.id)
        return t(notices.ABOUT_THE_PANEL if is_panel else notices.NOT_OF_A_ROOM)

    def _is_panel(self, message: int, author: int | None) -> bool:
        return self._bot.user is not None and author == self._bot.user.id and message not in self._standing

    async def close(self) -> None:
        """Take back what stands in channels."""
        tasks = tuple(self._standing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _show(self, reaction: discord.RawReactionActionEvent, person: discord.Member, sentence: str) -> bool:
        is_first = self._closed_to_letters.is_new(person.id)
        if not is_first or not self._shown_in.is_new(reaction.channel_id):
            return False
        channel = self._bot.get_partial_messageable(reaction.channel_id)
        try:
            aside = f"{ASIDE_SIGN} {person.mention} {sentence}"
            message = await channel.send(aside, allowed_mentions=_NO_PINGS, silent=True)
        except _BROKEN as error:
            _log.info("who reacted to message %s could not be told here either: %s", reaction.message_id, error)
            return False
        task = asyncio.create_task(_take_back(message), name=f"aside-{message.id}")
        self._standing[message.id] = task
        task.add_done_callback(lambda _: self._standing.pop(message.id, None))
        return True

    async def _take_away(self, reaction: discord.RawReactionActionEvent, person: discord.Member) -> None:
        """Take a reaction away that was answered, where the bot may: then it can be given again."""
        channel = person.guild.get_channel_or_thread(reaction.channel_id)
        if channel is None or not channel.permissions_for(person.guild.me).manage_messages:
            return
        message = self._bot.get_partial_messageable(reaction.channel_id).get_partial_message(reaction.message_id)
        try:
            await message.remove_reaction(reaction.emoji, person)
        except _BROKEN as error:
            _log.info("a reaction to message %s stays: %s", reaction.message_id, error)


async def _take_back(message: discord.Message) -> None:
    try:
        await asyncio.sleep(SECONDS_SHOWN)
    finally:
        try:
            async with asyncio.timeout(SECONDS_TO_TAKE_BACK):
                await message.delete()
        except (*_BROKEN, TimeoutError) as error:
            _log.info("an aside stays in its channel: %s", error)


def _link(reaction: discord.RawReactionActionEvent) -> str:
    return f"https://discord.com/channels/{reaction.guild_id}/{reaction.channel_id}/{reaction.message_id}"
