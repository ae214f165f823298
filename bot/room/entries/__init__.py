"""The journal's entries: everything that can happen in a room, each a plain record that is never changed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.room.entries.people import Edited, Heard, Reacted, Reaction, Withdrawn
from bot.room.entries.pictures import PictureAsked, PictureBegun, PictureFailed, PictureMade
from bot.room.entries.room import Ended, Forked, Mode, ModeSet, Opened, Order, OrderSet, PauseCause, Paused, Resumed
from bot.room.entries.seats import CalledOn, Joined, ModelChanged, Muted, Prompted, Removed, TemperatureSet, Unmuted
from bot.room.entries.turns import Answered, CarriedOut, Failed, Respoken, Restored, Skipped, Spent, Spoke

__all__ = [
    "Answered",
    "CalledOn",
    "CarriedOut",
    "Edited",
    "Ended",
    "Entry",
    "Failed",
    "Forked",
    "Heard",
    "Joined",
    "Mode",
    "ModeSet",
    "ModelChanged",
    "Muted",
    "Opened",
    "Order",
    "OrderSet",
    "PauseCause",
    "Paused",
    "PictureAsked",
    "PictureBegun",
    "PictureFailed",
    "PictureMade",
    "Prompted",
    "Reacted",
    "Reaction",
    "Removed",
    "Respoken",
    "Restored",
    "Resumed",
    "Skipped",
    "Spent",
    "Spoke",
    "TemperatureSet",
    "Unmuted",
    "Withdrawn",
    "from_record",
    "to_record",
]

Entry = (
    Opened
    | OrderSet
    | ModeSet
    | Paused
    | Resumed
    | Forked
    | Ended
    | Joined
    | Prompted
    | TemperatureSet
    | ModelChanged
    | CalledOn
    | Muted
    | Unmuted
    | Removed
    | Answered
    | CarriedOut
    | Spoke
    | Respoken
    | Restored
    | Failed
    | Skipped
    | Spent
    | PictureAsked
    | PictureBegun
    | PictureMade
    | PictureFailed
    | Heard
    | Edited
    | Withdrawn
    | Reacted
)

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def from_record(record: object) -> Entry:
    """Return the entry that a journal record holds: a mapping with its `kind`.

    Raises:
        pydantic.ValidationError: the record is no entry.
    """
    return _ENTRY.validate_python(record)


def to_record(entry: Entry) -> dict[str, object]:
    """Return an entry as a mapping of JSON values, from which `from_record` makes it again."""
    return entry.model_dump(mode="json")
