"""What is kept of people and servers, and how it goes: `/backroom privacy`, `/backroom forget me`, a task each day."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from datetime import timedelta
from typing import Any, Self
from weakref import WeakValueDictionary

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.client import BackroomBot, CommandCog, answer, backroom_command, steers_as_opener
from bot.client.commands import answer_failure
from bot.errors import BackroomError
from bot.room import notices
from bot.room.entries import Ended
from bot.room.state import Phase
from bot.storage import Forgotten
from bot.words import later, speak, t

GRACE_DAYS = 7
"""A bot is removed by mistake, or to be invited anew with other permissions: a week to notice, and to change a mind."""
HOURS_BETWEEN_LOOKS = 24.0
FORGET_ME = later("Remove all that you said and did in the rooms of this bot, for good")
FORGET_EVERYTHING = "backroom:forget-everything-i-said"
"""The custom id of the button."""
BUTTONS_REMEMBERED = 200
"""Who presses twice does so at once; a restart forgets it."""

ROOMS_NAMED = 10
"""Of those that nobody steers by having opened them once somebody is forgotten."""

_log = logging.getLogger("backroom.privacy")


class Privacy(CommandCog):
    """Tells people what is kept of them, forgets them, and deletes what was kept long enough."""

    def __init__(self, bot: BackroomBot) -> None:
        super().__init__(bot)
        self._deleting: set[asyncio.Task[None]] = set()
        self._one_at_a_time: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._went: OrderedDict[int, Forgotten] = OrderedDict()  # by the message with the button

    async def cog_load(self) -> None:
        """Begin to look each day, and know the button of earlier runs."""
        await super().cog_load()
        self.bot.backroom.add_command(ForgetCommands())
        self.bot.add_dynamic_items(ForgetButton)
        self._look.start()

    async def cog_unload(self) -> None:
        """Stop looking; what is still in Discord stays there."""
        self._look.cancel()
        self.bot.remove_dynamic_items(ForgetButton)
        self.bot.backroom.remove_command("forget")
        for task in self._deleting:
            task.cancel()
        await super().cog_unload()

    @backroom_command("privacy", "What is kept of what you say, for how long, and who gets it", None)
    async def privacy(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Say what is kept."""
        days = self._days_kept(interaction.guild_id or 0)
        kept = notices.what_is_kept(offline=self.bot.is_offline, retention_days=days, grace_days=GRACE_DAYS)
        await answer(interaction, kept)

    @commands.Cog.listener()
    async def on_forget_pressed(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Take the button away, so that it is pressed once, and forget, in the language of who pressed."""
        speak(interaction.locale.value)
        if not self.bot.interactions.is_new(interaction.id):
            return
        try:
            await interaction.response.edit_message(content=t(notices.FORGETTING), view=None)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("a button could not be taken away: %s", error)
        try:
            async with self._one_at_a_time.setdefault(interaction.user.id, asyncio.Lock()):
                await self._forget(interaction)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the presser gets a sentence
            await answer_failure(interaction, failure)

    async def _forget(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Forget who pressed the button; their words that the house repeated leave the channels meanwhile."""
        who = interaction.user
        names = {notices.name_of_person(name) for name in (who.display_name, who.global_name or "", who.name)}
        was_forgotten = await self.bot.pseudonyms.is_forgotten(who.id, 0)
        gone = await self.bot.forgetting.forget(who.id, interaction.guild_id or 0, names, interaction.id)
        task = asyncio.create_task(self._take_away_also_what_arrives(), name="words-of-the-forgotten")
        self._deleting.add(task)
        task.add_done_callback(self._deleting.discard)
        went = self._went_with(interaction, gone)
        if went.messages or went.reactions:
            await answer(interaction, notices.forgotten(went.messages, went.pictures, went.reactions))
        else:
            await answer(interaction, notices.nothing_left() if was_forgotten else notices.nothing_known())

    def _went_with(self, interaction: discord.Interaction[BackroomBot], gone: Forgotten) -> Forgotten:
        """Return what went with all presses of this one button: each answer stands in the place of the one before."""
        button = interaction.message.id if interaction.message is not None else interaction.id
        went = self._went[button] = self._went.pop(button, Forgotten()) + gone
        while len(self._went) > BUTTONS_REMEMBERED:
            self._went.popitem(last=False)
        return went

    async def _take_away_also_what_arrives(self) -> None:
        await self.bot.rooms.take_away()
        await self.bot.rooms.until_arrived()
        await self.bot.rooms.take_away()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note since when the bot is not in a server; an outage of Discord does not count."""
        await self._note(guild.id, left=True)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that the bot is in a server again: what is kept of it stays."""
        await self._note(guild.id, left=False)

    async def _note(self, guild_id: int, *, left: bool) -> None:
        try:
            await self.bot.supplies.database.guilds.mark_left(guild_id, discord.utils.utcnow() if left else None)
        except BackroomError as error:
            _log.warning("that the bot has left or joined server %s is noted later: %s", guild_id, error)

    @tasks.loop(hours=HOURS_BETWEEN_LOOKS)
    async def _look(self) -> None:
        try:
            await self.bot.rooms.take_away()
            await self._note_who_is_there()
            await self._delete_servers()
            await self._delete_rooms()
        except BackroomError as error:
            _log.warning("what was kept long enough is deleted later: %s", error)
        except Exception:  # noqa: BLE001 - what is kept for so long and no longer is looked at again all the same
            _log.exception("an error that nobody foresaw, while what was kept long enough was to be deleted")

    @_look.before_loop
    async def _until_ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _note_who_is_there(self) -> None:
        """Make up for what happened while the gateway did not tell us. Servers in an outage count as there."""
        database, now = self.bot.supplies.database, discord.utils.utcnow()
        here = {guild.id for guild in self.bot.guilds}
        left = set(await database.guilds.left_before(now))
        for guild_id in left & here:
            await self._note(guild_id, left=False)
        for guild_id in await database.privacy.known_guilds() - here - left:
            await self._note(guild_id, left=True)

    async def _delete_servers(self) -> None:
        database = self.bot.supplies.database
        due = await database.guilds.left_before(discord.utils.utcnow() - timedelta(days=GRACE_DAYS))
        for guild_id in due:
            if self.bot.get_guild(guild_id) is not None:
                continue  # it joined this very moment
            await self._end_rooms(guild_id)
            await database.privacy.delete_guild(guild_id)
            self.bot.guild_settings.forget(guild_id)
            _log.info("server %s was left %s days ago: nothing of it is kept any more", guild_id, GRACE_DAYS)

    async def _end_rooms(self, guild_id: int) -> None:
        """Let nobody hold a room whose journal is about to go."""
        for room in self.bot.rooms.in_guild(guild_id):
            if room.state.phase is not Phase.ENDED:
                async with room.draft() as draft:
                    draft.enter(Ended(reason="gone"))
            await room.abandon(notices.PLACE_IS_GONE)
            self.bot.rooms.close(room)
            self.bot.room_changed(room)

    async def _delete_rooms(self) -> None:
        """Delete the rooms that were over for longer than their server, or the operator, wants them kept."""
        kept, now = self.bot.supplies.database.privacy, discord.utils.utcnow()
        for guild_id in await kept.known_guilds():
            days = self._days_kept(guild_id)
            if days is None:
                continue
            for room_id in await kept.rooms_ended_before(guild_id, now - timedelta(days=days)):
                await kept.delete_room(room_id)
                _log.info("room %s was over for %s days: it is not kept any more", room_id, days)

    def _days_kept(self, guild_id: int) -> int | None:
        of_server = self.bot.guild_settings.of(guild_id).retention_days
        return self.bot.supplies.settings.retention_days if of_server is None else of_server


class ForgetCommands(app_commands.Group):
    """`/backroom forget`, which goes on with who is forgotten: `me`, and nobody else."""

    def __init__(self) -> None:
        super().__init__(name="forget", description=FORGET_ME, extras={"needs": None})

    @app_commands.command(description=FORGET_ME)
    async def me(self, interaction: discord.Interaction[BackroomBot]) -> None:
        """Ask whether it is meant."""
        bot = interaction.client
        theirs = (room for room in bot.rooms if room.state.phase is not Phase.ENDED)
        lost = [room for room in theirs if steers_as_opener(bot, room, interaction.user)]
        question = notices.forget_everything([f"<#{room.place.channel_id}>" for room in lost[:ROOMS_NAMED]])
        await answer(interaction, question, discord.ui.View(timeout=None).add_item(ForgetButton()))


class ForgetButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=FORGET_EVERYTHING):
    """Says that it is meant, after a restart as well: who presses it is who is forgotten, and nothing is kept of it."""

    def __init__(self) -> None:
        style = discord.ButtonStyle.danger
        super().__init__(discord.ui.Button(label=t(notices.FORGET_ME), style=style, custom_id=FORGET_EVERYTHING))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Take the button that was pressed."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Let the cog know."""
        interaction.client.dispatch("forget_pressed", interaction)


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(Privacy(bot))
