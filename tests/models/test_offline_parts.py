"""What the offline cast is made of: manners, drawings, and ears."""

from __future__ import annotations

import pytest

from bot.models.offline.chance import dice_for
from bot.models.offline.drawings import DRAWINGS, drawing
from bot.models.offline.echoes import question_put_to
from bot.models.offline.hearing import heard
from bot.models.offline.manners import manner_of
from bot.models.offline.wishes import WELL_KNOWN
from bot.posting.art import fence_art
from bot.room.messages import Message, Sight


def test_a_name_that_nobody_knows_gets_a_manner_of_its_own() -> None:
    names = [f"Unheard-of {number}" for number in range(40)]
    manners = {(manner_of(name).voice, manner_of(name).lowercase, manner_of(name).characters) for name in names}
    assert len(manners) > 30
    assert manner_of(names[0]) == manner_of(names[0])


def test_the_four_of_the_beginning_have_four_voices() -> None:
    assert len({manner_of(name).voice for name in WELL_KNOWN}) == 4


@pytest.mark.parametrize("number", range(len(DRAWINGS)))
def test_a_drawing_is_aligned_and_is_fenced_as_a_whole(number: int) -> None:
    for seed in range(12):
        art = drawing(dice_for(number, seed), "night train", number)
        lines = art.split("\n")
        assert 3 <= len(lines) <= 30
        assert max(map(len, lines)) <= 60
        assert all(line == line.rstrip() and line.isascii() and "`" not in line for line in lines)
        assert not any(line.lstrip().startswith("!") for line in lines)
        assert (
            fence_art(f"Words before.\n\n{art}\n\nWords after.") == f"Words before.\n\n```\n{art}\n```\n\nWords after."
        )


@pytest.mark.parametrize("name", ["double_box", "stretched", "screen", "envelope", "page", "signpost", "clock"])
def test_the_sides_of_a_frame_stand_in_one_column(name: str) -> None:
    number = [draw.__name__ for draw in DRAWINGS].index(name)
    for word in ("map", "lantern", "night train"):
        lines = drawing(dice_for(word), word, number).split("\n")
        framed = [line for line in lines if len(set(line)) > 2 and {line.strip()[0], line.strip()[-1]} < set("|*=~.+")]
        assert len(framed) >= 2
        assert len({len(line) for line in framed}) == 1


def test_there_are_many_drawings() -> None:
    assert len(DRAWINGS) >= 12
    assert len({drawing(dice_for(0), "word", number) for number in range(len(DRAWINGS))}) == len(DRAWINGS)


def test_what_a_seat_heard_is_read_from_the_messages() -> None:
    hearing = heard(
        [
            Message("system", ("You are AI-3 (Claude 3 Opus).\n\nAlso here: AI-1 (Gemini 3 Flash), AI-2 (Kimi K2).\n\n"
                               "You were invited by AI-1 (Gemini 3 Flash) with these words: come in, it is warm",)),
            Message("user", ("Talk of the sea.\n\n[AI-1 (Gemini 3 Flash)]: first.\n\nsecond paragraph.",)),
            Message("assistant", ("My own words.",)),
            Message("user", ("[AI-2 modified their system prompt]\n\n[AI-2 (Kimi K2)]: third.\n\n"
                             '[AI-1 (Gemini 3 Flash)]: !image "a pier"', Sight(1, "a pier"), "\n\n[Mira]: hello")),
        ]
    )  # fmt: skip
    assert (hearing.name, hearing.number, hearing.turns) == ("AI-3", 3, 1)
    assert hearing.names == ("AI-1", "AI-2")
    assert (hearing.inviter, hearing.invitation) == ("AI-1", "come in, it is warm")
    assert hearing.opening == "Talk of the sea."
    assert [(u.speaker, u.words) for u in hearing.since] == [("AI-2 (Kimi K2)", "third."), ("Mira", "hello")]
    assert hearing.changed == ("AI-2",)
    assert hearing.newcomers == ("AI-2",)
    assert hearing.spoken_for == {"Claude 3 Opus", "Gemini 3 Flash", "Kimi K2"}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("AI-3, who turned first?", "who turned first"),
        ("I ask you, AI-3: who turned first?", "who turned first"),
        ("Now you, AI-3.\n*Who turned first?*", "who turned first"),
        ("AI-2, who turned first?", None),
        ("Nothing is asked of AI-3.", None),
    ],
)
def test_a_question_is_heard_by_the_one_it_is_put_to(text: str, question: str | None) -> None:
    assert question_put_to("AI-3", text) == question
