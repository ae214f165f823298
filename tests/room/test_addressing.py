"""Whom words are spoken to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.room.addressing import spoken_to
from bot.room.entries import Joined, Muted, Removed
from tests.growth import is_in_proportion
from tests.room.rooms import FLASH, KIMI, OPUS, TestRoom

R1 = "DeepSeek R1"


def addressed(text: str, speaker: int = 1) -> int | None:
    """Whom AI-1 speaks to among AI-1 and AI-2 (both Flash), AI-3 (Opus) and AI-4 (Kimi)."""
    seat = spoken_to(TestRoom(FLASH, FLASH, OPUS, KIMI).state, speaker, text)
    return seat.number if seat else None


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("AI-3 is right about that.", 3),
        ("ai 3, go on", 3),
        ("AI3 knows", 3),
        ("AI‑3 (non-breaking) knows", 3),
        ("AI–3 (en dash) knows", 3),
        ("AI−3 (minus) knows", 3),
        ("@AI-3 your move", 3),
        ("**AI-3**: your move", 3),
        ("AI-3 (Claude 3 Opus), your move", 3),
        ("AI-3's lamp", 3),
        ("I agree with Claude 3 Opus.", 3),
        ("i agree with kimi k2.", 4),
        ("First AI-3, then AI-4.", 4),
        ("AI-4 said so. Nobody else did.", 4),
    ],
)
def test_who_is_named_last_is_spoken_to(text: str, whom: int) -> None:
    assert addressed(text) == whom


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("AI-3, what do you see?\n\nAI-4 is quiet today.", 3),
        ("AI-4 is quiet today. AI-3, what do you see? AI-2 and AI-4 may wait.", 3),
        ("AI-4 is quiet, but AI-3, what do you see?", 3),
        ("AI-3, do you agree with AI-4?", 3),
        ("Do you agree with AI-4, AI-3?", 3),
        ("What does AI-3 think of it?", 3),
        ("AI-3、你怎么看？ AI-4 也在。", 3),
        ("Who knows? AI-4 does.", 4),
    ],
)
def test_who_is_asked_goes_before_who_is_merely_named(text: str, whom: int) -> None:
    assert addressed(text) == whom


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nobody in particular.",
        "I, AI-1, wonder?",
        "AI-9, are you there?",
        "AI-31, are you there?",
        "OpenAI-3 is a strange name.",
        "Gemini 3 Flash has two chairs here; which one?",
        "AI-3.5 is no seat.",
        "Kimi K2.6 is not here.",
        "Claude 3 Opuscule",
        "> AI-3, what do you see?",
        "  > AI-3, what do you see?",
        "`AI-3` is a name",
        "``AI-3 ` or`` so",
        "```\nAI-3, what now?\n```",
        '!add_ai "Kimi K2" "meet AI-3, will you?"',
        '**!image "AI-3 on a hill"**',
        '!image "a hill\nwith AI-3 on it?"',
        '\\!image is how. Somebody said: "AI-3, what now?"',
        "Somebody said: “AI-3, what now?”",
    ],
)
def test_what_is_said_to_nobody_here_addresses_nobody(text: str) -> None:
    assert addressed(text) is None


def test_words_after_a_directive_or_a_fence_count_again() -> None:
    assert addressed('!image "AI-4"\n\nAI-3, look.') == 3
    assert addressed("```\nAI-4\n```\nAI-3, look.") == 3
    assert addressed('!image "never closed, AI-4\n\nAI-3, look.') == 3


def test_a_model_is_named_by_its_whole_name() -> None:
    room = TestRoom("Claude Opus 5", "Claude Opus 5.5", "DeepSeek R1", "DeepSeek R1 0528", "Mistral Nemo")
    for number, seat in enumerate(room.state.seats, 1):
        assert spoken_to(room.state, 0, f"What says {seat.model}?") == room.state.seat(number)
    assert spoken_to(room.state, 0, "the mistral nemo blows") is None


def test_a_model_that_the_speaker_has_as_well_names_nobody() -> None:
    assert addressed("Gemini 3 Flash, what do you think?", speaker=2) is None


def test_a_model_names_its_seat_once_the_other_with_it_has_left() -> None:
    room = TestRoom(FLASH, FLASH, OPUS)
    room.write(Removed(seat=1))
    assert spoken_to(room.state, 3, "Gemini 3 Flash?") == room.state.seat(2)


def test_who_is_muted_or_has_left_is_not_spoken_to() -> None:
    room = TestRoom(FLASH, OPUS, KIMI)
    room.write(Muted(seat=2, by_name="Ann"), Removed(seat=3))
    assert spoken_to(room.state, 1, "AI-2, AI-3, what now?") is None
    room.write(Joined(seat=4, model=R1))
    assert spoken_to(room.state, 1, "AI-2, AI-3 or AI-4, what now?") == room.state.seat(4)


@given(st.text(st.sampled_from('AI-1234 (K2)?,.\n!>`"“”*_a~:'), max_size=120))
def test_any_words_address_at_most_one_seat_that_is_asked_and_never_the_speaker(text: str) -> None:
    assert addressed(text) in (None, 2, 3, 4)


@pytest.mark.parametrize(
    "piece", ['!a"', '!a "\n', "`", "``a", "> ", "AI-3 (", "“", "„", "«", "\n", " \n", "AI-3, ", "*", "but "]
)
def test_hostile_words_cost_in_proportion_to_their_length(piece: str) -> None:
    assert is_in_proportion(addressed, piece)
