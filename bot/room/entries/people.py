"""What people do in a room: they speak, change and delete their words, react."""

from __future__ import annotations

from typing import Literal

from bot.room.entries.record import Record


class Heard(Record):
    """A person said something in the room. `message` is Discord's id of it, `by` the person's; models get neither.

    `reply_to` is whose message it answers (`AI-2`), `answers` how that begins where it is long ago, and `answers_to`
    the entry that said it (0: nobody's own words, or not known); `pictures` are the ids of those that came with it.
    What the house says for a person (`by_house`) has an interaction's id.
    """

    kind: Literal["heard"] = "heard"
    message: int
    by: int
    by_name: str
    text: str
    reply_to: str = ""
    answers: str = ""
    answers_to: int = 0
    pictures: tuple[int, ...] = ()
    by_house: bool = False


class Edited(Record):
    """A person changed what they had said, and may have taken its pictures away."""

    kind: Literal["edited"] = "edited"
    entry: int
    text: str
    without_pictures: bool = False


class Withdrawn(Record):
    """What an entry said is gone from the channel, or never came there; `left` is what can still be read of it.

    `messages` are Discord's ids of what was deleted; `reason` is why Discord declined what never came there.
    """

    kind: Literal["withdrawn"] = "withdrawn"
    entry: int
    left: str = ""
    messages: tuple[int, ...] = ()
    reason: str = ""


class Reaction(Record):
    """One person's reaction to a message, given or taken back."""

    by: int
    emoji: str
    added: bool = True


class Reacted(Record):
    """People reacted to a message: `whose` it is ("AI-2's message"), and how it begins.

    `entry` is the entry that it shows, 0 for none. With `recalled` the AIs are told how it begins, because whose it is
    does not tell them which one.
    """

    kind: Literal["reacted"] = "reacted"
    message: int
    whose: str
    said: str
    changes: tuple[Reaction, ...]
    entry: int = 0
    recalled: bool = False
