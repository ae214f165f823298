"""Buttons and selects of a message, and what a person's client lets them do with these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bot.rehearsal.wire.json import Json, as_list, as_object
from bot.rehearsal.wire.people import role as role_shown
from bot.rehearsal.world.members import Member, Role
from bot.rehearsal.world.option_values import Resolved, resolve_channel, resolve_member
from bot.rehearsal.world.permissions import MayNot

if TYPE_CHECKING:
    from bot.rehearsal.world.messages import Message


class ComponentKind(IntEnum):
    """Discord's kinds of components, in messages and in modals."""

    ROW = 1
    BUTTON = 2
    SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT = 10
    THUMBNAIL = 11
    GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


class ButtonStyle(IntEnum):
    """The styles of buttons that are no mere colours."""

    LINK = 5
    PREMIUM = 6


SELECTS: tuple[int, ...] = (
    ComponentKind.SELECT,
    ComponentKind.USER_SELECT,
    ComponentKind.ROLE_SELECT,
    ComponentKind.MENTIONABLE_SELECT,
    ComponentKind.CHANNEL_SELECT,
)
"""All but the first are filled by the client."""


class NoSuchComponent(LookupError):
    """A message does not show this button or select."""


def all_components(given: Iterable[Json]) -> Iterator[Json]:
    """Yield components and all that is within them, in the order in which they are shown."""
    for component in given:
        yield component
        yield from all_components(as_list(component.get("components")) or ())
        for inside in ("accessory", "component"):
            if (one := as_object(component.get(inside))) is not None:
                yield from all_components([one])


def buttons_of(message: Message) -> list[Json]:
    """Return the buttons that a message shows."""
    return [one for one in all_components(message.components) if one["type"] == ComponentKind.BUTTON]


def selects_of(message: Message) -> list[Json]:
    """Return the selects that a message shows."""
    return [one for one in all_components(message.components) if one["type"] in SELECTS]


def texts_of(message: Message) -> list[str]:
    """Return the text displays of a message."""
    return [one["content"] for one in all_components(message.components) if one["type"] == ComponentKind.TEXT]


def face_of(button: Json) -> str:
    """Return what stands on a button: its emoji and its label."""
    emoji = as_object(button.get("emoji")) or {}
    return " ".join(filter(None, (emoji.get("name"), button.get("label"))))


def face_of_choice(select: Json, sent: Iterable[str]) -> str:
    """Return what a person sees of a select when they have chosen: its placeholder, and what they chose."""
    labels = {option["value"]: option["label"] for option in select.get("options", ())}
    values = ", ".join(labels.get(value, value) for value in sent)
    return f"{select.get('placeholder') or 'Choose'}: {values}"


def name_of_select(select: Json) -> str:
    """Return what stands on a select, or the name by which only the bot knows it."""
    return select.get("placeholder") or select["custom_id"]


def find_button(message: Message, wanted: str) -> Json:
    """Return the button with this custom id, or with this on its face. Raise `NoSuchComponent` or `MayNot`."""
    buttons = buttons_of(message)
    for button in buttons:
        if wanted in (button.get("custom_id"), button.get("label"), face_of(button)):
            if button.get("disabled"):
                raise MayNot(f"The button “{face_of(button)}” is disabled.")
            if "custom_id" not in button:
                raise MayNot(f"The button “{face_of(button)}” leads elsewhere and tells the bot nothing.")
            return button
    there = ", ".join(f"“{face_of(button)}”" for button in buttons) or "none"
    raise NoSuchComponent(f"There is no button “{wanted}” on that message; there are: {there}")


def find_select(message: Message, wanted: str) -> Json:
    """Return the select with this custom id or placeholder. Raise `NoSuchComponent` or `MayNot`."""
    selects = selects_of(message)
    for select in selects:
        if wanted in (select["custom_id"], select.get("placeholder")):
            if select.get("disabled"):
                raise MayNot(f"The select “{name_of_select(select)}” is disabled.")
            return select
    there = ", ".join(f"“{name_of_select(select)}”" for select in selects) or "none"
    raise NoSuchComponent(f"There is no select “{wanted}” on that message; there are: {there}")


def chosen(select: Json, values: Iterable[Any], resolved: Resolved, *, may_be_none: bool = False) -> list[str]:
    """Return what a select sends for these values: labels or values of its options, members, roles or channels.

    Raise `MayNot` for what it does not offer and for too few or too many.
    """
    sent = [_value_of(select, value, resolved) for value in values]
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(sent) <= most and not (may_be_none and not sent):
        raise MayNot(f"The select “{name_of_select(select)}” takes {least} to {most} values, not {len(sent)}.")
    return sent


def option_of(select: Json, value: object) -> str:
    """Return the value of the option that has this value or label. Raise `MayNot` where there is none."""
    options = select["options"]
    for option in options:
        if value in (option["value"], option["label"]):
            return option["value"]
    there = ", ".join(option["label"] for option in options)
    raise MayNot(f"“{name_of_select(select)}” does not offer “{value}”; it offers: {there}")


def _value_of(select: Json, value: Any, resolved: Resolved) -> str:
    kind = select["type"]
    if kind == ComponentKind.SELECT:
        return option_of(select, value)
    if kind in (ComponentKind.USER_SELECT, ComponentKind.MENTIONABLE_SELECT) and isinstance(value, Member):
        return resolve_member(value, resolved)
    if kind in (ComponentKind.ROLE_SELECT, ComponentKind.MENTIONABLE_SELECT) and isinstance(value, Role):
        resolved.setdefault("roles", {})[str(value.id)] = role_shown(value)
        return str(value.id)
    if kind == ComponentKind.CHANNEL_SELECT and hasattr(value, "history"):
        return resolve_channel(value, resolved)
    raise MayNot(f"The select “{name_of_select(select)}” does not take “{value}”.")
