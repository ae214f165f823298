"""The claim about money, held against a room that has paid in every way, and against one that forgets to count."""

from __future__ import annotations

from dataclasses import replace

from bot.room.entries import (
    Answered,
    Entry,
    Failed,
    Forked,
    PictureAsked,
    PictureFailed,
    PictureMade,
    Respoken,
    Spent,
    Spoke,
)
from bot.room.state import RoomState
from tests.invariants.evidence import Evidence, Moment, RoomEvidence
from tests.invariants.money import wrong_costs
from tests.invariants.worlds import a_world, entries_of, with_entries

PAID: tuple[Entry, ...] = (
    Answered(turn=1, seat=1, text="one", served_by="t", cost_usd=0.5),
    PictureAsked(picture=1, description="a lamp", seat=1),
    Spoke(turn=1, seat=1, text="one"),
    Failed(turn=2, seat=2, reason="No.", cost_usd=0.25),
    Spent(what="answer", seat=1, cost_usd=0.125),
    PictureMade(picture=1, cost_usd=0.0625),
    PictureFailed(picture=2, reason="No.", cost_usd=0.03125),
    Respoken(entry=6, seat=1, text="won", served_by="t", cost_usd=1.0),
)


class CarelessRoom(RoomEvidence):
    """A room that counts nothing."""

    @property
    def state(self) -> RoomState:
        return replace(RoomEvidence(self.number, self.channel, self.entries).state, cost_usd=0.0)


def a_dear_world(*more: Entry) -> Evidence:
    world = a_world()
    return with_entries(world, *entries_of(world)[:3], *PAID, *more)


def test_a_room_that_counts_all_that_it_paid_is_not_complained_of() -> None:
    assert list(wrong_costs(a_dear_world(), Moment.DONE)) == []
    assert a_dear_world().rooms[0].state.cost_usd == 1.96875
    forked = a_dear_world(Forked(room=1, entry=11, by=1, by_name="Ann"), Spent(what="again", seat=1, cost_usd=0.5))
    assert list(wrong_costs(forked, Moment.DONE)) == []
    assert forked.rooms[0].state.cost_usd == 0.5


def test_a_room_that_does_not_count_what_it_paid_is_complained_of() -> None:
    (room,) = a_dear_world().rooms
    careless = Evidence((CarelessRoom(room.number, room.channel, room.entries),))
    assert list(wrong_costs(careless, Moment.DONE)) == ["Room 1: its entries cost $1.9688, and it says $0.0000."]
