"""Drawings are found whole and fenced; words, and what looks like a drawing and is none, stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.posting.art import fence_art
from tests.growth import is_in_proportion

HERE = Path(__file__).parent
TRANSCRIPT = Path(__file__).parents[2] / ".." / "shared" / "reference" / "transcript.txt"


def samples(file: str) -> list[str]:
    return (HERE / file).read_text("utf-8").removesuffix("\n").split("\n§\n")


DRAWINGS = samples("drawings.txt")
PROSE = samples("prose.txt")

WORDS = st.sampled_from(
    [
        "ember",
        "the",
        "i",
        "a",
        "I",
        "low tide",
        "night,",
        "«да»",
        "静寂",
        "…",
        "it’s",
        "*so*",
        "**bold**",
        "`x`",
        "end.",
    ]
)
LINES = st.tuples(
    st.sampled_from(["", "", "", "  ", "      ", "- ", "> ", "1. ", "# "]), st.lists(WORDS, max_size=8).map(" ".join)
)
WRITTEN = st.lists(LINES.map("".join), max_size=30).map("\n".join)
ANYTHING = st.lists(
    st.sampled_from([*DRAWINGS, *PROSE, "words", "```", "```py\nx = 1\n```", "", "", "a ``` b"]), max_size=8
).map("\n".join)
INK = st.text(alphabet=" /\\|_-=.o*`'~\n\nab#", max_size=300)


def taken_out(text: str) -> str:
    """The text without the lines that are nothing but three backticks."""
    return "\n".join(line for line in text.split("\n") if line != "```")


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: drawing.strip()[:20])
def test_a_drawing_is_fenced_whole_wherever_it_stands(drawing: str) -> None:
    fenced = f"```\n{drawing}\n```"
    assert fence_art(drawing) == fenced
    assert (
        fence_art(f"now look closely.\n\n{drawing}\n\n\nthat was it.")
        == f"now look closely.\n\n{fenced}\n\n\nthat was it."
    )
    assert fence_art(f"now look:\n{drawing}\nthat was it.") == f"now look:\n{fenced}\nthat was it."
    assert fence_art(drawing.replace("\n", "\r\n")).split() == fenced.split()


@pytest.mark.parametrize("prose", PROSE, ids=lambda prose: prose.strip()[:20])
def test_what_is_written_is_left_byte_for_byte(prose: str) -> None:
    assert fence_art(prose) == prose


def test_a_whole_evening_of_prose_is_left_byte_for_byte() -> None:
    evening = "\n\n".join(PROSE)
    assert fence_art(evening) == evening


@given(WRITTEN)
def test_words_are_never_fenced(text: str) -> None:
    assert fence_art(text) == text


@given(st.one_of(ANYTHING, INK))
def test_fencing_twice_is_fencing_once(text: str) -> None:
    once = fence_art(text)
    assert fence_art(once) == once


@given(st.one_of(ANYTHING, INK).map(lambda text: text.replace("```", "")))
def test_without_the_added_lines_the_text_is_what_it_was(text: str) -> None:
    assert taken_out(fence_art(text)) == text


@given(st.one_of(ANYTHING, INK, st.text()).filter(lambda text: "\u200b" not in text))
def test_nothing_changes_but_backticks_that_would_close_a_fence(text: str) -> None:
    assert taken_out(fence_art(text).replace("\u200b", "")) == taken_out(text)


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_what_is_fenced_already_stays(drawing: str) -> None:
    for text in (f"```\n{drawing}\n```", f"so:\n```text\n{drawing}\n```\nyes", f"```\n{drawing}"):
        assert fence_art(text) == text


def test_a_drawing_keeps_the_blank_lines_and_the_spaces_in_it() -> None:
    drawing = "     *        .\n  .      *\n\n   *         .   *   \n        \n .      *      ."
    assert fence_art(f"{drawing}\n\nnight.") == f"```\n{drawing}\n```\n\nnight."


def test_backticks_in_a_drawing_cannot_close_its_fence() -> None:
    drawing = "  ,,,,,\n (o_o_o)\n  )```(\n /     \\"
    assert fence_art(drawing) == "```\n  ,,,,,\n (o_o_o)\n  )`\u200b`\u200b`(\n /     \\\n```"


def test_stray_backticks_before_a_drawing_cannot_open_a_fence_with_it() -> None:
    drawing = "  /\\_/\\\n ( o.o )\n  > ^ <"
    text = f"three marks: ``` and then\n\n{drawing}"
    assert fence_art(text) == f"three marks: `\u200b`\u200b` and then\n\n```\n{drawing}\n```"
    after = f"{drawing}\n\nthree marks: ```"
    assert fence_art(after) == f"```\n{drawing}\n```\n\nthree marks: ```"


def test_two_drawings_with_words_between_get_a_fence_each() -> None:
    one, two = DRAWINGS[0], DRAWINGS[2]
    assert (
        fence_art(f"{one}\nand then it grew into\n{two}") == f"```\n{one}\n```\nand then it grew into\n```\n{two}\n```"
    )


def test_captions_belong_to_a_drawing_and_paragraphs_do_not() -> None:
    drawing = "     ____\n    /    \\\n    \\____/\n    LANTERN\n     NO_9"
    prose = "it hangs above the stairs, and nobody has lit it."
    assert fence_art(f"{drawing}\n\n{prose}") == f"```\n{drawing}\n```\n\n{prose}"
    indented = "    it hangs\n    above the stairs\n    and nobody\n    has lit it"
    assert fence_art(f"{drawing}\n\n{indented}") == f"```\n{drawing}\n```\n\n{indented}"


@pytest.mark.parametrize(
    "table",
    [
        "| hour | mood |\n|------|:----:|\n| two  | low  |\n| three | lower |",
        "hour | mood\n--- | ---\ntwo | low\nthree | lower",
        "| a |\n|---|\n| b |",
    ],
)
def test_a_table_is_fenced_since_discord_knows_none(table: str) -> None:
    assert fence_art(f"see:\n\n{table}\n\nso.") == f"see:\n\n```\n{table}\n```\n\nso."


def test_a_table_too_wide_for_a_fence_is_left() -> None:
    table = f"| hour | mood |\n|---|---|\n| two | {'long ' * 40}|\n| three | low |"
    assert fence_art(table) == table


@pytest.mark.parametrize(
    "text",
    [
        "/\\",
        "/\\\n",
        "|",
        " | ",
        "\n",
        "```",
        "`",
        "```a``` ",
        "- ",
        "| a |\n",
        "a ",
        "\t",
        "~\n\n",
        "_" * 99 + "\n",
        "> /\\\n",
    ],
)
def test_tens_of_thousands_of_characters_take_time_in_proportion_to_their_length(text: str) -> None:
    assert is_in_proportion(fence_art, text)


@pytest.mark.skipif(not TRANSCRIPT.exists(), reason="the reference transcript is not beside this checkout")
def test_the_six_drawings_of_the_reference_are_found_whole_and_nothing_else() -> None:
    lines = TRANSCRIPT.read_text("utf-8").split("\n")
    drawings = [(6, 10), (31, 37), (120, 128), (163, 168), (197, 205), (246, 250)]  # first and last line, from 1
    expected: list[str] = []
    for number, line in enumerate(lines, 1):
        expected += ["```"] * any(number == first for first, _ in drawings) + [line]
        expected += ["```"] * any(number == last for _, last in drawings)
    assert fence_art("\n".join(lines)).split("\n") == expected
