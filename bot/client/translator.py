"""Names and descriptions of commands in the languages of the house, for Discord to show to each person in theirs."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.words import ENGLISH, language_of, names, translations

_Location = app_commands.TranslationContextLocation
_NAMES = frozenset((_Location.command_name, _Location.group_name, _Location.parameter_name, _Location.choice_name))
"""What is named by one word, which may mean something else in a sentence."""


class HouseTranslator(app_commands.Translator):
    """Looks up what discord.py is about to tell Discord; what is not found stays English."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a name or a description in the language of a locale; None where there is none."""
        language = language_of(locale.value)
        if language == ENGLISH:
            return None
        if context.location in _NAMES and (name := names(language).get(string.message)):
            return name
        return translations(language).get(string.message)
