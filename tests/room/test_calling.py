"""Whom a person's words give the next turn."""

from __future__ import annotations

import pytest

from bot.room.calling import call_of, called_on
from bot.room.entries import CalledOn, Muted, OrderSet
from tests.room.rooms import FLASH, KIMI, OPUS, TestRoom


@pytest.mark.parametrize("words", ["@AI-3", "what do you say, @ai-3?", "@AI 3: now you", "@AI3 please"])
def test_a_seat_that_is_named_with_an_at_sign_is_called_on(words: str) -> None:
    seat = called_on(TestRoom(FLASH, OPUS, KIMI).state, words)
    assert seat is not None
    assert seat.number == 3


@pytest.mark.parametrize("words", ["AI-3 said so", "@AI-30", "@AI-9", "mail me@AI", "@AI-3rd"])
def test_other_words_call_on_nobody(words: str) -> None:
    assert called_on(TestRoom(FLASH, OPUS, KIMI).state, words) is None


def test_words_to_the_bot_need_no_at_sign() -> None:
    seat = called_on(TestRoom(FLASH, OPUS).state, "@Backroom AI-2, go on", to_the_bot=True)
    assert seat is not None
    assert seat.number == 2


def test_a_reply_calls_on_who_is_answered_unless_another_is_named() -> None:
    state = TestRoom(FLASH, OPUS, KIMI).state
    assert (seat := called_on(state, "why?", answers=2)) is not None
    assert seat.number == 2
    assert (seat := called_on(state, "and @AI-3?", answers=2)) is not None
    assert seat.number == 3


def test_who_is_muted_or_called_on_already_is_not_called_on() -> None:
    room = TestRoom(FLASH, OPUS, KIMI)
    room.write(Muted(seat=2, by_name="Ann"), CalledOn(seat=3, by_name="Ann"))
    assert called_on(room.state, "@AI-2") is None
    assert called_on(room.state, "@AI-3") is None


def test_a_room_with_a_conductor_is_not_started_by_words() -> None:
    room = TestRoom(FLASH, OPUS)
    room.write(OrderSet(order="conductor"))
    assert called_on(room.state, "@AI-2") is None


@pytest.mark.parametrize("was_called", [False, True])
def test_who_is_answering_is_called_on_once_more_and_then_no_more(*, was_called: bool) -> None:
    room = TestRoom(FLASH, OPUS, KIMI)
    if was_called:
        room.write(CalledOn(seat=1, by_name="Bea"))
    call = call_of(room.state, "Ann", "@AI-1?", under_way=room.state.seat(1))
    assert call is not None
    assert call == CalledOn(seat=1, by_name="Ann", again=True)
    room.write(call)
    assert room.state.called == (1, 1)
    assert call_of(room.state, "Ann", "@AI-1?", under_way=room.state.seat(1)) is None
