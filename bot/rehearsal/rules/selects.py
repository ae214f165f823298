"""What a select may be, in a message and in a modal: its options, and how many of them may be chosen."""

from __future__ import annotations

from bot.rehearsal.rules.form import Form
from bot.rehearsal.world.components import ComponentKind

DISCORD_SELECT_OPTIONS = 25
DISCORD_OPTION_LIMIT = 100
"""Characters of an option's label, of its value and of its description."""
DISCORD_PLACEHOLDER_LIMIT = 150


def check_select(select: Form) -> None:
    """Note what is wrong with a select, besides its custom id."""
    select.text("placeholder", DISCORD_PLACEHOLDER_LIMIT)
    least = select.number("min_values", 0, DISCORD_SELECT_OPTIONS, 1)
    most = select.number("max_values", 1, DISCORD_SELECT_OPTIONS, 1)
    if least > most:
        select.wrong("min_values", "BASE_TYPE_MAX", f"min_values cannot be greater than max_values ({most}).")
    if select.body.get("type") == ComponentKind.SELECT:
        count = check_options(select, 1, DISCORD_SELECT_OPTIONS)
        if count and most > count:
            select.wrong("max_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {count}.")


def check_options(form: Form, least: int, most: int) -> int:
    """Note what is wrong with the options of a select or of another group; return how many there are."""
    options = form.items("options", most)
    if len(options) < least:
        form.wrong("options", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    seen: set[str] = set()
    for index in range(len(options)):
        option = form.nested("options", index)
        option.text("label", DISCORD_OPTION_LIMIT, 1, required=True)
        option.text("description", DISCORD_OPTION_LIMIT)
        value = option.text("value", DISCORD_OPTION_LIMIT, 1, required=True)
        if value in seen:
            option.wrong(
                "value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used"
            )
        seen.add(value)
    return len(options)
