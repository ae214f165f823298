"""When a fault strikes: how many times, after how many that go well, and with what chance."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Whether a fault strikes one of the things that it is for.

    Args:
        times: how often it strikes at all; None is for ever.
        skip: how many it lets pass first.
        chance: how likely it strikes each of the others, from 0 to 1.
    """

    times: int | None = None
    skip: int = 0
    chance: float = 1.0


class Occasions:
    """Counts what a rule is for. The n-th occasion has the same fate under the same seed, whatever else goes on."""

    def __init__(self, rule: Rule, seed: str) -> None:
        self._rule = rule
        self._random = random.Random(seed)  # noqa: S311 - a fault is to strike again in the same place
        self._met = 0
        self._struck = 0

    def strike(self) -> bool:
        """Take one more occasion, and return whether the fault strikes it."""
        self._met += 1
        is_due = self._met > self._rule.skip and self._random.random() < self._rule.chance
        if not is_due or self._struck == self._rule.times:
            return False
        self._struck += 1
        return True
