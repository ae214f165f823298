"""`backroom doctor` as an operator meets it: what is well, what is not, what to do; and nothing is changed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Literal

import pytest

from bot.__main__ import main
from bot.errors import StorageError
from bot.settings import Settings
from bot.storage import Lease, hold_lease, open_database, read_room
from bot.storage.holder import Holder
from tests.doctor.conftest import Surgery
from tests.end_to_end.stage import CHECKOUT, KEY
from tests.openrouter_replies import Reply
from tests.storage.happenings import OPENED, here

CHECKS = (
    "Token",
    "Intents",
    "Permissions",
    "Key and credit",
    "Models",
    "Image model",
    "Database",
    "Rooms",
    "Clock",
    "Versions",
)


class _Never(asyncio.Event):
    """What never happens, and how many waited for it at once."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = self.awaited_at_once = 0

    async def wait(self) -> Literal[True]:
        self._waiting += 1
        self.awaited_at_once = max(self.awaited_at_once, self._waiting)
        try:
            return await super().wait()
        finally:
            self._waiting -= 1


async def test_all_is_well(surgery: Surgery) -> None:
    report = await surgery.examine()
    assert [name for name, _, _ in report.rows] == list(CHECKS)
    assert {state for _, state, _ in report.rows} == {"ok"}, report.out
    assert "All is well." in report.out
    assert report.code == 0
    assert surgery.stage.discord.problems == []


async def test_nothing_is_changed_anywhere(surgery: Surgery) -> None:
    await surgery.examine()
    assert list(surgery.stage.folder.iterdir()) == []
    assert {exchange.method for exchange in surgery.stage.discord.exchanges} == {"GET"}
    assert not surgery.stage.discord.gateway.has_a_client
    assert surgery.stage.host.requests == []


async def test_without_token_and_key_their_checks_are_skipped_with_a_sentence(surgery: Surgery) -> None:
    report = await surgery.examine(DISCORD_TOKEN="", OPENROUTER_API_KEY="")
    for check in CHECKS[:6]:
        assert report.state_of(check) == "skipped"
    assert "There is no DISCORD_TOKEN" in report.out
    assert "There is no OPENROUTER_API_KEY" in report.out
    assert report.code == 0
    assert surgery.stage.discord.exchanges == type(surgery.stage.discord.exchanges)()


async def test_a_host_that_is_silent_hides_nothing_and_does_not_keep_anybody_waiting(surgery: Surgery) -> None:
    never = _Never()
    surgery.stage.host.listings["/models"] = Reply(after=never)
    surgery.stage.host.listings["/key"] = Reply(after=never)
    report = await surgery.examine()
    assert never.awaited_at_once == 2
    assert report.code == 1
    for check in ("Key and credit", "Models"):
        assert report.state_of(check) == "bad"
        assert "did not answer within 10 seconds" in report.of(check)[0][1]
    for check in ("Token", "Intents", "Permissions", "Database", "Rooms", "Clock", "Versions"):
        assert report.state_of(check) == "ok"


async def test_a_network_that_is_down_is_told_for_each_host(surgery: Surgery) -> None:
    nowhere = "http://127.0.0.1:9/api"
    report = await surgery.examine(DISCORD_API_URL=nowhere, OPENROUTER_BASE_URL=nowhere)
    for check in CHECKS[:5]:
        assert report.state_of(check) == "bad"
        assert "cannot be reached" in report.of(check)[0][1]
    assert report.state_of("Clock") == "skipped"
    assert report.code == 1


async def test_a_models_file_that_cannot_be_used_is_one_row_among_others(surgery: Surgery) -> None:
    report = await surgery.examine(MODELS_FILE="nowhere.toml")
    assert report.state_of("Models") == "bad"
    assert "nowhere.toml cannot be read" in report.out
    assert report.state_of("Token") == "ok"


