"""Using a command as a client does: which commands a person is offered, and what their options take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.json import Json
from bot.rehearsal.wire.messages import message as message_shown
from bot.rehearsal.world.option_values import OptionRefused, Resolved, option_value
from bot.rehearsal.world.permissions import Permission

if TYPE_CHECKING:
    from bot.rehearsal.world.application import Command
    from bot.rehearsal.world.channels import Channel
    from bot.rehearsal.world.members import Member
    from bot.rehearsal.world.messages import Message

_IN_GUILDS = 0


class CommandKind(IntEnum):
    """Discord's kinds of application commands that are met here."""

    SLASH = 1
    USER = 2
    MESSAGE = 3


class OptionType(IntEnum):
    """The two kinds of options that are commands themselves."""

    SUBCOMMAND = 1
    GROUP = 2


class CommandNotOffered(LookupError):
    """A person's client would not offer this command: it does not exist here, or is not for them."""


@dataclass(frozen=True, slots=True)
class OfferedCommand:
    """A command that a person may use: `path` leads from the registered command to the subcommand."""

    command: Command
    path: tuple[Json, ...]

    @property
    def options(self) -> list[Json]:
        """The options that the person can fill in."""
        return _options_of(self.path[-1] if self.path else self.command.definition)

    @property
    def line(self) -> str:
        """The command as it is typed."""
        return " ".join([f"/{self.command.name}", *(step["name"] for step in self.path)])

    def data(self, values: Mapping[str, Any], *, focused: str | None = None) -> Json:
        """Return the interaction's data for these option values; a `focused` option is still being typed.

        Raise `OptionRefused` for an unknown or missing option and for a value that a client would not take.
        """
        resolved: Resolved = {}
        leaf = self._filled(values, focused, resolved)
        for step in reversed(self.path):
            leaf = [{"type": step["type"], "name": step["name"], "options": leaf}]
        shown: Json = {"id": str(self.command.id), "name": self.command.name, "type": 1, "options": leaf}
        if self.command.guild_id is not None:
            shown["guild_id"] = str(self.command.guild_id)
        return shown | ({"resolved": resolved} if resolved else {})

    def data_for(self, message: Message) -> Json:
        """Return the interaction's data for a command that is used on a message."""
        target = str(message.id)
        shown: Json = {
            "id": str(self.command.id),
            "name": self.command.name,
            "type": int(CommandKind.MESSAGE),
            "target_id": target,
            "resolved": {"messages": {target: message_shown(message)}},
        }
        if self.command.guild_id is not None:
            shown["guild_id"] = str(self.command.guild_id)
        return shown

    def _filled(self, values: Mapping[str, Any], focused: str | None, resolved: Resolved) -> list[Json]:
        known = {option["name"]: option for option in self.options}
        if unknown := sorted(set(values) - set(known)):
            raise OptionRefused(f"{self.line} has no option {unknown[0]!r}; it has: {', '.join(known) or 'none'}")
        filled: list[Json] = []
        for name, option in known.items():
            if name == focused:
                typed = {"type": option["type"], "name": name, "value": values[name], "focused": True}
                filled.append(typed)
            elif name in values:
                value = option_value(option, values[name], resolved)
                filled.append({"type": option["type"], "name": name, "value": value})
            elif option.get("required") and focused is None:
                raise OptionRefused(f"{self.line} needs the option {name!r}")
        return filled


def find_command(person: Member, channel: Channel, line: str) -> OfferedCommand:
    """Return the command that a person means by `backroom start`, or raise `CommandNotOffered`."""
    first, *rest = line.removeprefix("/").split() or [""]
    command = _registered(channel, first, CommandKind.SLASH)
    _check_offered(person, channel, command)
    path: list[Json] = []
    step: Json = command.definition
    for word in rest:
        step = _below(step, word, line)
        path.append(step)
    if names := [option["name"] for option in _options_of(step) if _is_command(option)]:
        raise CommandNotOffered(f"/{line.removeprefix('/')} is not complete; it goes on with: {', '.join(names)}")
    return OfferedCommand(command, tuple(path))


