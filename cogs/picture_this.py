"""Apps → Picture this: an image of what a message says."""

from __future__ import annotations

import discord

from bot.client import BackroomBot, MenuCog, answer, message_menu, steered
from bot.errors import NotPossible
from bot.guild_settings import Right
from bot.picturing_words import picture_message
from bot.room import notices
from bot.words import t


class PictureThis(MenuCog):
    """Has a picture made of a message's words, for the room in whose channel it stands."""

    @message_menu("Picture this", Right.STEER)
    async def picture_this(self, interaction: discord.Interaction[BackroomBot], message: discord.Message) -> None:
        """Let a picture be made of the message; the AIs see it as well."""
        async with steered(interaction) as (room, by):
            origin = await self.bot.rooms.origin_of(message.id, message.channel.id)
            if origin is None and message.author == self.bot.user:
                raise NotPossible(t(notices.ABOUT_THE_PANEL))
            await picture_message(room, by, message.id, message.clean_content, self.bot.room_budget_usd(room))
        await answer(interaction, t("The picture is being made and appears here when it is ready."))


async def setup(bot: BackroomBot) -> None:
    """Add the cog to the bot."""
    await bot.add_cog(PictureThis(bot))
