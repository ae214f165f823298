"""What was paid and is not in the journal yet: it comes there with what was bought, or as spent for nothing."""

from __future__ import annotations

from collections.abc import Iterable

from bot.room.entries import Answered, Entry, Spent
from bot.room.state import Phase, RoomState
from bot.room.taking import Taking


class Owed:
    """What a room has paid and not written down.

    Args:
        answer: one that has arrived; while nothing can be written down it waits here, to be asked and paid for once.
        held: the costs of what somebody is about to write down.
        for_nothing: those of what nobody will, for whoever writes next.
    """

    def __init__(self) -> None:
        self.answer: Answered | None = None
        self.held: list[Spent] = []
        self.for_nothing: list[Spent] = []
        self._taking: Taking | None = None

    def arrived(self, answer: Answered, taking: Taking) -> None:
        """Keep an answer until it is written down."""
        self.answer, self._taking = answer, taking

    def answers(self, taking: Taking) -> bool:
        """Whether the answer of this turn has arrived."""
        mine = self._taking
        return mine is not None and (mine.turn, mine.seat.number) == (taking.turn, taking.seat.number)

    def is_wanted(self, state: RoomState) -> bool:
        """Whether the answer that has arrived has a turn to be said in."""
        is_vain = self._taking is None or self._taking.is_vain(state)
        return self.answer is not None and not is_vain and state.phase is not Phase.ENDED

    @property
    def cost_usd(self) -> float:
        """What all of it has cost."""
        paid = [*self.held, *self.for_nothing, *([] if self.answer is None else [self.answer])]
        return sum(one.cost_usd or 0.0 for one in paid)

    def due(self, state: RoomState) -> list[Spent]:
        """Return what is to be written down besides, where the room is in this state after it."""
        vain = [] if self.answer is None or self.is_wanted(state) else [_spent_on(self.answer)]
        return [*self.for_nothing, *vain]

    def settle(self, entries: Iterable[Entry]) -> None:
        """Take note of what is written down."""
        written = list(entries)
        self.held, self.for_nothing = (
            [spent for spent in kept if not any(spent is entry for entry in written)]
            for kept in (self.held, self.for_nothing)
        )
        if self.answer is not None and (self.answer in written or _spent_on(self.answer) in written):
            self.answer = self._taking = None

    def give_up(self, spent: Spent) -> bool:
        """Let what is held be written down as spent for nothing; returns whether it was not written down meanwhile."""
        if not any(spent is held for held in self.held):
            return False
        self.held = [held for held in self.held if held is not spent]
        self.for_nothing.append(spent)
        return True


def _spent_on(answer: Answered) -> Spent:
    return Spent(
        what="answer",
        seat=answer.seat,
        served_by=answer.served_by,
        prompt_tokens=answer.prompt_tokens,
        completion_tokens=answer.completion_tokens,
        cost_usd=answer.cost_usd,
    )
