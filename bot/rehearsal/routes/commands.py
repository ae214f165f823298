"""Application commands, global and of a guild: registering, listing, removing."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rest.calls import NO_CONTENT, Answer, Call, Route
from bot.rehearsal.rest.refusals import (
    INVALID_JSON,
    TOO_MANY_COMMANDS,
    UNKNOWN_COMMAND,
    Refusal,
)
from bot.rehearsal.routes.found import application_id, guild_of
from bot.rehearsal.rules.commands import command_definition
from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.localizations import without_localizations
from bot.rehearsal.wire import applications as wire
from bot.rehearsal.wire.json import as_list
from bot.rehearsal.world.application import DISCORD_COMMANDS_A_SCOPE, Command
from bot.rehearsal.world.world import World


def list_commands(world: World, call: Call) -> Answer:
    """Return all commands of a scope; with their names in other languages when these are asked for."""
    shown = [_shown(world, command) for command in _scope(world, call).values()]
    if not call.is_asked("with_localizations"):
        shown = [without_localizations(one) for one in shown]
    return Answer(json=shown)


def get_command(world: World, call: Call) -> Answer:
    """Return one command."""
    return Answer(json=_shown(world, _found(world, call)))


def overwrite_commands(world: World, call: Call) -> Answer:
    """Register exactly these commands in a scope: what is not among them goes."""
    scope = _scope(world, call)
    if (bodies := as_list(call.json)) is None:
        raise Refusal(INVALID_JSON)
    forms = Form({str(index): body for index, body in enumerate(bodies)})
    definitions = [command_definition(forms.nested(str(index))) for index in range(len(bodies))]
    _check_names(forms, definitions)
    forms.refuse_if_wrong()
    _refuse_if_too_many([definition["type"] for definition in definitions])
    before = {_key(command.definition): command.id for command in scope.values()}
    scope.clear()
    for definition in definitions:
        _register(world, call, definition, before.get(_key(definition)))
    world.changed.give()
    return Answer(json=[_shown(world, command) for command in scope.values()])


def create_command(world: World, call: Call) -> Answer:
    """Register one command, in place of one of the same name."""
    scope = _scope(world, call)
    form = Form(call.body)
    definition = command_definition(form)
    form.refuse_if_wrong()
    before = {_key(command.definition): command.id for command in scope.values()}
    known = before.get(_key(definition))
    if known is None:
        _refuse_if_too_many([definition["type"], *(command.definition["type"] for command in scope.values())])
    command = _register(world, call, definition, known)
    world.changed.give()
    return Answer(201 if known is None else 200, _shown(world, command))


def edit_command(world: World, call: Call) -> Answer:
    """Change a command."""
    command = _found(world, call)
    form = Form({**command.definition, **call.body})
    definition = command_definition(form)
    form.refuse_if_wrong()
    return Answer(json=_shown(world, _register(world, call, definition, command.id)))


def delete_command(world: World, call: Call) -> Answer:
    """Remove a command."""
    del _scope(world, call)[_found(world, call).id]
    return NO_CONTENT


def _scope(world: World, call: Call) -> dict[int, Command]:
    application_id(world, call)
    guild_id = guild_of(world, call).id if "guild_id" in call.parts else None
    return world.application.commands.setdefault(guild_id, {})


def _found(world: World, call: Call) -> Command:
    command = _scope(world, call).get(call.id("command_id"))
    if command is None:
        raise Refusal(UNKNOWN_COMMAND)
    return command


def _register(world: World, call: Call, definition: dict[str, Any], known: int | None) -> Command:
    guild_id = call.id("guild_id") if "guild_id" in call.parts else None
    command = Command(known or world.ids.next(), world.ids.next(), guild_id, definition)
    _scope(world, call)[command.id] = command
    return command


def _refuse_if_too_many(kinds: list[int]) -> None:
    for kind, most in DISCORD_COMMANDS_A_SCOPE.items():
        if kinds.count(kind) > most:
            reason = TOO_MANY_COMMANDS._replace(message=f"Maximum number of application commands reached ({most}).")
            raise Refusal(reason)


def _key(definition: dict[str, Any]) -> tuple[str, int]:
    return definition["name"], definition["type"]


def _check_names(forms: Form, definitions: list[dict[str, Any]]) -> None:
    keys = [(definition.get("name"), definition["type"]) for definition in definitions]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            forms.nested(str(index)).wrong(
                "name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )


def _shown(world: World, command: Command) -> dict[str, Any]:
    return wire.command(command, world.application.id)


def _routes(base: str) -> tuple[Route, ...]:
    return (
        Route("GET", base, list_commands),
        Route("PUT", base, overwrite_commands),
        Route("POST", base, create_command),
        Route("GET", base + "/{command_id}", get_command),
        Route("PATCH", base + "/{command_id}", edit_command),
        Route("DELETE", base + "/{command_id}", delete_command),
    )


ROUTES = (
    *_routes("/applications/{application_id}/commands"),
    *_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
)
