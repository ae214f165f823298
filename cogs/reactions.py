"""How people react to the messages of a room: it reaches the AIs, and 🙈 takes a message off the record."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import discord
from discord.ext import commands

from bot.client import HIDES, BackroomBot, may_here
from bot.client.looking_again import LookingAgain
from bot.client.reactors import DISCORD_USERS_A_PAGE, people_with
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.listening import Shown, note_reactions, what_is_shown
from bot.open_room import OpenRoom
from bot.room import notices
from bot.room.entries import Reaction
from bot.room.reactions import MEANT_FOR_THE_HOUSE
from bot.words import speak, t

CONTROLS = MEANT_FOR_THE_HOUSE | {HIDES}
"""Reactions by which people ask for something: no AI comes to know of them."""
SECONDS_COLLECTED = 3.0
"""So long reactions are collected before they are written down together."""
SECONDS_HELD_AT_MOST = 60.0
"""While an AI is answering it hears nothing new: reactions are held until it has, but not longer than this."""
MESSAGES_COMPARED = 100
"""After an outage the reactions to a room's newest messages, a page of them, are compared with what is known."""
REACTIONS_LOOKED_UP_AT_MOST = 100
"""Discord is asked who reacted once for each emoji whose count differs."""
REACTIONS_LOOKED_UP_IN_CASE = 20
"""Where the count is what is known, it may still be others who reacted: the newest are asked about."""
SECONDS_BEFORE_LOOKING_AGAIN = 2.0
"""A message may be hidden before we have noted that we heard or posted it."""

_log = logging.getLogger("backroom.audience")


