"""How work grows with what it is done on: measured in ratios within one run, on however slow and busy a machine."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

LENGTH = 80_000
"""Of the longer text; the shorter one is a quarter of it."""
TRIES = 3
ENOUGH_SECONDS = 0.5
"""What takes longer is measured once."""
LEAST_SECONDS = 0.01
"""What takes less is as good as nothing."""


def is_in_proportion(work: Callable[[str], object], piece: str) -> bool:
    """Whether work on a text made of `piece` takes about four times as long where that is four times as long.

    It would be sixteen times as long where each piece looked at all others, however often that is measured.
    """
    return any(_growth(work, piece) < 10 for _ in range(TRIES))


def _growth(work: Callable[[str], object], piece: str) -> float:
    few, many = (_least_seconds(work, piece * (length // len(piece))) for length in (LENGTH // 4, LENGTH))
    return many / max(few, LEAST_SECONDS)


def _least_seconds(work: Callable[[str], object], text: str) -> float:
    """The least of some times that the processor needs, whatever else it does."""
    spent: list[float] = []
    while len(spent) < TRIES and sum(spent) < ENOUGH_SECONDS:
        began = process_time()
        work(text)
        spent.append(process_time() - began)
    return min(spent)
