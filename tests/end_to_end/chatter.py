"""Words without end for rooms of any length, no two lines alike: nothing in them goes in circles."""

from __future__ import annotations

import random
from typing import Any

from tests.openrouter import Reply, seat_of

_SYLLABLES = ("am", "ber", "ce", "dar", "del", "fa", "gra", "ket", "la", "mea", "or", "ri", "vel")


class Chatter:
    """Answers for every seat, after a while."""

    def __init__(self, seconds: float = 0.1) -> None:
        self._seconds = seconds
        self._count = 0

    def __call__(self, request: dict[str, Any]) -> Reply:
        self._count += 1
        chance = random.Random(self._count)
        words = " ".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(12))
        return Reply(text=f"{self._count}, by {seat_of(request)}: {words}.", seconds_before=self._seconds)
