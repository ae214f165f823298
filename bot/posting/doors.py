"""Whether the bot can speak and read at a place, as far as the gateway has told us: that costs no request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

import aiohttp
import discord

from bot.errors import PlaceGone
from bot.posting.permission_names import name_of_permission
from bot.posting.refusals import ARCHIVED, LOCKED, TAKEN_OUT
from bot.storage import Place
from bot.words import later, t

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    manage_webhooks=True,
)
"""What the bot needs where a room is, and what its invitation asks for."""

SECONDS_A_GUILD_MAY_BE_AWAY = 5.0
"""Before anybody is told: Discord has hiccups, and tells of guilds one after the other at the start."""

_log = logging.getLogger("backroom.posting")


class Doors:
    """Looks at places. What the gateway has not told of counts as open: then Discord's answer will show."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._closed_threads: dict[int, str] = {}
        self._away_since: dict[int, float] = {}  # guild: what the event loop's clock showed

    def see_thread(self, thread_id: int, *, archived: bool, locked: bool) -> None:
        """Learn how a thread stands, and remember what closes it: discord.py forgets threads that are archived."""
        self._closed_threads.pop(thread_id, None)
        if locked:
            self._closed_threads[thread_id] = LOCKED
        elif archived:
            self._closed_threads[thread_id] = ARCHIVED

    def see_left(self, thread: discord.Thread) -> None:
        """Learn that the bot was taken out of a thread: into a private one it may see no more."""
        if thread.is_private() and thread.parent and not thread.permissions_for(thread.guild.me).manage_threads:
            self._closed_threads[thread.id] = TAKEN_OUT

    def forget_threads(self) -> None:
        """Let go of what was learned of threads: much may have changed meanwhile."""
        self._closed_threads.clear()

    def see_guild(self, guild: discord.Guild) -> None:
        """Learn whether Discord has a guild at the moment."""
        self._away_since.pop(guild.id, None)
        if guild.unavailable:
            self._away_since[guild.id] = asyncio.get_running_loop().time()

    async def wait_out_hiccup(self, place: Place) -> None:
        """Wait while Discord does not have the guild of a place, but not for long: then that is no hiccup any more."""
        guild, now = self._client.get_guild(place.guild_id), asyncio.get_running_loop().time()
        if guild is None or not guild.unavailable:
            return
        seconds = self._away_since.setdefault(guild.id, now) + SECONDS_A_GUILD_MAY_BE_AWAY - now
        if seconds > 0:
            with suppress(TimeoutError):
                await self._client.wait_for("guild_available", check=lambda back: back.id == guild.id, timeout=seconds)

    def is_known(self, place: Place) -> bool:
        """Whether the gateway has told of a place, and not that it is gone; it may have lost that."""
        guild = self._client.get_guild(place.guild_id)
        return guild is not None and guild.get_channel_or_thread(place.channel_id) is not None

    async def is_gone(self, place: Place) -> bool | None:
        """Ask Discord whether a place was deleted, and learn how it stands if it is a thread; None: no answer came.

        The gateway tells only of changes, and may lose one. Where the bot may not see a place, as the gateway says,
        Discord would only refuse to answer, each time; what it does not have for a while it keeps.
        """
        guild = self._client.get_guild(place.guild_id)
        if guild is None or guild.unavailable:
            return False
        allowed = _allowed(guild, place)
        if allowed is not None and not allowed.view_channel:
            return False
        try:
            channel = await self._client.fetch_channel(place.channel_id)
        except discord.NotFound:
            return True
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("channel %s: how it stands is not known: %s", place.channel_id, error)
            return None
        if isinstance(channel, discord.Thread):
            self.see_thread(channel.id, archived=channel.archived, locked=channel.locked)
        return False

    def check_open(self, place: Place) -> None:
        """Raise `PlaceGone` with a sentence while a place is closed to the bot."""
        if reason := self.why_closed(place):
            raise PlaceGone(reason)

    def check_readable(self, place: Place) -> None:
        """Raise `PlaceGone` while a place is closed to the bot, unless the house can find out what stands there."""
        if not self.is_open_to_house(place):
            self.check_open(place)

    def is_open_to_house(self, place: Place) -> bool:
        """Whether the house can say a line at a place, and find out whether it was said, where personas lack more."""
        guild = self._client.get_guild(place.guild_id)
        if guild is None or guild.unavailable or place.channel_id in self._closed_threads:
            return False
        channel = guild.get_channel_or_thread(place.channel_id)
        if channel is None or (isinstance(channel, discord.Thread) and channel.parent is None):
            return False
        allowed = channel.permissions_for(guild.me)
        in_thread = isinstance(channel, discord.Thread)
        may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
        return may_send and allowed.view_channel and allowed.read_message_history

    def why_closed(self, place: Place) -> str:
        """Return why the bot cannot speak at a place, empty when nothing is known that hinders it."""
        guild = self._client.get_guild(place.guild_id)
        if guild is None:
            return t("The bot is no longer in the server.") if self._client.is_ready() else ""
        if guild.unavailable:
            return t("Discord says that the server is unavailable at the moment.")
        if reason := self._closed_threads.get(place.channel_id):
            return t(reason)
        allowed = _allowed(guild, place)
        return "" if allowed is None else lacking(names_of_missing(allowed, in_thread=place.parent_id is not None))


def _allowed(guild: discord.Guild, place: Place) -> discord.Permissions | None:
    """Return what the bot is allowed at a place, as far as is known: the rules of a thread are its channel's.

    What comes of it, such as that who may not look may not speak either, is left out: nobody has to give that.
    """
    channel = guild.get_channel(place.webhook_channel_id)
    return None if channel is None else discord.abc.GuildChannel.permissions_for(channel, guild.me)


def names_of_missing(allowed: discord.Permissions, *, in_thread: bool) -> list[str]:
    """Return the names, as Discord's settings show them, of what is needed and not allowed."""
    not_needed_here = "send_messages" if in_thread else "send_messages_in_threads"
    return [
        name_of_permission(flag)
        for flag, needed in NEEDED
        if needed and not getattr(allowed, flag) and flag != not_needed_here
    ]


def lacking(missing: Sequence[str]) -> str:
    """Say which permissions the bot lacks, by their names; nothing where it lacks none."""
    sentence = later(
        "The bot lacks permissions in this channel: {missing}. Give them to its role, here or in the server's settings."
    )
    return t(sentence, missing=", ".join(missing)) if missing else ""
