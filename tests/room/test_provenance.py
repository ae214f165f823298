"""Where a message comes from, told from the journal alone."""

from __future__ import annotations

from bot.room import notices
from bot.room.entries import (
    Answered,
    CarriedOut,
    Entry,
    Heard,
    Joined,
    ModelChanged,
    Muted,
    Opened,
    Paused,
    PictureAsked,
    PictureMade,
    Prompted,
    Respoken,
    Restored,
    Spoke,
    TemperatureSet,
    Withdrawn,
)
from bot.room.fold import fold
from bot.room.past import past_of
from bot.room.provenance import HouseWords, PersonsWords, Picture, SeatWords, provenance

OPENED = Opened(by=1, by_name="Ann", scenario="T", prompt="P", opening="Begin.", rounds=0, seconds_between_turns=0)


def numbered(*entries: Entry) -> dict[int, Entry]:
    return dict(enumerate(entries, 1))


def answered(turn: int, seat: int, *, heard: int = 0) -> Answered:
    return Answered(turn=turn, seat=seat, text="x", served_by="host/model", cost_usd=0.5, prompt_tokens=7, heard=heard)


def test_a_seat_is_told_of_as_it_was_when_it_was_asked_not_when_it_spoke_or_later() -> None:
    entries = numbered(
        OPENED,
        Joined(seat=1, model="Kimi K2"),
        TemperatureSet(seat=1, temperature=0.5),
        TemperatureSet(seat=1, temperature=0.6),  # came while it was answering
        answered(1, 1, heard=3),
        Prompted(seat=1, text="its own wish of that turn"),
        Spoke(turn=1, seat=1, text="x"),
        ModelChanged(seat=1, model="DeepSeek R1"),
    )
    of = provenance(entries, 7)
    assert isinstance(of, SeatWords)
    assert (of.seat.model, of.seat.temperature, of.seat.prompts) == ("Kimi K2", 0.5, ())
    assert (of.round, of.turn, of.served_by, of.prompt_tokens) == (1, 1, "host/model", 7)


def test_who_let_a_seat_in_is_a_seat_a_person_or_who_opened_the_room() -> None:
    invited = Joined(seat=3, model="Kimi K2", invited_by=1, invitation="come in")
    entries = numbered(
        OPENED,
        Joined(seat=1, model="Gemini 3 Flash"),
        Joined(seat=2, model="Kimi K2"),
        CarriedOut(verb="add_ai", texts=("Kimi K2",), done=True, outcome="", by_name="Bea"),
        invited,
        *(entry for seat in (1, 2, 3) for entry in (answered(seat, seat), Spoke(turn=seat, seat=seat, text="x"))),
    )
    told = [provenance(entries, seq) for seq in (7, 9, 11)]
    assert all(isinstance(one, SeatWords) for one in told)
    assert [one.invited_by for one in told if isinstance(one, SeatWords)] == ["Ann", "Bea", "AI-1 (Gemini 3 Flash)"]
    assert "with the words “come in”" in notices.provenance(told[2], 0)


def test_an_answer_that_was_taken_anew_is_told_of_in_place_of_the_old_one() -> None:
    anew = Respoken(entry=4, seat=1, text="y", served_by="host/other", cost_usd=0.25, by_name="Bea")
    entries = numbered(
        OPENED, Joined(seat=1, model="Kimi K2"), answered(1, 1), Spoke(turn=1, seat=1, text="x"), anew, anew
    )
    of = provenance(entries, 4)
    assert isinstance(of, SeatWords)
    assert (of.served_by, of.cost_usd, of.again, of.cost_before_usd) == ("host/other", 0.25, ("Bea", "Bea"), 0.75)


def test_an_answer_that_discord_declined_stands_nowhere_and_cost_all_the_same() -> None:
    anew = Respoken(entry=4, seat=1, text="y", served_by="host/other", cost_usd=0.25, by_name="Bea")
    back = Restored(entry=4, seat=1, text="x", reason="No.")
    entries = numbered(
        OPENED, Joined(seat=1, model="Kimi K2"), answered(1, 1), Spoke(turn=1, seat=1, text="x"), anew, back
    )
    of = provenance(entries, 4)
    assert isinstance(of, SeatWords)
    assert (of.served_by, of.again, of.cost_before_usd, of.declined_cost_usd) == ("host/model", (), 0.0, 0.25)
    assert "New words that Discord declined cost $0.2500." in notices.provenance(of, 0)
    assert fold(entries.values()).cost_usd == 0.75


def test_pictures_people_and_the_house_are_told_apart() -> None:
    entries = numbered(
        OPENED,
        Joined(seat=1, model="Kimi K2"),
        PictureAsked(picture=1, description="a lamp", seat=1),
        PictureAsked(picture=2, description="a stone", by_name="Bea"),
        PictureMade(picture=2, cost_usd=None),
        PictureMade(picture=1, cost_usd=0.25),
        Heard(message=5, by=2, by_name="Bea", text="hello"),
        answered(1, 1),
        Spoke(turn=1, seat=1, text="x"),
        Paused(reason="", by_name="Bea"),
        Muted(seat=1, reason="silence"),
    )
    assert provenance(entries, 5) == Picture("Bea", "a stone", None, 1)
    assert provenance(entries, 6) == Picture("AI-1 (Kimi K2)", "a lamp", 0.25, 1)
    assert provenance(entries, 7) == PersonsWords("Bea", 1)
    assert provenance(entries, 9, by_house=True) == HouseWords("", 2, 1)
    assert provenance(entries, 10, by_house=True) == HouseWords("Bea", 2, 1)
    assert "what Bea did" in notices.provenance(provenance(entries, 10, by_house=True), 0)
    assert "did" not in notices.provenance(provenance(entries, 11, by_house=True), 0)


def test_the_past_of_a_turn_holds_nothing_that_came_later_and_nothing_that_is_gone() -> None:
    spoke = Spoke(turn=1, seat=1, text="my words")
    entries = numbered(
        OPENED,
        Joined(seat=1, model="Kimi K2"),
        Heard(message=5, by=2, by_name="Bea", text="a secret"),
        Heard(message=6, by=2, by_name="Bea", text="no secret"),
        Heard(message=7, by=2, by_name="Bea", text="too late for it"),
        answered(1, 1, heard=4),
        TemperatureSet(seat=1, temperature=1.5),
        spoke,
        Withdrawn(entry=3, messages=(5,)),
    )
    past = past_of(entries, spoke, 8)
    assert [line.text for line in past.history.lines if line.text] == ["Begin.", "no secret"]
    assert past.seat.temperature is None
    assert past.state.turn == 0
