"""The journal's entries: everything that can happen in a room, each a plain record that is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Record(BaseModel):
    """What all entries share: frozen, and tolerant of fields that a later version has added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Opened(_Record):
    """A person opened the room. The scenario's words are kept here, so that the journal needs no other file."""

    kind: Literal["opened"] = "opened"
    by: int
    by_name: str
    scenario: str
    prompt: str
    opening: str
    rounds: int
    seconds_between_turns: float
    offline: bool = False


class Joined(_Record):
    """A seat was taken: by a model that a person chose (`invited_by` is None) or that another seat invited."""

    kind: Literal["joined"] = "joined"
    seat: int
    model: str
    invited_by: int | None = None
    invitation: str = ""


class Answered(_Record):
    """A model's answer arrived, as it came: paid for, not yet said.

    `heard` is the number of the last entry that the seat knew when it was asked; `host` is who was asked.
    """

    kind: Literal["answered"] = "answered"
    turn: int
    seat: int
    text: str
    served_by: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    cut_off: bool = False
    heard: int = 0
    host: str = ""


class CarriedOut(_Record):
    """What became of a directive of a seat, or of its human twin (`seat` None, `by_name` who asked).

    `outcome` is for the seat that issued it; `told` is the line that the other AIs see, if they see any.
    """

    kind: Literal["carried_out"] = "carried_out"
    verb: str
    texts: tuple[str, ...]
    done: bool
    outcome: str
    told: str = ""
    seat: int | None = None
    by_name: str = ""


class Prompted(_Record):
    """A seat's system prompt grew by `text`, for good."""

    kind: Literal["prompted"] = "prompted"
    seat: int
    text: str


class TemperatureSet(_Record):
    """A seat's temperature changed."""

    kind: Literal["temperature_set"] = "temperature_set"
    seat: int
    temperature: float


class PictureAsked(_Record):
    """A picture is to be made: for a seat, or for a person (`seat` None)."""

    kind: Literal["picture_asked"] = "picture_asked"
    picture: int
    description: str
    seat: int | None = None
    by_name: str = ""


class PictureBegun(_Record):
    """An image host is asked for a picture, which may cost, whatever becomes of it."""

    kind: Literal["picture_begun"] = "picture_begun"
    picture: int


class PictureMade(_Record):
    """A picture is there; its bytes are kept beside the journal."""

    kind: Literal["picture_made"] = "picture_made"
    picture: int
    cost_usd: float | None = None


class PictureFailed(_Record):
    """No picture came of it."""

    kind: Literal["picture_failed"] = "picture_failed"
    picture: int
    reason: str


class Spoke(_Record):
    """A seat's turn is over: this is what everyone reads. Empty when nothing was left to say."""

    kind: Literal["spoke"] = "spoke"
    turn: int
    seat: int
    text: str


class Failed(_Record):
    """A seat's turn is over without a word, because its model gave no answer.

    `host` is who is out for a while, where that is the reason; `cost_usd` what the attempt cost all the same.
    """

    kind: Literal["failed"] = "failed"
    turn: int
    seat: int
    reason: str
    host: str = ""
    cost_usd: float | None = None


class Muted(_Record):
    """The house passes over a seat until the room is resumed by a person."""

    kind: Literal["muted"] = "muted"
    seat: int
    reason: str


class Heard(_Record):
    """A person said something in the room. `message` is Discord's id of it, `by` the person's; models get neither."""

    kind: Literal["heard"] = "heard"
    message: int
    by: int
    by_name: str
    text: str


class Withdrawn(_Record):
    """What an entry said is gone from the channel, or never came there; `left` is what can still be read of it.

    `messages` are Discord's ids of what was deleted; `reason` is why Discord declined what never came there.
    """

    kind: Literal["withdrawn"] = "withdrawn"
    entry: int
    left: str = ""
    messages: tuple[int, ...] = ()
    reason: str = ""


PauseCause = Literal["", "place", "host", "circling", "cost"]
"""Why the house pauses a room: its place is closed, the models' host is out, it says nothing new, it costs too much."""


class Paused(_Record):
    """The room waits; `by_name` is the person who wanted it, or empty for the house.

    After a `place` or a `host` that is there again, the house lets it go on by itself.
    """

    kind: Literal["paused"] = "paused"
    reason: str
    by_name: str = ""
    cause: PauseCause = ""


class Resumed(_Record):
    """The room goes on; with `turns` it pauses again after so many.

    A person's resuming gives muted seats another chance. The house (`by_name` empty) resumes what it has paused;
    when it only wants to know whether a host is there again, that is a `probe`.
    """

    kind: Literal["resumed"] = "resumed"
    by_name: str = ""
    turns: int | None = None
    probe: bool = False


class Ended(_Record):
    """The room is over."""

    kind: Literal["ended"] = "ended"
    reason: str
    by_name: str = ""


Entry = (
    Opened
    | Joined
    | Answered
    | CarriedOut
    | Prompted
    | TemperatureSet
    | PictureAsked
    | PictureBegun
    | PictureMade
    | PictureFailed
    | Spoke
    | Failed
    | Muted
    | Heard
    | Withdrawn
    | Paused
    | Resumed
    | Ended
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


def ends_a_turn(entries: Sequence[Entry]) -> bool:
    """Whether a turn is over after these entries."""
    return any(isinstance(entry, Spoke | Failed) for entry in entries)
