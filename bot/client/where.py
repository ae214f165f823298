"""Where a room may be opened: in which kinds of channels, in which of a server's, and in a thread made for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeGuard

import aiohttp
import discord

from bot.client.threads_begun import ThreadsBegun, take_away
from bot.errors import DiscordUnavailable, NotPossible
from bot.guild_settings import GuildSettings
from bot.posting.doors import lacking, names_of_missing
from bot.posting.permission_names import CREATE_POSTS, name_of_permission
from bot.scenarios import Scenario
from bot.storage import Place
from bot.words import later, t

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

DISCORD_THREAD_NAME_LIMIT = 100
DISCORD_MINUTES_A_THREAD_STAYS_OPEN = 1440
DISCORD_TOO_MANY_THREADS = 160006
"""Discord's error code for a server that has its 1,000 open threads."""

NOT_IN_A_SERVER = later("Rooms can only be opened in a server's channels, not here.")
_IN_NEWS = later(
    "This is an announcement channel, whose messages can be passed on to other servers. Open the "
    "room in a text channel."
)
_ON_STAGE = later("This is a stage channel, in which AIs cannot speak. Open the room in a text channel.")
_ELSEWHERE = later("AIs can speak in text and voice channels, in threads and in forum posts, but not here.")
_IN_MEDIA = later(
    "In a media channel every post begins with a picture, and a room does not. Open it in a text channel."
)
_FOR_ADULTS = later("“{scenario}” is for age-restricted channels only, and this is not one.")
_BEGINS_FOR_ADULTS = later(
    "Rooms begin with “{scenario}” here, which is for age-restricted channels only, and this is not one. Choose "
    "another with `scenario:`."
)
_NO_THREADS = later("A room in a thread of its own needs a text channel: voice channels have no threads.")
_IN_PRIVATE = later(
    "This thread is private, and a new one would be open to everybody who sees the channel: "
    "nothing goes there from here."
)
_NOT_LET_IN = later("The bot is not in this private thread. Mention it here to let it in, then try again.")

Home = discord.TextChannel | discord.VoiceChannel | discord.ForumChannel | discord.Thread
"""What a room can be opened in, or under."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a room will be: in `home` itself, or in a thread of its own under it; `asked` is the interaction."""

    home: Home
    takes_a_thread: bool
    asked: int = 0

    @asynccontextmanager
    async def taken(
        self, threads: ThreadsBegun, name: str, first_words: str, on: discord.Message | None = None
    ) -> AsyncGenerator[Place, None]:
        """Hand out the place for the room; in a thread of its own, open that, and take it away if the block fails.

        A forum's post begins with `first_words`. The thread hangs on the message `on` where Discord allows it.

        Raises:
            NotPossible: Discord does not let the bot open a thread here.
            DiscordUnavailable: Discord did not answer.
        """
        home = self.home
        if not self.takes_a_thread or not isinstance(home, discord.TextChannel | discord.ForumChannel):
            parent = home.parent_id if isinstance(home, discord.Thread) else None
            yield Place(home.guild.id, home.id, parent)
            return
        async with threads.noted(self.asked, home, on.id if on is not None else None):
            thread = await _opened(home, name, first_words, on)
            try:
                yield Place(home.guild.id, thread.id, home.id)
            except Exception:
                await take_away(thread)
                raise

    def message_in(self, place: Place) -> int | None:
        """Return the message that the first words are already where the place was opened with them: a forum's post."""
        return place.channel_id if isinstance(self.home, discord.ForumChannel) else None


def find_spot(interaction: discord.Interaction[BackroomBot], settings: GuildSettings, thread: bool | None) -> Spot:
    """Return where a room that a person asks for will be; `thread` is whether they want one, None if they do not say.

    Raises:
        NotPossible: there can be no room here; the sentence says why, and where one can be.
    """
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        raise NotPossible(t(NOT_IN_A_SERVER))
    if not _is_home(channel):
        raise NotPossible(t(_ON_STAGE if isinstance(channel, discord.StageChannel) else _ELSEWHERE))
    _check_the_server_wants_it(channel, settings)
    if isinstance(channel, discord.Thread):
        _check_let_in(channel)
    spot = _spot_at(channel, settings, thread)
    here = interaction.app_permissions if spot.home is channel else spot.home.permissions_for(spot.home.guild.me)
    _check_permissions(spot, here)
    return replace(spot, asked=interaction.id)


def check_age(interaction: discord.Interaction[BackroomBot], scenario: Scenario, *, chosen: bool = True) -> None:
    """Raise `NotPossible` where a scenario is for adults only and the channel is not; `chosen`: by who asks."""
    if scenario.adult and not is_age_restricted(interaction.channel):
        raise NotPossible(t(_FOR_ADULTS if chosen else _BEGINS_FOR_ADULTS, scenario=scenario.title))


def is_age_restricted(channel: object) -> bool:
    """Whether only adults see a channel; a thread is as its channel is."""
    if isinstance(channel, discord.Thread):
        return channel.parent is not None and channel.parent.is_nsfw()
    return isinstance(channel, Home | discord.StageChannel) and channel.is_nsfw()


