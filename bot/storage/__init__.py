"""What survives: the journal, the outbox and the pictures, in SQLite or PostgreSQL, for one process at a time."""

from bot.storage.amendments import Amendments
from bot.storage.bookmarks import Bookmarks
from bot.storage.database import Database, open_database
from bot.storage.exports import Exports, read_room
from bot.storage.guilds import Guilds
from bot.storage.inspection import Inspection, inspect_database
from bot.storage.journal import Journal, NoSuchRoom, Overtaken, Place, Unreadable, Written
from bot.storage.lease import LEASE_SECONDS, Lease, LeaseTaken, hold_lease
from bot.storage.marks import Marks
from bot.storage.outbox import Outbox, OutboxPost
from bot.storage.panels import Panels
from bot.storage.pictures import Pictures, StoredPicture
from bot.storage.privacy import Forgotten, Privacy
from bot.storage.webhooks import RememberedWebhook, WebhookMemory

__all__ = [
    "LEASE_SECONDS",
    "Amendments",
    "Bookmarks",
    "Database",
    "Exports",
    "Forgotten",
    "Guilds",
    "Inspection",
    "Journal",
    "Lease",
    "LeaseTaken",
    "Marks",
    "NoSuchRoom",
    "Outbox",
    "OutboxPost",
    "Overtaken",
    "Panels",
    "Pictures",
    "Place",
    "Privacy",
    "RememberedWebhook",
    "StoredPicture",
    "Unreadable",
    "WebhookMemory",
    "Written",
    "hold_lease",
    "inspect_database",
    "open_database",
    "read_room",
]
