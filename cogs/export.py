"""`/backroom export`: the room as a file, only for the one who asks."""

from __future__ import annotations

import asyncio
import io

import discord
from discord import app_commands

from bot.client import BackroomBot, CommandCog, backroom_command
from bot.documents import WRITTEN_AS, Format
from bot.errors import NotPossible
from bot.guild_settings import Right
from bot.posting.sending import NumberedFile
from bot.words import t


class Export(CommandCog):
    """Hands out the room of a channel."""

    @backroom_command("export", "Get this channel's room as a file: the open one, or else the last one", Right.STEER)
    @app_commands.rename(form="format")
    @app_commands.describe(form="md and html are for people, json for programs")
    async def export(self, interaction: discord.Interaction[BackroomBot], form: Format = "md") -> None:
        """Hand out a room."""
        await interaction.response.defer(ephemeral=True)
        exports = self.bot.supplies.database.exports
        number = await exports.newest_at(interaction.channel_id or 0)
        if number is None:
            raise NotPossible(t("There has never been a room in this channel. `/backroom start` opens one."))
        await self.bot.looking_back.before_showing(number)
        room = await exports.of(number)
        data = (await asyncio.to_thread(WRITTEN_AS[form], room)).encode("utf-8", "replace")
        most = interaction.filesize_limit
        if len(data) > most:
            raise NotPossible(
                t(
                    "Room {number} has {size:,} bytes, and Discord accepts at most {most:,}. The bot's "
                    "operator can write it to a file: `backroom export {number} --format {form}`.",
                    number=number,
                    size=len(data),
                    most=most,
                    form=form,
                )
            )
        file = NumberedFile(io.BytesIO(data), filename=f"room-{number}.{form}")
        await interaction.edit_original_response(content=t("This is room {number}.", number=number), attachments=[file])


async def setup(bot: BackroomBot) -> None:
    """Add the command to the bot."""
    await bot.add_cog(Export(bot))
