"""What a room waits for that passes by itself: Discord, the disk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why nothing happens in a room, as it was found at the last try, and since when (Unix seconds)."""

    reason: str
    since: float
    of_words: bool = False
    """Whether only words wait, also in a room that is paused."""
