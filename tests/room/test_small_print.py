"""What must not slip: a step is one turn, words that are gone are not quoted, people alone fill no memory."""

from __future__ import annotations

from bot.room.entries import Edited, Failed, Heard, Paused, Resumed, Withdrawn
from bot.room.history import LEAST_WINDOW_TOKENS, History
from bot.room.lines import tokens_of
from bot.room.order import whose_turn
from bot.room.state import Phase
from tests.room.rooms import FLASH, OPUS, TestRoom


def test_a_step_that_waits_for_its_place_is_still_one_turn_when_the_place_is_open_again() -> None:
    room = TestRoom(FLASH, OPUS)
    room.write(Paused(reason="", by_name="Ann"), Resumed(by_name="Ann", turns=1))
    room.write(Paused(reason="The thread is locked.", cause="place"), Resumed())
    assert room.state.phase is Phase.RUNNING
    room.turn(1, "one")
    assert room.state.phase is Phase.PAUSED


def test_a_step_whose_turn_fails_waits_for_a_person_and_not_for_the_host() -> None:
    room = TestRoom(FLASH)
    room.write(Paused(reason="", by_name="Ann"), Resumed(by_name="Ann", turns=1))
    room.write(Failed(turn=1, seat=1, reason="out", host="OpenRouter"))
    assert room.state.phase is Phase.PAUSED
    assert room.state.pause_cause == ""


def test_a_person_who_resumes_lets_the_room_go_on_without_end() -> None:
    room = TestRoom(FLASH)
    room.write(Paused(reason="", by_name="Ann"), Resumed(by_name="Ann", turns=1))
    room.write(Paused(reason="closed", cause="place"), Resumed(by_name="Ann"))
    room.turn(1, "one")
    room.turn(1, "two")
    assert room.state.phase is Phase.RUNNING
    assert whose_turn(room.state) is not None


def test_what_was_deleted_does_not_stand_in_an_answer_to_it() -> None:
    room = TestRoom(FLASH)
    for number, words in enumerate(("the code is 4711", "<:cat:123456789012345678> it is 4711", "4711 " * 40)):
        quoted = words if number < 2 else f"{words[:80].rstrip()}…"
        room.write(Heard(message=number, by=2, by_name="Bea", text=words))
        said = room.history.last_seq
        room.write(Heard(message=90 + number, by=3, by_name="Cid", text="really?", reply_to="Bea", answers=quoted))
        assert "4711" in room.history.lines[-1].text
        room.write(Withdrawn(entry=said, messages=(number,)))
        assert [line.text for line in room.history.lines if line.text][-1] == "(to Bea) really?"
        assert not any("4711" in line.text for line in room.history.lines)


def test_a_room_in_which_only_people_speak_keeps_no_more_than_what_is_shown() -> None:
    history = History(tokens_kept=1_000)
    for number in range(1, 2_000):
        history.add(number, Heard(message=number, by=2, by_name="Bea", text="word " * 20))
    assert len(history.lines) < 150
    assert history.lines[-1].seq == 1_999
    assert history.window(1_000)[-1].seq == 1_999


def test_however_much_people_say_at_once_a_model_with_a_small_window_is_shown_no_more_than_fits() -> None:
    history = History(tokens_kept=24_000)
    for number in range(1, 2_000):
        history.add(number, Heard(message=number, by=2, by_name="Bea", text="word " * 20))
    for budget in (LEAST_WINDOW_TOKENS, 6_000, 24_000):
        shown = history.window(budget)
        assert budget / 2 < sum(map(tokens_of, shown)) <= budget
        assert shown[-1].seq == 1_999


def test_an_answer_quotes_what_it_answers_as_it_stands_now() -> None:
    room = TestRoom(FLASH)
    room.write(Heard(message=10, by=2, by_name="Bea", text="the code is 4711"))
    said = room.history.last_seq
    answer = Heard(message=11, by=3, by_name="Cid", text="really?", reply_to="Bea", answers="the code is 4711")
    room.write(answer.model_copy(update={"answers_to": said}), answer.model_copy(update={"message": 12}))
    room.write(Edited(entry=said, text="the code is secret"))
    assert [line.text for line in room.history.lines][-2:] == ["(to Bea, who said “the code is secret”) really?"] * 2
    assert room.history.window(1_000_000) == room.history.lines
    room.write(Withdrawn(entry=said, messages=(10,)))
    assert [line.text for line in room.history.lines][-2:] == ["(to Bea) really?"] * 2


def test_an_answer_to_a_part_that_is_still_there_goes_on_quoting_it() -> None:
    room = TestRoom(FLASH)
    room.turn(1, "the first part\n\nthe second part")
    said = room.history.last_seq
    for number, part in enumerate(("the first part", "the second part")):
        entry = Heard(message=number, by=3, by_name="Cid", text="so?", reply_to="AI-1", answers=part, answers_to=said)
        room.write(entry)
    room.write(Withdrawn(entry=said, left="the second part", messages=(10,)))
    assert [line.text for line in room.history.lines][-2:] == [
        "(to AI-1) so?",
        "(to AI-1, who said “the second part”) so?",
    ]
