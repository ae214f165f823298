"""Apps → Picture this: an image of what a message says."""

from __future__ import annotations

import discord

from bot import steering
from bot.client import BackroomBot, MenuCog, answer, message_menu, steered
from bot.errors import NotPossible
from bot.guild_settings import Right
from bot.room import notices
from bot.room.hearing import is_off_the_record
from bot.words import t


class PictureThis(MenuCog):
    """Has a picture made of a message's words, for the room in whose channel it stands."""

    @message_menu("Picture this", Right.STEER)
    async def picture_this(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        """Let a picture be made of the message; the AIs see it as well."""
        async with steered(interaction) as (room, by):
            await steering.picture(room, by, await self._words_of(message), self.bot.room_budget_usd(room))
        await answer(interaction, t("The picture is being made and appears here when it is ready."))

    async def _words_of(self, message: discord.Message) -> str:
        """Return what is to be pictured: the words, or what a picture was to show."""
        origin = await self.bot.rooms.origin_of(message.id, message.channel.id)
        shows = origin.post.post if origin is not None and origin.post is not None else None
        if shows is None and message.author == self.bot.user:
            raise NotPossible(t(notices.ABOUT_THE_PANEL))
        words = shows.alt_text if shows is not None and shows.picture is not None else message.clean_content
        is_hidden = message.id in self.bot.rooms.at(message.channel.id).history.withdrawn_messages
        if is_hidden or (shows is None and is_off_the_record(message.content)):
            raise NotPossible(t("That message is off the record."))
        if not words.strip():
            raise NotPossible(t("That message has no words to make a picture of."))
        return words.strip()


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(PictureThis(bot))
