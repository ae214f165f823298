"""Databases that cannot be opened or written to: what the operator or the room is told."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage import open_database
from bot.storage.failures import sentence_for
from tests.storage.happenings import OPENED, PICTURE, here, turn_of

CHECKOUT = Path(__file__).parents[2]


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def _refusal(url: str) -> str:
    with pytest.raises(StorageError) as refused:
        async with open_database(url, seconds_to_wait_for_a_lock=0.05):
            pass
    return str(refused.value)


async def _make_journal(file: Path) -> int:
    async with open_database(url_of(file)) as database:
        room = await database.journal.open_room(here(), [OPENED])
        await database.journal.append(room, turn_of(1), pictures=[(1, PICTURE)])
        return room


async def test_the_folder_and_the_file_are_made(tmp_path: Path) -> None:
    file = tmp_path / "not there" / "100% ours" / "journal.sqlite3"
    await _make_journal(file)
    assert [found.name for found in file.parent.iterdir()] == [file.name]


def test_a_closed_database_is_one_file_that_says_whose_it_is(sqlite_file: Path) -> None:
    asyncio.run(_make_journal(sqlite_file))
    assert sqlite_file.read_bytes()[68:72] == b"Back"


async def test_several_databases_are_opened_at_once(tmp_path: Path) -> None:
    await asyncio.gather(*(_make_journal(tmp_path / str(number) / "journal") for number in range(5)))


async def test_one_new_database_is_opened_by_several_at_once(sqlite_file: Path) -> None:
    async def live(channel_id: int) -> None:
        async with open_database(url_of(sqlite_file)) as database:
            await database.journal.open_room(here(channel_id), [OPENED])

    await asyncio.gather(*(live(channel_id) for channel_id in range(5)))


@pytest.mark.parametrize("url", ["", "no address", "mysql://host/database", "sqlite:///file", "postgresql://host/db"])
async def test_an_address_that_is_none_of_ours_is_refused(url: str) -> None:
    assert "DATABASE_URL" in await _refusal(url)


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:///", "sqlite+aiosqlite:///:memory:"])
async def test_a_database_that_keeps_nothing_is_refused(url: str) -> None:
    assert "one that stays" in await _refusal(url)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    told = await _refusal(url_of(tmp_path / "data" / "journal.sqlite3"))
    assert "folder cannot be made" in told
    assert str(tmp_path / "data") in told


async def test_a_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    assert "cannot be opened" in await _refusal(url_of(tmp_path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    assert "Let the bot" in await _refusal(url_of(tmp_path / "data" / "journal.sqlite3"))


async def test_a_read_only_database_is_told_at_start(sqlite_file: Path) -> None:
    await _make_journal(sqlite_file)
    assert "read-only" in await _refusal(f"sqlite+aiosqlite:///file:{sqlite_file}?mode=ro&uri=true")


async def test_a_file_of_something_else_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite3"
    file.write_bytes(b"This is a letter, and no database at all. " * 100)
    before = file.read_bytes()
    assert "no SQLite file" in await _refusal(url_of(file))
    assert file.read_bytes() == before


@pytest.mark.parametrize("kept", [50, 5000, 0.5, 0.9])
def test_a_truncated_file_is_told_and_left_as_it_is(sqlite_file: Path, kept: float) -> None:
    asyncio.run(_make_journal(sqlite_file))
    whole = sqlite_file.read_bytes()
    cut = whole[: int(kept if kept > 1 else kept * len(whole))]
    sqlite_file.write_bytes(cut)
    assert "damaged" in asyncio.run(_refusal(url_of(sqlite_file)))
    assert sqlite_file.read_bytes() == cut


async def test_a_database_of_a_newer_version_is_told_and_left_as_it_is(sqlite_file: Path) -> None:
    await _make_journal(sqlite_file)
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "newer version" in await _refusal(url_of(sqlite_file))


async def test_a_database_that_another_program_keeps_locked_is_told(sqlite_file: Path) -> None:
    await _make_journal(sqlite_file)
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "locked" in await _refusal(url_of(sqlite_file))
    other.close()


async def test_a_lock_that_comes_while_running_is_told_and_passes(sqlite_file: Path) -> None:
    room = await _make_journal(sqlite_file)
    async with open_database(url_of(sqlite_file), seconds_to_wait_for_a_lock=0.05) as database:
        other = sqlite3.connect(sqlite_file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked"):
            await database.journal.append(room, turn_of(2), after=4)
        assert len(await database.journal.entries(room)) == 4
        other.close()
        await database.journal.append(room, turn_of(2), after=4)


async def test_an_entry_of_a_kind_that_is_not_known_is_told(sqlite_file: Path) -> None:
    room = await _make_journal(sqlite_file)
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute('UPDATE entries SET record = \'{"kind": "danced"}\' WHERE seq = 3')
    connection.close()
    async with open_database(url_of(sqlite_file)) as database:
        with pytest.raises(StorageError, match="Entry 3 of room 1"):
            await database.journal.entries(room)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "small.sqlite3")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.executescript("CREATE TABLE a (b); CREATE TABLE c (d);")
    connection.close()
    assert "full" in sentence_for(full.value)


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert "cannot be reached: TimeoutError. " in sentence_for(TimeoutError())


DISK_RUNS_OUT = """
import asyncio, resource, sys
from pathlib import Path
from bot.errors import StorageError
from bot.storage import open_database
from tests.storage.happenings import OPENED, here, turn_of, words

async def main(file):
    async with open_database(f"sqlite+aiosqlite:///{file}") as database:
        room = await database.journal.open_room(here(), [OPENED])
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (Path(f"{file}-wal").stat().st_size + 50_000, most))
        written = 0
        try:
            while True:
                await database.journal.append(room, turn_of(written), [words("x" * 500)])
                written += 1
        except StorageError as error:
            complaint = str(error)
        entries = await database.journal.entries(room)
        assert len(entries) == 1 + 3 * written, (len(entries), written)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        await database.journal.append(room, turn_of(written), after=len(entries))
        assert len(await database.outbox.waiting(room)) == written
        sys.stdout.write(complaint)

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit the size of files")
async def test_a_disk_that_runs_out_is_told_and_nothing_is_torn(sqlite_file: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DISK_RUNS_OUT, str(sqlite_file), cwd=CHECKOUT, stdout=PIPE, stderr=PIPE
    )
    told, complaint = await asyncio.wait_for(program.communicate(), 60)
    assert program.returncode == 0, complaint.decode()
    assert b"room left" in told or b"full" in told
