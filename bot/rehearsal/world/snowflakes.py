"""Ids as Discord makes them: 64 bits with the time in front, always growing."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH_MILLISECONDS = 1_420_070_400_000
_TIME_SHIFT = 22


class Snowflakes:
    """Makes ids, each larger than the one before."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        """Return a new id; it holds the time at which it was made."""
        now = int(time.time() * 1000) - DISCORD_EPOCH_MILLISECONDS
        self._last = max(self._last + 1, now << _TIME_SHIFT)
        return self._last

    def let_pass(self, seconds: float) -> None:
        """Let the next ids be so much later."""
        self._last += int(seconds * 1000) << _TIME_SHIFT


def moment_of(snowflake: int) -> datetime:
    """Return the time at which an id was made."""
    milliseconds = (snowflake >> _TIME_SHIFT) + DISCORD_EPOCH_MILLISECONDS
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def now() -> datetime:
    """Return the present, as Discord writes it: in UTC."""
    return datetime.now(UTC)