async def test_hosts_that_echo_a_key_do_not_bring_it_to_the_screen(surgery: Surgery) -> None:
    surgery.stage.host.listings["/key"] = Reply(
        status=403, raw=json.dumps({"error": {"message": f"the key {KEY} is not for this"}}).encode()
    )
    report = await surgery.examine()
    assert "the key [secret] is not for this" in report.of("Key and credit")[0][1]


async def test_a_key_that_is_only_a_letter_leaves_the_words_whole(surgery: Surgery) -> None:
    report = await surgery.examine(DISCORD_TOKEN="", OPENROUTER_API_KEY="e")
    assert "[secret]" not in report.out


@pytest.mark.parametrize("width", ["60", "100", ""])
def test_the_table_keeps_within_its_terminal_and_is_plain_in_a_pipe(tmp_path: Path, width: str) -> None:
    env = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "doctor"],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": str(CHECKOUT), "DATABASE_URL": "sqlite+aiosqlite:///there/is/none", "COLUMNS": width},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert max(map(len, ended.stdout.splitlines())) <= int(width or 100)
    assert "\x1b" not in ended.stdout
    assert "All is well." in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "doctor" in capsys.readouterr().out


async def test_who_runs_the_rooms_is_told_and_keeps_them(surgery: Surgery) -> None:
    holder = Holder(socket.gethostname(), os.getppid(), "of another run")
    url = surgery.stage.settings().database_url
    async with open_database(url) as database, hold_lease(database, holder=holder) as lease:
        await database.journal.open_room(here(), [OPENED])
        report = await surgery.examine(DISCORD_TOKEN="")
        assert lease.is_held
        ((state, words),) = report.of("Rooms")
        assert state == "ok"
        assert words.startswith(f"Run by process {lease.holder.pid} on ")
        assert words.endswith("1 room open.")


async def test_a_process_that_was_killed_is_told_to_have_left_the_rooms(surgery: Surgery) -> None:
    async with open_database(surgery.stage.settings().database_url) as database:
        killed = Lease(database.transactions, Holder("a-computer", 4711, "of a run"), seconds=0.01)
        await killed.take()
        report = await surgery.examine(DISCORD_TOKEN="")
        assert report.state_of("Rooms") == "warn"
        assert "Process 4711 on a-computer ran them" in report.out
        assert not killed.is_held


async def test_a_database_of_another_program_is_bad_and_left_alone(surgery: Surgery, tmp_path: Path) -> None:
    file = tmp_path / "letter.sqlite3"
    file.write_bytes(b"no database " * 100)
    report = await surgery.examine(DATABASE_URL=f"sqlite+aiosqlite:///{file}")
    assert report.state_of("Database") == "bad"
    assert "no SQLite file" in report.out
    assert file.read_bytes() == b"no database " * 100
    assert report.state_of("Permissions") == "ok"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DROP TABLE leases", "tables are missing (leases)"),
        ("INSERT INTO alembic_version VALUES ('0001')", "names several versions"),
        ("DROP TABLE alembic_version", "does not say of which version it is"),
    ],
)
async def test_a_database_that_is_not_whole_is_bad(surgery: Surgery, statement: str, told: str) -> None:
    async with open_database(surgery.stage.settings().database_url):
        pass
    with closing(sqlite3.connect(surgery.stage.database, isolation_level=None)) as connection:
        connection.execute(statement)
    report = await surgery.examine(DISCORD_TOKEN="")
    ((state, words),) = report.of("Database")
    assert state == "bad"
    assert told in words
    with pytest.raises(StorageError, match=re.escape(told)):
        await read_room(surgery.stage.settings().database_url, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few people make links")
async def test_a_link_that_leads_to_itself_is_bad(surgery: Surgery) -> None:
    surgery.stage.database.symlink_to(surgery.stage.database)
    ((state, words),) = (await surgery.examine(DISCORD_TOKEN="")).of("Database")
    assert state == "bad"
    assert "cannot be opened" in words
