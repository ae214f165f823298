"""The long form of the crash test: `python -m tests.crash [--seed N] [--kills N] [--at MOMENT]`; `make test-crash`."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.crash.moments import MOMENTS
from tests.crash.playing import Findings, play_and_kill

KILLS = 5 * len(MOMENTS)
KILLS_A_STAGE = 12
"""Each look at a stage takes longer, the more was played on it."""
STAGES_AT_ONCE = 3
"""Most of a process's life here is waiting, so that stages side by side cost little."""
SENTENCES_SHOWN = 8


def main() -> int:
    """Play, print what was found, and return 1 when any claim did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill the bot at nasty instants.")
    parser.add_argument("--seed", type=int, default=None, help="what the rooms say and when they are killed")
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how often the process is killed (default: {KILLS})")
    parser.add_argument(
        "--at", action="append", choices=MOMENTS, metavar="MOMENT", help=f"one of: {'; '.join(MOMENTS)}"
    )
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    _say(f"Seed {seed}: `make test-crash ARGS='--seed {seed}'` plays it again, as far as chance in time allows.")
    began = time.monotonic()
    found = asyncio.run(_play(seed, options.kills, options.at or list(MOMENTS)))
    for line in _report(found, time.monotonic() - began):
        _say(line)
    return 1 if any(one.wrong for one in found) else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _play(seed: int, kills: int, kinds: list[str]) -> list[Findings]:
    at_once = asyncio.Semaphore(STAGES_AT_ONCE)

    async def play(number: int, moments: list[str]) -> Findings:
        async with at_once:
            with tempfile.TemporaryDirectory() as folder:
                return await play_and_kill(Path(folder), seed + number, moments)

    plays = [play(number, moments) for number, moments in enumerate(_dealt(seed, kills, kinds))]
    return list(await asyncio.gather(*plays))


def _dealt(seed: int, kills: int, kinds: list[str]) -> Iterator[list[str]]:
    """Deal every kind of moment equally often, each time in another order."""
    chance = random.Random(seed)
    dealt: list[str] = []
    while len(dealt) < kills:
        dealt += chance.sample(kinds, len(kinds))
    for first in range(0, kills, KILLS_A_STAGE):
        yield dealt[first : min(first + KILLS_A_STAGE, kills)]


def _report(found: list[Findings], seconds: float) -> Iterator[str]:
    kills = sum((one.kills for one in found), Counter[str]())
    yield f"\n{kills.total()} kills in {seconds:.0f} s:"
    yield from (f"  {count:4d}  {moment}" for moment, count in sorted(kills.items()))
    yield (
        f"Over {sum(one.rooms for one in found)} rooms, {sum(one.turns for one in found)} turns, "
        f"{sum(one.messages for one in found)} messages and {sum(one.pictures for one in found)} pictures."
    )
    yield f"Answers that had come and were lost before they were written down: {sum(one.paid_twice for one in found)}."
    claims = sorted({claim for one in found for claim in one.wrong})
    yield "\nWhat did not hold:" if claims else "\nEverything held."
    for claim in claims:
        yield f"\n- not true: {claim}"
        sentences = [f"seed {one.seed}: {sentence}" for one in found for sentence in one.against(claim)]
        yield from (f"    {sentence}" for sentence in sentences[:SENTENCES_SHOWN])
        if len(sentences) > SENTENCES_SHOWN:
            yield f"    and {len(sentences) - SENTENCES_SHOWN} more"


if __name__ == "__main__":
    sys.exit(main())
