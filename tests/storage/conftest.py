"""Databases for tests: a SQLite file each, or one of the PostgreSQL server that TEST_DATABASE_URL names."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import Database, open_database


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


@pytest.fixture
async def database_url(sqlite_file: Path) -> AsyncIterator[str]:
    server = os.environ.get("TEST_DATABASE_URL")
    if server is None:
        yield f"sqlite+aiosqlite:///{sqlite_file}"
        return
    address = make_url(server).set(database=f"backroom_test_{uuid.uuid4().hex}")
    await _tell(make_url(server), f"CREATE DATABASE {address.database}")
    yield address.render_as_string(hide_password=False)
    await _tell(make_url(server), f"DROP DATABASE {address.database}")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(database_url) as database:
        yield database


async def _tell(server: URL, statement: str) -> None:
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
