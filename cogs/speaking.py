"""How people speak to the AIs of a room: `/backroom say`, and `/backroom mode`, which says how they are heard."""

from __future__ import annotations

import discord
from discord import app_commands

from bot import steering
from bot.client import BackroomBot, CommandCog, answer, backroom_command, steered
from bot.guild_settings import Right
from bot.room import notices
from bot.room.entries import Heard, Mode
from bot.words import t

WORDS_LIMIT = 2000
"""Characters that a person says at once, as in a message."""


class Speaking(CommandCog):
    """The commands by which people speak, and by which it is said whether they are heard."""

    @backroom_command("say", "Say something to the AIs; everyone here reads it under your name", Right.SPEAK)
    @app_commands.describe(
        words="What you say; @AI-2 in it gives AI-2 the next turn, except in a room with a conductor"
    )
    async def say(
        self, interaction: discord.Interaction[BackroomBot], words: app_commands.Range[str, 1, WORDS_LIMIT]
    ) -> None:
        """Let the AIs hear a person's words, and everyone read them."""
        async with steered(interaction) as (room, by):
            heard = Heard(message=interaction.id, by=interaction.user.id, by_name=by, text=words.strip())
            await steering.say(room, heard, self.bot.pseudonyms)
        await answer(interaction, t("The AIs will hear that before the next one answers."))

    @backroom_command("mode", "Change what the AIs hear: whatever people write, what they say by command, or nothing")
    @app_commands.describe(mode="open: whatever people write here; curated: only /backroom say; silent: nobody")
    async def mode(self, interaction: discord.Interaction[BackroomBot], mode: Mode) -> None:
        """Change how people are heard."""
        async with steered(interaction) as (room, by):
            await steering.set_mode(room, by, mode, readable=self.bot.hears_people)
        await answer(
            interaction, t("From now on, {mode}.", mode=t(notices.how_heard(mode, readable=self.bot.hears_people)))
        )


async def setup(bot: BackroomBot) -> None:
    """Add the commands to the bot."""
    await bot.add_cog(Speaking(bot))
