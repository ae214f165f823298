"""Whom a person's words give the next turn."""

from __future__ import annotations

import re

from bot.room.state import RoomState, Seat

_SEAT = r"AI[-‑– ]?([0-9]{1,3})(?!\w)"
CALL = rf"@{_SEAT}"
"""How words call on a seat."""
_CALLED = re.compile(CALL, re.IGNORECASE)
_NAMED = re.compile(rf"(?<!\w){_SEAT}", re.IGNORECASE)


def called_on(state: RoomState, words: str, *, answers: int | None = None, to_the_bot: bool = False) -> Seat | None:
    """Return the seat that words give the next turn: named as `@AI-3`, else the one that they answer.

    Words that mention the bot need no `@` before `AI-3`. Nobody is called on twice before they have spoken, nor who
    is passed over; in a room with a conductor words call on nobody.
    """
    if state.order == "conductor":
        return None
    named = [int(number) for number in (_NAMED if to_the_bot else _CALLED).findall(words)]
    numbers = named or ([] if answers is None else [answers])
    seats = {seat.number: seat for seat in state.seats if seat.is_asked and seat.number not in state.called}
    return next((seats[number] for number in numbers if number in seats), None)
