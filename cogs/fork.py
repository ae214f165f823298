"""Apps → Fork from here: a thread with a new room that shares everything up to a message, and goes on from there."""

from __future__ import annotations

import aiohttp
import discord

from bot.client import BackroomBot, MenuCog, answer, message_menu
from bot.errors import DiscordUnavailable, NotPossible
from bot.guild_settings import Right
from bot.posting.doors import names_of_missing
from bot.posting.layout import house_posts
from bot.room import notices
from bot.room.fold import fold
from bot.rooms import Fork
from bot.storage import Place

DISCORD_THREAD_NAME_LIMIT = 100
DISCORD_HAS_A_THREAD = 160004
"""Discord's error code for a message on which a thread was opened already."""

Parent = discord.TextChannel | discord.ForumChannel


class ForkFromHere(MenuCog):
    """Opens rooms that begin where another one was."""

    def __init__(self, bot: BackroomBot) -> None:
        super().__init__(bot)
        self._under_way: set[int] = set()

    @message_menu("Fork from here", Right.START)
    async def fork_from_here(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        """Open the fork in a thread: on the message where Discord allows it, else in the channel."""
        await interaction.response.defer(ephemeral=True)
        if message.id in self._under_way:
            raise NotPossible("A fork from that message is being opened already.")
        self._under_way.add(message.id)
        try:
            await self._fork(interaction, message)
        finally:
            self._under_way.discard(message.id)

    async def _fork(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        origin = await self.bot.rooms.origin_of(message.id, message.channel.id)
        if origin is None:
            raise NotPossible(notices.NOT_OF_A_ROOM)
        parent = _parent(interaction)
        by = notices.name_of_person(interaction.user.display_name)
        written = await self.bot.supplies.database.journal.entries(origin.room)
        state = fold(one.entry for one in written if one.seq <= origin.seq)
        notice = house_posts(notices.forked(state, by, message.jump_url))
        name = f"Fork of {state.opened.scenario if state.opened else 'a room'}"[:DISCORD_THREAD_NAME_LIMIT]
        try:
            thread = await _opened_thread(parent, message, name, notice[0].text)
        except discord.HTTPException as error:
            raise NotPossible(f"Discord did not open a thread: {error.text or error.status}.") from error
        except (aiohttp.ClientError, OSError) as error:
            raise DiscordUnavailable("Discord did not answer when a thread was to be opened. Try again.") from error
        place = Place(parent.guild.id, thread.id, parent.id)
        said = thread.id if isinstance(parent, discord.ForumChannel) else None  # a forum's post begins with its words
        forked = Fork(origin.room, origin.seq, interaction.user.id, by)
        room = await self.bot.rooms.fork(forked, place, notice, said=said)
        self.bot.room_changed(room)
        await answer(interaction, f"The fork goes on in {thread.mention}. `/backroom stop` there ends it.")


def _parent(interaction: discord.Interaction[BackroomBot]) -> Parent:
    """Return the channel in which the thread is opened, where the bot has every permission that this needs."""
    channel = interaction.channel
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if not isinstance(parent, Parent):
        raise NotPossible("Discord has no threads here, and a fork needs one.")
    allowed = parent.permissions_for(parent.guild.me)
    missing = names_of_missing(allowed, in_thread=True)
    if isinstance(parent, discord.TextChannel) and not allowed.create_public_threads:
        missing.append("Create Public Threads")
    if missing:
        raise NotPossible(
            f"The bot lacks permissions in this channel: {', '.join(missing)}. Give them to its role, and try again."
        )
    return parent


async def _opened_thread(parent: Parent, message: discord.Message, name: str, words: str) -> discord.Thread:
    if isinstance(parent, discord.ForumChannel):
        opened = await parent.create_thread(name=name, content=words, allowed_mentions=discord.AllowedMentions.none())
        return opened.thread
    if message.channel.id == parent.id and not message.flags.has_thread:
        try:
            return await parent.create_thread(name=name, message=message)
        except discord.HTTPException as error:
            if error.code != DISCORD_HAS_A_THREAD:
                raise
    kind = discord.ChannelType.news_thread if parent.is_news() else discord.ChannelType.public_thread
    return await parent.create_thread(name=name, type=kind)


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(ForkFromHere(bot))
