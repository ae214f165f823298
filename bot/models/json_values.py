"""Reading JSON that others wrote: a value that is not of the kind wanted counts as absent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast


def as_table(value: object) -> Mapping[str, object]:
    """Return `value` if it is an object, otherwise an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return `value` if it is an array, otherwise an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Return `value` if it is a string, otherwise an empty one."""
    return value if isinstance(value, str) else ""


def as_number(value: object) -> float | None:
    """Return `value` if it is a finite number, not below zero, otherwise None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def texts(*values: object) -> tuple[str, ...]:
    """Return those of `values` that are strings with something in them."""
    return tuple(value for value in values if isinstance(value, str) and value)
