"""Chance that can be had again: the same things give the same dice, on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def dice_for(*things: object) -> Random:
    """Return a source of chance that depends on nothing but `things`."""
    return Random("\x1f".join(map(str, things)))  # noqa: S311 - a play, not a secret


def in_turn(items: Sequence[T], place: int, *things: object) -> list[T]:
    """Return all items in an order of their own (it depends on `things`), beginning at `place`, going round."""
    order = list(items)
    dice_for("order", *things).shuffle(order)
    start = place % len(order) if order else 0
    return order[start:] + order[:start]
