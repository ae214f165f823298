"""How long a room waits for what passes, such as a full disk or an outage of Discord, before it tries again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat

SECONDS_BETWEEN_TRIES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0)


def pauses() -> Iterator[float]:
    """Yield the seconds until the next try, without end; the last ones are repeated."""
    return chain(SECONDS_BETWEEN_TRIES, repeat(SECONDS_BETWEEN_TRIES[-1]))
