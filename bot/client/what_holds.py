"""What a server has set, told to the person who asks; what was deleted since is shown as such."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import discord

from bot.errors import NotPossible
from bot.guild_settings import (
    DEFAULT_ROUNDS,
    DEFAULT_SECONDS_BETWEEN_TURNS,
    MODELS_NAMED_IN_A_SENTENCE,
    GuildSettings,
    Right,
)
from bot.models.catalogue import Catalogue
from bot.posting.splitting import DISCORD_MESSAGE_LIMIT
from bot.room import notices
from bot.scenarios import Scenario, Scenarios
from bot.settings import Settings
from bot.words import later, t

RIGHTS = {
    Right.START: later("open rooms"),
    Right.STEER: later("steer rooms"),
    Right.SPEAK: later("speak to the AIs"),
    Right.REACT: later("reach the AIs with reactions"),
}
MANAGERS = later("people with Manage Channels")
_BESIDES = {
    Right.START: MANAGERS,
    Right.STEER: later("people with Manage Channels, whoever opened the room"),
}

HERE = later("set here")
BY_DEFAULT = later("the bot's default")
BY_OPERATOR = later("set by the bot's operator")

MOST_ENTRIES = 25
"""Of roles and of channels: Discord offers no more when one is to be taken away."""


class _Known(Protocol):
    """What the bot knows beside a server's settings."""

    catalogue: Catalogue
    scenarios: Scenarios


def what_holds(settings: GuildSettings, guild: discord.Guild | None, known: _Known, operators: Settings) -> str:
    """Tell all that holds in a server, a line each, and who set it so."""

    def told(most: int) -> str:
        parts = [_rights(settings, guild, most), _where(settings, guild, most)]
        return "\n".join([*parts, _models(settings, known.catalogue, most), room_held(settings, known.scenarios)])

    caps = f"\n{caps_held(settings, operators)}"
    return _fitting(told, DISCORD_MESSAGE_LIMIT - len(caps)) + caps


def rights_held(settings: GuildSettings, guild: discord.Guild | None) -> str:
    """Tell who may do what."""
    return _fitting(lambda most: _rights(settings, guild, most))


def where_held(settings: GuildSettings, guild: discord.Guild | None, *, rooms_are_open: bool) -> str:
    """Tell where rooms may be."""
    stay = [t("Rooms that are open stay where they are.")] if settings.channels and rooms_are_open else []
    return _fitting(lambda most: "\n".join([_where(settings, guild, most), *stay]))


def models_held(settings: GuildSettings, catalogue: Catalogue, *, rooms_are_open: bool) -> str:
    """Tell which models may sit down: the shorter of who may and who may not."""
    stay = [t("Rooms that are open keep the AIs that sit in them.")] if settings.models and rooms_are_open else []
    return _fitting(lambda most: "\n".join([_models(settings, catalogue, most), *stay]))


def _fitting(told: Callable[[int], str], limit: int = DISCORD_MESSAGE_LIMIT) -> str:
    """Return what is told with as many names in each of its lists as one message has room for."""
    every = (told(most) for most in range(MOST_ENTRIES, 0, -1))
    return next((text for text in every if len(text) <= limit), told(1)[:limit])


def _rights(settings: GuildSettings, guild: discord.Guild | None, most: int) -> str:
    return "\n".join(
        _line(t("Who may {does}", does=t(does)), _who(settings, right, guild, most), settings, f"{right.value}_roles")
        for right, does in RIGHTS.items()
    )


def _where(settings: GuildSettings, guild: discord.Guild | None, most: int) -> str:
    where = _some([name_of_channel(channel, guild, mention=True) for channel in settings.channels], most)
    return _line(t("Rooms may be opened in"), where or t("every channel"), settings, "channels")


def _models(settings: GuildSettings, catalogue: Catalogue, most: int) -> str:
    most = min(most, MODELS_NAMED_IN_A_SENTENCE)
    missing = [model.name for model in catalogue.models if not settings.allows_model(model.name)]
    if not settings.models:
        models = t("all")
    elif len(missing) >= len(settings.models):
        models = _some(settings.models, most)
    elif missing:
        models = t("all but {models}", models=_some(missing, most))
    else:
        models = t("all that there are now, but none that is added later")
    return _line(t("Models allowed"), models, settings, "models")


