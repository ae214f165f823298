"""JSON as Python holds it, and telling its kinds apart."""

from __future__ import annotations

from typing import Any, cast

Json = dict[str, Any]


def as_object(value: object) -> Json | None:
    """Return a value that is a JSON object, or None for any other."""
    return cast(Json, value) if isinstance(value, dict) else None


def as_list(value: object) -> list[Any] | None:
    """Return a value that is a JSON list, or None for any other."""
    return cast(list[Any], value) if isinstance(value, list) else None
