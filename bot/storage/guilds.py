"""What is kept of servers: their settings, and since when the bot is no longer there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.storage.tables import guilds
from bot.storage.transactions import Transactions


class Guilds:
    """One row a server, once something is known of it."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def all_settings(self) -> dict[int, dict[str, Any]]:
        """Return the settings of every server that has some, by its id."""
        question = select(guilds.c.guild_id, guilds.c.settings)
        rows = await self._transactions.read(lambda connection: connection.execute(question).all())
        return {row.guild_id: row.settings for row in rows if row.settings}

    async def save_settings(self, guild_id: int, settings: dict[str, Any]) -> None:
        """Keep a server's settings in place of any others."""
        await self._save(guild_id, {"settings": settings})

    async def mark_left(self, guild_id: int, at: datetime | None) -> None:
        """Note since when the bot is no longer in a server; None when it is there again."""
        await self._save(guild_id, {"left_at": at})

    async def left_before(self, moment: datetime) -> list[int]:
        """Return the servers that the bot has left before a moment."""
        question = select(guilds.c.guild_id).where(guilds.c.left_at < moment)
        return await self._transactions.read(lambda connection: list(connection.scalars(question)))

    async def _save(self, guild_id: int, values: dict[str, Any]) -> None:
        def work(connection: Connection) -> None:
            changed = connection.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(values))
            if changed.rowcount == 0:
                first: dict[str, Any] = {"guild_id": guild_id, "settings": {}, **values}
                connection.execute(insert(guilds).values(first))

        await self._transactions.write(work)
