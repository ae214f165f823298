"""What an application command may be: names, lengths, options, choices."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.localizations import (
    DISCORD_COMMAND_DESCRIPTION_LIMIT,
    DISCORD_COMMAND_NAME_LIMIT,
    check_choice_localizations,
    check_localizations,
    check_name,
    longest,
)
from bot.rehearsal.wire.json import as_list, as_object

DISCORD_COMMAND_OPTIONS = 25
DISCORD_OPTION_CHOICES = 25
DISCORD_CHOICE_LIMIT = 100
DISCORD_COMMAND_TOTAL_LIMIT = 8000
"""Characters of all names, descriptions and choice values of one command."""
DISCORD_OPTION_TEXT_LIMIT = 6000
_SLASH = 1
_SUBCOMMAND, _GROUP, _TEXT, _INTEGER, _NUMBER = 1, 2, 3, 4, 10
_OPTION_TYPES = tuple(range(1, 12))
_ON_SOMETHING = (2, 3)
"""Commands of the context menus of users and of messages."""


def command_definition(form: Form) -> dict[str, Any]:
    """Return a command as it is registered; what is wrong is noted in the form."""
    kind = form.one_of("type", (1, 2, 3, 4), _SLASH)
    name = form.text("name", DISCORD_COMMAND_NAME_LIMIT, 1, required=True)
    check_localizations(form, is_lower_case=kind == _SLASH)
    if kind in _ON_SOMETHING:
        for field in ("description", "options"):
            if form.body.get(field):
                form.wrong(field, "APPLICATION_COMMANDS_INVALID_FIELD", "Commands of this type cannot have this field")
    elif kind == _SLASH:
        check_name(form, "name", name)
        form.text("description", DISCORD_COMMAND_DESCRIPTION_LIMIT, 1, required=True)
        if _options(form, deepest=_GROUP) > DISCORD_COMMAND_TOTAL_LIMIT:
            form.wrong(
                "options",
                "APPLICATION_COMMAND_TOO_LARGE",
                f"Command exceeds maximum size ({DISCORD_COMMAND_TOTAL_LIMIT})",
            )
    definition = _without_nothing(form.body)
    needs = form.body.get("default_member_permissions")
    return {
        "description": "",
        "nsfw": False,
        "dm_permission": True,
        "contexts": None,
        "integration_types": [0],
        **definition,
        "type": kind,
        "default_member_permissions": None if needs is None else str(needs),
    }


def _options(form: Form, deepest: int) -> int:
    """Check the options of a command or an option; return how many characters they count."""
    options = [form.nested("options", index) for index in range(len(form.items("options", DISCORD_COMMAND_OPTIONS)))]
    counted = longest(form, "name") + longest(form, "description")
    counted += sum(_option(option, deepest) for option in options)
    names = [option.body.get("name") for option in options]
    required = [bool(option.body.get("required")) for option in options]
    for index, option in enumerate(options):
        if names[index] in names[:index]:
            option.wrong("name", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option name already exists")
        if required[index] and not all(required[:index]):
            option.wrong(
                "required",
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
    kinds = {option.body.get("type") in (_SUBCOMMAND, _GROUP) for option in options}
    if len(kinds) > 1:
        form.wrong(
            "options",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-commands and other options cannot stand side by side",
        )
    return counted


def _option(option: Form, deepest: int) -> int:
    kind = option.one_of("type", _OPTION_TYPES, 0)
    if kind == 0:
        option.wrong("type", "BASE_TYPE_REQUIRED", "This field is required")
    if kind in (_SUBCOMMAND, _GROUP) and kind > deepest:
        option.wrong("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands cannot be nested this deep")
    check_name(option, "name", option.text("name", DISCORD_COMMAND_NAME_LIMIT, 1, required=True))
    check_localizations(option, is_lower_case=True)
    option.text("description", DISCORD_COMMAND_DESCRIPTION_LIMIT, 1, required=True)
    if kind in (_SUBCOMMAND, _GROUP):
        return _options(option, deepest=kind - 1)
    if kind == _TEXT:
        option.number("min_length", 0, DISCORD_OPTION_TEXT_LIMIT)
        option.number("max_length", 1, DISCORD_OPTION_TEXT_LIMIT)
    counted = longest(option, "name") + longest(option, "description")
    return counted + _choices(option, kind)


def _choices(option: Form, kind: int) -> int:
    choices = option.items("choices", DISCORD_OPTION_CHOICES)
    if choices and option.body.get("autocomplete"):
        option.wrong(
            "choices",
            "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
            "Choices and autocomplete cannot be used together",
        )
    for index in range(len(choices)):
        check_choice(option.nested("choices", index), kind)
    return sum(len(str(choice)) for choice in choices)


def check_choice(choice: Form, kind: int) -> None:
    """Note what is wrong with a choice of an option of this type."""
    choice.text("name", DISCORD_CHOICE_LIMIT, 1, required=True)
    check_choice_localizations(choice, DISCORD_CHOICE_LIMIT)
    value = choice.body.get("value")
    if kind == _TEXT:
        choice.text("value", DISCORD_CHOICE_LIMIT, 1, required=True)
    elif isinstance(value, bool) or not isinstance(value, int if kind == _INTEGER else (int, float)):
        choice.wrong("value", "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')


def _without_nothing(value: Any) -> Any:
    """Leave out what is null, at every depth: Discord's answers do not hold it."""
    if (fields := as_object(value)) is not None:
        return {key: _without_nothing(inner) for key, inner in fields.items() if inner is not None}
    if (items := as_list(value)) is not None:
        return [_without_nothing(inner) for inner in items]
    return value
