"""Another program that has a stage's database open.

What it does it does in a thread: it may have to wait for the bot, which runs in the test's own.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

SECONDS_OF_PATIENCE = 20.0
"""So long it waits for the bot's lock."""

Does = Callable[[str], Awaitable[object]]
"""Let it carry out a statement."""


@asynccontextmanager
async def another_program(file: Path) -> AsyncGenerator[Does]:
    """Open a database for another program; what it has not committed at the end is rolled back."""
    connection = sqlite3.connect(file, SECONDS_OF_PATIENCE, isolation_level=None, check_same_thread=False)

    async def does(statement: str) -> None:
        await asyncio.to_thread(connection.execute, statement)

    try:
        yield does
    finally:
        connection.close()


@asynccontextmanager
async def locked(file: Path) -> AsyncGenerator[None]:
    """Let another program keep a database locked for the length of the block."""
    async with another_program(file) as does:
        await does("BEGIN IMMEDIATE")
        yield
        await does("ROLLBACK")
