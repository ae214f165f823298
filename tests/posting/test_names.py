"""Whatever a model is called, its persona gets a name that Discord accepts."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.posting.graphemes import length
from bot.posting.names import DISCORD_WEBHOOK_NAME_LIMIT, persona_name

CONTRACT = Path(__file__).parents[2] / ".." / "shared" / "contract" / "contract.py"

PIECES = st.sampled_from(
    ["discord", "Clyde", "DISCORD", "dis", "cord", "cl", "yde", "everyone", "here", "Here", "ｄｉｓｃｏｒｄ",
     "diſcord", "dİscord", "\u200b", "\u200a", "\u00ad", " ", "  ", "\n", "```", "`", "@", "#", ":", "🌊", "👩\u200d👧",
     "é", "e\u0301", "AI-1 (", ")"]
)  # fmt: skip
NAMES = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))


@given(NAMES)
def test_every_name_obeys_discords_rules(name: str) -> None:
    repaired = persona_name(name)
    lowered = repaired.lower()
    assert 1 <= length(repaired) <= DISCORD_WEBHOOK_NAME_LIMIT
    assert repaired == repaired.strip()
    assert "discord" not in lowered
    assert "clyde" not in lowered
    assert lowered not in {"everyone", "here"}
    assert "```" not in repaired
    assert "  " not in repaired
    assert "\u200b" not in repaired


@given(NAMES)
def test_repairing_a_repaired_name_changes_nothing(name: str) -> None:
    assert persona_name(persona_name(name)) == persona_name(name)


@pytest.mark.parametrize(
    "name", ["AI-1 (Gemini 3 Flash)", "AI-3 (Qwen: 72B #2 @home)", "AI-2 (Kimi K2 月之暗面)", "nowhere", "Hereafter"]
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert persona_name(name) == name


@pytest.mark.parametrize(
    ("name", "repaired"),
    [
        ("Discord Sage", "Dis\u200acord Sage"),
        ("Bonnie&Clyde", "Bonnie&Cl\u200ayde"),
        ("dis\u200bcord", "dis\u200acord"),
        ("discordiscord", "dis\u200acordis\u200acord"),
        ("ＤＩＳＣＯＲＤ", "ＤＩＳ\u200aＣＯＲＤ"),
        ("Everyone", "Every\u200aone"),
        ("HERE", "HE\u200aRE"),
        ("  a \t\n b  ", "a b"),
        ("a ```b``` c", "a `b` c"),
        ("", "AI"),
        (" \u200b\u3164\u0301", "AI"),
        ("x" * 81, "x" * 79 + "…"),
        ("🌊" * 50, "🌊" * 39 + "…"),
    ],
)
def test_names_are_repaired(name: str, repaired: str) -> None:
    assert persona_name(name) == repaired


@pytest.mark.skipif(not CONTRACT.exists(), reason="the published contracts are not beside this checkout")
@given(NAMES)
def test_the_contract_finds_no_fault_with_any_name(name: str) -> None:
    body = {"content": "words", "username": persona_name(name), "allowed_mentions": {"parse": []}}
    assert contract().request("POST", "/webhooks/1/token", json=body) == []


def contract() -> Any:
    if not loaded:
        spec = importlib.util.spec_from_file_location("contract", CONTRACT)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        loaded.append(module.Contract.discord())
    return loaded[0]


loaded: list[Any] = []
