"""Whose turn it is, and what the journal makes of a room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.room.entries import (
    Answered,
    Ended,
    Failed,
    Joined,
    Muted,
    Paused,
    PictureAsked,
    PictureFailed,
    PictureMade,
    Prompted,
    Resumed,
    Spent,
    Spoke,
    TemperatureSet,
    from_record,
    to_record,
)
from bot.room.fold import fold
from bot.room.order import whose_turn
from bot.room.state import OWN_PROMPT_LIMIT, Phase
from tests.room.rooms import FLASH, KIMI, OPUS, TestRoom


def speakers(room: TestRoom, turns: int) -> list[int]:
    """Let the room go on for so many turns and return who spoke."""
    said: list[int] = []
    for _ in range(turns):
        seat = whose_turn(room.state)
        assert seat is not None
        said.append(seat.number)
        room.turn(seat.number, "words")
    return said


def test_seats_speak_round_robin() -> None:
    room = TestRoom(FLASH, FLASH, OPUS)
    assert speakers(room, 7) == [1, 2, 3, 1, 2, 3, 1]
    assert room.state.round == 3


def test_newcomers_speak_at_the_end_of_the_round_of_their_invitation_and_then_take_their_place() -> None:
    room = TestRoom(FLASH, FLASH)
    room.turn(1, "come in", Joined(seat=3, model=OPUS, invited_by=1))
    room.turn(2, "you too", Joined(seat=4, model=KIMI, invited_by=2))
    assert speakers(room, 6) == [3, 4, 1, 2, 3, 4]


def test_a_newcomer_of_the_last_seat_still_speaks_in_that_round() -> None:
    room = TestRoom(FLASH, FLASH)
    room.turn(1, "a")
    room.turn(2, "b", Joined(seat=3, model=OPUS, invited_by=2))
    assert room.state.round == 1
    assert speakers(room, 2) == [3, 1]


def test_a_failed_turn_counts_as_a_turn_and_failures_in_a_row_are_counted() -> None:
    room = TestRoom(FLASH, OPUS)
    for round_ in range(3):
        room.turn(1, "a")
        room.write(Failed(turn=room.state.turn + 1, seat=2, reason="host down"))
        assert room.state.seat(2).failures == round_ + 1
    assert room.state.round == 4
    assert not room.state.every_seat_fails
    room.turn(1, "a")
    room.turn(2, "back again")
    assert room.state.seat(2).failures == 0


def test_a_muted_seat_is_passed_over_until_a_person_resumes_the_room() -> None:
    room = TestRoom(FLASH, OPUS, KIMI)
    room.turn(1, "a")
    room.write(Muted(seat=2, reason="x"))
    assert speakers(room, 3) == [3, 1, 3]
    room.write(Paused(reason="x"), Resumed(by_name="Ann"))
    assert speakers(room, 3) == [1, 2, 3]


def test_muting_the_last_seat_of_a_round_ends_the_round() -> None:
    room = TestRoom(FLASH, OPUS)
    room.turn(1, "a")
    room.write(Muted(seat=2, reason="x"))
    assert room.state.round == 2
    assert speakers(room, 2) == [1, 1]


def test_every_seat_fails_when_the_last_turn_of_each_was_a_failure() -> None:
    room = TestRoom(FLASH, OPUS)
    room.write(Failed(turn=1, seat=1, reason="x"))
    assert not room.state.every_seat_fails
    room.write(Failed(turn=2, seat=2, reason="x"))
    assert room.state.every_seat_fails


def test_a_step_takes_one_turn_and_pauses_again() -> None:
    room = TestRoom(FLASH, OPUS)
    room.write(Paused(reason=""), Resumed(by_name="Ann", turns=1))
    assert room.state.phase is Phase.RUNNING
    room.turn(1, "a")
    assert room.state.phase is Phase.PAUSED
    room.write(Resumed(by_name="Ann"))
    room.turn(2, "b")
    assert room.state.phase is Phase.RUNNING


def test_an_answer_waits_in_the_state_until_it_is_spoken() -> None:
    room = TestRoom(FLASH, OPUS)
    answered = Answered(turn=1, seat=1, text="hi", served_by="x", cost_usd=0.25)
    room.write(answered)
    assert room.state.answered == answered
    assert whose_turn(room.state) == room.state.seat(1)
    room.write(Spoke(turn=1, seat=1, text="hi"))
    assert room.state.answered is None
    assert room.state.cost_usd == pytest.approx(0.25)


def test_what_nobody_reads_costs_money_and_changes_nothing_else() -> None:
    room = TestRoom(FLASH, OPUS)
    before = room.state
    room.write(Spent(what="answer", seat=1, served_by="x", cost_usd=0.25), Spent(what="attempt", seat=2))
    assert room.state == replace(before, cost_usd=0.25)


def test_rounds_are_over_after_as_many_as_the_room_was_opened_for() -> None:
    room = TestRoom(FLASH, OPUS, rounds=2)
    speakers(room, 3)
    assert not room.state.rounds_are_over
    speakers(room, 1)
    assert room.state.rounds_are_over


def test_zero_rounds_go_on_until_stopped() -> None:
    room = TestRoom(FLASH)
    speakers(room, 50)
    assert not room.state.rounds_are_over


def test_the_oldest_own_prompts_fall_out_past_the_limit() -> None:
    room = TestRoom(FLASH)
    for number in range(9):
        room.write(Prompted(seat=1, text=f"{number}" * 1000))
    prompts = room.state.seat(1).prompts
    assert [prompt[0] for prompt in prompts] == ["5", "6", "7", "8"]
    assert sum(map(len, prompts)) <= OWN_PROMPT_LIMIT


def test_pictures_wait_in_order_and_cost_money() -> None:
    room = TestRoom(FLASH, OPUS)
    room.write(PictureAsked(picture=1, description="a", seat=1), PictureAsked(picture=2, description="b", seat=1))
    assert room.state.pictures_this_turn == 2
    room.turn(1, "words")
    assert room.state.pictures_this_turn == 0
    room.write(PictureMade(picture=1, cost_usd=0.04))
    assert [asked.picture for asked in room.state.pictures_pending] == [2]
    room.write(PictureFailed(picture=2, reason="no", cost_usd=0.5))
    assert room.state.pictures_pending == ()
    assert room.state.cost_usd == pytest.approx(0.54)


def test_the_end_forgets_pictures_that_were_not_made() -> None:
    room = TestRoom(FLASH)
    room.write(PictureAsked(picture=1, description="a", seat=1), Ended(reason="stopped"))
    assert room.state.phase is Phase.ENDED
    assert room.state.pictures_pending == ()


def test_a_temperature_belongs_to_one_seat() -> None:
    room = TestRoom(FLASH, FLASH)
    room.write(TemperatureSet(seat=2, temperature=1.4))
    assert (room.state.seat(1).temperature, room.state.seat(2).temperature) == (None, 1.4)


def test_a_fold_in_two_parts_is_the_fold_of_the_whole() -> None:
    entries = [
        Joined(seat=1, model=FLASH),
        Joined(seat=2, model=OPUS),
        Spoke(turn=1, seat=1, text="a"),
        Prompted(seat=2, text="b"),
        Failed(turn=2, seat=2, reason="c"),
    ]
    for cut in range(len(entries)):
        assert fold(entries[cut:], fold(entries[:cut])) == fold(entries)


def test_an_entry_survives_being_kept_as_a_record() -> None:
    entry = Answered(turn=3, seat=2, text="l\u2028ine ☃", served_by="m", cost_usd=0.1, heard=7)
    assert from_record(to_record(entry)) == entry


def test_a_field_of_a_later_version_is_passed_over() -> None:
    assert from_record({"kind": "muted", "seat": 1, "reason": "x", "later": 5}) == Muted(seat=1, reason="x")
