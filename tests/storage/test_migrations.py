"""The schema's versions: from nothing, from the first one, and what the tables say."""

from __future__ import annotations

import importlib
import sqlite3
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from bot.room.entries import Ended, Joined, Spoke
from bot.storage import Database, Place, StoredPicture, hold_lease, open_database
from bot.storage.schema import MIGRATIONS
from bot.storage.tables import metadata

VERSIONS = MIGRATIONS / "versions"
FIRST_VERSION = Path(__file__).parent / "version_0001.sql"


async def test_the_migrations_make_what_the_tables_say(database: Database, database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    engine = create_async_engine(make_url(database_url))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def _schema(file: Path) -> dict[str, list[str]]:
    """Return the lines of each statement that made a table or an index, by its name."""
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'")
    found = {name: sorted(line.strip(" ,\t") for line in sql.splitlines()) for name, sql in rows}
    connection.close()
    return found


async def test_the_migrations_make_the_same_names_and_partial_indexes(sqlite_file: Path, tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{sqlite_file}"):
        pass
    engine = create_engine(f"sqlite:///{tmp_path / 'made.sqlite3'}")
    metadata.create_all(engine)
    engine.dispose()
    assert _schema(sqlite_file) == _schema(tmp_path / "made.sqlite3")


async def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    file, blank = tmp_path / "first.sqlite3", tmp_path / "blank.sqlite3"
    connection = sqlite3.connect(file)
    connection.executescript(FIRST_VERSION.read_text("utf-8"))
    connection.close()
    async with open_database(f"sqlite+aiosqlite:///{file}") as database:
        await _check_first_room(database)
    async with open_database(f"sqlite+aiosqlite:///{blank}"):
        pass
    assert _schema(file) == _schema(blank)


async def _check_first_room(database: Database) -> None:
    assert await database.journal.unended_rooms() == [(1, Place(10, 20, 30))]
    entries = [written.entry for written in await database.journal.entries(1)]
    assert isinstance(entries[1], Joined)
    assert entries[2] == Spoke(turn=1, seat=1, text="The tide — it turns 🎨")
    assert isinstance((await database.journal.entries(2))[-1].entry, Ended)
    assert [owed.post.text for owed in await database.outbox.waiting(1)] == ["still owed"]
    assert await database.outbox.known_message_ids(1, since=0) == {500}
    assert await database.pictures.load(1, 1) == StoredPicture(b"bytes", "image/png", 4, 3, b"small")
    assert await database.webhooks.load(20) == (40, "token")
    async with hold_lease(database) as lease:
        assert lease.is_held


async def test_what_people_said_before_is_known_afterwards(tmp_path: Path) -> None:
    file, message = tmp_path / "first.sqlite3", 1 << 60
    connection = sqlite3.connect(file)
    connection.executescript(FIRST_VERSION.read_text("utf-8"))
    heard = f'{{"kind": "heard", "message": {message}, "by": 7, "by_name": "Bea", "text": "hello"}}'
    rows = [(1, 4, "heard", heard), (1, 5, "heard", "not JSON"), (2, 3, "heard", heard), (2, 4, "muted", heard)]
    connection.executemany("INSERT INTO entries VALUES (?, ?, '2026-11-24 04:07:44', ?, ?)", rows)
    connection.commit()
    connection.close()
    async with open_database(f"sqlite+aiosqlite:///{file}") as database:
        assert await database.known.rooms_with([message]) == {1, 2}
        assert await database.known.entries_of(2, [message]) == {message: 3}
        assert await database.known.entry_at(20, message) == (1, 4)


async def test_rooms_that_go_on_are_read_through_the_newest_words_of_a_person(tmp_path: Path) -> None:
    file, message = tmp_path / "first.sqlite3", 1 << 60
    connection = sqlite3.connect(file)
    connection.executescript(FIRST_VERSION.read_text("utf-8"))
    heard = '{{"kind": "heard", "message": {}, "by": 7, "by_name": "Bea", "text": "hello"}}'
    rows = [
        (room, seq, "heard", heard.format(number))
        for room, seq, number in [(1, 4, message + 1), (1, 5, message), (2, 3, 9)]
    ]
    connection.executemany("INSERT INTO entries VALUES (?, ?, '2026-11-24 04:07:44', ?, ?)", rows)
    connection.commit()
    connection.close()
    async with open_database(f"sqlite+aiosqlite:///{file}") as database:
        assert await database.bookmarks.of_room(1) == message + 1
        assert await database.bookmarks.of_room(2) is None  # it is over


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_postgresql_is_told_of_a_table_in_its_own_types(table: Any) -> None:
    dialect = postgresql.dialect()
    statement = str(CreateTable(table).compile(dialect=dialect))
    ids = [
        line for line in statement.splitlines() if line.strip().startswith(("id ", "guild_id", "message_id", "room_id"))
    ]
    assert all("BIG" in line for line in ids)
    assert "DATETIME" not in statement
    for index in table.indexes:
        statement = str(CreateIndex(index).compile(dialect=dialect))
        assert ("WHERE ended_at IS NULL" in statement) == ("unended" in statement)


def test_postgresql_is_migrated_to_the_same_tables() -> None:
    said = StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": said})
    with Operations.context(context):
        for version in sorted(VERSIONS.glob("[0-9]*.py")):
            importlib.import_module(f"bot.storage.migrations.versions.{version.stem}").upgrade()
    for table in metadata.sorted_tables:
        assert f"CREATE TABLE {table.name}" in said.getvalue()
    assert "id BIGSERIAL NOT NULL" in said.getvalue()
