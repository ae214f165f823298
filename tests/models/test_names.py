"""Which model a name means, over the catalogue that is shipped."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ModelNotFound, SettingsError
from bot.models.catalogue import Catalogue, Model
from bot.models.naming import key_of
from tests.growth import is_in_proportion

CATALOGUE = Catalogue.load()
NAMES = [(name, model) for model in CATALOGUE.models for name in (model.name, *model.aliases, model.id)]


@pytest.mark.parametrize(("name", "model"), NAMES, ids=[name for name, _ in NAMES])
def test_every_name_alias_and_id_means_its_own_model(name: str, model: Model) -> None:
    assert CATALOGUE.resolve(name) is model
    assert CATALOGUE.resolve(f"  {name.upper()} ") is model
    assert CATALOGUE.resolve(name.replace(" ", "-").replace(".", "-").lower()) is model


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("claude-3-opus", "Claude 3 Opus"),
        ("CLAUDE 3 OPUS", "Claude 3 Opus"),
        ("Claude Opus 3", "Claude 3 Opus"),
        ("Claud 3 Opus", "Claude 3 Opus"),
        ("Claude 3 Opsu", "Claude 3 Opus"),
        ("Anthropic Claude 3 Opus", "Claude 3 Opus"),
        ("anthropic/claude-3-opus", "Claude 3 Opus"),
        ("claude-opus-5-5", "Claude Opus 5.5"),
        ("opus 5.5", "Claude Opus 5.5"),
        ("gemini3flash", "Gemini 3 Flash"),
        ("Gemeni 3 Flash", "Gemini 3 Flash"),
        ("“Gemini 3 Flash”", "Gemini 3 Flash"),
        ("Ｇｅｍｉｎｉ ３ Ｆｌａｓｈ", "Gemini 3 Flash"),
        ("kimi-k2", "Kimi K2"),
        ("KimiK2", "Kimi K2"),
        ("Deep Seek R1", "DeepSeek R1"),
        ("DeapSeek R1", "DeepSeek R1"),
        ("deepseek-r1", "DeepSeek R1"),
        ("deepseek r1 0528", "DeepSeek R1 0528"),
        ("gpt 5.5", "GPT-5.5"),
        ("chatgpt 4o", "GPT-4o"),
    ],
)
def test_a_name_in_another_spelling_or_with_one_slip_is_understood(written: str, meant: str) -> None:
    assert CATALOGUE.resolve(written).name == meant


@pytest.mark.parametrize(
    "written",
    [
        "GPT 5.1",
        "GPT 51",
        "Claude 4 Opus",
        "Claude 3.5 Opus",
        "Claude 3 Sonnet",
        "Claude 3 Opus Pro",
        "Gemini 4 Flash",
        "Gemini 30 Flash",
        "Gemini 3 Flash Lite",
        "Kimi K4",
        "Kimi V2",
        "DeepSeek R2",
        "GLM-5",
        "GPT-5.4 Micro",
        "GPT 5.5 x",
        "o1",
        "o3",
        "xyzzy",
        "openai/gpt-5.1",
        "A model of my own",
    ],
)
def test_an_unknown_name_is_never_taken_for_another_model(written: str) -> None:
    with pytest.raises(ModelNotFound):
        CATALOGUE.resolve(written)


@pytest.mark.parametrize(
    ("written", "some_of_them"),
    [
        ("Claude", {"Claude 3 Opus", "Claude Opus 5.5"}),
        ("DeepSeek", {"DeepSeek R1", "DeepSeek V4 Pro"}),
        ("Opus", {"Claude 3 Opus", "Claude Opus 5.5"}),
        ("GPT 5", {"GPT-5.5", "GPT-5.2"}),
        ("Kimi", {"Kimi K2", "Kimi K3"}),
        ("Claude Haiku", {"Claude Haiku 4.5", "Claude 3 Haiku"}),
    ],
)
def test_a_name_that_several_models_could_mean_is_refused_with_their_names(
    written: str, some_of_them: set[str]
) -> None:
    with pytest.raises(ModelNotFound) as refused:
        CATALOGUE.resolve(written)
    assert some_of_them <= set(refused.value.nearest)
    assert str(refused.value).startswith(f"“{written}” could be several models: ")
    assert all(name in str(refused.value) for name in refused.value.nearest)


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(ModelNotFound, match="no model called “Claude 4 Opus”") as refused:
        CATALOGUE.resolve("Claude 4 Opus")
    assert "Claude Opus 4.8" in refused.value.nearest


@pytest.mark.parametrize("written", ["", "   ", '""', "—", "\u200b"])
def test_an_empty_name_is_refused_as_missing(written: str) -> None:
    with pytest.raises(ModelNotFound, match="missing"):
        CATALOGUE.resolve(written)


def test_a_very_long_name_is_refused_in_a_short_sentence_and_quickly() -> None:
    def refused(name: str) -> None:
        with pytest.raises(ModelNotFound) as refused:
            CATALOGUE.resolve(name)
        assert len(str(refused.value)) < 600

    assert is_in_proportion(refused, "Claude 3 Opus ")


def test_line_breaks_in_a_name_do_not_reach_the_sentence() -> None:
    with pytest.raises(ModelNotFound) as refused:
        CATALOGUE.resolve("nobody\nat\nall")
    assert "\n" not in str(refused.value)


@given(st.text(max_size=200))
def test_whatever_is_asked_for_is_a_model_or_not_found(name: str) -> None:
    with suppress(ModelNotFound):
        assert CATALOGUE.resolve(name) in CATALOGUE.models


@given(st.sampled_from(CATALOGUE.models), st.sampled_from("0123456789."))
def test_a_number_more_is_another_model(model: Model, digit: str) -> None:
    asked = model.name + digit
    try:
        found = CATALOGUE.resolve(asked)
    except ModelNotFound:
        return
    numbers = [part for part in key_of(found.name) if part.isdecimal()]
    assert digit == "." or numbers == [part for part in key_of(asked) if part.isdecimal()]


@given(st.sampled_from(CATALOGUE.models), st.text(" -_./", max_size=6))
def test_punctuation_around_a_name_changes_nothing(model: Model, decoration: str) -> None:
    assert CATALOGUE.resolve(decoration + model.name + decoration) is model


def test_two_models_cannot_go_by_one_name() -> None:
    with pytest.raises(SettingsError, match="First and Second"):
        Catalogue([Model("First", ("one",), "a/first"), Model("Second", ("One",), "b/second")])


def test_two_models_of_one_id_are_told_apart_by_name_only() -> None:
    catalogue = Catalogue([Model("Here", (), "x/twin"), Model("There", (), "twin", endpoint="home")])
    assert catalogue.resolve("there").name == "There"
    with pytest.raises(ModelNotFound, match="Here, There"):
        catalogue.resolve("twin")


def test_typing_narrows_what_is_offered() -> None:
    assert CATALOGUE.search("gemini 3 fl")[0].name == "Gemini 3 Flash"
    assert CATALOGUE.search("K2")[0].name == "Kimi K2"
    assert {"Claude 3 Opus", "Claude Opus 5.5"} <= {model.name for model in CATALOGUE.search("opus")}
    assert CATALOGUE.search("moonshotai/kimi-k2")[0].name == "Kimi K2"
    assert "Claude 3 Opus" in {model.name for model in CATALOGUE.search("claude opsu 3")}
    assert CATALOGUE.search("zzzzzzzz") == []


def test_nothing_typed_offers_the_catalogue_in_its_order_with_the_retired_last() -> None:
    everything = CATALOGUE.search("", limit=len(CATALOGUE.models))
    assert everything[0].name == "Gemini 3 Flash"
    assert everything[-1].name == "Claude 3 Opus"
    assert len(everything) == len(CATALOGUE.models)
    assert len(CATALOGUE.search("")) == 25


@given(st.text(max_size=120))
def test_whatever_is_typed_something_or_nothing_is_offered(text: str) -> None:
    assert len(CATALOGUE.search(text, 5)) <= 5
