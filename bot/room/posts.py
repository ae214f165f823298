"""What is to appear in Discord, one message at a time, before it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """One Discord message that is to appear.

    Args:
        text: what it says, at most one message long.
        seat: whose persona says it; None is the house.
        persona: the name it appears under; empty for the house.
        model: the model whose face it wears; empty for the house.
        picture: the id in the room of the picture that it carries.
        alt_text: what the picture shows, for those who do not see it.
        file: a text that goes with it as a file, when the words are too long for messages.
    """

    text: str
    seat: int | None = None
    persona: str = ""
    model: str = ""
    picture: int | None = None
    alt_text: str = ""
    file: str | None = None

    @property
    def is_seen_by_ais(self) -> bool:
        """Whether the AIs see what it shows: a seat's words, or anybody's picture; the rest is the house's own talk."""
        return self.seat is not None or self.picture is not None

    @property
    def plain_persona(self) -> str:
        """The name it appears under when Discord declines the other: `AI-3`."""
        return f"AI-{self.seat}"
