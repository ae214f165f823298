"""The computer that the bot runs on: its clock, its Python, its libraries."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from statistics import median

from bot.doctor.findings import Finding, bad, ok, skipped, warn

CLOCK, VERSIONS = "Clock", "Versions"

CLOCK_WARN_SECONDS = 2.0
CLOCK_BAD_SECONDS = 30.0

_LIBRARIES = ("discord.py", "aiohttp", "httpx", "pydantic", "sqlalchemy", "aiosqlite", "alembic", "pillow", "rich")


def judge_clock(seconds_ahead: Sequence[float]) -> Finding:
    """Compare the clock with those of the hosts that answered."""
    if not seconds_ahead:
        return skipped(CLOCK, "No host told the time.")
    ahead = median(seconds_ahead)
    off = abs(ahead)
    if off <= CLOCK_WARN_SECONDS:
        return ok(CLOCK, "Right to about a second.")
    found = f"{off:.0f} seconds {'ahead of' if ahead > 0 else 'behind'} Discord's and the hosts' clocks."
    to_do = "Let the computer set its clock by itself (NTP)."
    return bad(CLOCK, found, to_do) if off > CLOCK_BAD_SECONDS else warn(CLOCK, found, to_do)


def judge_versions() -> Finding:
    """Tell the versions, for a report of a fault."""
    libraries = [f"{name} {_version(name)}" for name in _LIBRARIES]
    ours = f"Backroom {_version('backroom')}"
    python = f"Python {platform.python_version()} on {platform.system()}"
    return ok(VERSIONS, ", ".join([ours, python, *libraries, f"SQLite {sqlite3.sqlite_version}"]) + ".")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed as a package)"
