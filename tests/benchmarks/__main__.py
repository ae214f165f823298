"""Measures what Backroom costs and prints one table: `python -m tests.benchmarks [--quick] [names]`."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    circling,
    flood,
    grammar,
    idle_rooms,
    journal,
    latency,
    long_room,
    posts,
    storms,
    throughput,
)
from tests.benchmarks.figures import Figure

GRAMMAR_MILLISECONDS_AIMED_AT = 50


def _grammar(_quick: bool) -> list[Figure]:
    """Keep the slowest text of each kind of reading."""
    by_reading = groupby(sorted(grammar.measure()), key=lambda row: row[0].split()[0])
    slowest = (max(rows, key=lambda row: row[1]) for _, rows in by_reading)
    size = f"{grammar.CHARACTERS:,} characters, the slowest of {len(grammar.WORST)} texts"
    return [
        Figure(f"{size}: {what}", milliseconds, "ms", GRAMMAR_MILLISECONDS_AIMED_AT) for what, milliseconds in slowest
    ]


def _journal(_quick: bool) -> list[Figure]:
    rows = asyncio.run(journal.measure())
    return [Figure(what.removeprefix("journal: ").removesuffix(", ms"), number, "ms") for what, number in rows]


# The rooms come first: in a process that has freed much, new ones would seem to cost nothing.
BENCHMARKS: dict[str, Callable[[bool], list[Figure]]] = {
    "idle_rooms": lambda _quick: asyncio.run(idle_rooms.measure()),
    "latency": lambda quick: asyncio.run(latency.measure(quick)),
    "throughput": lambda quick: asyncio.run(throughput.measure(quick)),
    "long_room": lambda quick: asyncio.run(long_room.measure(quick)),
    "journal": _journal,
    "grammar": _grammar,
    "posts": lambda quick: asyncio.run(posts.measure(quick)),
    "storms": lambda quick: asyncio.run(storms.measure(quick)),
    "flood": lambda quick: asyncio.run(flood.measure(quick)),
    "circling": lambda _quick: circling.measure(),
}
WITHOUT_A_QUICK_WAY = ("journal", "grammar")
COLUMNS_UNLESS_A_TERMINAL = 110


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmarks that are named, or all, and print what they found."""
    asked = _arguments(arguments)
    console = Console(width=None if sys.stdout.isatty() else COLUMNS_UNLESS_A_TERMINAL)
    began = time.perf_counter()
    table = _empty_table()
    for name in _chosen(asked.names, asked.quick):
        with console.status(f"{name} …"):
            _add(table, name, BENCHMARKS[name](asked.quick))
    table.caption = (
        f"{_machine()}; all in {time.perf_counter() - began:.0f} s. Bot, Discord and models share a process."
    )
    console.print(table)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description="Measure what Backroom costs.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; all unless given")
    slow_ones = " and ".join(WITHOUT_A_QUICK_WAY)
    parser.add_argument("--quick", action="store_true", help=f"fewer turns; {slow_ones} run only if they are named")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.names if name not in BENCHMARKS]:
        parser.error(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
    return asked


def _chosen(names: Sequence[str], quick: bool) -> list[str]:
    """Return what is run, in the order of the list above."""
    unless_named = [name for name in BENCHMARKS if not (quick and name in WITHOUT_A_QUICK_WAY)]
    return [name for name in BENCHMARKS if name in (names or unless_named)]


def _empty_table() -> Table:
    table = Table(title="What Backroom costs", title_justify="left", caption_justify="left")
    table.add_column("benchmark", no_wrap=True)
    table.add_column("what")
    table.add_column("figure", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("aim", no_wrap=True)
    return table


def _add(table: Table, name: str, figures: Sequence[Figure]) -> None:
    table.add_section()
    for number, figure in enumerate(figures):
        style = "" if not figure.aim else "green" if figure.is_met else "red"
        reached = "" if not figure.aim else ", met" if figure.is_met else ", missed"
        table.add_row("" if number else name, figure.what, figure.shown, figure.unit, figure.aim + reached, style=style)


def _machine() -> str:
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors"


if __name__ == "__main__":
    main()
