"""Looking at a database without touching it: not migrated, not marked, not even opened for writing."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, NullPool, create_engine, inspect, select, text

from bot.errors import StorageError
from bot.storage.engine import make_engine, read_url
from bot.storage.failures import PRIMARY_CODE, told_plainly
from bot.storage.holder import Hold, read_hold
from bot.storage.journal import Place
from bot.storage.open_file import file_of
from bot.storage.schema import check_ours, check_whole, known_versions, version_of
from bot.storage.tables import leases, rooms

SECONDS_TO_CHECK = 8.0
"""How long SQLite may look for damage: a large journal takes longer, and is then said to be unchecked."""

SECONDS_TO_WAIT_FOR_A_LOCK = 1.0
"""A program that writes is soon done."""

_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 10_000


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found.

    `version` is None where there is no database yet; it is made at the first start. `free_bytes`, `is_writable`,
    `is_locked` and `damage` are known of SQLite only; `damage` is None when looking for it took too long. That a bot
    writes just now is no lock: it is not asked where one runs.
    """

    where: str
    newest_version: str
    version: str | None = None
    size_bytes: int = 0
    free_bytes: int | None = None
    is_writable: bool = True
    is_locked: bool = False
    damage: tuple[str, ...] | None = ()
    hold: Hold | None = None
    open_rooms: tuple[tuple[int, Place], ...] = ()

    @property
    def is_newer_than_the_program(self) -> bool:
        """Whether a newer version of the program made it."""
        return self.version not in (None, *known_versions())


async def inspect_database(url: str) -> Inspection:
    """Look at the database at `url`.

    Raises:
        StorageError: it is not one, is damaged beyond reading, or cannot be reached.
    """
    address = read_url(url)
    if address.get_backend_name() == "sqlite":
        return await asyncio.to_thread(_inspect_file, address)
    engine = make_engine(address)
    try:
        with told_plainly():
            async with engine.connect() as connection:
                return await connection.run_sync(_inspect_server, f"{address.database} at {address.host}")
    finally:
        await engine.dispose()


def _inspect_server(connection: Connection, where: str) -> Inspection:
    connection.execute(text("SET TRANSACTION READ ONLY"))
    version, hold, open_rooms = _read(connection)
    size = connection.scalar(text("SELECT pg_database_size(current_database())"))
    return Inspection(where, known_versions()[0], version, size or 0, hold=hold, open_rooms=open_rooms)


def _inspect_file(address: URL) -> Inspection:
    file = file_of(address)
    folder = next(parent for parent in file.parents if _is_there(parent))
    newest, free = known_versions()[0], shutil.disk_usage(folder).free
    is_there = _is_there(file)
    is_writable = folder.is_dir() and os.access(folder, os.W_OK) and (not is_there or os.access(file, os.W_OK))
    if not is_there:
        return Inspection(str(file), newest, free_bytes=free, is_writable=is_writable)
    with told_plainly(), open_for_reading(file) as connection:
        check_ours(connection)
        version, hold, open_rooms = _read(connection)
        is_locked = is_writable and not (hold is not None and hold.is_in_time) and _is_locked(file)
        damage = _damage(connection)
    size = sum(part.stat().st_size for part in (file, _log_of(file)) if part.exists())
    return Inspection(str(file), newest, version, size, free, is_writable, is_locked, damage, hold, open_rooms)


def _read(connection: Connection) -> tuple[str | None, Hold | None, tuple[tuple[int, Place], ...]]:
    version, tables = version_of(connection), set(inspect(connection).get_table_names())
    if version in (None, *known_versions()):
        check_whole(connection, version)
    hold = read_hold(connection) if leases.name in tables else None
    return version, hold, _open_rooms(connection) if rooms.name in tables else ()


def _is_there(file: Path) -> bool:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StorageError(
            f"The journal's database cannot be opened: {error.strerror}. "
            "Let the bot read and write the file and its folder, or name another file."
        ) from error
    return True


def _open_rooms(connection: Connection) -> tuple[tuple[int, Place], ...]:
    question = select(rooms).where(rooms.c.ended_at.is_(None)).order_by(rooms.c.id)
    return tuple((row.id, Place(row.guild_id, row.channel_id, row.parent_id)) for row in connection.execute(question))


def _is_locked(file: Path) -> bool:
    """Whether another program keeps the lock that who writes needs; it is taken and given back, and nothing is written.

    It is to be called while the file is open for reading as well: the last that closes it would clear its write-ahead
    log away. Where there is no such log, no program has the file open.
    """
    if not _log_of(file).exists():
        return False
    address = f"file:{quote(str(file.absolute()))}?mode=rw"
    with closing(sqlite3.connect(address, SECONDS_TO_WAIT_FOR_A_LOCK, isolation_level=None, uri=True)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
                raise
            return True
        connection.execute("ROLLBACK")
    return False


def _damage(connection: Connection) -> tuple[str, ...] | None:
    ends = time.monotonic() + SECONDS_TO_CHECK
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.set_progress_handler(lambda: time.monotonic() > ends, _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)
    try:
        lines = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars().all()
    except Exception:
        if time.monotonic() > ends:
            return None
        raise
    return tuple(line for line in lines if line != "ok")


@contextmanager
def open_for_reading(file: Path) -> Generator[Connection]:
    """Open a file for reading only.

    Where no program has it open there is no write-ahead log beside it, and SQLite would make one even to read;
    told that nobody changes the file, it makes none.
    """
    if file.is_dir():
        raise StorageError("The journal's database cannot be opened: it is a folder. Name a file.")
    how = "mode=ro" if _log_of(file).exists() else "immutable=1"
    address = f"file:{quote(str(file.absolute()))}?{how}"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def _log_of(file: Path) -> Path:
    return file.with_name(file.name + "-wal")
