"""The panel of each room: one message that is kept up to date, with buttons for what people do most."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from weakref import WeakSet

import aiohttp
import discord
from discord.ext import commands

from bot.client import BackroomBot
from bot.client.panel import PanelDeeds, PanelItem, PanelOfRoom, Pressed
from bot.errors import BackroomError
from bot.open_room import OpenRoom

PANELS_LOOKED_AT = 20
"""After a start so many panels of the rooms that ended last are looked at: the program may have ended with them."""

_log = logging.getLogger("backroom.panel")


class Panel(commands.Cog):
    """Keeps a panel for every room, and hears what is pressed on it."""

    def __init__(self, bot: BackroomBot) -> None:
        self.bot = bot
        self._deeds = PanelDeeds(bot)
        self._panels: WeakSet[PanelOfRoom] = WeakSet()
        self._has_looked_back = False

    async def cog_load(self) -> None:
        """Let buttons work whose messages were posted in an earlier run."""
        self.bot.add_dynamic_items(PanelItem)

    async def cog_unload(self) -> None:
        """Leave the panels as they are."""
        self.bot.remove_dynamic_items(PanelItem)
        await asyncio.gather(*(panel.close() for panel in tuple(self._panels)))

    @commands.Cog.listener()
    async def on_room_changed(self, room: OpenRoom) -> None:
        """Begin to keep a room's panel; what changes later, the room itself tells."""
        if room.watch is None:
            panel = PanelOfRoom(self.bot, room)
            self._panels.add(panel)
            room.watch = panel.stir
            panel.stir()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Close the panels of rooms that were over in an earlier run, which had no time left to close them."""
        if self._has_looked_back:
            return
        self._has_looked_back = True
        try:
            for number, channel, message in await self.bot.supplies.database.panels.of_rooms_that_are_over(
                PANELS_LOOKED_AT
            ):
                if await self._is_open(channel, message):
                    await self.on_room_changed(await self.bot.rooms.numbered(number))
        except BackroomError as error:
            _log.warning("not every panel of a room that is over is closed: %s", error)

    async def _is_open(self, channel: int, message: int) -> bool:
        """Whether a panel stands in its channel with its buttons."""
        try:
            panel = await self.bot.get_partial_messageable(channel).fetch_message(message)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("panel %s of channel %s is not there: %s", message, channel, error)
            return False
        return bool(panel.components)

    @commands.Cog.listener()
    async def on_panel_pressed(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Do what was pressed on a panel, or in a question that followed."""
        await self._carry_out(interaction)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Take a form that was sent, also one that was opened in an earlier run: discord.py has forgotten those."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self._carry_out(interaction)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Let a panel that somebody deleted come back."""
        self._note_deleted({payload.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Let a panel that was cleared away with other messages come back."""
        self._note_deleted(payload.message_ids)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take away Discord's line that the bot has pinned a message."""
        if message.type is discord.MessageType.pins_add and self.bot.user == message.author:
            try:
                await message.delete()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                _log.info("the line about a pinned panel stays: %s", error)

    def _note_deleted(self, messages: Collection[int]) -> None:
        for panel in tuple(self._panels):
            panel.note_deleted(messages)

    async def _carry_out(self, interaction: discord.Interaction[BackroomBot]) -> None:
        pressed = Pressed.of(interaction)
        if pressed is not None:
            await self._deeds.carry_out(interaction, pressed)


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Panel(bot))
