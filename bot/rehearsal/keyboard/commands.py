"""A slash command as it is typed, `/backroom start rounds:3 ai1:Kimi K2`, read into what a client would send.

Names may also be those of the person's language, which a client shows: `/backroom starten runden:3`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.rehearsal.wire.json import Json
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.commands import CommandNotOffered, find_command, names_in, offered_lines
from bot.rehearsal.world.option_values import OptionRefused
from bot.rehearsal.world.people import Person

_HEAD = re.compile(r"\s+\S+?:")
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
_INTEGER, _BOOLEAN, _USER, _CHANNEL, _ROLE, _MENTIONABLE, _NUMBER = 4, 5, 6, 7, 8, 9, 10


def read_command(person: Person, channel: Channel, line: str) -> tuple[str, dict[str, Any]]:
    """Return the command's path and its options' values. Raise `CommandNotOffered` or `OptionRefused` in a sentence."""
    start = _HEAD.search(line)
    path = " ".join((line if start is None else line[: start.start()]).removeprefix("/").split())
    rest = "" if start is None else line[start.start() :]
    lines = offered_lines(person, channel, person.locale)
    if (typed := next((one for one in lines if f"/{path} ".startswith(f"{one} ")), None)) is None:
        raise CommandNotOffered(_what_there_is(path, lines))
    leaf = lines[typed]
    offered = find_command(person, channel, leaf)
    options = {name: option for option in offered.options for name in names_in(person.locale, option)}
    known = ", ".join(f"{option['name']}:" for option in offered.options) or "none"
    if words := f"/{path}".removeprefix(typed).strip():
        raise OptionRefused(f"{leaf} takes its options as name:value, and does not know {words!r}; it has: {known}")
    values, before = named_values(rest, options)
    if before:
        raise OptionRefused(f"{leaf} has no option {before.partition(':')[0]!r}; it has: {known}")
    filled = [(options[name.lower()], value) for name, value in values.items()]
    return leaf.removeprefix("/"), {one["name"]: option_typed(one, value, person, channel) for one, value in filled}


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


def option_typed(option: Json, value: str, person: Person, channel: Channel) -> Any:
    """Return a typed value as its option takes it; one that cannot be read stays a text, to be refused as such."""
    kind = option["type"]
    if option.get("choices"):
        named = ((one["value"], names_in(person.locale, one)) for one in option["choices"])
        return next((meant for meant, names in named if _is(value, meant, *names)), value)
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


def _what_there_is(path: str, lines: Mapping[str, str]) -> str:
    if not lines:
        return "The bot has registered no command that you may use."
    words = path.split()
    while not (nearer := [line for typed, line in lines.items() if typed[1:].split()[: len(words)] == words]):
        words.pop()
    is_begun = bool(words) and words == path.split()
    what = f"/{path} is not complete" if is_begun else f"There is no command /{path}"
    return f"{what}; there are: {', '.join(dict.fromkeys(nearer))}"
