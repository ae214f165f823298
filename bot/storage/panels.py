"""Which message is a room's panel."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from bot.storage.tables import panels, rooms
from bot.storage.transactions import Transactions


class Panels:
    """One message a room, once it has a panel."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def message_of(self, room_id: int) -> int | None:
        """Return the message that is a room's panel, None when it has none."""
        question = select(panels.c.message_id).where(panels.c.room_id == room_id)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def of_rooms_that_are_over(self, limit: int) -> list[tuple[int, int, int]]:
        """Return the panels of the rooms that ended last, the last first, as (room, channel, message)."""
        question = (
            select(rooms.c.id, rooms.c.channel_id, panels.c.message_id)
            .join_from(rooms, panels)
            .where(rooms.c.ended_at.is_not(None))
            .order_by(rooms.c.ended_at.desc())
            .limit(limit)
        )
        found = await self._transactions.read(lambda connection: connection.execute(question).all())
        return [(row.id, row.channel_id, row.message_id) for row in found]

    async def keep(self, room_id: int, message_id: int | None) -> None:
        """Note which message is a room's panel, in place of any other; None is that it has none."""

        def work(connection: Connection) -> None:
            connection.execute(delete(panels).where(panels.c.room_id == room_id))
            if message_id is not None:
                connection.execute(insert(panels).values(room_id=room_id, message_id=message_id))

        await self._transactions.write(work)
