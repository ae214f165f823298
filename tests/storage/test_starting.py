"""The program with a database that cannot be used: a sentence, exit code 1, and everything left as it was."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.storage import open_database
from tests.storage.disks import a_small_disk, fill, make_read_only
from tests.storage.happenings import OPENED, PICTURE, here, turn_of

CHECKOUT = Path(__file__).parents[2]


def _start(file: Path, folder: Path) -> tuple[int, str]:
    env = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    settings = {"DISCORD_TOKEN": "no-token", "DATABASE_URL": f"sqlite+aiosqlite:///{file}"}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=folder,
        env={**env, "PYTHONPATH": str(CHECKOUT), **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.returncode, ended.stderr


def _make_journal(file: Path) -> None:
    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{file}") as database:
            room = await database.journal.open_room(here(), [OPENED])
            await database.journal.append(room, turn_of(1), pictures=[(1, PICTURE)])

    asyncio.run(make())


def _change(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(statement)
    connection.close()


def _truncated(file: Path) -> None:
    _make_journal(file)
    file.write_bytes(file.read_bytes()[:9000])


def _of_a_newer_version(file: Path) -> None:
    _make_journal(file)
    _change(file, "UPDATE alembic_version SET version_num = '9999'")


def _of_two_versions(file: Path) -> None:
    _make_journal(file)
    _change(file, "INSERT INTO alembic_version VALUES ('0001')")


def _without_tables(file: Path) -> None:
    _make_journal(file)
    _change(file, "DROP TABLE leases")


def _of_an_old_version_without_tables(file: Path) -> None:
    _make_journal(file)
    _change(file, "UPDATE alembic_version SET version_num = '0001'; PRAGMA foreign_keys = OFF; DROP TABLE rooms")


def _of_no_version(file: Path) -> None:
    _make_journal(file)
    _change(file, "DELETE FROM alembic_version")


def _of_another_program(file: Path) -> None:
    _change(file, "CREATE TABLE bookmarks (address); PRAGMA application_id = 77")


def _of_another_program_without_a_mark(file: Path) -> None:
    _change(file, "CREATE TABLE bookmarks (address)")


def _no_database(file: Path) -> None:
    file.write_bytes(b"This is a letter, and no database at all. " * 100)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (Path.mkdir, "cannot be opened: it is a folder"),
        (_truncated, "is damaged"),
        (_of_a_newer_version, "newer version than this program"),
        (_of_two_versions, "names several versions"),
        (_without_tables, "tables are missing (leases)"),
        (_of_an_old_version_without_tables, "tables are missing (rooms)"),
        (_of_no_version, "does not say of which version it is"),
        (_of_another_program, "another program's"),
        (_of_another_program_without_a_mark, "another program's"),
        (_no_database, "no SQLite file"),
    ],
)
def test_a_database_that_cannot_be_used(make: Callable[[Path], None], told: str, tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite3"
    make(file)
    before = None if file.is_dir() else file.read_bytes()
    code, said = _start(file, tmp_path)
    assert code == 1
    assert told in said
    assert str(file) in said
    assert (None if file.is_dir() else file.read_bytes()) == before
    assert [found.name for found in tmp_path.iterdir()] == [file.name]


def test_a_database_that_another_program_keeps_locked(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite3"
    _make_journal(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, said = _start(file, tmp_path)
    other.close()
    assert code == 1
    assert "keeps the journal's database locked" in said


@contextmanager
def _a_full_disk(folder: Path, *, with_a_journal: bool) -> Iterator[Path]:
    with a_small_disk(folder) as disk:
        if with_a_journal:
            _make_journal(disk / "journal.sqlite3")
        fill(disk)
        yield disk


@pytest.mark.parametrize("with_a_journal", [False, True])
def test_a_full_disk(tmp_path: Path, with_a_journal: bool) -> None:
    with _a_full_disk(tmp_path / "disk", with_a_journal=with_a_journal) as disk:
        file = disk / "journal.sqlite3"
        before = file.read_bytes() if with_a_journal else b""
        code, said = _start(file, tmp_path)
        assert (file.read_bytes() if file.exists() else b"") == before
    assert code == 1
    assert "is full" in said or "room left" in said


def test_a_read_only_disk(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk") as disk:
        _make_journal(disk / "journal.sqlite3")
        make_read_only(disk)
        code, said = _start(disk / "journal.sqlite3", tmp_path)
        assert code == 1
        assert "read-only" in said
        code, said = _start(disk / "another" / "journal.sqlite3", tmp_path)
        assert code == 1
        assert "folder cannot be made: Read-only file system" in said
