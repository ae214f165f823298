"""How the database is reached: drivers, durability and locks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from operator import methodcaller
from typing import Any

from sqlalchemy import URL, Connection, ExceptionContext, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StorageError
from bot.storage.failures import PRIMARY_CODE

WRITES = "backroom_writes"
"""The execution option of connections whose transactions will write."""

SECONDS_TO_WAIT = "backroom_seconds_to_wait"
"""The execution option of connections that wait for a lock not as long as others; a function, asked each time."""

SECONDS_TO_WAIT_FOR_A_LOCK = 5.0
_CONNECTIONS = 4

_SPOILING = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the one writer do not wait for each other
    "PRAGMA synchronous = FULL",  # what is committed survives a power cut
    "PRAGMA foreign_keys = ON",
)


def read_url(url: str) -> URL:
    """Return the parts of `DATABASE_URL`.

    Raises:
        StorageError: it is no address of a database that the bot knows, or of one that keeps nothing.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise StorageError(
            "DATABASE_URL is no address of a database. Give one like sqlite+aiosqlite:///file."
        ) from None
    if address.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise StorageError("DATABASE_URL should begin with sqlite+aiosqlite:/// or postgresql+asyncpg://.")
    if not address.database or ":memory:" in address.database:
        raise StorageError("DATABASE_URL names no database. A journal needs one that stays, such as a file.")
    return address


def make_engine(
    address: URL,
    seconds_to_wait_for_a_lock: float = SECONDS_TO_WAIT_FOR_A_LOCK,
    check_file: Callable[[], None] | None = None,
) -> AsyncEngine:
    """Return an engine, not yet connected; statements' values stay out of its logs and errors.

    Args:
        check_file: may refuse another connection by raising `StorageError`: SQLite would make a file where none is.

    Raises:
        StorageError: the driver is not installed.
    """
    is_sqlite = address.get_backend_name() == "sqlite"
    try:
        engine = create_async_engine(
            address,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=not is_sqlite,
            hide_parameters=True,
            json_serializer=_to_json,
            connect_args={"timeout": seconds_to_wait_for_a_lock} if is_sqlite else {},
        )
    except ModuleNotFoundError as error:
        raise StorageError(f"The database driver {error.name} is missing. Install backroom[postgresql].") from None
    if check_file is not None:
        event.listen(engine.sync_engine, "do_connect", lambda *_: check_file())
    if is_sqlite:
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "handle_error", _give_up_spoilt_connection)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would say it late, and never for DDL
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another wrote in between; one that
    # takes the lock at its beginning waits for its turn.
    writes = connection.get_execution_options().get(WRITES, False)
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    # Straight to the driver: one trip to its thread instead of three, a third of what a small append takes.
    adapted: Any = connection.connection.dbapi_connection
    seconds_to_wait = connection.get_execution_options().get(SECONDS_TO_WAIT)
    if seconds_to_wait is not None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {seconds_to_wait() * 1000:.0f}")
    try:
        adapted.run_async(methodcaller("execute", begin))
    except sqlite3.Error as error:
        if not _spoils_connection(error):
            raise
        connection.exec_driver_sql(begin)  # once more, so that SQLAlchemy hears of it and gives up every connection


def _give_up_spoilt_connection(context: ExceptionContext) -> None:
    if isinstance(context.original_exception, sqlite3.Error) and _spoils_connection(context.original_exception):
        context.is_disconnect = True


def _spoils_connection(error: sqlite3.Error) -> bool:
    """Whether only a new connection can find that the disk is well again.

    SQLite opens a file that it may not write to for reading only, and keeps what it knows of a file that was taken
    away or put back in the meantime.
    """
    return getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE in _SPOILING


def _to_json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate: only its escape can be stored
        return json.dumps(value, separators=(",", ":"))
    return text
