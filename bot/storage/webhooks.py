"""The webhooks that are ours, remembered between runs."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from bot.storage.tables import webhooks
from bot.storage.transactions import Transactions


class RememberedWebhook(NamedTuple):
    """A webhook's id and token. Whoever has the token can post: it never appears in `repr`."""

    id: int
    token: str

    def __repr__(self) -> str:
        return f"RememberedWebhook(id={self.id})"


class WebhookMemory:
    """One webhook per channel."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def load(self, channel_id: int) -> RememberedWebhook | None:
        """Return the channel's webhook, None when none is known."""
        question = select(webhooks.c.webhook_id, webhooks.c.token).where(webhooks.c.channel_id == channel_id)
        row = await self._transactions.read(lambda connection: connection.execute(question).one_or_none())
        return None if row is None else RememberedWebhook(row.webhook_id, row.token)

    async def remember(self, channel_id: int, webhook_id: int, token: str) -> None:
        """Keep the channel's webhook in place of any other."""

        def work(connection: Connection) -> None:
            connection.execute(delete(webhooks).where(webhooks.c.channel_id == channel_id))
            connection.execute(insert(webhooks).values(channel_id=channel_id, webhook_id=webhook_id, token=token))

        await self._transactions.write(work)

    async def forget(self, channel_id: int, webhook_id: int) -> None:
        """Keep a webhook of the channel no more; another one stays."""
        forgotten = delete(webhooks).where(webhooks.c.channel_id == channel_id, webhooks.c.webhook_id == webhook_id)
        await self._transactions.write(lambda connection: connection.execute(forgotten))