def find_message_command(person: Member, channel: Channel, name: str) -> OfferedCommand:
    """Return the command of a message's context menu with this name, or raise `CommandNotOffered`."""
    command = _registered(channel, name, CommandKind.MESSAGE)
    _check_offered(person, channel, command)
    return OfferedCommand(command, ())


def offered_lines(person: Member, channel: Channel, locale: str) -> dict[str, str]:
    """Return every slash command that a person is offered in a channel, by each way to type it in a locale."""
    offered = _offered(person, channel, CommandKind.SLASH)
    return {typed: line for command in offered for typed, line in _lines_below(command.definition, locale)}


def offered_on_messages(person: Member, channel: Channel, locale: str) -> dict[str, str]:
    """Return what a person is offered in the context menu of a channel's messages: its names by those in a locale."""
    offered = _offered(person, channel, CommandKind.MESSAGE)
    return {names_in(locale, command.definition)[-1]: command.name for command in offered}


def names_in(locale: str, named: Json) -> list[str]:
    """Return what a command, an option or a choice is called: its own name, and then that in a locale."""
    localized: dict[str, str] = named.get("name_localizations") or {}
    return [named["name"], localized[locale]] if locale in localized else [named["name"]]


def _offered(person: Member, channel: Channel, kind: CommandKind) -> list[Command]:
    offered: list[Command] = []
    for command in channel.guild.world.application.commands_in(channel.guild.id):
        with suppress(CommandNotOffered):
            _check_offered(person, channel, command)
            if command.definition["type"] == kind and _is_for_guilds(command):
                offered.append(command)
    return offered


def _lines_below(step: Json, locale: str, typed: str = "/", line: str = "/") -> Iterator[tuple[str, str]]:
    """Yield the ways to type each command from a step on, with its own names."""
    below = [option for option in _options_of(step) if _is_command(option)]
    for name in names_in(locale, step):
        if not below:
            yield f"{typed}{name}", f"{line}{step['name']}"
        for one in below:
            yield from _lines_below(one, locale, f"{typed}{name} ", f"{line}{step['name']} ")


def _registered(channel: Channel, name: str, kind: CommandKind) -> Command:
    commands = channel.guild.world.application.commands_in(channel.guild.id)
    alike = [command for command in commands if command.definition["type"] == kind]
    for command in alike:
        if command.name == name and _is_for_guilds(command):
            return command
    known = ", ".join(command.name for command in alike) or "none (the bot has not synced any)"
    wanted = f"/{name}" if kind is CommandKind.SLASH else f"{name!r} for messages"
    raise CommandNotOffered(f"there is no command {wanted}; registered are: {known}")


def _is_for_guilds(command: Command) -> bool:
    contexts = command.definition.get("contexts")
    return contexts is None or _IN_GUILDS in contexts


def _check_offered(person: Member, channel: Channel, command: Command) -> None:
    has = person.permissions_in(channel)
    if channel.guild.bot is None and command.guild_id is None:
        raise CommandNotOffered(f"/{command.name} is not here: the bot is not a member of {channel.guild.name}")
    if Permission.USE_APPLICATION_COMMANDS not in has:
        raise CommandNotOffered(f"{person.name} may not use commands in #{channel.name}")
    needs = command.definition.get("default_member_permissions")
    if needs is None or channel.guild.command_permissions_are_lifted or Permission.ADMINISTRATOR in has:
        return
    if needs == "0" or Permission(int(needs)) not in has:
        raise CommandNotOffered(f"{person.name} is not offered /{command.name}: it needs {Permission(int(needs))!r}")


def _below(step: Json, word: str, line: str) -> Json:
    below = {option["name"]: option for option in _options_of(step) if _is_command(option)}
    if word not in below:
        known = ", ".join(below) or "no subcommands"
        raise CommandNotOffered(f"/{line.removeprefix('/')}: there is no {word!r}; there are: {known}")
    return below[word]


def _options_of(step: Json) -> list[Json]:
    return step.get("options") or []


def _is_command(option: Json) -> bool:
    return option["type"] in (OptionType.SUBCOMMAND, OptionType.GROUP)
