"""Who may do what with rooms: those who manage the channel, and whom the server has given the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import NotAllowed
from bot.guild_settings import GuildSettings, Right

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot

_SENTENCES = {
    Right.START: "Rooms are opened by those who have Manage Channels here, or a role that the server gave the right.",
    Right.STEER: "Rooms are steered by those who have Manage Channels here, who opened the room, or who have a role "
    "that the server gave the right.",
    Right.SPEAK: "Who may speak to the AIs here is for the server to say, and you have none of those roles.",
    Right.REACT: "Whose reactions reach the AIs here is for the server to say, and you have none of those roles.",
}


def check_right(interaction: discord.Interaction[Any], right: Right) -> None:
    """Raise `NotAllowed` unless the person who asks has the right in the channel where they ask."""
    if not asker_has(interaction, right):
        raise NotAllowed(_SENTENCES[right])


def asker_has(interaction: discord.Interaction[BackroomBot], right: Right) -> bool:
    """Whether the person who asks has the right in the channel where they ask."""
    room = interaction.client.rooms.find(interaction.channel_id or 0)
    opener = room.state.opened.by if room is not None and room.state.opened else None
    settings = interaction.client.guild_settings.of(interaction.guild_id)
    return has_right(right, interaction.user, settings, manages=interaction.permissions.manage_channels, opener=opener)


def has_right(
    right: Right,
    who: discord.User | discord.Member,
    settings: GuildSettings,
    *,
    manages: bool,
    opener: int | None = None,
) -> bool:
    """Whether somebody has a right; `manages` is whether they have Manage Channels, `opener` opened the room."""
    if manages or (right is Right.STEER and who.id == opener):
        return True
    roles = settings.roles_with(right)
    if not roles:
        return right in (Right.SPEAK, Right.REACT)
    return isinstance(who, discord.Member) and any(role.id in roles for role in who.roles)
