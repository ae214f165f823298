"""What the program notes for its next start."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from bot.storage.tables import marks
from bot.storage.transactions import Transactions, overwriting


class Marks:
    """Short texts by name."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def load(self, name: str) -> str | None:
        """Return what was noted under a name, None when nothing was."""
        question = select(marks.c.value).where(marks.c.name == name)
        return await self._transactions.read(lambda connection: connection.scalar(question))

    async def beginning_with(self, beginning: str) -> dict[str, str]:
        """Return what was noted under names that begin so."""
        question = select(marks.c.name, marks.c.value).where(marks.c.name.startswith(beginning, autoescape=True))
        found = await self._transactions.read(
            lambda connection: connection.execute(question.order_by(marks.c.name)).all()
        )
        return {row.name: row.value for row in found}

    async def keep(self, name: str, value: str) -> None:
        """Note something under a name, in place of what was there."""

        def work(connection: Connection) -> None:
            connection.execute(delete(marks).where(marks.c.name == name))
            connection.execute(insert(marks).values(name=name, value=value))

        await self._transactions.write(work)

    async def drop(self, name: str) -> None:
        """Note something no longer; it leaves the file as well."""

        def work(connection: Connection) -> None:
            with overwriting(connection):
                connection.execute(delete(marks).where(marks.c.name == name))

        await self._transactions.write(work)
