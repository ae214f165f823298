"""Commands are typed by the names that a person's language has for them, and by their own."""

from __future__ import annotations

import discord
import pytest
from discord import app_commands

from bot.rehearsal.keyboard.commands import read_command
from bot.rehearsal.world.commands import CommandNotOffered
from tests.rehearsal.conftest import Stage
from tests.rehearsal.test_keyboard import typist, whispers
from tests.rehearsal.views import who


class German(app_commands.Translator):
    """Names a few things in German."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        names = {
            "start": "starten",
            "rounds": "runden",
            "mood": "stimmung",
            "Calm": "Ruhig",
            "Who said this?": "Wer war’s?",
        }
        return names.get(string.message) if locale is discord.Locale.german else None


async def test_names_are_also_those_of_the_persons_language(stage: Stage) -> None:
    stage.bot.tree.add_command(who)
    await stage.bot.tree.set_translator(German())
    await stage.bot.tree.sync()
    stage.ann.locale = "de"
    await stage.bob.says(stage.channel, "first")
    async with typist(stage) as ann:
        ann.types("/apps wer war")
        await stage.channel.wait_until(lambda _: whispers(stage) == ["bob: first"])
        ann.types("/apps who said")
        await stage.channel.wait_until(lambda _: whispers(stage) == ["bob: first"] * 2)
        for line in (
            "/backroom starten RUNDEN:2 ai1:Kimi stimmung:ruhig",
            "/backroom start rounds:2 ai1:Kimi mood:Calm",
        ):
            ann.types(line)
            said = len(stage.channel.messages)
            await stage.channel.wait_for_messages(said + 1)
            assert stage.channel.messages[-1].content == "2 rounds with Kimi, calm"
        for line, sentence in (
            ("/apps Sing", "There is nothing called “Sing” under Apps; there are: Wer war’s?"),
            ("/backroom stârt", "There is no command /backroom stârt; there are: /backroom start, /backroom status"),
        ):
            ann.types(line)
            await ann.is_told(sentence)
    stage.ann.locale = "fr"
    with pytest.raises(CommandNotOffered):
        read_command(stage.ann, stage.channel, "/backroom starten")
