"""What can happen to an event on its way to the bot: by its documentation it comes 0, 1 or N times, in any order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lost:
    """It never arrives, also not when the session is resumed."""

    told: str = "is lost"


@dataclass(frozen=True, slots=True)
class Twice:
    """It arrives twice."""

    told: str = "arrives twice"


@dataclass(frozen=True, slots=True)
class Late:
    """It arrives after so many seconds, and whatever happened meanwhile before it."""

    seconds: float

    @property
    def told(self) -> str:
        """What happens, in words."""
        return f"arrives {self.seconds:g} s late"


@dataclass(frozen=True, slots=True)
class Overtaken:
    """It arrives after the next event."""

    told: str = "arrives after the next one"


Fate = Lost | Twice | Late | Overtaken
