"""What Discord offers while a person types an option of `/backroom settings`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.client.choices import DISCORD_CHOICE_LENGTH, DISCORD_CHOICES_LIMIT, Choices, allowed_models
from bot.client.what_holds import name_of_channel, name_of_role
from bot.guild_settings import Right

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot


async def suggest_roles_held(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the roles that have the right that was chosen, also those that were deleted; none before one was."""
    chosen = next((right for right in Right if right == interaction.namespace.right), None)
    roles = interaction.client.guild_settings.of(interaction.guild_id).roles_with(chosen) if chosen else ()
    return _offered({role: name_of_role(role, interaction.guild) for role in roles}, typed)


async def suggest_channels_held(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer the channels in which rooms may be, also those that were deleted."""
    channels = interaction.client.guild_settings.of(interaction.guild_id).channels
    return _offered({channel: name_of_channel(channel, interaction.guild) for channel in channels}, typed)


async def suggest_any_model(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer all models of the catalogue."""
    found = interaction.client.catalogue.search(typed, DISCORD_CHOICES_LIMIT)
    return [app_commands.Choice(name=model.name[:DISCORD_CHOICE_LENGTH], value=model.name) for model in found]


async def suggest_cast(interaction: discord.Interaction[BackroomBot], typed: str) -> Choices:
    """Offer to go on with the list of names that was begun."""
    *before, last = typed.split(",")
    begun = "".join(f"{name.strip()}, " for name in before if name.strip())
    lists = [begun + model.name for model in allowed_models(interaction, last.strip())]
    fitting = [names for names in lists if len(names) <= DISCORD_CHOICE_LENGTH]
    return [app_commands.Choice(name=names, value=names) for names in fitting[:DISCORD_CHOICES_LIMIT]]


class PlaceForRooms(app_commands.Transformer):
    """An option that takes a channel which can hold rooms, or a category of such; the bot need not see it."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds of channels that are offered."""
        kinds = discord.ChannelType
        return [kinds.text, kinds.voice, kinds.category, kinds.forum]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> int:  # noqa: ARG002
        """Return the channel's id."""
        return value.id


def _offered(held: Mapping[int, str], typed: str) -> Choices:
    wanted = typed.strip().casefold()
    fitting = [(name, one) for one, name in held.items() if wanted in name.casefold()][:DISCORD_CHOICES_LIMIT]
    return [app_commands.Choice(name=name[:DISCORD_CHOICE_LENGTH], value=str(one)) for name, one in fitting]
