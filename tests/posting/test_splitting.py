"""Long texts become messages: within the limit, whole, and readable one by one."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.posting.fences import find_fences
from bot.posting.layout import house_posts
from bot.posting.splitting import ATTACHED, DISCORD_MESSAGE_LIMIT, Parts, lay_out, length, split
from tests.growth import LENGTH, is_in_proportion

FAMILY = "👩\u200d👩\u200d👧\u200d👦"
WAVING = "👋🏽"
HEART = "❤\ufe0f"
FLAG = "🇳🇴"
ACCENTED = "e\u0301"

WORDS = st.sampled_from(
    ["lantern", "a", "the", "under", "*hush*", "**bold**", "`code`", "静寂", "тишина", FAMILY, WAVING, FLAG, HEART,
     ACCENTED, "x" * 90, "…", "https://example.org/a_b", "🌊" * 40, "|", "\\", "`a`",
     "!image \"a door\"", "- ", "> ", "# "]
)  # fmt: skip
GAPS = st.sampled_from([" ", " ", " ", "  ", "\n", "\n\n", "\n\n\n", " \n", "\n  ", "\n \n"])
FENCE_LINES = st.sampled_from(["```\n", "\n```\n", "\n```python\n", "```rust\nlet x = 1;\n```", "```\n\n\n", "````\n"])
BACKTICKS = st.sampled_from(["`", "``", "```", "```lantern", "`````"])
TEXTS = st.lists(st.one_of(WORDS, GAPS, GAPS, FENCE_LINES), max_size=120).map("".join)
RAGGED = st.lists(st.one_of(WORDS, GAPS, GAPS, FENCE_LINES, BACKTICKS), max_size=120).map("".join)
PROSE = st.lists(st.tuples(WORDS, GAPS).map("".join), max_size=200).map("".join)
CODE = st.lists(
    st.sampled_from(["    x = 1", "if y:", "", "  ", "# " + "long " * 12, "\treturn ''", "é" * 30, "``"]), min_size=1
)


def ink(text: str) -> str:
    return "".join(text.split())


def without_fences(parts: list[str]) -> str:
    """The parts' visible characters without backticks and without the languages of blocks."""
    return re.sub(r"`|python|rust|json", "", ink("".join(parts)))


def balanced(part: str) -> bool:
    return all(fence.closed for fence in find_fences(part))


def paragraph(words: int, word: str = "ember") -> str:
    return " ".join([word] * words)


@given(RAGGED, st.integers(64, 300))
@example("```\n" + "a" * 500 + "\n```", 64)
@example("```" + "`" * 300, 64)
@example("`" * 1000, 64)
@example("a\n```\n```\nb" * 30, 64)
@example("```python\n" * 40, 64)
def test_every_part_fits_shows_something_and_has_its_fences_closed(text: str, limit: int) -> None:
    for part in split(text, limit):
        assert length(part) <= limit
        assert part == part.strip()
        assert part
        assert balanced(part)


@given(PROSE, st.integers(64, 300))
def test_prose_loses_nothing_but_whitespace_at_the_cuts(text: str, limit: int) -> None:
    parts = split(text, limit)
    at = 0
    for part in parts:
        found = text.index(part, at)
        assert not text[at:found].strip()
        at = found + len(part)
    assert not text[at:].strip()


@given(TEXTS, st.integers(64, 300))
def test_whatever_the_fences_nothing_visible_is_lost_or_doubled(text: str, limit: int) -> None:
    assert without_fences(split(text, limit)) == without_fences([text])


@given(PROSE, CODE, PROSE, st.integers(120, 300))
def test_the_lines_of_code_come_through_exactly(before: str, code: list[str], after: str, limit: int) -> None:
    code = [*code, "end"]
    before, after = before.replace("`", ""), after.replace("`", "")
    text = f"{before}\n```python\n" + "\n".join(code) + f"\n```\n{after}"
    shown = [part[fence.body : fence.close] for part in split(text, limit) for fence in find_fences(part)]
    lines = [line for body in shown for line in body.split("\n") if line.strip()]
    assert lines == [line for line in code if line.strip()]


@given(CODE.filter(lambda lines: "".join(lines).strip()), st.integers(64, 200))
def test_a_fence_is_opened_again_with_its_language(code: list[str], limit: int) -> None:
    for part in split("```python\n" + "\n".join(code) + "\n```", limit):
        assert part.startswith("```python\n")
        assert part.endswith("```")


@given(
    st.lists(
        st.sampled_from([FAMILY, WAVING, HEART, FLAG, ACCENTED, "a", "が", "か\u3099", "한", "\U0001f600"]),
        max_size=300,
    )
)
def test_no_character_a_person_sees_is_torn(characters: list[str]) -> None:
    text = "".join(characters)
    parts = split(text, 64)
    assert "".join(parts) == text
    places = {0}
    for character in characters:
        places.add(max(places) + len(character))
    at = 0
    for part in parts:
        at += len(part)
        assert at in places or unicodedata.category(text[at])[0] != "M"
        assert at in places or "\u200d" not in (text[at - 1], text[at])


