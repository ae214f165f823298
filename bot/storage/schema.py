"""The schema's versions: brings a database to the one that this program knows, and refuses later ones."""

from __future__ import annotations

import asyncio
import threading
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, event, inspect

from bot.errors import StorageError
from bot.storage.engine import make_engine
from bot.storage.tables import metadata, rooms
from bot.storage.transactions import Transactions

MIGRATIONS = Path(__file__).parent / "migrations"

# Marks a SQLite file as Backroom's ("Back"). Writing it also shows at start whether one can write at all.
_SQLITE_APPLICATION_ID = 0x4261636B
# Any number, the same in all Backrooms: they migrate a PostgreSQL database one after the other.
_POSTGRESQL_LOCK = 0x4261636B

_BRING_BACK = "Bring back a copy that you kept, or name another one to begin with an empty journal."

# Alembic keeps the migration that it runs in a global: one at a time in a process.
_one_migration = threading.Lock()


def bring_up_to_date(address: URL, seconds_to_wait_for_a_lock: float) -> None:
    """Migrate a database to the newest version, in one transaction; blocks, so call it in a thread.

    Raises:
        StorageError: it cannot be written to, or a newer version of the program made it.
    """
    with _one_migration:
        asyncio.run(_migrate(address, seconds_to_wait_for_a_lock))


async def _migrate(address: URL, seconds_to_wait_for_a_lock: float) -> None:
    engine = make_engine(address, seconds_to_wait_for_a_lock)
    if address.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _let_tables_be_made_anew)
    try:
        await Transactions(engine).write(migrate)
    finally:
        await engine.dispose()


def _let_tables_be_made_anew(connection: Any, _record: object) -> None:
    # SQLite changes a table by dropping the old one, which the rows that point to it would not let go.
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.close()


def migrate(connection: Connection) -> None:
    """Migrate to the newest version within the transaction of `connection`.

    Raises:
        StorageError: the database is of a version that this program does not know, or not whole.
    """
    _claim(connection)
    config = _config()
    config.attributes["connection"] = connection
    found = version_of(connection)
    if found not in (None, *known_versions()):
        raise StorageError("The journal's database is of a newer version than this program. Run the newer program.")
    check_whole(connection, found)
    if found != known_versions()[0]:
        command.upgrade(config, "head")


def version_of(connection: Connection) -> str | None:
    """Return the version of a database, None while it is empty.

    Raises:
        StorageError: it names several.
    """
    found = MigrationContext.configure(connection).get_current_heads()
    if len(found) > 1:
        raise StorageError(f"The journal's database is damaged: it names several versions of itself. {_BRING_BACK}")
    return found[0] if found else None


def check_whole(connection: Connection, version: str | None) -> None:
    """Look whether the tables of a database are there; of an older version, the first of them; of none, no table.

    Raises:
        StorageError: they are not.
    """
    there = set(inspect(connection).get_table_names())
    if version is None and not there.isdisjoint(metadata.tables):
        raise StorageError(f"The journal's database is damaged: it does not say of which version it is. {_BRING_BACK}")
    wanted = metadata.tables.keys() if version == known_versions()[0] else {rooms.name} if version else set[str]()
    missing = wanted - there
    if missing:
        names = ", ".join(sorted(missing))
        raise StorageError(f"The journal's database is damaged: tables are missing ({names}). {_BRING_BACK}")


@cache
def known_versions() -> tuple[str, ...]:
    """Return the versions that this program knows, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def check_ours(connection: Connection) -> None:
    """Look, and only look, whether a SQLite file is a journal or still empty.

    Raises:
        StorageError: another program keeps its own things there.
    """
    marked: int = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    is_a_journal = marked == _SQLITE_APPLICATION_ID or (marked == 0 and "alembic_version" in tables)
    if not is_a_journal and (marked or tables):
        raise StorageError("This SQLite file is another program's, and stays as it is. Name another one.")


def _claim(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {_SQLITE_APPLICATION_ID}")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")
