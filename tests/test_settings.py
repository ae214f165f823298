"""What an operator can set, and what they are told when a value cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.log import set_up_logging
from bot.settings import Settings, environment, read_settings

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def test_everything_has_a_default(in_an_empty_folder: Path) -> None:
    settings = read_settings()
    assert settings.discord_token is None
    assert settings.is_offline
    assert settings.database_url == "sqlite+aiosqlite:///data/backroom.sqlite3"


def test_a_dotenv_is_read_and_unknown_keys_and_empty_values_are_no_error(in_an_empty_folder: Path) -> None:
    (in_an_empty_folder / ".env").write_text(
        "DISCORD_TOKEN=abc\nSOMETHING_ELSE=1\nOPENROUTER_API_KEY=\nlog_level=debug\n"
    )
    settings = read_settings()
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "abc"
    assert settings.is_offline
    assert settings.log_level == "DEBUG"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("DISCORD_API_URL", "discord", "valid URL"),
        ("DATABASE_URL", "mysql://x", "sqlite+aiosqlite:///"),
        ("HISTORY_TOKENS", "many", "valid integer"),
        ("IMAGES_PATH", "/paint", "'/images'"),
    ],
)
def test_a_bad_value_is_named_with_what_was_expected(
    in_an_empty_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert name in str(caught.value)
    assert expected in str(caught.value)


def test_a_dotenv_that_is_not_text_gets_a_sentence(in_an_empty_folder: Path) -> None:
    (in_an_empty_folder / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"\.env"):
        read_settings()


def test_own_endpoints_find_their_keys_in_the_dotenv(in_an_empty_folder: Path) -> None:
    (in_an_empty_folder / ".env").write_text("HOME_KEY=abc\n")
    assert environment()["HOME_KEY"] == "abc"


def test_a_secret_is_in_no_repr_and_in_no_error(in_an_empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://me:hidden-word@host/name")
    settings = read_settings()
    assert "very-secret" not in repr(settings)
    assert "hidden-word" not in repr(settings)
    monkeypatch.setenv("DATABASE_URL", "mysql://me:hidden-word@host/name")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "hidden-word" not in str(caught.value)


def test_a_secret_is_in_no_log_line(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        set_up_logging("DEBUG", ["very-secret"])
        logging.getLogger("backroom.test").info("token very-secret, POST /webhooks/123456/abc-DEF_1?wait=1")
    finally:
        root.handlers[:], root.level = before
    line = capsys.readouterr().err
    assert "very-secret" not in line
    assert "abc-DEF_1" not in line
    assert "/webhooks/123456/" in line


def _backroom(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**env, "PYTHONPATH": str(CHECKOUT), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_program_ends_with_2_and_a_sentence_for_a_bad_setting(tmp_path: Path) -> None:
    ended = _backroom("run", folder=tmp_path, LOG_LEVEL="loud")
    assert ended.returncode == 2
    assert "LOG_LEVEL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_program_ends_with_2_for_a_models_file_that_is_not_there(tmp_path: Path) -> None:
    ended = _backroom("rehearse", "--rounds", "1", folder=tmp_path, MODELS_FILE="nowhere.toml")
    assert ended.returncode == 2
    assert "nowhere.toml" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_invitation_needs_a_token(tmp_path: Path) -> None:
    ended = _backroom("invite", folder=tmp_path)
    assert ended.returncode == 2
    assert "DISCORD_TOKEN" in ended.stderr


def test_a_bad_setting_is_told_in_our_words_alone(tmp_path: Path) -> None:
    ended = _backroom("run", folder=tmp_path, DATABASE_URL="mysql://here")
    assert ended.returncode == 2
    assert "  DATABASE_URL: should begin with sqlite" in ended.stderr


@pytest.mark.parametrize("arguments", [["--rounds", "many"], ["--rounds", "-1"], ["--pace", "soon"]])
def test_an_option_that_cannot_be_used_is_named(tmp_path: Path, arguments: list[str]) -> None:
    ended = _backroom("rehearse", *arguments, folder=tmp_path)
    assert ended.returncode == 2
    assert f"{arguments[0]}: a number of" in ended.stderr
    assert "Traceback" not in ended.stderr
