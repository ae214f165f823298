"""The webhooks remembered between runs."""

from __future__ import annotations

import logging

import pytest

from bot.storage import Database, RememberedWebhook, open_database

CHANNEL, WEBHOOK = 1_300_000_000_000_000_000, 1_300_000_000_000_000_001


async def test_a_webhook_is_remembered_until_it_is_forgotten(database_url: str) -> None:
    async with open_database(database_url) as database:
        assert await database.webhooks.load(CHANNEL) is None
        await database.webhooks.remember(CHANNEL, WEBHOOK, "first")
        await database.webhooks.remember(CHANNEL, WEBHOOK + 1, "second")
    async with open_database(database_url) as database:
        assert await database.webhooks.load(CHANNEL) == (WEBHOOK + 1, "second")
        await database.webhooks.forget(CHANNEL, WEBHOOK)
        assert await database.webhooks.load(CHANNEL) == (WEBHOOK + 1, "second")
        await database.webhooks.forget(CHANNEL, WEBHOOK + 1)
        assert await database.webhooks.load(CHANNEL) is None


async def test_a_webhooks_token_is_never_printed(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    await database.webhooks.remember(CHANNEL, WEBHOOK, "very-secret")
    found = await database.webhooks.load(CHANNEL)
    assert found == RememberedWebhook(WEBHOOK, "very-secret")
    assert "very-secret" not in f"{found!r} {found}"
    assert "very-secret" not in "".join(record.getMessage() for record in caplog.records if record.levelno > 10)
