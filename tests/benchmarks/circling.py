"""What it costs to notice a conversation that goes in circles: `python -m tests.benchmarks.circling`."""

from __future__ import annotations

import time
import tracemalloc

from bot.room.circling import Circling
from tests.benchmarks.figures import Figure

CHARACTERS = 100_000
LINES = 200
MILLISECONDS_AIMED_AT = 5
MEGABYTES_AIMED_AT = 16
TEXTS = {
    "prose": "the wire hums and nobody asks it why, so it hums on in the dark; ",
    "Chinese": "电线在黑暗中嗡嗡作响没有人问它为什么",
    "one letter": "a ",
    "signs": "*~/\\_ ",
    "combining marks": "e\u0301\u0323",
}


def measure() -> list[Figure]:
    """Return the slowest line of each kind of text, and what a room keeps of the worst."""
    size = f"{CHARACTERS:,} characters"
    return [
        *(
            Figure(f"one line of {size}: {name}", _slowest_ms(text), "ms", MILLISECONDS_AIMED_AT)
            for name, text in TEXTS.items()
        ),
        Figure("one line of 600 characters", _slowest_ms(TEXTS["prose"], 600), "ms", 1),
        Figure("kept of a room in which every line is long and new", _kept_megabytes(), "MB", MEGABYTES_AIMED_AT),
    ]


def _slowest_ms(text: str, characters: int = CHARACTERS) -> float:
    """Return the median cost of the lines after the memory is full."""
    circling, spent = Circling(), list[float]()
    for number in range(LINES):
        line = f"{number} " + (text * (characters // len(text) + 1))[number % len(text) :][:characters]
        started = time.perf_counter()
        circling.add(number % 5 + 1, line)
        spent.append(time.perf_counter() - started)
    return sorted(spent[LINES // 2 :])[LINES // 4] * 1000


def _kept_megabytes() -> float:
    tracemalloc.start()
    circling = Circling()
    for number in range(LINES):
        circling.add(
            number % 5 + 1, "".join(chr(0x4E00 + (number * 7 + place * place) % 20_000) for place in range(5_000))
        )
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 1_000_000


if __name__ == "__main__":
    for figure in measure():
        print(f"{figure.shown:>8} {figure.unit}  {figure.what}")  # noqa: T201
