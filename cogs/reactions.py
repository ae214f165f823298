"""How people react to the messages of a room: it reaches the AIs, and 🙈 takes a message off the record."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands

from bot.client import BackroomBot, may_here
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.listening import note_reactions, what_is_shown
from bot.open_room import OpenRoom
from bot.room.entries import Reaction

HIDES = "🙈"
CONTROLS = frozenset({"❌", "❓", HIDES})
"""Reactions by which people ask for something: no AI comes to know of them."""
SECONDS_COLLECTED = 3.0
"""So long reactions are collected before they are written down together."""
SECONDS_HELD_AT_MOST = 60.0
"""While an AI is answering it hears nothing new: reactions are held until it has, but not longer than this."""
SECONDS_BEFORE_LOOKING_AGAIN = 2.0
"""A message may be hidden before we have noted that we heard or posted it."""

_log = logging.getLogger("backroom.audience")


class Reactions(commands.Cog):
    """Collects reactions, also to messages that discord.py has long forgotten; a bot's own count for nothing."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._noting: dict[int, asyncio.Task[None]] = {}

    async def cog_unload(self) -> None:
        """Write down what still waits."""
        for task in self._noting.values():
            task.cancel()
        await asyncio.gather(*self._noting.values(), return_exceptions=True)
        for room in self.bot.rooms:
            await self._note(room)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Take a reaction, from whom the server lets react."""
        room = self.bot.rooms.find(payload.channel_id)
        if room is None or (payload.member is not None and payload.member.bot):
            return
        emoji = _name_of(payload.emoji)
        if emoji == HIDES:
            await self._hide(room, payload)
        elif self._counts(room, emoji) and may_here(self.bot, room, Right.REACT, payload.member):
            room.waiting_reactions.change(payload.message_id, Reaction(by=payload.user_id, emoji=emoji))
            self._note_soon(room)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Take back what somebody gave; what they never gave changes nothing."""
        room = self.bot.rooms.find(payload.channel_id)
        emoji = _name_of(payload.emoji)
        if room is not None and self._counts(room, emoji):
            reaction = Reaction(by=payload.user_id, emoji=emoji, added=False)
            room.waiting_reactions.change(payload.message_id, reaction)
            self._note_soon(room)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Take all reactions to a message back, because a moderator did."""
        self._clear(payload.channel_id, payload.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        """Take all reactions with one emoji back, because a moderator did."""
        self._clear(payload.channel_id, payload.message_id, _name_of(payload.emoji))

    def _clear(self, channel_id: int, message: int, emoji: str | None = None) -> None:
        if room := self.bot.rooms.find(channel_id):
            room.waiting_reactions.clear(message, room.history.given(message), emoji)
            self._note_soon(room)

    def _counts(self, room: OpenRoom, emoji: str) -> bool:
        return emoji not in CONTROLS and self.bot.guild_settings.of(room.place.guild_id).reactions

    async def _hide(self, room: OpenRoom, payload: discord.RawReactionActionEvent) -> None:
        """Take a message off the record, if its author or who may steer the room wants it."""
        try:
            for seconds in (SECONDS_BEFORE_LOOKING_AGAIN, 0.0):
                shown = await what_is_shown(room, payload.message_id)
                author = payload.message_author_id if shown is None or shown.by is None else shown.by
                if author != payload.user_id and not may_here(self.bot, room, Right.STEER, payload.member):
                    return
                if await room.withdraw([payload.message_id]):
                    return
                await asyncio.sleep(seconds)
        except BackroomError as error:
            _log.warning("room %s: a message was not hidden: %s", room.number, error)

    def _note_soon(self, room: OpenRoom) -> None:
        if room.number not in self._noting:
            task = asyncio.create_task(self._collect(room), name=f"reactions-{room.number}")
            self._noting[room.number] = task
            task.add_done_callback(lambda _: self._noting.pop(room.number, None))

    async def _collect(self, room: OpenRoom) -> None:
        until = asyncio.get_running_loop().time() + SECONDS_HELD_AT_MOST
        while len(room.waiting_reactions):
            await asyncio.sleep(SECONDS_COLLECTED)
            if room.speaking is None or asyncio.get_running_loop().time() > until:
                await self._note(room)

    async def _note(self, room: OpenRoom) -> None:
        try:
            await note_reactions(room)
        except BackroomError as error:
            _log.warning("room %s: reactions were not noted yet: %s", room.number, error)


def _name_of(emoji: discord.PartialEmoji) -> str:
    """Return an emoji as it stands in lines: itself, or the name of one that a server made."""
    if emoji.is_custom_emoji():
        return f":{emoji.name or 'emoji'}:"
    return emoji.name or "?"


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Reactions(bot))
