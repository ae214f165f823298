"""The file of a database that is open, taken away from its path: nothing is written, and the lease is not kept."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.errors import StorageError
from bot.storage import Database, hold_lease, open_database
from bot.storage.tables import rooms
from tests.storage.happenings import OPENED, here, turn_of
from tests.storage.test_lease import SECONDS, until

TOLD = "taken away, replaced or emptied while the bot runs"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody take away a file that is open")


def _url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _aside(file: Path) -> Path:
    return file.with_name("elsewhere")


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def _removed(file: Path) -> None:
    file.unlink()


def _moved(file: Path) -> None:
    file.rename(_aside(file))


def _moved_with_its_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


def _replaced(file: Path) -> None:
    shutil.copy(file, _aside(file))
    _aside(file).replace(file)


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("taken_away", [_removed, _moved, _moved_with_its_folder, _replaced, _emptied])
async def test_nothing_is_written_any_more(sqlite_file: Path, taken_away: Callable[[Path], None]) -> None:
    async with open_database(_url(sqlite_file)) as database:
        room = await database.journal.open_room(here(), [OPENED])
        taken_away(sqlite_file)
        with pytest.raises(StorageError, match=TOLD):
            await database.journal.append(room, turn_of(1))
        with pytest.raises(StorageError, match=TOLD):
            await database.check_writable()


async def test_what_is_put_back_is_written_to_again(sqlite_file: Path) -> None:
    async with open_database(_url(sqlite_file)) as database:
        room = await database.journal.open_room(here(), [OPENED])
        _moved(sqlite_file)
        with pytest.raises(StorageError, match=TOLD):
            await database.check_writable()
        _aside(sqlite_file).rename(sqlite_file)
        await database.check_writable()
        await database.journal.append(room, turn_of(1))
    async with open_database(_url(sqlite_file)) as database:
        assert len(await database.journal.entries(room)) == 1 + len(turn_of(1))


async def test_the_lease_runs_out_while_the_file_is_away_and_comes_back_with_it(sqlite_file: Path) -> None:
    async with open_database(_url(sqlite_file)) as database, hold_lease(database, seconds=SECONDS) as lease:
        _moved(sqlite_file)
        await until(lambda: not lease.is_held)
        _aside(sqlite_file).rename(sqlite_file)
        await until(lambda: lease.is_held)


async def test_no_other_file_is_made_by_who_only_reads(sqlite_file: Path) -> None:
    def read_all_at_once(database: Database) -> asyncio.Future[list[object]]:
        question = select(rooms)
        reads = [database.transactions.read(lambda connection: connection.execute(question).all()) for _ in range(8)]
        return asyncio.gather(*reads, return_exceptions=True)

    async with open_database(_url(sqlite_file)) as database:
        await database.journal.open_room(here(), [OPENED])
        _moved(sqlite_file)
        outcomes = await read_all_at_once(database)
        assert sqlite_file.name not in _names(sqlite_file.parent)
    assert TOLD in str([outcome for outcome in outcomes if isinstance(outcome, StorageError)])
