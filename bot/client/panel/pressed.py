"""What was pressed, chosen or filled in, read from the custom id that says it all: so it works after a restart too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

import discord


class Deed(StrEnum):
    """What somebody wants of a room by pressing something; the last words of a dialogue are deeds of their own."""

    PAUSE = "pause"
    RESUME = "resume"
    STEP = "step"
    STEP_SEAT = "step_seat"
    SKIP = "skip"
    STOP = "stop"
    STOP_SURELY = "stop_surely"
    INVITE = "invite"
    INVITE_CALLED = "invite_called"
    INVITE_CHOSEN = "invite_chosen"
    MUTE = "mute"
    MUTE_SEAT = "mute_seat"
    MUTE_ROUNDS = "mute_rounds"
    SAY = "say"
    SAY_WORDS = "say_words"


TEMPLATE = re.compile(rf"backroom:(?P<deed>{'|'.join(Deed)}):(?P<room>\d+)(?::(?P<seat>\d+):(?P<rounds>\d+))?")


def custom_id(deed: Deed, room: int, seat: int | None = None, rounds: int = 0) -> str:
    """Return `backroom:pause:17`, or `backroom:mute_rounds:17:2:5` with a seat and a number of rounds."""
    return f"backroom:{deed}:{room}" + ("" if seat is None else f":{seat}:{rounds}")


@dataclass(frozen=True, slots=True)
class Pressed:
    """A deed, the number of the room it is for, and what was chosen (`values`) or filled in (`texts`)."""

    deed: Deed
    room: int
    seat: int = 0
    rounds: int = 0
    values: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, interaction: discord.Interaction[Any]) -> Self | None:
        """Read what somebody did; None when it is nothing of a panel."""
        data: Mapping[str, Any] = interaction.data or {}
        match = TEMPLATE.fullmatch(str(data.get("custom_id", "")))
        if match is None:
            return None
        return cls(
            deed=Deed(match["deed"]),
            room=int(match["room"]),
            seat=int(match["seat"] or 0),
            rounds=int(match["rounds"] or 0),
            values=tuple(map(str, data.get("values", ()))),
            texts=dict(_texts(data.get("components", ()))),
        )


def _texts(components: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form that was sent, whether they came in rows or in labels."""
    for component in components:
        if "custom_id" in component and "value" in component:
            yield component["custom_id"], str(component["value"] or "")
        yield from _texts(component.get("components", ()))
        if "component" in component:
            yield from _texts([component["component"]])
