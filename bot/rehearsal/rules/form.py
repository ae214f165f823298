"""A form: reads the fields of a body, collects what is wrong with them, and refuses it all at once (50035)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.rehearsal.rest.refusals import INVALID_FORM, Refusal
from bot.rehearsal.wire.json import as_list, as_object


class Form:
    """A body's fields. A nested form adds its errors to the one that it belongs to."""

    def __init__(self, body: dict[str, Any], errors: dict[str, Any] | None = None) -> None:
        self.body = body
        self.errors: dict[str, Any] = {} if errors is None else errors

    def wrong(self, field: str, code: str, message: str) -> None:
        """Note that a field is wrong."""
        self.errors.setdefault(field, {}).setdefault("_errors", []).append({"code": code, "message": message})

    def nested(self, field: str, index: int | None = None) -> Form:
        """Return the form of an object in a field, or of one object in its list."""
        value: Any = self.body[field] if index is None else self.body[field][index]
        errors: dict[str, Any] = self.errors.setdefault(field, {})
        if index is not None:
            errors = errors.setdefault(str(index), {})
        body = as_object(value)
        if body is None:
            errors["_errors"] = [{"code": "MODEL_TYPE_CONVERT", "message": "Only dictionaries may be used."}]
        return Form(body or {}, errors)

    def refuse_if_wrong(self) -> None:
        """Raise `Refusal` when anything was noted."""
        if errors := _without_empty(self.errors):
            raise Refusal(INVALID_FORM, errors)

    def text(self, field: str, most: int, least: int = 0, *, required: bool = False) -> str:
        """Return a text of `least` to `most` characters (code points); an absent one is empty."""
        value = self.body.get(field)
        if value is None:
            if required:
                self.wrong(field, "BASE_TYPE_REQUIRED", "This field is required")
            return ""
        if not isinstance(value, str):
            self.wrong(field, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return ""
        if least > 0 and not least <= len(value) <= most:
            self.wrong(field, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            self.wrong(field, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return value

    def items(self, field: str, most: int) -> list[Any]:
        """Return a list of at most `most` items; an absent one is empty."""
        value = self.body.get(field)
        if value is None:
            return []
        items = as_list(value)
        if items is None:
            self.wrong(field, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if len(items) > most:
            self.wrong(field, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return items

    def number(self, field: str, least: int, most: int, unless_given: int = 0) -> int:
        """Return a whole number within bounds."""
        value = self.body.get(field)
        if value is None:
            return unless_given
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(field, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return unless_given
        return self._bounded(field, value, least, most)

    def number_in_text(self, field: str, least: int, most: int, unless_given: int) -> int:
        """Return a whole number that is written as a text, as in a query."""
        text = str(self.body.get(field, unless_given))
        if not (text.isascii() and text.removeprefix("-").isdigit()):
            self.wrong(field, "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.')
            return unless_given
        return self._bounded(field, int(text), least, most)

    def snowflake(self, field: str) -> int | None:
        """Return an id, or None where it is not given."""
        value = self.body.get(field)
        if value is None:
            return None
        if not is_snowflake(value):
            self.wrong(field, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            return None
        return int(value)

    def snowflakes(self, field: str, most: int) -> list[int]:
        """Return a list of at most `most` ids."""
        values = self.items(field, most)
        for value in values:
            if not is_snowflake(value):
                self.wrong(field, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return [int(value) for value in values if is_snowflake(value)]

    def one_of(self, field: str, values: tuple[int, ...], unless_given: int) -> int:
        """Return a number that must be one of a few."""
        value = self.body.get(field)
        if value is None:
            return unless_given
        if value not in values:
            self.wrong(field, "BASE_TYPE_CHOICES", f"Value must be one of {values}.")
            return unless_given
        return value

    def address(self, field: str, most: int = 2048, schemes: tuple[str, ...] = ("http", "https")) -> str | None:
        """Return a web address, or None where it is not given."""
        value = self.text(field, most)
        if not value:
            return None
        scheme, separator, rest = value.partition("://")
        if not separator or scheme.lower() not in schemes:
            allowed = ", ".join(schemes)
            self.wrong(field, "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" must be one of ({allowed}).')
        elif not rest or any(character.isspace() for character in value):
            self.wrong(field, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        return value

    def moment(self, field: str) -> None:
        """Check a time in ISO 8601."""
        value = self.text(field, 64)
        try:
            datetime.fromisoformat(value or "2000-01-01")
        except ValueError:
            self.wrong(field, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")

    def _bounded(self, field: str, value: int, least: int, most: int) -> int:
        if value < least:
            self.wrong(field, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        elif value > most:
            self.wrong(field, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return value


def is_snowflake(value: object) -> bool:
    """Return whether a value is an id: a whole number, or one written in digits."""
    text = str(value)
    return not isinstance(value, bool) and text.isascii() and text.isdigit()


def _without_empty(errors: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, inner in errors.items():
        inner = inner if key == "_errors" else _without_empty(inner)
        if inner:
            kept[key] = inner
    return kept
