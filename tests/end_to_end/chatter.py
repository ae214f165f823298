"""Words without end for rooms of any length, no two lines alike: nothing in them goes in circles."""

from __future__ import annotations

import random
from typing import Any

from tests.openrouter import Reply, seat_of

_WORDS = [
    "amber",
    "barn",
    "cedar",
    "delta",
    "ember",
    "fable",
    "gravel",
    "harbour",
    "island",
    "juniper",
    "kettle",
    "ladder",
    "meadow",
    "nickel",
    "orchard",
    "pebble",
    "quarry",
    "river",
    "saddle",
    "timber",
    "umbrella",
    "velvet",
    "willow",
    "yarrow",
    "zinc",
    "anchor",
    "bramble",
    "candle",
    "drizzle",
    "engine",
]


class Chatter:
    """Answers for every seat, after a while."""

    def __init__(self, seconds: float = 0.1) -> None:
        self._seconds = seconds
        self._count = 0

    def __call__(self, request: dict[str, Any]) -> Reply:
        self._count += 1
        words = " ".join(random.Random(self._count).sample(_WORDS, 9))
        return Reply(text=f"{self._count}, by {seat_of(request)}: {words}.", seconds_before=self._seconds)