def test_flags_and_families_stay_whole_in_a_long_row() -> None:
    for character in (FAMILY, WAVING, HEART, FLAG, ACCENTED):
        for part in split(character * 400, 101):
            assert part == character * (len(part) // len(character))


def test_a_text_that_fits_is_one_message_as_it_is() -> None:
    text = "one\n\n  two  \n```\n\n  art\n```\nthree ``` four"
    assert split(text) == [text]
    assert split("x" * DISCORD_MESSAGE_LIMIT) == ["x" * DISCORD_MESSAGE_LIMIT]


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert length("a🌊") == 3
    assert [length(part) for part in split("🌊" * 1500)] == [2000, 1000]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u200b", "\u200b \ufeff\n", " " * 9000])
def test_blank_text_is_no_message(text: str) -> None:
    assert split(text) == []
    assert lay_out(text) == Parts(())


def test_paragraphs_are_kept_whole_and_the_parts_alike_in_size() -> None:
    text = "\n\n".join([paragraph(80)] * 9)
    parts = split(text)
    assert [part.count("\n\n") for part in parts] == [2, 2, 2]


def test_two_full_paragraphs_are_two_full_messages() -> None:
    assert split("a" * 2000 + "\n\n" + "b" * 2000) == ["a" * 2000, "b" * 2000]


def test_no_last_message_of_a_few_words() -> None:
    sentences = " ".join([paragraph(9) + "."] * 37)
    parts = split(sentences)
    assert len(parts) == 2
    assert min(map(len, parts)) > 800
    assert all(part.endswith(".") for part in parts)


def test_lines_are_cut_between_when_there_are_no_paragraphs() -> None:
    poem = "\n".join([paragraph(6)] * 100)
    assert all(line == paragraph(6) for part in split(poem) for line in part.split("\n"))


def test_a_heading_goes_with_what_it_heads() -> None:
    text = paragraph(250) + "\n\n## Ashes\n\n" + paragraph(150)
    assert [part[:8] for part in split(text)] == ["ember em", "## Ashes"]


def test_a_drawing_that_fits_one_message_is_never_torn() -> None:
    drawing = "```\n" + "\n".join(["  /\\/\\/\\/\\/\\/\\/\\  "] * 60) + "\n```"
    for words in range(1, 330, 7):
        parts = split(f"{paragraph(words)}\n\n{drawing}\n\n{paragraph(40)}")
        assert sum(drawing in part for part in parts) == 1


def test_a_long_line_of_code_is_cut_anywhere_and_stays_code() -> None:
    parts = split("```json\n" + "0123456789" * 1000 + "\n```")
    assert all(part.startswith("```json\n") and part.endswith("\n```") for part in parts)
    assert "".join(part[8:-4] for part in parts) == "0123456789" * 1000


def test_a_fence_left_open_is_closed_and_stray_backticks_are_not_a_fence() -> None:
    assert split("look:\n```py\nx = 1") == ["look:\n```py\nx = 1\n```"]
    assert split("three of these ``` and no more") == ["three of these ``` and no more"]
    assert split("and then\n```") == ["and then\n```"]


def test_a_first_word_that_is_no_language_is_not_taken_for_one() -> None:
    tag = "k" * 3000
    parts = split(f"```{tag}\nv\n```")
    assert all(balanced(part) and length(part) <= 2000 for part in parts)
    assert without_fences(parts) == tag + "v"


def test_inline_fences_hold_their_words() -> None:
    text = f"{paragraph(300)} ```{paragraph(300)}``` {paragraph(300)}"
    parts = split(text)
    assert all(balanced(part) for part in parts)
    assert sum(part.count("ember") for part in parts) == 900


def test_up_to_six_messages_are_posted_and_more_become_a_file() -> None:
    six = "\n\n".join(["a" * 2000] * 6)
    assert lay_out(six) == Parts(("a" * 2000,) * 6, None)
    seven = six + "\n\nb"
    parts = lay_out(seven)
    assert parts.file == seven
    assert len(parts.messages) == 1
    assert parts.messages[0].endswith(ATTACHED)


@given(st.lists(st.one_of(WORDS, GAPS, FENCE_LINES), min_size=20, max_size=60))
@settings(max_examples=30)
def test_the_message_beside_a_file_is_closed_and_within_the_limit(pieces: list[str]) -> None:
    text = "".join(pieces) + "\n\n" + paragraph(3000)
    parts = lay_out(text)
    assert parts.file == text
    assert balanced(parts.messages[0])
    assert length(parts.messages[0]) <= 1600
    assert parts.messages[0].endswith("\n\n" + ATTACHED)


@pytest.mark.parametrize(
    "text", ["a", "a ", "\n", "`", "```", "```\n", "a```", "```a\n```", "🌊", "e\u0301", "\u200d", "🇳", " \n\n"]
)
def test_tens_of_thousands_of_characters_take_time_in_proportion_to_their_length(text: str) -> None:
    assert is_in_proportion(split, text)
    assert all(length(part) <= DISCORD_MESSAGE_LIMIT for part in split(text * (LENGTH // len(text))))


def test_a_limit_too_short_for_a_fence_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        split("a", 63)


def test_the_rest_of_a_long_line_of_the_house_does_not_begin_like_a_line_of_its_own() -> None:
    words = "⏹️ Ann stopped the room. " * 200
    posts = house_posts([f'💭 [AI-1]: !prompt "{words}"', "[AI-1 modified their system prompt]"])
    assert len(posts) > 2
    assert all(post.text.startswith("… ") for post in posts[1:])
    assert all(len(post.text) <= 2000 for post in posts)
