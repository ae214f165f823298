"""What Discord's client shows in place of marks: names for mentions, a time for timestamps, `:name:` for emojis."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.rehearsal.world.world import World

_MARK = re.compile(
    r"<#(?P<channel>\d{1,20})>|<@&(?P<role>\d{1,20})>|<@!?(?P<user>\d{1,20})>"
    r"|<a?:(?P<emoji>\w{2,32}):\d{1,20}>|<t:(?P<time>\d{1,10})(?::(?P<form>[tTdDfFR]))?>"
)
_FORMS = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%d/%m/%Y", "D": "%d %B %Y", "R": "at %H:%M:%S"}
"""A terminal's lines do not change with time: what Discord shows as `3 seconds ago` is shown as its moment."""
_FULL = "%d %B %Y %H:%M"


def legible(words: str, world: World) -> str:
    """Return words as people read them."""
    return _MARK.sub(lambda mark: _shown(mark, world), words)


def _shown(mark: re.Match[str], world: World) -> str:
    if mark["channel"]:
        channel = world.channel(int(mark["channel"]))
        return f"#{channel.name}" if channel else "#unknown"
    if mark["role"]:
        roles = (guild.roles.get(int(mark["role"])) for guild in world.guilds.values())
        return next((f"@{role.name.removeprefix('@')}" for role in roles if role is not None), "@unknown-role")
    if mark["user"]:
        user = world.user(int(mark["user"]))
        return f"@{user.name}" if user else "@unknown-user"
    if mark["emoji"]:
        return f":{mark['emoji']}:"
    moment = datetime.fromtimestamp(int(mark["time"]), UTC).astimezone()  # as the clock beside the terminal shows it
    return moment.strftime(_FORMS.get(mark["form"] or "f", _FULL))
