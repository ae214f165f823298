"""What a modal may be: a title, and one to five labels, rows or texts with something to fill in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.rehearsal.rules.components import DISCORD_CUSTOM_ID_LIMIT, Layout, check_text, kind_of, numbered
from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.selects import check_options, check_select
from bot.rehearsal.world.components import SELECTS
from bot.rehearsal.world.components import ComponentKind as Kind

DISCORD_MODAL_TITLE_LIMIT = 45
DISCORD_COMPONENTS_A_MODAL = 5
DISCORD_LABEL_LIMIT = 45
DISCORD_LABEL_DESCRIPTION_LIMIT = 100
DISCORD_TEXT_INPUT_LIMIT = 4000
DISCORD_INPUT_PLACEHOLDER_LIMIT = 100
_FILES = 10
_RADIOS = (2, 10)
_CHECKBOXES = (1, 10)


def modal(form: Form) -> dict[str, Any]:
    """Return a modal as a person sees it; what is wrong is noted in the form."""
    form.text("custom_id", DISCORD_CUSTOM_ID_LIMIT, 1, required=True)
    form.text("title", DISCORD_MODAL_TITLE_LIMIT, 1, required=True)
    given = form.items("components", DISCORD_COMPONENTS_A_MODAL)
    if not given:
        form.wrong(
            "components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {DISCORD_COMPONENTS_A_MODAL} in length."
        )
    layout = Layout()
    for index in range(len(given)):
        one = form.nested("components", index)
        if kind := kind_of(one, (Kind.ROW, Kind.TEXT, Kind.LABEL)):
            _CHECKS_ON_TOP[kind](one, layout)
    return {**form.body, "components": numbered(given)}


def _check_row(row: Form, layout: Layout) -> None:
    inside = row.items("components", 1)
    if not inside:
        row.wrong("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 1 in length.")
    for index in range(len(inside)):
        one = row.nested("components", index)
        if kind_of(one, (Kind.TEXT_INPUT,)):
            one.text("label", DISCORD_LABEL_LIMIT, 1, required=True)
            _check_text_input(one, layout)


def _check_label(label: Form, layout: Layout) -> None:
    label.text("label", DISCORD_LABEL_LIMIT, 1, required=True)
    label.text("description", DISCORD_LABEL_DESCRIPTION_LIMIT)
    if label.body.get("component") is None:
        label.wrong("component", "BASE_TYPE_REQUIRED", "This field is required")
        return
    one = label.nested("component")
    if kind := kind_of(one, tuple(_CHECKS)):
        _CHECKS[kind](one, layout)


def _check_text_input(field: Form, layout: Layout) -> None:
    layout.take_custom_id(field)
    if field.one_of("style", (1, 2), 0) == 0:
        field.wrong("style", "BASE_TYPE_REQUIRED", "This field is required")
    field.text("placeholder", DISCORD_INPUT_PLACEHOLDER_LIMIT)
    least = field.number("min_length", 0, DISCORD_TEXT_INPUT_LIMIT)
    most = field.number("max_length", 1, DISCORD_TEXT_INPUT_LIMIT, DISCORD_TEXT_INPUT_LIMIT)
    value = field.text("value", DISCORD_TEXT_INPUT_LIMIT)
    if least > most:
        field.wrong("min_length", "BASE_TYPE_MAX", f"min_length cannot be greater than max_length ({most}).")
    if value and not least <= len(value) <= most:
        field.wrong("value", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _check_select(field: Form, layout: Layout) -> None:
    layout.take_custom_id(field)
    check_select(field)


def _check_file_upload(field: Form, layout: Layout) -> None:
    layout.take_custom_id(field)
    field.number("min_values", 0, _FILES, 1)
    field.number("max_values", 1, _FILES, 1)


def _check_radio_group(field: Form, layout: Layout) -> None:
    layout.take_custom_id(field)
    check_options(field, *_RADIOS)


def _check_checkbox_group(field: Form, layout: Layout) -> None:
    layout.take_custom_id(field)
    field.number("min_values", 0, _CHECKBOXES[1], 1)
    field.number("max_values", 1, _CHECKBOXES[1], 1)
    check_options(field, *_CHECKBOXES)


_CHECKS_ON_TOP: dict[int, Callable[[Form, Layout], None]] = {
    Kind.ROW: _check_row,
    Kind.TEXT: check_text,
    Kind.LABEL: _check_label,
}
_CHECKS: dict[int, Callable[[Form, Layout], None]] = {
    Kind.TEXT_INPUT: _check_text_input,
    **dict.fromkeys(SELECTS, _check_select),
    Kind.FILE_UPLOAD: _check_file_upload,
    Kind.RADIO_GROUP: _check_radio_group,
    Kind.CHECKBOX_GROUP: _check_checkbox_group,
    Kind.CHECKBOX: lambda field, layout: layout.take_custom_id(field),
}