class Reactions(commands.Cog):
    """Collects reactions, also to messages that discord.py has long forgotten; a bot's own count for nothing."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._noting: dict[int, asyncio.Task[None]] = {}
        self._catching_up = 0
        self._told_meanwhile: set[tuple[int, str, int]] = set()  # message, emoji, person: newer than what is looked up
        self._again = LookingAgain(self._catch_up)

    async def cog_unload(self) -> None:
        """Write down what still waits."""
        await self._again.close()
        for task in self._noting.values():
            task.cancel()
        await asyncio.gather(*self._noting.values(), return_exceptions=True)
        for room in self.bot.rooms:
            await self._note(room)

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Take a reaction, from whom the server lets react."""
        room = self.bot.rooms.find(payload.channel_id)
        if payload.member is not None and payload.member.bot:
            return
        emoji = _name_of(payload.emoji)
        if emoji == HIDES:
            await self._hide(payload)  # also where a room was
        elif room is not None and self._counts(room, emoji) and may_here(self.bot, room, Right.REACT, payload.member):
            self._take(room, payload.message_id, Reaction(by=payload.user_id, emoji=emoji))

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Take back what somebody gave, also where reactions count no longer; what they never gave changes nothing."""
        room = self.bot.rooms.find(payload.channel_id)
        emoji = _name_of(payload.emoji)
        if room is not None and emoji not in CONTROLS:
            self._take(room, payload.message_id, Reaction(by=payload.user_id, emoji=emoji, added=False))

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """Take all reactions to a message back, because a moderator did."""
        self._clear(payload.channel_id, payload.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        """Take all reactions with one emoji back, because a moderator did."""
        self._clear(payload.channel_id, payload.message_id, _name_of(payload.emoji))

    @commands.Cog.listener()
    async def on_caught_up(self, room: OpenRoom) -> None:
        """Catch up with what people gave and took back while the gateway did not tell us, also to what was missed."""
        if not await self._catch_up(room):
            self._again.begin(room)

    def _take(self, room: OpenRoom, message: int, told: Reaction) -> None:
        """Take what the gateway tells."""
        if self._catching_up:
            self._told_meanwhile.add((message, told.emoji, told.by))
        room.waiting_reactions.change(message, told)
        self._note_soon(room)

    async def _catch_up(self, room: OpenRoom) -> bool:
        """Compare reactions with what is known of them; returns whether Discord told us all of it."""
        self._catching_up += 1
        try:
            for reaction in await self._differing(room):
                await self._compare(room, reaction, _name_of(reaction.emoji))
        except (BackroomError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("room %s did not catch up with reactions: %s", room.number, error)
            return False
        except Exception:  # noqa: BLE001 - it is looked again, as after what was foreseen
            if self.bot.is_closed():
                return True  # nobody can be asked any more
            _log.exception("room %s met an error that nobody foresaw and did not catch up with reactions", room.number)
            return False
        finally:
            self._catching_up -= 1
            if not self._catching_up:
                self._told_meanwhile.clear()
            self._note_soon(room)
        return True

    async def _differing(self, room: OpenRoom) -> list[discord.Reaction]:
        """Take back what nobody gives any more, and return what else may differ from what is known, newest first."""
        channel = self.bot.get_partial_messageable(room.place.channel_id)
        differing: list[discord.Reaction] = []
        alike: list[discord.Reaction] = []
        async for message in channel.history(limit=MESSAGES_COMPARED):
            given = _given(room, message.id)
            there = {_name_of(reaction.emoji): reaction for reaction in message.reactions}
            for emoji in given.keys() - there.keys():
                for by in given[emoji]:
                    self._change(room, message.id, Reaction(by=by, emoji=emoji, added=False))
            for emoji, reaction in there.items():
                if self._counts(room, emoji) or given.get(emoji):
                    others = reaction.count - reaction.me
                    (alike if others == len(given.get(emoji, ())) else differing).append(reaction)
        return differing[:REACTIONS_LOOKED_UP_AT_MOST] + alike[:REACTIONS_LOOKED_UP_IN_CASE]

    async def _compare(self, room: OpenRoom, reaction: discord.Reaction, emoji: str) -> None:
        """Take what differs from what is known; who the server lets react is asked as ever."""
        message = reaction.message.id
        known = _given(room, message).get(emoji, set[int]())
        there = {who.id: who for who in await people_with(reaction, as_counted=False)}
        if reaction.count < DISCORD_USERS_A_PAGE:  # bots included: of more, not all are listed
            for by in known - there.keys():
                self._change(room, message, Reaction(by=by, emoji=emoji, added=False))
        for by in there.keys() - known if self._counts(room, emoji) else ():
            was_forgotten = await self.bot.pseudonyms.is_forgotten(by, message)
            if not was_forgotten and may_here(self.bot, room, Right.REACT, there[by]):
                self._change(room, message, Reaction(by=by, emoji=emoji))

    def _change(self, room: OpenRoom, message: int, looked_up: Reaction) -> None:
        """Take what was looked up, unless the gateway has told of it meanwhile: that is newer."""
        if (message, looked_up.emoji, looked_up.by) not in self._told_meanwhile:
            room.waiting_reactions.change(message, looked_up)

    def _clear(self, channel_id: int, message: int, emoji: str | None = None) -> None:
        if room := self.bot.rooms.find(channel_id):
            room.waiting_reactions.clear(message, room.history.given(message), emoji)
            self._note_soon(room)

    def _counts(self, room: OpenRoom, emoji: str) -> bool:
        return emoji not in CONTROLS and self.bot.guild_settings.of(room.place.guild_id).reactions

    async def _hide(self, payload: discord.RawReactionActionEvent) -> None:
        """Take a message off the record in every room, if its author or who may steer the room here wants it."""
        if payload.member is not None:
            speak(payload.member.guild.preferred_locale.value)  # nobody tells us that of who reacts
        try:
            for seconds in (SECONDS_BEFORE_LOOKING_AGAIN, 0.0):
                room = await self.bot.rooms.showing(payload.message_id, payload.channel_id)
                shown = None if room is None else await what_is_shown(room, payload.message_id)
                if not self._may_hide(room, shown, payload):
                    if shown is not None:
                        await self.bot.asides.tell(payload, t(notices.ONLY_AUTHOR_HIDES))
                    return
                if await self.bot.rooms.withdraw([payload.message_id]) or room is None:
                    return
                await asyncio.sleep(seconds)
                await room.until_arrived()
        except BackroomError as error:
            _log.warning("message %s was not hidden: %s", payload.message_id, error)
            await self.bot.asides.tell(payload, notices.not_hidden(str(error)))

    def _may_hide(self, room: OpenRoom | None, shown: Shown | None, payload: discord.RawReactionActionEvent) -> bool:
        author = payload.message_author_id if shown is None or shown.by is None else shown.by
        return author == payload.user_id or (room is not None and may_here(self.bot, room, Right.STEER, payload.member))

    def _note_soon(self, room: OpenRoom) -> None:
        under_way = self._noting.get(room.number)
        if under_way is None or under_way.done():
            task = asyncio.create_task(self._collect(room), name=f"reactions-{room.number}")
            self._noting[room.number] = task
            task.add_done_callback(lambda done: self._let_go(room.number, done))

    def _let_go(self, room: int, done: asyncio.Task[None]) -> None:
        """Forget a task that has ended, unless the next one has begun before we were told."""
        if self._noting.get(room) is done:
            del self._noting[room]

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


def _given(room: OpenRoom, message: int) -> dict[str, set[int]]:
    """Return who gave which emoji to a message, as far as is known, also what is not written down yet."""
    return room.waiting_reactions.on_top_of(room.history.given(message), message)


def _name_of(emoji: discord.PartialEmoji | discord.Emoji | str) -> str:
    """Return an emoji as it stands in lines: itself, or the name of one that a server made."""
    if isinstance(emoji, str):
        return emoji
    is_custom = isinstance(emoji, discord.Emoji) or emoji.is_custom_emoji()
    return f":{emoji.name or 'emoji'}:" if is_custom else emoji.name


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Reactions(bot))
