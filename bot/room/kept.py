"""All that is kept of a room in words, for documents of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.room.entries import Entry
from bot.room.posts import Post


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry with its number and its moment, as `2026-11-25T14:02:09+00:00`."""

    seq: int
    at: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """A room's entries, and its posts with the number of the entry that each shows."""

    number: int
    happenings: Sequence[Happening]
    posts: Sequence[tuple[int, Post]] = ()
