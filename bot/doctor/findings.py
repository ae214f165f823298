"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a thing is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the table: what was looked at, how it is, what was found there, and what to do about it."""

    check: str
    state: State
    found: str
    to_do: str = ""


def ok(check: str, found: str) -> Finding:
    """Return that all is well."""
    return Finding(check, State.OK, found)


def warn(check: str, found: str, to_do: str = "") -> Finding:
    """Return that something is not as it could be, and rooms run all the same."""
    return Finding(check, State.WARN, found, to_do)


def bad(check: str, found: str, to_do: str = "") -> Finding:
    """Return that something has to be done before rooms run."""
    return Finding(check, State.BAD, found, to_do)


def skipped(check: str, why: str) -> Finding:
    """Return that nothing was looked at, and why."""
    return Finding(check, State.SKIPPED, why)
