"""What the components of a message may be: rows of buttons and selects, and the layouts of Components V2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.rules.form import Form
from bot.rehearsal.rules.selects import check_select
from bot.rehearsal.wire.json import Json, as_list, as_object
from bot.rehearsal.world.components import SELECTS, ButtonStyle
from bot.rehearsal.world.components import ComponentKind as Kind

DISCORD_ROWS_A_MESSAGE = 5
DISCORD_BUTTONS_A_ROW = 5
DISCORD_COMPONENTS_A_MESSAGE = 40
"""Of Components V2, with everything that is nested."""
DISCORD_SHOWN_TEXT_LIMIT = 4000
"""Characters of all text displays of a message together, as discord.py documents it."""
DISCORD_CUSTOM_ID_LIMIT = 100
DISCORD_BUTTON_LABEL_LIMIT = 80
DISCORD_BUTTON_ADDRESS_LIMIT = 512
_GALLERY_ITEMS = 10
_SECTION_TEXTS = 3
_MEDIA_SCHEMES = ("http", "https", "attachment")


_IN_A_CONTAINER = (Kind.ROW, Kind.SECTION, Kind.TEXT, Kind.GALLERY, Kind.FILE, Kind.SEPARATOR)
_ON_TOP_OF_V2 = (*_IN_A_CONTAINER, Kind.CONTAINER)


@dataclass(slots=True)
class Layout:
    """What is counted over all components of a message (or of a modal)."""

    components: int = 0
    characters: int = 0
    custom_ids: set[str] = field(default_factory=set[str])

    def take_custom_id(self, form: Form) -> None:
        """Check a component's custom id: there, not too long, and no other's."""
        custom_id = form.text("custom_id", DISCORD_CUSTOM_ID_LIMIT, 1, required=True)
        if custom_id in self.custom_ids:
            form.wrong("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        self.custom_ids.add(custom_id)


def components(form: Form, *, is_v2: bool) -> list[Json]:
    """Return the components of a body as a message shows them; what is wrong is noted in the form."""
    most = DISCORD_COMPONENTS_A_MESSAGE if is_v2 else DISCORD_ROWS_A_MESSAGE
    layout = Layout()
    _check_each(form, most, _ON_TOP_OF_V2 if is_v2 else (Kind.ROW,), layout)
    if is_v2 and layout.components > DISCORD_COMPONENTS_A_MESSAGE:
        form.wrong(
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {DISCORD_COMPONENTS_A_MESSAGE}",
        )
    if layout.characters > DISCORD_SHOWN_TEXT_LIMIT:
        form.wrong(
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text cannot exceed {DISCORD_SHOWN_TEXT_LIMIT} characters",
        )
    return numbered(as_list(form.body.get("components")) or [])


def numbered(given: list[Any]) -> list[Json]:
    """Return components with an id each, and with what Discord adds where nothing is said."""
    counter = iter(range(1, 10_000))
    return [_shown(component, counter) for component in _objects(given)]


def kind_of(component: Form, allowed: tuple[int, ...]) -> int:
    """Return the type of a component, 0 for one that may not stand here."""
    kind = component.body.get("type")
    if kind not in allowed or isinstance(kind, bool):
        values = ", ".join(str(int(one)) for one in allowed)
        component.wrong("type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({values}).')
        return 0
    return int(kind)


def check_text(component: Form, layout: Layout) -> None:
    """Check a text display."""
    layout.characters += len(component.text("content", DISCORD_SHOWN_TEXT_LIMIT, 1, required=True))


def _check_each(
    form: Form, most: int, allowed: tuple[int, ...], layout: Layout, *, inside: str = "components"
) -> list[Form]:
    forms = [form.nested(inside, index) for index in range(len(form.items(inside, most)))]
    for one in forms:
        layout.components += 1
        if kind := kind_of(one, allowed):
            _CHECKS[kind](one, layout)
    return forms


def _check_row(row: Form, layout: Layout) -> None:
    inside = _check_each(row, DISCORD_BUTTONS_A_ROW, (Kind.BUTTON, *SELECTS), layout)
    if not inside:
        row.wrong("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {DISCORD_BUTTONS_A_ROW} in length.")
    if len(inside) > 1 and any(one.body.get("type") in SELECTS for one in inside):
        row.wrong("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")


def _check_button(button: Form, layout: Layout) -> None:
    style = button.one_of("style", tuple(range(1, 7)), 0)
    if style == 0:
        button.wrong("style", "BASE_TYPE_REQUIRED", "This field is required")
    label = button.text("label", DISCORD_BUTTON_LABEL_LIMIT)
    if style == ButtonStyle.LINK:
        if button.address("url", DISCORD_BUTTON_ADDRESS_LIMIT, ("http", "https", "discord")) is None:
            button.wrong("url", "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
        if button.body.get("custom_id"):
            button.wrong(
                "custom_id",
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
    elif style != ButtonStyle.PREMIUM:
        layout.take_custom_id(button)
    if not label and not button.body.get("emoji") and style != ButtonStyle.PREMIUM:
        button.wrong("label", "BASE_TYPE_REQUIRED", "A button needs a label or an emoji")


def _check_select(select: Form, layout: Layout) -> None:
    layout.take_custom_id(select)
    check_select(select)


def _check_section(section: Form, layout: Layout) -> None:
    if not _check_each(section, _SECTION_TEXTS, (Kind.TEXT,), layout):
        section.wrong("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {_SECTION_TEXTS} in length.")
    if section.body.get("accessory") is None:
        section.wrong("accessory", "BASE_TYPE_REQUIRED", "This field is required")
        return
    layout.components += 1
    accessory = section.nested("accessory")
    if kind := kind_of(accessory, (Kind.BUTTON, Kind.THUMBNAIL)):
        _CHECKS[kind](accessory, layout)


def _check_container(container: Form, layout: Layout) -> None:
    container.number("accent_color", 0, 0xFFFFFF)
    if not _check_each(container, DISCORD_COMPONENTS_A_MESSAGE, _IN_A_CONTAINER, layout):
        container.wrong("components", "BASE_TYPE_REQUIRED", "This field is required")


def _check_gallery(gallery: Form, _layout: Layout) -> None:
    items = gallery.items("items", _GALLERY_ITEMS)
    if not items:
        gallery.wrong("items", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {_GALLERY_ITEMS} in length.")
    for index in range(len(items)):
        _check_media(gallery.nested("items", index), "media")


def _check_thumbnail(thumbnail: Form, _layout: Layout) -> None:
    _check_media(thumbnail, "media")


def _check_file(file: Form, _layout: Layout) -> None:
    _check_media(file, "file", ("attachment",))


def _check_separator(separator: Form, _layout: Layout) -> None:
    separator.one_of("spacing", (1, 2), 1)


def _check_media(form: Form, name: str, schemes: tuple[str, ...] = _MEDIA_SCHEMES) -> None:
    if form.body.get(name) is None:
        form.wrong(name, "BASE_TYPE_REQUIRED", "This field is required")
    elif form.nested(name).address("url", schemes=schemes) is None:
        form.nested(name).wrong("url", "BASE_TYPE_REQUIRED", "This field is required")


_CHECKS: dict[int, Callable[[Form, Layout], None]] = {
    Kind.ROW: _check_row,
    Kind.BUTTON: _check_button,
    **dict.fromkeys(SELECTS, _check_select),
    Kind.SECTION: _check_section,
    Kind.TEXT: check_text,
    Kind.THUMBNAIL: _check_thumbnail,
    Kind.GALLERY: _check_gallery,
    Kind.FILE: _check_file,
    Kind.SEPARATOR: _check_separator,
    Kind.CONTAINER: _check_container,
}

_UNLESS_SAID: dict[int, dict[str, Any]] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    Kind.THUMBNAIL: {"description": None, "spoiler": False},
    Kind.FILE: {"name": None, "size": None, "spoiler": False},
    Kind.SEPARATOR: {"spacing": 1, "divider": True},
    Kind.CONTAINER: {"accent_color": None, "spoiler": False},
}
_UNLESS_SAID_OF_MEDIA: dict[str, Any] = {"description": None, "spoiler": False}


def _shown(component: Json, counter: Iterator[int]) -> Json:
    shown = _without_nothing(component)
    shown = {**_UNLESS_SAID.get(shown.get("type", 0), {}), **shown}
    shown["id"] = shown.get("id") or next(counter)
    if (inner := as_list(shown.get("components"))) is not None:
        shown["components"] = [_shown(one, counter) for one in _objects(inner)]
    for inside in ("accessory", "component"):
        if (one := as_object(shown.get(inside))) is not None:
            shown[inside] = _shown(one, counter)
    if (items := as_list(shown.get("items"))) is not None:
        shown["items"] = [{**_UNLESS_SAID_OF_MEDIA, **item} for item in _objects(items)]
    if (options := as_list(shown.get("options"))) is not None:
        shown["options"] = [_without_nothing(option) for option in _objects(options)]
    return shown


def _without_nothing(given: Json) -> Json:
    kept = {key: value for key, value in given.items() if value is not None}
    if (emoji := as_object(kept.get("emoji"))) is not None:
        kept["emoji"] = {key: value for key, value in emoji.items() if value is not None}
    return kept


def _objects(given: list[Any]) -> list[Json]:
    return [one for one in map(as_object, given) if one is not None]
