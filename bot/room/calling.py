"""Whom a person's words give the next turn."""

from __future__ import annotations

import re

from bot.room.entries import CalledOn
from bot.room.state import RoomState, Seat

_SEAT = r"AI[-‑– ]?([0-9]{1,3})(?!\w)"
CALL = rf"@{_SEAT}"
"""How words call on a seat."""
_CALLED = re.compile(CALL, re.IGNORECASE)
_NAMED = re.compile(rf"(?<!\w){_SEAT}", re.IGNORECASE)


def call_of(
    state: RoomState,
    by_name: str,
    words: str,
    *,
    answers: int | None = None,
    to_the_bot: bool = False,
    under_way: Seat | None = None,
) -> CalledOn | None:
    """Return the call by which a person's words give a seat the next turn; None where they call on nobody.

    Whose turn is `under_way` answers without having heard them, and speaks once more.
    """
    seat = called_on(state, words, answers=answers, to_the_bot=to_the_bot, under_way=under_way)
    if seat is None:
        return None
    is_answering = under_way is not None and under_way.number == seat.number
    return CalledOn(seat=seat.number, by_name=by_name, again=is_answering)


def called_on(
    state: RoomState,
    words: str,
    *,
    answers: int | None = None,
    to_the_bot: bool = False,
    under_way: Seat | None = None,
) -> Seat | None:
    """Return the seat that words give the next turn: named as `@AI-3`, else the one that they answer.

    Words that mention the bot need no `@` before `AI-3`. Nobody is called on twice before they have spoken, but for
    the turn that is `under_way`, nor who is passed over; in a room with a conductor words call on nobody.
    """
    if state.order == "conductor":
        return None
    waiting = list(state.called)
    if under_way is not None and under_way.number in waiting:
        waiting.remove(under_way.number)
    named = [int(number) for number in (_NAMED if to_the_bot else _CALLED).findall(words)]
    numbers = named or ([] if answers is None else [answers])
    seats = {seat.number: seat for seat in state.seats if seat.is_asked and seat.number not in waiting}
    return next((seats[number] for number in numbers if number in seats), None)
