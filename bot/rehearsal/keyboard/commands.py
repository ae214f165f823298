"""A slash command as it is typed, `/backroom start rounds:3 ai1:Kimi K2`, read into what a client would send."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.rehearsal.wire.json import Json
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.commands import CommandNotOffered, find_command, offered_lines
from bot.rehearsal.world.members import Member
from bot.rehearsal.world.option_values import OptionRefused

_HEAD = re.compile(r"\s+\S+?:")
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
_INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE, _MENTIONABLE, _NUMBER = 4, 5, 6, 7, 8, 9, 10


def read_command(person: Member, channel: Channel, line: str) -> tuple[str, dict[str, Any]]:
    """Return the command's path and its options' values. Raise `CommandNotOffered` or `OptionRefused` in a sentence."""
    start = _HEAD.search(line)
    path = " ".join((line if start is None else line[: start.start()]).removeprefix("/").split())
    rest = "" if start is None else line[start.start() :]
    lines = offered_lines(person, channel)
    if (leaf := next((one for one in lines if f"/{path} ".startswith(f"{one} ")), None)) is None:
        raise CommandNotOffered(_what_there_is(path, lines))
    offered = find_command(person, channel, leaf)
    options = {option["name"]: option for option in offered.options}
    known = ", ".join(f"{name}:" for name in options) or "none"
    if words := f"/{path}".removeprefix(leaf).strip():
        raise OptionRefused(f"{leaf} takes its options as name:value, and does not know {words!r}; it has: {known}")
    values, before = named_values(rest, options)
    if before:
        raise OptionRefused(f"{leaf} has no option {before.partition(':')[0]!r}; it has: {known}")
    return leaf.removeprefix("/"), {name: option_typed(options[name], value, channel) for name, value in values.items()}


def named_values(text: str, names: Iterable[str]) -> tuple[dict[str, str], str]:
    """Return each `name:value` of a text, and what stands before the first.

    A value goes on until the next known name; one in quotes may hold anything.
    """
    one_of = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    if not one_of:
        return {}, text.strip()
    found = list(re.finditer(rf'(?:^|(?<=\s))({one_of}):\s*("[^"]*"|.*?)(?=\s+(?:{one_of}):|\s*$)', text, re.I | re.S))
    before = text[: found[0].start()] if found else text
    return {match[1]: _unquoted(match[2]) for match in found}, before.strip()


def option_typed(option: Json, value: str, channel: Channel) -> Any:
    """Return a typed value as its option takes it; one that cannot be read stays a text, to be refused as such."""
    kind = option["type"]
    if option.get("choices"):
        return next((one["value"] for one in option["choices"] if _is(value, one["name"], one["value"])), value)
    if kind == _BOOLEAN and value.lower() in _YES + _NO:
        return value.lower() in _YES
    if kind in (_USER, _MENTIONABLE):
        members = channel.guild.members.values()
        return next((one for one in members if _is(value.removeprefix("@"), one.name, one.id)), value)
    if kind == _ROLE:
        roles = channel.guild.roles.values()
        return next((one for one in roles if _is(value.removeprefix("@"), one.name.removeprefix("@"), one.id)), value)
    if kind == _CHANNEL:
        channels = channel.guild.channels.values()
        return next((one for one in channels if _is(value.removeprefix("#"), one.name, one.id)), value)
    try:
        return {_INTEGER: int, _NUMBER: float}.get(kind, str)(value)
    except ValueError:
        return value


def _is(value: str, *names: object) -> bool:
    return value.lower() in [str(name).lower() for name in names]


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _what_there_is(path: str, lines: list[str]) -> str:
    if not lines:
        return "The bot has registered no command that you may use."
    words = path.split()
    while words and not (nearer := [one for one in lines if f"{one} ".startswith(f"/{' '.join(words)} ")]):
        words.pop()
    listed = ", ".join(nearer if words else lines)  # pyright: ignore[reportPossiblyUnboundVariable]
    is_begun = bool(words) and words == path.split()
    what = f"/{path} is not complete" if is_begun else f"There is no command /{path}"
    return f"{what}; there are: {listed}"
