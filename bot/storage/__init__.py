"""What survives: the journal, the outbox and the pictures, in SQLite or PostgreSQL."""

from bot.storage.database import Database, open_database
from bot.storage.journal import Journal, Overtaken, Place, Written
from bot.storage.outbox import Outbox, OutboxPost
from bot.storage.pictures import Pictures, StoredPicture
from bot.storage.webhooks import RememberedWebhook, WebhookMemory

__all__ = [
    "Database",
    "Journal",
    "Outbox",
    "OutboxPost",
    "Overtaken",
    "Pictures",
    "Place",
    "RememberedWebhook",
    "StoredPicture",
    "WebhookMemory",
    "Written",
    "open_database",
]
