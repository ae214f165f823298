"""Who may do what with rooms: those who manage the channel, and whom the server has given the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import NotAllowed
from bot.guild_settings import GuildSettings, Right
from bot.room.forgetting import NOBODY
from bot.words import later, t

if TYPE_CHECKING:
    from bot.client.bot import BackroomBot
    from bot.open_room import OpenRoom

_SENTENCES = {
    Right.START: later("To open rooms here, you need Manage Channels or a role that may open rooms."),
    Right.STEER: later(
        "To steer rooms here, you need Manage Channels or a role that may steer rooms, or you must "
        "have opened the room yourself."
    ),
    Right.SPEAK: later("Only some roles may speak to the AIs in this server, and you have none of them."),
    Right.REACT: later("Only the reactions of some roles reach the AIs in this server, and you have none of them."),
}
_OPENER_WAS_FORGOTTEN = later(
    "To steer this room, you need Manage Channels or a role that may steer rooms: whoever opened it was forgotten."
)
_TO_FORK = later(
    "To fork a room that somebody else opened, it is not enough that you may open rooms: you need Manage Channels or a "
    "role that may steer rooms as well."
)


def check_right(interaction: discord.Interaction[Any], right: Right, room: OpenRoom | None = None) -> None:
    """Raise `NotAllowed` unless the person who asks has the right in the channel where they ask.

    `room` is the one that it is about, also when it is over; where none is given, the one that is open there.
    """
    _check(interaction, right, _opener_of(room or _room_of(interaction)))


async def check_right_here(interaction: discord.Interaction[BackroomBot], right: Right) -> None:
    """Raise `NotAllowed` as `check_right` does; where no room is open, it is about the last one that was.

    Raises:
        StorageError: it cannot be read who opened that one.
    """
    room, opener = _room_of(interaction), None
    if room is not None:
        opener = _opener_of(room)
    elif right is Right.STEER and not _asker_has(interaction, right, None):
        # Of a room that may be long no more than this: Discord waits three seconds for an answer.
        opener = await interaction.client.supplies.database.exports.last_opener_at(interaction.channel_id or 0)
    _check(interaction, right, opener)


def check_may_fork(interaction: discord.Interaction[BackroomBot], room: OpenRoom) -> None:
    """Raise `NotAllowed` unless who asks may steer a room, as they will steer its fork, and see what is in prompts."""
    if not _asker_has(interaction, Right.STEER, _opener_of(room)):
        raise NotAllowed(t(_TO_FORK))


def may_here(bot: BackroomBot, room: OpenRoom, right: Right, who: discord.User | discord.Member | None) -> bool:
    """Whether somebody has a right in a room, whatever they do there; None is who is not known to be a member."""
    if who is None:
        return right in (Right.SPEAK, Right.REACT) and not bot.guild_settings.of(room.place.guild_id).roles_with(right)
    return _has_here(bot, room, right, who, opener=_opener_of(room))


def steers_as_opener(bot: BackroomBot, room: OpenRoom, who: discord.User | discord.Member) -> bool:
    """Whether somebody may steer a room for no other reason than that they opened it, as far as is known here."""
    if who.id != _opener_of(room):
        return False
    is_of_elsewhere = not isinstance(who, discord.Member) or who.guild.id != room.place.guild_id
    return is_of_elsewhere or not _has_here(bot, room, Right.STEER, who)


def _check(interaction: discord.Interaction[BackroomBot], right: Right, opener: int | None) -> None:
    if not _asker_has(interaction, right, opener):
        is_nobodys = right is Right.STEER and opener == NOBODY
        raise NotAllowed(t(_OPENER_WAS_FORGOTTEN if is_nobodys else _SENTENCES[right]))


def _asker_has(interaction: discord.Interaction[BackroomBot], right: Right, opener: int | None) -> bool:
    settings = interaction.client.guild_settings.of(interaction.guild_id)
    return has_right(right, interaction.user, settings, manages=interaction.permissions.manage_channels, opener=opener)


def _has_here(
    bot: BackroomBot,
    room: OpenRoom,
    right: Right,
    who: discord.User | discord.Member,
    *,
    opener: int | None = None,
) -> bool:
    channel = bot.get_channel(room.place.webhook_channel_id)
    manages = False
    if isinstance(who, discord.Member) and isinstance(channel, discord.abc.GuildChannel):
        manages = channel.permissions_for(who).manage_channels
    return has_right(right, who, bot.guild_settings.of(room.place.guild_id), manages=manages, opener=opener)


def _room_of(interaction: discord.Interaction[BackroomBot]) -> OpenRoom | None:
    return interaction.client.rooms.find(interaction.channel_id or 0)


def _opener_of(room: OpenRoom | None) -> int | None:
    return room.state.opened.by if room is not None and room.state.opened else None


def roles_are_known(bot: BackroomBot, room: OpenRoom) -> bool:
    """Whether it is known who has which role in a room's server.

    While Discord does not have the server nobody seems to have any: who may do nothing then may be allowed to.
    """
    guild = bot.get_guild(room.place.guild_id)
    return guild is not None and not guild.unavailable


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
