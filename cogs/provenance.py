"""Who said this? Apps → Who said this?, or ❓, tells the one who asks where a message of a room comes from."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping

import discord
from discord.ext import commands

from bot.client import BackroomBot, MenuCog, answer, ask_for_time, may_here, message_menu
from bot.errors import BackroomError
from bot.guild_settings import Right
from bot.posting.sending import NumberedFile
from bot.room import notices
from bot.room.entries import Entry, Heard, Withdrawn
from bot.room.forgetting import NOBODY
from bot.room.provenance import SeatWords, provenance
from bot.room.reactions import ASKS_WHO_SAID_IT
from bot.rooms import Origin
from bot.words import speak, t

DISCORD_MESSAGE_LIMIT = 2000

_log = logging.getLogger("backroom.provenance")


class Provenance(MenuCog):
    """Tells where messages come from; a seat's own prompt additions only to those who may steer its room."""

    @message_menu("Who said this?", None)
    async def who_said_this(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        """Show to the asker alone where the message comes from."""
        await ask_for_time(interaction)
        origin = await self.bot.rooms.origin_of(message.id, message.channel.id)
        told = self.bot.asides.of_no_room(message) if origin is None else await self._told(origin, interaction.user)
        if len(told) <= DISCORD_MESSAGE_LIMIT:
            await answer(interaction, told)
        else:
            await interaction.edit_original_response(attachments=[_as_file(told)])

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        """Tell who asks with ❓ at a message of the bot's: by letter, or else in the channel how to ask."""
        if str(reaction.emoji) != ASKS_WHO_SAID_IT or reaction.member is None or reaction.member.bot:
            return
        speak(reaction.member.guild.preferred_locale.value)  # nobody tells us that of who reacts
        try:
            origin = await self.bot.rooms.origin_of(reaction.message_id, reaction.channel_id)
            if origin is None and self.bot.asides.is_about_panel(reaction):
                await self.bot.asides.tell(reaction, t(notices.ABOUT_THE_PANEL))
            elif origin is not None and origin.post is not None:  # people ask each other as well
                told = await self._told(origin, reaction.member)
                fits = len(told) <= DISCORD_MESSAGE_LIMIT
                letter, file = (told, None) if fits else ("", _as_file(told))
                await self.bot.asides.write(reaction, letter, file=file, otherwise=t(notices.TAKES_NO_LETTERS))
        except BackroomError as error:
            _log.warning("where message %s comes from was not told: %s", reaction.message_id, error)

    async def _told(self, origin: Origin, asker: discord.User | discord.Member) -> str:
        """Return what can be told of a message to who asks."""
        await self.bot.looking_back.before_showing(origin.room)
        written = await self.bot.supplies.database.journal.entries(origin.room)
        entries = {one.seq: one.entry for one in written}
        at = next(one.at for one in written if one.seq == origin.seq)
        of = provenance(entries, origin.seq, by_house=origin.by_house)
        told = notices.provenance(of, at.timestamp())
        room = await self.bot.rooms.numbered(origin.room)
        if isinstance(of, SeatWords) and may_here(self.bot, room, Right.STEER, asker):
            told += f"\n{notices.own_additions(of.seat.prompts)}"
        shown = entries[origin.seq]
        if isinstance(shown, Heard) and shown.by == NOBODY:
            told += f"\n{t(notices.FORGOTTEN_SINCE)}"
        elif _is_withdrawn(origin, entries):
            told += f"\n{t(notices.NO_LONGER_SEEN)}"
        return told


def _is_withdrawn(origin: Origin, entries: Mapping[int, Entry]) -> bool:
    """Whether a message that still stands in the channel was taken off the record."""
    shown = entries[origin.seq]
    heard = shown.message if isinstance(shown, Heard) else None
    message = heard if origin.post is None else origin.post.message_id
    return any(isinstance(entry, Withdrawn) and message in entry.messages for entry in entries.values())


def _as_file(told: str) -> discord.File:
    return NumberedFile(io.BytesIO(told.encode()), filename="who-said-this.md")


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Provenance(bot))
