"""The house speaks more than one language, and every sentence of one language is there in the others."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from bot.words import language_of, languages, spoken, t, translations

CHECKOUT = Path(__file__).parents[1]
SOURCES = [*(CHECKOUT / "bot").rglob("*.py"), *(CHECKOUT / "cogs").rglob("*.py")]


def sentences_said() -> set[str]:
    """Every sentence that the program says through `t` or `for_asker`, or marks with `later`."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("t", "for_asker", "later")
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def fields_of(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name)


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_sentence_is_there_in_every_language(language: str) -> None:
    missing = sentences_said() - translations(language).keys()
    assert sorted(missing) == []


@pytest.mark.parametrize("language", sorted(languages()))
def test_no_language_says_what_nobody_says_in_english(language: str) -> None:
    assert sorted(translations(language).keys() - sentences_said()) == []


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_translation_names_what_its_english_names(language: str) -> None:
    for english, said in translations(language).items():
        assert fields_of(said) == fields_of(english), english
        assert re.findall(r"`/backroom[^`]*`", said).__len__() == len(re.findall(r"`/backroom[^`]*`", english)), english


def test_the_house_speaks_the_language_of_a_locale_within_a_block_and_english_elsewhere() -> None:
    sentence = "The room is over already. `/backroom start` opens a new one."
    with spoken("de"):
        german = t(sentence)
        with spoken("en-GB"):
            assert t(sentence) == sentence
        assert t(sentence) == german != sentence
    assert t(sentence) == sentence


def test_an_unknown_locale_is_answered_in_english() -> None:
    assert language_of("de") == "de"
    assert language_of("pt-BR") == language_of("") == "en"
