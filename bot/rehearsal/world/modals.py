"""Filling in a form as a client does: what each field takes, and how what was filled in travels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from bot.rehearsal.wire.json import Json
from bot.rehearsal.world.components import SELECTS, ComponentKind, all_components, chosen, option_of
from bot.rehearsal.world.option_values import Resolved
from bot.rehearsal.world.permissions import MayNot

DISCORD_TEXT_INPUT_LIMIT = 4000


class FormRefused(ValueError):
    """A client would not send a form that is filled in like this."""


def fields_of(modal: Json) -> dict[str, str]:
    """Return the custom id of each field of a form, with the label that stands over it."""
    labels: dict[str, str] = {}
    label = ""
    for one in all_components(modal["components"]):
        label = one.get("label") or label
        if "custom_id" in one:
            labels[one["custom_id"]] = label
    return labels


def filled_in(modal: Json, values: Mapping[str, Any]) -> Json:
    """Return the interaction's data for a form with these values by custom id.

    Raise `FormRefused` for an unknown field, for a required one that is empty, and for a value that is not taken.
    """
    known = fields_of(modal)
    if unknown := sorted(set(values) - set(known)):
        raise FormRefused(f"the form has no field {unknown[0]!r}; it has: {', '.join(known)}")
    resolved: Resolved = {}
    sent = [_top(component, values, resolved) for component in modal["components"]]
    data: Json = {"custom_id": modal["custom_id"], "components": sent}
    return data | ({"resolved": resolved} if resolved else {})


def _top(component: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    sent: Json = {"type": component["type"], "id": component["id"]}
    if component["type"] == ComponentKind.ROW:
        return sent | {"components": [_field(one, values, resolved) for one in component["components"]]}
    if component["type"] == ComponentKind.LABEL:
        return sent | {"component": _field(component["component"], values, resolved)}
    return sent


def _field(field: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    kind, name = field["type"], field["custom_id"]
    sent: Json = {"type": kind, "id": field["id"], "custom_id": name}
    given = values.get(name)
    try:
        if kind in SELECTS:
            return sent | {"values": _selected(field, given, resolved)}
        if kind not in _FILLED:
            raise FormRefused(f"the field {name!r} is of a kind that is not filled in here")
        return sent | _FILLED[kind](field, given)
    except MayNot as error:
        raise FormRefused(str(error)) from error


def _text(field: Json, given: Any) -> Json:
    text = field.get("value", "") if given is None else given
    least, most = field.get("min_length", 0), field.get("max_length", DISCORD_TEXT_INPUT_LIMIT)
    if not isinstance(text, str):
        raise _wrong(field, f"takes a text, not {text!r}")
    if not text:
        _refuse_if_required(field)
    elif not least <= len(text) <= most:
        raise _wrong(field, f"takes {least} to {most} characters, not {len(text)}")
    return {"value": text}


def _selected(field: Json, given: Any, resolved: Resolved) -> list[str]:
    values = _several(field, given)
    if not values:
        _refuse_if_required(field)
    return chosen(field, values, resolved, may_be_none=True)


def _radio(field: Json, given: Any) -> Json:
    preset = next((option["value"] for option in field["options"] if option.get("default")), None)
    value = preset if given is None else option_of(field, given)
    if value is None:
        _refuse_if_required(field)
    return {"value": value}


def _checkboxes(field: Json, given: Any) -> Json:
    values = [option_of(field, value) for value in _several(field, given)]
    least, most = field.get("min_values", 1), field.get("max_values", len(field["options"]))
    if not values:
        _refuse_if_required(field)
    elif not least <= len(values) <= most:
        raise _wrong(field, f"takes {least} to {most} checks, not {len(values)}")
    return {"values": values}


def _checkbox(field: Json, given: Any) -> Json:
    return {"value": bool(field.get("default", False) if given is None else given)}


def _several(field: Json, given: Any) -> list[Any]:
    if given is None:
        return [option["value"] for option in field.get("options", ()) if option.get("default")]
    return list(cast(list[Any], given)) if isinstance(given, list | tuple) else [given]


def _refuse_if_required(field: Json) -> None:
    if field.get("required", True) and field.get("min_values", 1) > 0:
        raise _wrong(field, "is required")


def _wrong(field: Json, what: str) -> FormRefused:
    return FormRefused(f"the field {field['custom_id']!r} {what}")


_FILLED: dict[int, Callable[[Json, Any], Json]] = {
    ComponentKind.TEXT_INPUT: _text,
    ComponentKind.RADIO_GROUP: _radio,
    ComponentKind.CHECKBOX_GROUP: _checkboxes,
    ComponentKind.CHECKBOX: _checkbox,
}
