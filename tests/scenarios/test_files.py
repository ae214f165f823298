"""An operator's own scenarios: they stand beside the built-in ones, and a bad file is named with its fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import open_bot
from bot.errors import SettingsError
from bot.scenarios import Scenarios
from bot.settings import Settings

LIGHTHOUSE = """
title = "Lighthouse"
summary = "Keepers who never meet write to each other on one slate."
cast = ["Kimi K2"]
opening = "The oil is low."
prompt = "Write on the slate."
"""


def test_own_scenarios_stand_after_the_built_in_ones(tmp_path: Path) -> None:
    (tmp_path / "1-light.toml").write_text(LIGHTHOUSE)
    (tmp_path / "notes.txt").write_text("no scenario")
    scenarios = Scenarios.load(tmp_path)
    built_in = Scenarios.load()
    assert [s.title for s in scenarios.all] == [*(s.title for s in built_in.all), "Lighthouse"]
    assert scenarios.named("light").cast == ("Kimi K2",)
    assert not scenarios.named("light").adult


def test_an_own_scenario_takes_the_place_of_a_built_in_one_with_its_title(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LIGHTHOUSE.replace("Lighthouse", "Backroom"))
    scenarios = Scenarios.load(tmp_path)
    assert scenarios.named(None).opening == "The oil is low."
    assert len(scenarios.all) == len(Scenarios.load().all)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title = ", "no TOML"),
        (LIGHTHOUSE.replace('title = "Lighthouse"', ""), "title: Field required"),
        (LIGHTHOUSE.replace('["Kimi K2"]', "[]"), "cast"),
        (LIGHTHOUSE + "\nadutl = true", "adutl"),
        (LIGHTHOUSE + '\nadult = "yes"', "adult"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        Scenarios.load(tmp_path)
    assert "SCENARIOS_FOLDER" in str(caught.value)
    assert "bad.toml" in str(caught.value)
    assert fault in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"SCENARIOS_FOLDER.*nowhere"):
        Scenarios.load(tmp_path / "nowhere")


async def test_the_bot_does_not_start_with_a_cast_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(LIGHTHOUSE.replace("Kimi K2", "Nobody 9000"))
    database = f"sqlite+aiosqlite:///{(tmp_path / 'backroom.sqlite3').as_posix()}"
    settings = Settings(_env_file=None, database_url=database, scenarios_folder=tmp_path)  # pyright: ignore[reportCallIssue]
    with pytest.raises(SettingsError, match="Lighthouse"):
        async with open_bot(settings):
            pass
