"""Who speaks next, in each order, whatever people do to the seats meanwhile."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.room.entries import (
    Answered,
    CalledOn,
    Entry,
    Failed,
    Heard,
    Joined,
    ModelChanged,
    Muted,
    Order,
    OrderSet,
    Paused,
    Removed,
    Resumed,
    Skipped,
    Spoke,
    Unmuted,
)
from bot.room.fold import after, fold
from bot.room.order import waits_for_conductor, whose_turn
from bot.room.state import Phase, RoomState
from bot.room.view import Eyes, system_prompt, what_a_seat_sees
from tests.room.rooms import FLASH, KIMI, OPUS, TestRoom

R1, GROK = "DeepSeek R1", "Grok 4.5"
ALL = (FLASH, OPUS, KIMI, R1, GROK)
EYES = Eyes(10_000, sees_images=False)


def a_room(*models: str, order: Order = "round_robin", rounds: int = 0) -> TestRoom:
    room = TestRoom(*(models or (FLASH, OPUS, KIMI)), rounds=rounds)
    if order != "round_robin":
        room.write(OrderSet(order=order))
    return room


def next_number(room: TestRoom) -> int | None:
    seat = whose_turn(room.state)
    return seat.number if seat else None


def speakers(room: TestRoom, *said: str) -> list[int]:
    """Take a turn for each of these words, and return whose they were."""
    spoke: list[int] = []
    for text in said:
        number = next_number(room)
        assert number is not None
        spoke.append(number)
        room.turn(number, text)
    return spoke


def skip(room: TestRoom) -> None:
    number = next_number(room)
    assert number is not None
    room.write(Skipped(turn=room.state.turn + 1, seat=number, by_name="Ann"))


class TestRoundRobin:
    @given(st.integers(1, 5), st.integers(0, 30))
    def test_no_seat_is_ahead_of_another_by_more_than_one(self, seats: int, turns: int) -> None:
        room = a_room(*ALL[:seats])
        counts = Counter(dict.fromkeys(range(1, seats + 1), 0))
        for _ in range(turns):
            counts.update(speakers(room, "AI-1, AI-2, AI-3: what do you say?"))
            assert max(counts.values()) - min(counts.values()) <= 1

    @given(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    def test_newcomers_speak_at_the_end_of_the_round_in_which_they_come(self, turns_before_each: list[int]) -> None:
        room = a_room(FLASH, OPUS)
        for turns in turns_before_each:
            speakers(room, *["words"] * turns)
            room.write(Joined(seat=len(room.state.seats) + 1, model=KIMI))
            left = [seat.number for seat in room.state.seats if seat.number not in room.state.gone]
            assert left[-1] == len(room.state.seats)
            assert speakers(room, *["words"] * len(left)) == left

    def test_who_is_called_on_speaks_next_and_the_round_goes_on(self) -> None:
        room = a_room(FLASH, OPUS, KIMI)
        assert speakers(room, "a") == [1]
        room.write(CalledOn(seat=3))
        assert speakers(room, "b", "c", "d") == [3, 2, 1]
        assert room.state.round == 2


class TestAddressedFirst:
    def test_who_is_named_speaks_next_and_the_round_goes_on(self) -> None:
        room = a_room(*ALL, order="addressed")
        assert speakers(room, "AI-4, what do you think?", "I think so.", "a", "b", "c") == [1, 4, 2, 3, 5]
        assert room.state.round == 2

    def test_who_has_spoken_already_speaks_once_more(self) -> None:
        room = a_room(order="addressed")
        assert speakers(room, "a", "AI-1, why?", "Because.", "c", "d") == [1, 2, 1, 3, 1]

    def test_two_seats_that_only_name_each_other_let_the_others_have_their_go(self) -> None:
        room = a_room(order="addressed")
        spoke: list[int] = []
        for _ in range(10):
            number = next_number(room)
            assert number is not None
            spoke += speakers(room, {1: "AI-2?", 2: "AI-1?"}.get(number, "And I?"))
        assert spoke == [1, 2, 1, 2, 3] * 2

    @given(st.integers(2, 5), st.lists(st.integers(1, 6), min_size=30, max_size=30))
    def test_each_seat_has_its_go_every_round_and_at_most_one_more(self, seats: int, named: list[int]) -> None:
        room = a_room(*ALL[:seats], order="addressed")
        counts: dict[int, Counter[int]] = {}
        for number in named:
            round_ = room.state.round
            counts.setdefault(round_, Counter()).update(speakers(room, f"AI-{number}, and you?"))
        for round_, spoke in counts.items():
            assert max(spoke.values()) <= 2
            assert round_ == room.state.round or set(spoke) == set(range(1, seats + 1))

    @pytest.mark.parametrize("text", ["I am AI-1.", "AI-3, wake up!", "AI-4, come back!", "AI-7?", "`AI-5`"])
    def test_naming_oneself_or_who_cannot_speak_changes_nothing(self, text: str) -> None:
        room = a_room(*ALL, order="addressed")
        room.write(Muted(seat=3, by_name="Ann"), Removed(seat=4))
        assert speakers(room, text, "a", "b") == [1, 2, 5]

    def test_a_person_who_names_a_seat_is_answered_by_it(self) -> None:
        room = a_room(*ALL, order="addressed")
        room.write(Heard(message=1, by=2, by_name="Bea", text="AI-5, what do you say?"))
        assert speakers(room, "a", "b", "c") == [5, 1, 2]

    def test_in_the_other_orders_names_are_only_words(self) -> None:
        room = a_room(*ALL)
        room.write(Heard(message=1, by=2, by_name="Bea", text="AI-5, what do you say?"))
        assert speakers(room, "AI-4?", "b") == [1, 2]

    def test_whom_people_called_on_before_comes_before_who_is_named(self) -> None:
        room = a_room(*ALL, order="addressed")
        room.write(CalledOn(seat=3))
        assert speakers(room, "AI-5?", "AI-4?", "c", "d") == [3, 5, 4, 1]

    def test_naming_who_is_called_on_anyhow_gives_no_second_turn(self) -> None:
        room = a_room(*ALL, order="addressed")
        room.write(CalledOn(seat=3), CalledOn(seat=5))
        assert speakers(room, "AI-5?", "a", "b", "c", "d") == [3, 5, 1, 2, 4]


class TestConductor:
    def test_nobody_speaks_until_somebody_is_called_on(self) -> None:
        room = a_room(order="conductor")
        assert waits_for_conductor(room.state)
        room.write(CalledOn(seat=2))
        assert not waits_for_conductor(room.state)
        assert speakers(room, "AI-3, AI-1?") == [2]
        assert waits_for_conductor(room.state)

    def test_calls_queue_in_order_and_a_second_call_of_one_who_waits_changes_nothing(self) -> None:
        room = a_room(order="conductor")
        room.write(CalledOn(seat=3), CalledOn(seat=1), CalledOn(seat=3), CalledOn(seat=2))
        assert speakers(room, "a", "b", "c") == [3, 1, 2]
        assert next_number(room) is None

    def test_a_call_can_come_first(self) -> None:
        room = a_room(order="conductor")
        room.write(CalledOn(seat=3), CalledOn(seat=2), CalledOn(seat=2, first=True))
        assert speakers(room, "a", "b") == [2, 3]

    def test_who_is_called_on_while_answering_speaks_again(self) -> None:
        room = a_room(order="conductor")
        room.write(CalledOn(seat=2), CalledOn(seat=3), CalledOn(seat=2, again=True))
        assert speakers(room, "a", "b", "c") == [2, 3, 2]
        assert next_number(room) is None

    def test_who_is_asked_anew_after_a_pause_hears_the_call_and_need_not_speak_again(self) -> None:
        room = a_room(order="conductor")
        room.write(CalledOn(seat=2), CalledOn(seat=2, again=True), Paused(reason="", by_name="Ann"))
        room.write(Resumed(by_name="Ann"))
        assert speakers(room, "a") == [2]
        assert next_number(room) is None

    def test_who_was_called_on_while_its_answer_waits_speaks_again_also_after_a_pause(self) -> None:
        room = a_room(order="conductor")
        room.write(CalledOn(seat=2), Answered(turn=1, seat=2, text="a", served_by="t"), CalledOn(seat=2, again=True))
        room.write(Paused(reason="", by_name="Ann"), Resumed(by_name="Ann"))
        assert speakers(room, "a", "b") == [2, 2]

    def test_a_round_is_over_when_everyone_was_called_on(self) -> None:
        room = a_room(FLASH, OPUS, order="conductor", rounds=1)
        for seat in (1, 1, 2):
            assert not room.state.rounds_are_over
            room.write(CalledOn(seat=seat))
            speakers(room, "a")
        assert room.state.rounds_are_over
        assert not waits_for_conductor(room.state)  # it ends instead

    def test_a_room_in_which_nobody_could_be_called_on_does_not_wait_for_a_conductor(self) -> None:
        room = a_room(FLASH, order="conductor")
        room.write(Muted(seat=1, reason="x"))
        assert not waits_for_conductor(room.state)

    def test_calls_are_forgotten_when_the_order_changes(self) -> None:
        room = a_room(order="addressed")
        speakers(room, "AI-3?")
        room.write(OrderSet(order="conductor"))
        assert waits_for_conductor(room.state)

    def test_an_answer_under_way_when_a_conductor_comes_is_still_said(self) -> None:
        room = a_room()
        room.write(Answered(turn=1, seat=1, text="a", served_by="t"), OrderSet(order="conductor"))
        assert next_number(room) == 1


class TestMuting:
    @given(st.integers(1, 4), st.integers(0, 5), st.integers(1, 3))
    def test_a_seat_misses_exactly_as_many_turns_as_rounds(self, rounds: int, turns_before: int, seat: int) -> None:
        room = a_room()
        speakers(room, *["a"] * turns_before)
        its_next_round = room.state.round + (seat in room.state.gone)
        room.write(Muted(seat=seat, by_name="Ann", rounds=rounds))
        while (number := next_number(room)) != seat:
            assert number is not None
            room.turn(number, "a")
        assert room.state.round == its_next_round + rounds

    def test_a_muted_seat_stays_muted_when_a_person_resumes_the_room(self) -> None:
        room = a_room()
        room.write(Muted(seat=1, by_name="Ann"), Paused(reason=""), Resumed(by_name="Bea"))
        assert speakers(room, "a", "b", "c") == [2, 3, 2]
        room.write(Unmuted(seat=1, by_name="Ann"))
        assert speakers(room, "a", "b") == [1, 3]

    def test_muting_drops_an_answer_that_was_not_said_yet_and_the_calls(self) -> None:
        room = a_room()
        room.write(CalledOn(seat=1), Answered(turn=1, seat=1, text="a", served_by="t"), CalledOn(seat=1, again=True))
        room.write(Muted(seat=1, by_name="Ann", rounds=1))
        assert (room.state.answered, room.state.called) == (None, ())
        assert next_number(room) == 2

    def test_when_the_only_ones_who_speak_are_removed_nobody_speaks(self) -> None:
        for order in ("round_robin", "addressed", "conductor"):
            room = a_room(order=order)
            room.write(Muted(seat=2, by_name="Ann", rounds=2), Muted(seat=3, by_name="Ann"))
            room.write(Removed(seat=1, by_name="Ann"))
            assert next_number(room) is None
            assert not room.state.anybody_is_asked
            room.write(Unmuted(seat=3, by_name="Ann"), CalledOn(seat=3))
            assert next_number(room) == 3


class TestRemoving:
    def test_its_number_stays_taken_and_its_chair_is_free(self) -> None:
        room = a_room(*ALL)
        assert room.state.is_full
        room.write(Removed(seat=2, by_name="Ann"))
        assert not room.state.is_full
        room.write(Joined(seat=len(room.state.seats) + 1, model=OPUS))
        assert room.state.seats[-1].label == "AI-6 (Claude 3 Opus)"
        assert room.state.is_full
        assert speakers(room, *"abcdef") == [1, 3, 4, 5, 6, 1]

    def test_its_words_stay_and_the_others_are_not_told_that_it_is_here(self) -> None:
        room = a_room()
        speakers(room, "a", "the words of Opus")
        room.write(Removed(seat=2, by_name="Ann"))
        seen = what_a_seat_sees(room.state, room.history, room.state.seat(3), (), EYES)
        assert "Claude 3 Opus" not in seen[0].words
        assert "[AI-2 (Claude 3 Opus)]: the words of Opus" in "".join(message.words for message in seen[1:])

    def test_its_answer_is_dropped_and_calls_of_it_come_to_nothing(self) -> None:
        room = a_room()
        room.write(Answered(turn=1, seat=1, text="a", served_by="t"), CalledOn(seat=1), Removed(seat=1))
        assert room.state.answered is None
        assert speakers(room, "a", "b", "c") == [2, 3, 2]
        room.write(CalledOn(seat=1))
        assert next_number(room) == 3

    def test_removing_the_last_of_a_round_ends_the_round(self) -> None:
        room = a_room(FLASH, OPUS)
        speakers(room, "a")
        room.write(Removed(seat=2))
        assert room.state.round == 2
        assert next_number(room) == 1


class TestAnotherModel:
    def test_the_seat_keeps_its_words_and_the_others_see_whose_they_were(self) -> None:
        room = a_room()
        speakers(room, "I am Flash.")
        room.write(ModelChanged(seat=1, model=GROK, by_name="Ann"))
        speakers(room, "b", "c", "I am Grok.")
        own = what_a_seat_sees(room.state, room.history, room.state.seat(1), (), EYES)
        assert own[0].words.startswith("You are AI-1 (Grok 4.5).")
        assert [m.words for m in own if m.role == "assistant"] == ["I am Flash.", "I am Grok."]
        seen = what_a_seat_sees(room.state, room.history, room.state.seat(2), (), EYES)
        assert "AI-1 (Grok 4.5)" in seen[0].words
        assert "Gemini" not in seen[0].words
        words = "".join(message.words for message in seen[1:])
        assert "[AI-1 (Gemini 3 Flash)]: I am Flash." in words
        assert "[AI-1 (Grok 4.5)]: I am Grok." in words

    def test_an_answer_of_the_old_model_is_not_said_by_the_new_one(self) -> None:
        room = a_room()
        room.write(Answered(turn=1, seat=1, text="a", served_by="t"), ModelChanged(seat=1, model=GROK))
        assert room.state.answered is None
        assert next_number(room) == 1

    def test_it_gives_a_seat_that_the_house_has_muted_another_chance_but_not_whom_a_person_muted(self) -> None:
        room = a_room()
        room.write(Failed(turn=1, seat=1, reason="x"), Muted(seat=1, reason="x"), Muted(seat=2, by_name="Ann"))
        room.write(ModelChanged(seat=1, model=GROK), ModelChanged(seat=2, model=R1))
        assert [seat.muted for seat in room.state.seats] == [False, True, False]
        assert room.state.seat(1).failures == 0


@pytest.mark.parametrize("order", ["round_robin", "addressed", "conductor"])
def test_a_skipped_turn_is_a_go_and_no_failure(order: Order) -> None:
    room = a_room(order=order)
    room.write(CalledOn(seat=2), Answered(turn=1, seat=2, text="AI-3?", served_by="t"))
    skip(room)
    assert room.state.answered is None
    assert (room.state.turn, room.state.gone, room.state.seat(2).failures) == (1, {2}, 0)
    assert next_number(room) == (None if order == "conductor" else 1)


def test_a_step_that_is_skipped_is_over() -> None:
    room = a_room()
    room.write(Paused(reason=""), Resumed(by_name="Ann", turns=1))
    skip(room)
    assert room.state.phase is Phase.PAUSED


@pytest.mark.parametrize("order", ["round_robin", "addressed", "conductor"])
def test_the_system_prompt_stays_the_same_from_turn_to_turn(order: Order) -> None:
    room = a_room(order=order)
    before = system_prompt(room.state, room.state.seat(2), ())
    for seat in (1, 3, 2):
        room.write(CalledOn(seat=seat))
        speakers(room, "AI-1, AI-2?")
        assert system_prompt(room.state, room.state.seat(2), ()) == before
    assert ("speaks next" in before) == (order != "round_robin")


_SEATS = st.integers(1, 4)
_ENTRIES = st.one_of(
    st.builds(CalledOn, seat=_SEATS, first=st.booleans(), again=st.booleans()),
    st.builds(Muted, seat=_SEATS, by_name=st.sampled_from(["", "Ann"]), rounds=st.none() | st.integers(1, 3)),
    st.builds(Unmuted, seat=_SEATS),
    st.builds(Removed, seat=_SEATS),
    st.builds(ModelChanged, seat=_SEATS, model=st.sampled_from(ALL)),
    st.builds(OrderSet, order=st.sampled_from(["round_robin", "addressed", "conductor"])),
    st.builds(Resumed, by_name=st.just("Ann"), turns=st.none() | st.integers(1, 2)),
    st.builds(Heard, message=st.just(1), by=st.just(1), by_name=st.just("Bea"), text=st.sampled_from(["AI-1?", "hi"])),
    st.sampled_from(["AI-1, and you?", "AI-4?", "words", "fails", "skipped"]),
)


def _turn(state: RoomState, what: str) -> list[Entry]:
    seat = whose_turn(state)
    if seat is None:
        return []
    turn = state.turn + 1
    if what == "fails":
        return [Failed(turn=turn, seat=seat.number, reason="x")]
    if what == "skipped":
        return [Skipped(turn=turn, seat=seat.number)]
    return [
        Answered(turn=turn, seat=seat.number, text=what, served_by="t"),
        Spoke(turn=turn, seat=seat.number, text=what),
    ]


@given(st.lists(_ENTRIES, max_size=40))
def test_whatever_happens_only_who_is_asked_speaks_and_the_fold_is_one_whichever_way(what: list[Entry | str]) -> None:
    entries: list[Entry] = [Joined(seat=number, model=model) for number, model in enumerate(ALL[:4], 1)]
    state = fold(entries)
    for one in what:
        for entry in _turn(state, one) if isinstance(one, str) else [one]:
            state = after(state, entry)
            entries.append(entry)
        seat = whose_turn(state)
        assert seat is None or seat.is_asked
        assert seat is not None or not state.anybody_is_asked or state.order == "conductor"
        assert len(state.called) <= 2 * len(state.seats)
    assert fold(entries) == state
    middle = len(entries) // 2
    assert fold(entries[middle:], fold(entries[:middle])) == state
