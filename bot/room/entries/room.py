"""What happens to a room as a whole: opened, paused, resumed, forked, over."""

from __future__ import annotations

from typing import Literal

from bot.room.entries.record import Record

Mode = Literal["open", "curated", "silent"]
"""How people are heard: in whatever they write, only through `/backroom say`, or not at all."""

Order = Literal["round_robin", "addressed", "conductor"]
"""Who speaks next: each in turn; who was just named, then each in turn; only whom a person calls on."""

PauseCause = Literal["", "place", "host", "circling", "cost", "declined"]
"""Why the house pauses a room: its place is closed, the models' host is out, it says nothing new, it costs too much,
Discord declines all that it says."""


class Opened(Record):
    """A person opened the room. The scenario's words are kept here, so that the journal needs no other file.

    `quiet` messages notify nobody; `locale` is Discord's name of the language in which the house speaks.
    """

    kind: Literal["opened"] = "opened"
    by: int
    by_name: str
    scenario: str
    prompt: str
    opening: str
    rounds: int
    seconds_between_turns: float
    offline: bool = False
    mode: Mode = "open"
    order: Order = "round_robin"
    quiet: bool = True
    locale: str = "en-US"


class OrderSet(Record):
    """Who speaks next is decided in another way from now on."""

    kind: Literal["order_set"] = "order_set"
    order: Order
    by_name: str = ""


class ModeSet(Record):
    """People are heard in another way from now on."""

    kind: Literal["mode_set"] = "mode_set"
    mode: Mode
    by_name: str = ""


class Paused(Record):
    """The room waits; `by_name` is the person who wanted it, or empty for the house.

    After a `place` or a `host` that is there again, the house lets it go on by itself.
    """

    kind: Literal["paused"] = "paused"
    reason: str
    by_name: str = ""
    cause: PauseCause = ""


class Resumed(Record):
    """The room goes on; with `turns` it pauses again after so many.

    A person's resuming gives muted seats another chance. The house (`by_name` empty) resumes what it has paused;
    when it only wants to know whether a host is there again, that is a `probe`.
    """

    kind: Literal["resumed"] = "resumed"
    by_name: str = ""
    turns: int | None = None
    probe: bool = False


class Forked(Record):
    """The room begins as another one was at this entry; all before it is a copy."""

    kind: Literal["forked"] = "forked"
    room: int
    entry: int
    by: int
    by_name: str


class Ended(Record):
    """The room is over."""

    kind: Literal["ended"] = "ended"
    reason: str
    by_name: str = ""
