"""Looking at a database: what is found, in any state of it, and that nothing is changed by looking."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage import Database, hold_lease, inspect_database, open_database
from tests.storage.disks import a_small_disk, make_read_only
from tests.storage.happenings import OPENED, PICTURE, here, turn_of
from tests.storage.test_migrations import FIRST_VERSION

CHECKOUT = Path(__file__).parents[2]


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def _make_journal(file: Path) -> None:
    async with open_database(_url(file)) as database:
        room = await database.journal.open_room(here(), [OPENED])
        await database.journal.append(room, turn_of(1), pictures=[(1, PICTURE)])


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_a_database_in_use_is_seen_with_its_rooms_and_its_holder(database: Database, database_url: str) -> None:
    await database.journal.open_room(here(5), [OPENED])
    async with hold_lease(database) as lease:
        found = await inspect_database(database_url)
    assert found.version == found.newest_version
    assert found.size_bytes > 0
    assert found.damage == ()
    assert found.open_rooms == ((1, here(5)),)
    assert found.hold is not None
    assert found.hold.holder == lease.holder


async def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    found = await inspect_database(_url(tmp_path / "not there" / "journal.sqlite3"))
    assert found.version is None
    assert found.is_writable
    assert _contents(tmp_path) == {}


async def test_a_folder_that_is_a_file_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    assert not (await inspect_database(_url(tmp_path / "data" / "journal.sqlite3"))).is_writable


async def test_a_closed_database_is_left_as_it_is(sqlite_file: Path) -> None:
    await _make_journal(sqlite_file)
    before = _contents(sqlite_file.parent)
    found = await inspect_database(_url(sqlite_file))
    assert found.open_rooms == ((1, here()),)
    assert _contents(sqlite_file.parent) == before


async def test_a_database_of_the_first_version_is_not_migrated(tmp_path: Path) -> None:
    file = tmp_path / "first.sqlite3"
    connection = sqlite3.connect(file)
    connection.executescript(FIRST_VERSION.read_text("utf-8"))
    connection.close()
    before = _contents(tmp_path)
    found = await inspect_database(_url(file))
    assert found.version == "0001"
    assert not found.is_newer_than_the_program
    assert found.hold is None
    assert len(found.open_rooms) == 1
    assert _contents(tmp_path) == before


async def test_a_newer_version_is_recognised(sqlite_file: Path) -> None:
    await _make_journal(sqlite_file)
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert (await inspect_database(_url(sqlite_file))).is_newer_than_the_program


def test_damage_in_the_middle_of_a_file_is_found(sqlite_file: Path) -> None:
    asyncio.run(_make_journal(sqlite_file))
    whole = bytearray(sqlite_file.read_bytes())
    page = whole.index(b"Words 1") // 4096 * 4096
    whole[page + 8 : page + 64] = b"\xff" * 56
    sqlite_file.write_bytes(whole)
    assert asyncio.run(inspect_database(_url(sqlite_file))).damage


@pytest.mark.parametrize("make", [Path.mkdir, lambda file: file.write_bytes(b"a letter" * 600)])
async def test_what_is_no_database_is_told(make: object, tmp_path: Path) -> None:
    assert callable(make)
    make(tmp_path / "journal.sqlite3")
    with pytest.raises(StorageError, match=r"folder|no SQLite file"):
        await inspect_database(_url(tmp_path / "journal.sqlite3"))


KILLED_WITH_A_LOG = """
import asyncio, os, sys
from bot.storage import open_database
from tests.storage.happenings import OPENED, here

async def main(url):
    async with open_database(url) as database:
        await database.journal.open_room(here(7), [OPENED])
        os._exit(9)

asyncio.run(main(sys.argv[1]))
"""


async def test_what_a_killed_program_left_in_its_log_is_seen(sqlite_file: Path, tmp_path: Path) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED_WITH_A_LOG, _url(sqlite_file), cwd=CHECKOUT, stderr=PIPE
    )
    await asyncio.wait_for(killed.communicate(), 60)
    shutil.copytree(sqlite_file.parent, tmp_path / "kept")
    found = await inspect_database(_url(sqlite_file))
    assert found.open_rooms == ((1, here(7)),)
    for kept in (tmp_path / "kept").glob("*[l3]"):  # the file and its log, not the log's index
        assert (sqlite_file.parent / kept.name).read_bytes() == kept.read_bytes()


async def test_a_disk_that_may_not_be_written_to_is_noticed(tmp_path: Path) -> None:
    with a_small_disk(tmp_path / "disk") as disk:
        await _make_journal(disk / "journal.sqlite3")
        make_read_only(disk)
        found = await inspect_database(_url(disk / "journal.sqlite3"))
        assert not found.is_writable
        assert found.open_rooms == ((1, here()),)
