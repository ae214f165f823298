"""How long a post is tried before the room has to wait."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a post is tried before the room has to wait.

    What Discord itself asks for with a 429 is waited for besides, unless it is longer than `longest_wait_seconds`.
    """

    attempts: int = 6
    first_wait_seconds: float = 1.0
    longest_backoff_seconds: float = 30.0
    longest_wait_seconds: float = 300.0

    def seconds_before(self, attempt: int) -> float:
        """Return the wait before the try after `attempt` failed ones: doubling."""
        return min(self.longest_backoff_seconds, self.first_wait_seconds * 2.0 ** (attempt - 1))
