"""Fixtures of the doctor's tests: a Discord, a host, and the command run against them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.settings import Settings, read_settings
from tests.end_to_end.stage import KEY, Stage, a_stage


@dataclass(frozen=True)
class Report:
    """What the doctor printed: `rows` as (check, state, everything after them)."""

    code: int | None
    out: str
    rows: list[tuple[str, str, str]]

    def of(self, check: str) -> list[tuple[str, str]]:
        """The rows of one check, as (state, words)."""
        return [(state, words) for name, state, words in self.rows if name == check]

    def state_of(self, check: str) -> str:
        """The state of a check that has one row."""
        ((state, _),) = self.of(check)
        return state


@dataclass
class Surgery:
    """A stage, and the doctor who examines what is on it."""

    stage: Stage
    set_env: Callable[[str, str], None]
    read_out: Callable[[], str]

    async def examine(self, **settings: str) -> Report:
        """Let the doctor print into a terminal so wide that every row is one line; an empty setting is none."""
        given = {
            "DISCORD_TOKEN": self.stage.discord.token,
            "DISCORD_API_URL": self.stage.discord.api_url,
            "OPENROUTER_API_KEY": KEY,
            "OPENROUTER_BASE_URL": self.stage.host.base_url,
            "DATABASE_URL": self.stage.settings().database_url,
            "COLUMNS": "2000",
        }
        for name, value in {**given, **settings}.items():
            self.set_env(name, value)
        self.read_out()
        code, out = await examine(read_settings()), self.read_out()
        for secret in (self.stage.discord.token, KEY):
            assert secret not in out
        return Report(code, out, _rows(out))


def _rows(out: str) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for line in out.splitlines():
        if found := re.match(r"  (.{0,40}?)\s+(ok|warn|bad|skipped)\s{2,}(\S.*)", line):
            rows.append((found[1].strip() or rows[-1][0], found[2], found[3].strip()))
    return rows


@pytest.fixture
async def surgery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Surgery]:
    """A Discord with a server that the bot is in, and an OpenRouter; neither has anything to object to at the end."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    async with a_stage(tmp_path, journal=False) as stage:
        yield Surgery(stage, monkeypatch.setenv, lambda: capsys.readouterr().out)
        assert stage.host.problems() == []
