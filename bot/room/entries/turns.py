"""What happens in a turn: an answer, its directives, words, and how it ended."""

from __future__ import annotations

from typing import Literal

from bot.room.entries.record import Record


class Answered(Record):
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


class CarriedOut(Record):
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


class Spoke(Record):
    """A seat's turn is over: this is what everyone reads. Empty when nothing was left to say."""

    kind: Literal["spoke"] = "spoke"
    turn: int
    seat: int
    text: str


class Respoken(Record):
    """A turn was taken anew, and its words stand in place of the old ones; its directives count as the old ones did."""

    kind: Literal["respoken"] = "respoken"
    entry: int
    seat: int
    text: str
    served_by: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    by_name: str = ""


class Restored(Record):
    """What a turn said before it was taken anew stands there again, because Discord declined the new words."""

    kind: Literal["restored"] = "restored"
    entry: int
    seat: int
    text: str
    reason: str = ""


class Failed(Record):
    """A seat's turn is over without a word, because its model gave no answer.

    `host` is who is out for a while, where that is the reason; `cost_usd` what the attempt cost all the same.
    """

    kind: Literal["failed"] = "failed"
    turn: int
    seat: int
    reason: str
    host: str = ""
    cost_usd: float | None = None


class Spent(Record):
    """Money went to a host for what nobody reads. `seat` is whose doing it was, None for a person's picture.

    It was an `answer` or a `picture` that came when nobody wanted it any more; an `attempt` that failed, or was given
    up, after something of it was paid; or what was to be said `again` and does not stand in the room.
    """

    kind: Literal["spent"] = "spent"
    what: Literal["answer", "attempt", "picture", "again"]
    seat: int | None = None
    served_by: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None


class Skipped(Record):
    """A person passed over a seat's turn: it is over without a word, and is no failure."""

    kind: Literal["skipped"] = "skipped"
    turn: int
    seat: int
    by_name: str = ""