def room_held(settings: GuildSettings, scenarios: Scenarios) -> str:
    """Tell how a room begins where nobody says otherwise."""
    rounds = DEFAULT_ROUNDS if settings.rounds is None else settings.rounds
    pace = DEFAULT_SECONDS_BETWEEN_TURNS if settings.pace is None else settings.pace
    chosen = _scenario(settings, scenarios)
    title = chosen.title if chosen else t("“{title}”, which is no longer there", title=settings.scenario)
    cast = settings.cast or (chosen.cast if chosen else ())
    lines = (
        (t("Scenario"), title, "scenario"),
        (t("Rounds"), str(rounds) if rounds else t("until the room is stopped"), "rounds"),
        (t("Pace"), _pace(pace), "pace"),
        (t("Place"), t("a thread of its own") if settings.thread else t("the channel itself"), "thread"),
        (t("Messages notify"), t("nobody") if settings.quiet else t("people as usual"), "quiet"),
        (t("Panel with buttons"), t("yes") if settings.panel else t("no"), "panel"),
        (t("How people are heard"), t(notices.MODES[settings.mode]), "mode"),
        (t("Who speaks next"), t(notices.ORDERS[settings.order]), "order"),
    )
    first, *others = (_line(name, value, settings, setting) for name, value, setting in lines)
    source = t(HERE) if settings.cast else t("the scenario's")
    of_the_cast = t("**{name}:** {value} ({source}).", name=t("Cast"), value=", ".join(cast) or "-", source=source)
    return "\n".join((t("How a room begins, unless who opens it says otherwise:"), first, of_the_cast, *others))


def caps_held(settings: GuildSettings, operators: Settings) -> str:
    """Tell what is limited, by the server or else by whoever runs the bot."""
    budget = settings.budget_usd(operators.room_budget_usd)
    days = operators.retention_days if settings.retention_days is None else settings.retention_days
    costs = t("${usd:.2f} before somebody has to resume it", usd=budget) if budget else t("any amount")
    of_budget = t(HERE) if settings.room_budget_usd == budget else _set_by(operators, "room_budget_usd")
    of_days = t(HERE) if settings.retention_days is not None else _set_by(operators, "retention_days")
    return "\n".join(
        (
            t("**{name}:** {value} ({source}).", name=t("A room may cost"), value=costs, source=of_budget),
            t("**{name}:** {value} ({source}).", name=t("A room is kept"), value=_how_long(days), source=of_days),
            _line(t("Reactions reach the AIs"), t("yes") if settings.reactions else t("no"), settings, "reactions"),
        )
    )


def _set_by(operators: Settings, setting: str) -> str:
    is_default = getattr(operators, setting) == Settings.model_fields[setting].default
    return t(BY_DEFAULT) if is_default else t(BY_OPERATOR)


def _line(name: str, value: str, settings: GuildSettings, setting: str) -> str:
    """`**Rounds:** 5 (the bot's default).`"""
    is_default = getattr(settings, setting) == GuildSettings.model_fields[setting].default
    source = t(BY_DEFAULT) if is_default else t(HERE)
    return t("**{name}:** {value} ({source}).", name=name, value=value, source=source)


def _scenario(settings: GuildSettings, scenarios: Scenarios) -> Scenario | None:
    try:
        return scenarios.named(settings.scenario)
    except NotPossible:
        return None


def _pace(seconds: float) -> str:
    if seconds == 1:
        return t("a message stands for at least 1 second")
    return t("a message stands for at least {seconds:g} seconds", seconds=seconds)


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


def _who(settings: GuildSettings, right: Right, guild: discord.Guild | None, most: int) -> str:
    roles = _some([name_of_role(role, guild, mention=True) for role in settings.roles_with(right)], most)
    if not roles:
        return t(_BESIDES[right]) if right in _BESIDES else t("everyone")
    return f"{t(_BESIDES.get(right, MANAGERS))}, {roles}"


def _some(names: Sequence[str], most: int) -> str:
    more = len(names) - most
    named = ", ".join(names[:most])
    return t("{names} and {n} more", names=named, n=more) if more > 0 else named
