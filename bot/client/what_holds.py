"""What a server has set, told to the person who asks; what was deleted since is shown as such."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.guild_settings import MODELS_NAMED_IN_A_SENTENCE, GuildSettings, Right
from bot.models.catalogue import Catalogue
from bot.room import notices
from bot.settings import Settings
from bot.words import later, t

RIGHTS = {
    Right.START: later("open rooms"),
    Right.STEER: later("steer rooms"),
    Right.SPEAK: later("speak to the AIs"),
    Right.REACT: later("reach the AIs with reactions"),
}
_BESIDES = {
    Right.START: later("people with Manage Channels"),
    Right.STEER: later("people with Manage Channels, whoever opened the room"),
}


def what_holds(settings: GuildSettings, guild: discord.Guild | None, catalogue: Catalogue, operators: Settings) -> str:
    """Tell all that a server has set, with the defaults where it set nothing."""
    parts = [rights_held(settings, guild), where_held(settings, guild), models_held(settings, catalogue)]
    return "\n".join([*parts, room_held(settings), caps_held(settings, operators)])


def rights_held(settings: GuildSettings, guild: discord.Guild | None) -> str:
    """Tell who may do what."""
    return "\n".join(
        t("**Who may {does}:** {who}.", does=t(does), who=_who(settings, right, guild))
        for right, does in RIGHTS.items()
    )


def where_held(settings: GuildSettings, guild: discord.Guild | None) -> str:
    """Tell where rooms may be."""
    where = ", ".join(name_of_channel(channel, guild, mention=True) for channel in settings.channels)
    return t("**Rooms may be opened in:** {where}.", where=where or t("every channel"))


def models_held(settings: GuildSettings, catalogue: Catalogue) -> str:
    """Tell which models may sit down: the shorter of who may and who may not."""
    if not settings.models:
        return t("**Models allowed:** all.")
    missing = [model.name for model in catalogue.models if not settings.allows_model(model.name)]
    if len(missing) < len(settings.models):
        return (
            t("**Models allowed:** all but {models}.", models=_some(missing))
            if missing
            else t("**Models allowed:** all that there are now, but none that is added later.")
        )
    return t("**Models allowed:** {models}.", models=_some(settings.models))


def room_held(settings: GuildSettings) -> str:
    """Tell how a room begins where nobody says otherwise."""
    rounds = {None: t("the usual"), 0: t("without end")}.get(settings.rounds, str(settings.rounds))
    begins = t(
        "**A room begins** with the scenario {scenario}, the cast {cast}; rounds: {rounds}; pace: {pace}; {where}; "
        "messages notify {whom}; {panel}.",
        scenario=settings.scenario or t("(the first)"),
        cast=", ".join(settings.cast) or t("(the scenario's)"),
        rounds=rounds,
        pace=t("the usual") if settings.pace is None else f"{settings.pace:g} s",
        where=t("in a thread of its own") if settings.thread else t("in the channel itself"),
        whom=t("nobody") if settings.quiet else t("people as usual"),
        panel=t("with a panel of buttons") if settings.panel else t("without a panel"),
    )
    heard = t(
        "**People are heard:** {mode}. **Who speaks:** {order}.",
        mode=t(notices.MODES[settings.mode]),
        order=t(notices.ORDERS[settings.order]),
    )
    return f"{begins}\n{heard}"


def caps_held(settings: GuildSettings, operators: Settings) -> str:
    """Tell what is limited, by the server or else by whoever runs the bot."""
    budget = settings.budget_usd(operators.room_budget_usd)
    days = operators.retention_days if settings.retention_days is None else settings.retention_days
    return t(
        "**A room may cost** {costs}; it is kept {kept}; reactions {reach}.",
        costs=t("${usd:.2f} before somebody has to resume it", usd=budget) if budget else t("any amount"),
        kept=_how_long(days),
        reach=t("reach the AIs") if settings.reactions else t("do not reach the AIs"),
    )


def _how_long(days: int | None) -> str:
    if days is None:
        return t("for ever")
    return t("for {days} day after its end", days=days) if days == 1 else t("for {days} days after its end", days=days)


def name_of_role(role_id: int, guild: discord.Guild | None, *, mention: bool = False) -> str:
    """Name a role, also one that was deleted."""
    role = guild.get_role(role_id) if guild else None
    if role is None:
        return t("a deleted role ({id})", id=role_id)
    return role.mention if mention else role.name


def name_of_channel(channel_id: int, guild: discord.Guild | None, *, mention: bool = False) -> str:
    """Name a channel, also one that was deleted."""
    channel = guild.get_channel(channel_id) if guild else None
    if channel is None:
        return t("a deleted channel ({id})", id=channel_id)
    return channel.mention if mention else f"#{channel.name}"


def _who(settings: GuildSettings, right: Right, guild: discord.Guild | None) -> str:
    roles = [name_of_role(role, guild, mention=True) for role in settings.roles_with(right)]
    if right in _BESIDES:
        return ", ".join([t(_BESIDES[right]), *roles])
    return ", ".join([*roles, t("people with Manage Channels")]) if roles else t("everyone")


def _some(names: Sequence[str]) -> str:
    more = len(names) - MODELS_NAMED_IN_A_SENTENCE
    named = ", ".join(names[:MODELS_NAMED_IN_A_SENTENCE])
    return t("{names} and {n} more", names=named, n=more) if more > 0 else named
