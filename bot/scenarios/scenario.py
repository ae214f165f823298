"""A scenario: what a room is about, and who sits in it to begin with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scenario:
    """A room's beginning.

    Args:
        key: the name of its file.
        title: what people choose it by.
        summary: one sentence about it, for people.
        prompt: what every AI in the room is told.
        opening: the first words of the room, when a person gives none.
        cast: the models that sit down when a person names none.
        adult: it is for age-restricted channels only.
    """

    key: str
    title: str
    summary: str
    prompt: str
    opening: str
    cast: tuple[str, ...]
    adult: bool = False
