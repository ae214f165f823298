"""What is sent to a model: messages made of words and of pictures to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture shown to a model that sees; `picture` is its id in the room, its bytes travel separately."""

    picture: int
    description: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model. An assistant message never holds a `Sight`; a system message is words only."""

    role: Role
    parts: tuple[str | Sight, ...]

    @property
    def words(self) -> str:
        """The words alone, without the pictures between them."""
        return "".join(part for part in self.parts if isinstance(part, str))
