"""What a command's option takes, by its type, and how the value travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.people import member_without_user, user
from bot.rehearsal.wire.people import role as role_shown
from bot.rehearsal.world.members import Member, Role

if TYPE_CHECKING:
    from bot.rehearsal.world.channels import Channel

Resolved = dict[str, dict[str, Json]]
DISCORD_OPTION_TEXT_LIMIT = 6000
DISCORD_LARGEST_INTEGER = 2**53
_TEXT, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE, _MENTIONABLE, _NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
_TAKEN = {
    _BOOLEAN: "true or false",
    _USER: "somebody who is in this server",
    _CHANNEL: "a channel of this server",
    _ROLE: "a role of this server",
    _MENTIONABLE: "a role of this server or somebody who is in it",
}


class OptionRefused(ValueError):
    """A client would not send this value for this option."""


def option_value(option: Json, value: Any, resolved: Resolved) -> Any:
    """Return a value as it is sent; people and channels are added to `resolved`. Raise `OptionRefused`."""
    kind = option["type"]
    if option.get("choices"):
        return _choice(option, value)
    if kind == _TEXT:
        return _text(option, value)
    if kind in (_INTEGER, _NUMBER):
        return _number(option, value, whole=kind == _INTEGER)
    if kind == _BOOLEAN and isinstance(value, bool):
        return value
    if kind in (_USER, _MENTIONABLE) and isinstance(value, Member):
        return resolve_member(value, resolved)
    if kind in (_ROLE, _MENTIONABLE) and isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = role_shown(value)
        return str(value.id)
    if kind == _CHANNEL and hasattr(value, "history"):
        return resolve_channel(value, resolved)
    raise _wrong(option, value, _TAKEN.get(kind, "a value of another kind"))


def _choice(option: Json, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["name"], choice["value"]):
            return choice["value"]
    names = ", ".join(map(_offered, option["choices"]))
    raise _wrong(option, value, f"one of: {names}")


def _offered(choice: Json) -> str:
    """Return a choice as it can be typed, and as a client shows it where that is more."""
    value, name = str(choice["value"]), choice["name"]
    return name if value.casefold() == name.casefold() else f"{value} ({name})"


def _text(option: Json, value: Any) -> str:
    least, most = option.get("min_length") or 0, option.get("max_length") or DISCORD_OPTION_TEXT_LIMIT
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise _wrong(option, value, f"a text of {least} to {most} characters")
    return value


def _number(option: Json, value: Any, *, whole: bool) -> int | float:
    least, most = option.get("min_value"), option.get("max_value")
    least = -DISCORD_LARGEST_INTEGER if least is None else least
    most = DISCORD_LARGEST_INTEGER if most is None else most
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not least <= value <= most:
        raise _wrong(option, value, f"a {'whole ' if whole else ''}number from {least} to {most}")
    return value


def resolve_member(value: Member, resolved: Resolved) -> str:
    """Return how a member travels, and show who that is in `resolved`."""
    resolved.setdefault("users", {})[str(value.id)] = user(value.user)
    resolved.setdefault("members", {})[str(value.id)] = member_without_user(value) | {"permissions": "0"}
    return str(value.id)


def resolve_channel(value: Channel, resolved: Resolved) -> str:
    """Return how a channel travels, and show which that is in `resolved`."""
    resolved.setdefault("channels", {})[str(value.id)] = value.shown() | {"permissions": "0"}
    return str(value.id)


def _wrong(option: Json, value: Any, expected: str) -> OptionRefused:
    return OptionRefused(f"The option “{option['name']}” takes {expected}, not “{value}”.")
