"""Rooms for tests: a journal written entry by entry, folded as the bot folds it."""

from __future__ import annotations

from bot.room.entries import Answered, Entry, Joined, Opened, Spoke
from bot.room.fold import after
from bot.room.history import History
from bot.room.state import RoomState

FLASH, OPUS, KIMI = "Gemini 3 Flash", "Claude 3 Opus", "Kimi K2"


class TestRoom:
    """A room that is only its journal."""

    __test__ = False

    def __init__(self, *models: str, opening: str = "Begin.", rounds: int = 0) -> None:
        self.state = RoomState()
        self.history = History()
        self.write(
            Opened(
                by=1,
                by_name="Ann",
                scenario="Test",
                prompt="Talk.",
                opening=opening,
                rounds=rounds,
                seconds_between_turns=0,
            )
        )
        for number, model in enumerate(models, 1):
            self.write(Joined(seat=number, model=model))

    def write(self, *entries: Entry) -> None:
        for entry in entries:
            self.state = after(self.state, entry)
            self.history.add(self.history.last_seq + 1, entry)

    def turn(self, seat: int, text: str, *between: Entry) -> None:
        """A whole turn; `between` is what is entered after the answer came and before it is spoken."""
        number = self.state.turn + 1
        self.write(Answered(turn=number, seat=seat, text=text, served_by="t", heard=self.history.last_seq))
        self.write(*between, Spoke(turn=number, seat=seat, text=text))
