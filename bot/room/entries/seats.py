"""What happens to a room's seats: who joins, speaks next, is passed over, changes or leaves."""

from __future__ import annotations

from typing import Literal

from bot.room.entries.record import Record


class Joined(Record):
    """A seat was taken: by a model that a person chose (`invited_by` is None) or that another seat invited."""

    kind: Literal["joined"] = "joined"
    seat: int
    model: str
    invited_by: int | None = None
    invitation: str = ""


class Prompted(Record):
    """A seat's system prompt grew by `text`, for good."""

    kind: Literal["prompted"] = "prompted"
    seat: int
    text: str


class TemperatureSet(Record):
    """A seat's temperature changed."""

    kind: Literal["temperature_set"] = "temperature_set"
    seat: int
    temperature: float


class ModelChanged(Record):
    """Another model answers for a seat from now on."""

    kind: Literal["model_changed"] = "model_changed"
    seat: int
    model: str
    by_name: str = ""


class CalledOn(Record):
    """A seat has the next turn, because a person named it, replied to it or wants it to speak.

    It speaks after those who were called on before it, or `first` of all. With `again` it was answering at that
    moment, without having heard what it is called on for, and speaks once more.
    """

    kind: Literal["called_on"] = "called_on"
    seat: int
    by_name: str = ""
    first: bool = False
    again: bool = False


class Muted(Record):
    """A seat is passed over: by the house until a person resumes the room, or by a person for so many rounds.

    `rounds` is None for until somebody lifts it.
    """

    kind: Literal["muted"] = "muted"
    seat: int
    reason: str = ""
    by_name: str = ""
    rounds: int | None = None


class Unmuted(Record):
    """A seat has its turns again."""

    kind: Literal["unmuted"] = "unmuted"
    seat: int
    by_name: str = ""


class Removed(Record):
    """A seat has left the room for good. Its number stays taken, its chair is free."""

    kind: Literal["removed"] = "removed"
    seat: int
    by_name: str = ""