def _is_home(channel: object) -> TypeGuard[Home]:
    return isinstance(channel, Home)


def _spot_at(channel: Home, settings: GuildSettings, thread: bool | None) -> Spot:
    """A server's own wish for threads is about its text channels; a forum knows nothing else."""
    if isinstance(channel, discord.TextChannel):
        spot = Spot(channel, settings.thread if thread is None else thread)
    elif isinstance(channel, discord.ForumChannel):
        spot = Spot(channel, takes_a_thread=True)
    elif not thread:
        return Spot(channel, takes_a_thread=False)
    elif isinstance(channel, discord.VoiceChannel):
        raise NotPossible(t(_NO_THREADS))
    elif channel.is_private():
        raise NotPossible(t(_IN_PRIVATE))
    elif channel.parent is None:
        raise NotPossible(t(_ELSEWHERE))
    else:
        spot = Spot(channel.parent, takes_a_thread=True)
    if isinstance(spot.home, discord.TextChannel) and spot.home.is_news():
        raise NotPossible(t(_IN_NEWS))
    if isinstance(spot.home, discord.ForumChannel) and spot.home.is_media():
        raise NotPossible(t(_IN_MEDIA))
    return spot


def _check_the_server_wants_it(channel: Home, settings: GuildSettings) -> None:
    """A channel's threads count as the channel, and a category's channels as the category."""
    within = {channel.id, channel.category_id, channel.parent_id if isinstance(channel, discord.Thread) else None}
    if not settings.channels or within & set(settings.channels):
        return
    wanted = [found.mention for found in map(channel.guild.get_channel, settings.channels) if found is not None]
    gone = t("channels that no longer exist (`/backroom settings where` changes that)")
    raise NotPossible(t("This server allows rooms only in {where}.", where=", ".join(wanted) if wanted else gone))


def _check_let_in(thread: discord.Thread) -> None:
    me = thread.guild.me
    if thread.is_private() and thread.me is None and not thread.permissions_for(me).manage_threads:
        raise NotPossible(t(_NOT_LET_IN))


def _check_permissions(spot: Spot, allowed: discord.Permissions) -> None:
    """Name every permission that the bot lacks, all at once."""
    missing = names_of_missing(allowed, in_thread=spot.takes_a_thread or isinstance(spot.home, discord.Thread))
    if spot.takes_a_thread and isinstance(spot.home, discord.ForumChannel) and not allowed.send_messages:
        missing.append(t(CREATE_POSTS))
    if spot.takes_a_thread and isinstance(spot.home, discord.TextChannel) and not allowed.create_public_threads:
        missing.append(name_of_permission("create_public_threads"))
    if missing:
        raise NotPossible(lacking(missing))


async def _opened(
    home: discord.TextChannel | discord.ForumChannel, name: str, first_words: str, on: discord.Message | None
) -> discord.Thread:
    try:
        return await _open_thread(home, _thread_name(name), first_words, on)
    except discord.HTTPException as error:
        raise NotPossible(_refusal(error)) from error
    except (aiohttp.ClientError, OSError) as error:
        sentence = t("Discord did not answer, so no thread was opened. Try again.")
        raise DiscordUnavailable(sentence) from error


async def _open_thread(
    home: discord.TextChannel | discord.ForumChannel, name: str, first_words: str, on: discord.Message | None
) -> discord.Thread:
    if isinstance(home, discord.TextChannel):
        if on is not None and on.channel.id == home.id and not on.flags.has_thread:
            return await home.create_thread(
                name=name, message=on, auto_archive_duration=DISCORD_MINUTES_A_THREAD_STAYS_OPEN
            )
        kind = discord.ChannelType.public_thread
        return await home.create_thread(name=name, type=kind, auto_archive_duration=DISCORD_MINUTES_A_THREAD_STAYS_OPEN)
    opened = await home.create_thread(
        name=name,
        content=first_words,
        applied_tags=_tags_for(home),
        allowed_mentions=discord.AllowedMentions.none(),
        auto_archive_duration=DISCORD_MINUTES_A_THREAD_STAYS_OPEN,
        silent=True,
    )
    return opened.thread


def _tags_for(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """Where a forum wants a tag on every post, take the first that the bot may set."""
    return [tag for tag in forum.available_tags if not tag.moderated][:1] if forum.flags.require_tag else []


def _thread_name(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= DISCORD_THREAD_NAME_LIMIT else name[: DISCORD_THREAD_NAME_LIMIT - 1].rstrip() + "…"


def _refusal(error: discord.HTTPException) -> str:
    if error.code == DISCORD_TOO_MANY_THREADS:
        return t(
            "This server has as many open threads as Discord allows. Archive some, or open the room in the channel."
        )
    if isinstance(error, discord.Forbidden):
        return lacking([name_of_permission("create_public_threads")])
    return t("Discord did not open a thread: {reason}", reason=error.text or error.status)
