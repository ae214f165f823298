"""What a room keeps in memory does not grow with its length: in bytes, in a room in which everything happens."""

from __future__ import annotations

import gc
import random
import tracemalloc

from bot.room.circling import Circling
from bot.room.entries import (
    Answered,
    CarriedOut,
    Entry,
    Heard,
    Joined,
    Opened,
    PictureAsked,
    PictureBegun,
    PictureMade,
    Prompted,
    Reacted,
    Reaction,
    Spoke,
    Withdrawn,
)
from bot.room.fold import after
from bot.room.history import MESSAGES_KEPT, History
from bot.room.state import RoomState

SEATS = 5
TOKENS_KEPT = 4_000
TURNS = MESSAGES_KEPT + 600
"""By then all that is bounded by a number of messages is full."""
TURNS_MORE = 800
BYTES_A_TURN = 100
"""What may stay of a turn for ever: the number of a message that was deleted."""
WORDS = ["".join(random.Random(number).choices("abcdefgh", k=6)) for number in range(500)]


class Flooded:
    """A room as it is kept in memory, in which AIs and people do all that they can, for ever."""

    def __init__(self) -> None:
        self.state = RoomState()
        self.history = History(TOKENS_KEPT)
        self.circling = Circling()
        self._chance = random.Random(1)
        self._seq = 0
        self._turn = 0
        self._write(
            Opened(by=1, by_name="Ann", scenario="T", prompt="P", opening="O", rounds=0, seconds_between_turns=0),
            *(Joined(seat=seat, model="DeepSeek R1") for seat in range(1, SEATS + 1)),
        )

    def go_on(self, turns: int) -> None:
        """Take so many turns, each with a picture, a prompt, a person's word, a reaction and a deletion."""
        for _ in range(turns):
            self._turn += 1
            turn, seat = self._turn, (self._turn - 1) % SEATS + 1
            words = " ".join(self._chance.choices(WORDS, k=30))
            answered = Answered(turn=turn, seat=seat, text=words, served_by="t", heard=self._seq)
            self._write(answered, _done(seat, words), PictureAsked(picture=turn, description=words, seat=seat))
            self._write(Prompted(seat=seat, text=words), Spoke(turn=turn, seat=seat, text=words))
            self.circling.add(seat, words)
            said = self._seq
            self._write(PictureBegun(picture=turn), PictureMade(picture=turn))
            self._write(Heard(message=turn, by=5, by_name="Bob", text=words))
            changes = (Reaction(by=turn, emoji="🔥"),)
            self._write(Reacted(message=turn, whose="Bob's message", said="x", changes=changes, entry=self._seq))
            self._write(Withdrawn(entry=said, messages=(10**9 + turn,)))

    def _write(self, *entries: Entry) -> None:
        for entry in entries:
            self._seq += 1
            self.state = after(self.state, entry)
            self.history.add(self._seq, entry)


def _done(seat: int, words: str) -> CarriedOut:
    return CarriedOut(verb="image", texts=(words,), done=True, outcome=f"[Your !image: {words}]", told="", seat=seat)


def test_a_room_that_goes_on_and_on_keeps_no_more_than_before() -> None:
    tracemalloc.start()
    try:
        room = Flooded()
        room.go_on(TURNS)
        before = _bytes_now()
        room.go_on(TURNS_MORE)
        kept_since = _bytes_now() - before
    finally:
        tracemalloc.stop()
    assert room.state.turn == TURNS + TURNS_MORE
    assert kept_since < BYTES_A_TURN * TURNS_MORE


def _bytes_now() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
