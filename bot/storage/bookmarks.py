"""Through which message each room's place was read."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from bot.storage.tables import bookmarks
from bot.storage.transactions import Transactions


class Bookmarks:
    """One message a room, once its place was read."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def of_room(self, room_id: int) -> int | None:
        """Return the message through which a room's place was read, None when nothing was noted."""
        question = select(bookmarks.c.message_id).where(bookmarks.c.room_id == room_id)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def keep(self, room_id: int, message_id: int) -> None:
        """Note through which message a room's place was read, in place of what was noted before."""

        def work(connection: Connection) -> None:
            connection.execute(delete(bookmarks).where(bookmarks.c.room_id == room_id))
            connection.execute(insert(bookmarks).values(room_id=room_id, message_id=message_id))

        await self._transactions.write(work)
