"""What a server has set, told to the person who asks; what was deleted since is shown as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord

from bot.guild_settings import MODELS_NAMED_IN_A_SENTENCE, GuildSettings, Right
from bot.models.catalogue import Catalogue
from bot.room import notices

RIGHTS = {
    Right.START: "open rooms",
    Right.STEER: "steer rooms",
    Right.SPEAK: "speak to the AIs",
    Right.REACT: "reach the AIs with reactions",
}
_BESIDES = {
    Right.START: "who has Manage Channels",
    Right.STEER: "who has Manage Channels, who opened the room",
}


def what_holds(settings: GuildSettings, guild: discord.Guild | None, catalogue: Catalogue, operators_usd: float) -> str:
    """Tell all that a server has set, with the defaults where it set nothing."""
    parts = [rights_held(settings, guild), where_held(settings, guild), models_held(settings, catalogue)]
    return "\n".join([*parts, room_held(settings), caps_held(settings, operators_usd)])


def rights_held(settings: GuildSettings, guild: discord.Guild | None) -> str:
    """Tell who may do what."""
    return "\n".join(f"**May {does}:** {_who(settings, right, guild)}." for right, does in RIGHTS.items())


def where_held(settings: GuildSettings, guild: discord.Guild | None) -> str:
    """Tell where rooms may be."""
    where = ", ".join(name_of_channel(channel, guild, mention=True) for channel in settings.channels)
    return f"**Rooms may be in:** {where or 'every channel'}."


def models_held(settings: GuildSettings, catalogue: Catalogue) -> str:
    """Tell which models may sit down: the shorter of who may and who may not."""
    if not settings.models:
        return "**Models allowed:** all."
    missing = [model.name for model in catalogue.models if not settings.allows_model(model.name)]
    if len(missing) < len(settings.models):
        return f"**Models allowed:** all but {_some(missing)}." if missing else "**Models allowed:** all so far."
    return f"**Models allowed:** {_some(settings.models)}."


def room_held(settings: GuildSettings) -> str:
    """Tell how a room begins where nobody says otherwise."""
    rounds = {None: "the usual", 0: "without end"}.get(settings.rounds, str(settings.rounds))
    pace = "the usual" if settings.pace is None else f"{settings.pace:g} s"
    return "\n".join(
        [
            f"**A room begins** with the scenario {settings.scenario or '(the first)'}, "
            f"the cast {', '.join(settings.cast) or '(of the scenario)'}; rounds: {rounds}; pace: {pace}; "
            f"{'in a thread of its own' if settings.thread else 'in the channel itself'}; "
            f"messages notify {'nobody' if settings.quiet else 'people as any message does'}.",
            f"**People are heard:** {notices.MODES[settings.mode]}. **Who speaks:** {notices.ORDERS[settings.order]}.",
        ]
    )


def caps_held(settings: GuildSettings, operators_usd: float) -> str:
    """Tell what is limited."""
    budget = settings.budget_usd(operators_usd)
    costs = f"${budget:.2f} until somebody resumes it" if budget else "without limit"
    kept = "for ever" if settings.retention_days is None else f"for {settings.retention_days} days after its end"
    reach = "reach the AIs" if settings.reactions else "do not reach the AIs"
    return f"**A room may cost** {costs}; it is kept {kept}; reactions {reach}."


def name_of_role(role_id: int, guild: discord.Guild | None, *, mention: bool = False) -> str:
    """Name a role, also one that was deleted."""
    role = guild.get_role(role_id) if guild else None
    if role is None:
        return f"a role that was deleted ({role_id})"
    return role.mention if mention else role.name


def name_of_channel(channel_id: int, guild: discord.Guild | None, *, mention: bool = False) -> str:
    """Name a channel, also one that was deleted."""
    channel = guild.get_channel(channel_id) if guild else None
    if channel is None:
        return f"a channel that was deleted ({channel_id})"
    return channel.mention if mention else f"#{channel.name}"


def _who(settings: GuildSettings, right: Right, guild: discord.Guild | None) -> str:
    roles = [name_of_role(role, guild, mention=True) for role in settings.roles_with(right)]
    if right in _BESIDES:
        return ", ".join([_BESIDES[right], *roles])
    return ", ".join([*roles, "who has Manage Channels"]) if roles else "everybody"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MODELS_NAMED_IN_A_SENTENCE
    named: Iterable[str] = names[:MODELS_NAMED_IN_A_SENTENCE]
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
