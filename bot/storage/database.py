"""The database as one thing: opened and brought up to date, closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, update

from bot.errors import StorageError
from bot.storage.amendments import Amendments
from bot.storage.bookmarks import Bookmarks
from bot.storage.engine import SECONDS_TO_WAIT_FOR_A_LOCK, make_engine, read_url
from bot.storage.exports import Exports
from bot.storage.failures import told_plainly
from bot.storage.guilds import Guilds
from bot.storage.journal import Journal
from bot.storage.known import KnownMessages
from bot.storage.marks import Marks
from bot.storage.open_file import file_of, staying
from bot.storage.outbox import Outbox
from bot.storage.panels import Panels
from bot.storage.pictures import Pictures
from bot.storage.privacy import Privacy
from bot.storage.schema import bring_up_to_date, check_ours
from bot.storage.tables import leases
from bot.storage.transactions import Transactions, to_the_end
from bot.storage.webhooks import WebhookMemory

PROBE_CHARACTERS = 256 * 1024
"""More than a turn writes down: on a disk that is called full there often is room left for a few bytes."""
_PROBE = "probe"


class Database:
    """What survives of all rooms."""

    def __init__(self, transactions: Transactions) -> None:
        self.transactions = transactions
        self.journal = Journal(transactions)
        self.known = KnownMessages(transactions)
        self.outbox = Outbox(transactions)
        self.amendments = Amendments(transactions)
        self.pictures = Pictures(transactions)
        self.webhooks = WebhookMemory(transactions)
        self.guilds = Guilds(transactions)
        self.panels = Panels(transactions)
        self.bookmarks = Bookmarks(transactions)
        self.privacy = Privacy(transactions)
        self.exports = Exports(transactions)
        self.marks = Marks(transactions)

    async def check_writable(self) -> None:
        """Write more than a turn does and see it on the disk: whether the database is well again after it failed.

        Raises:
            StorageError: it is not; the text says what to do.
        """
        probed = update(leases).values(probed_at=datetime.now(UTC))
        await self.transactions.write(lambda connection: connection.execute(probed))
        await self.marks.keep(_PROBE, "0" * PROBE_CHARACTERS)  # on the disk only once it is committed
        await self.marks.drop(_PROBE)


@asynccontextmanager
async def open_database(
    url: str, *, seconds_to_wait_for_a_lock: float = SECONDS_TO_WAIT_FOR_A_LOCK
) -> AsyncGenerator[Database]:
    """Open the database at `url`, making a SQLite file and its folder where there are none.

    Raises:
        StorageError: it is not one, is damaged, locked, cannot be written to, or is of a newer version.
    """
    address = read_url(url)
    with _named(address):
        await asyncio.to_thread(_prepare, address, seconds_to_wait_for_a_lock)
        check_file = staying(file_of(address)) if address.get_backend_name() == "sqlite" else None
        engine = make_engine(address, seconds_to_wait_for_a_lock, check_file)
    transactions = Transactions(engine, check_file)
    try:
        yield Database(transactions)
    finally:
        await to_the_end(transactions.close())
        await to_the_end(engine.dispose())


def _prepare(address: URL, seconds_to_wait_for_a_lock: float) -> None:
    if address.get_backend_name() == "sqlite":
        with told_plainly():
            _make_file(address, seconds_to_wait_for_a_lock)
    bring_up_to_date(address, seconds_to_wait_for_a_lock)


def _make_file(address: URL, seconds_to_wait_for_a_lock: float) -> None:
    """Make a SQLite file where there is none, and its folder; raise what hinders it, and leave others' files alone.

    The asynchronous driver would meet the same, but leave its thread behind to complain aloud.
    """
    file = address.database or ""
    if not file.startswith("file:"):
        _make_folder(Path(file).parent)
    waiting = {"timeout": seconds_to_wait_for_a_lock}
    engine = create_engine(address.set(drivername="sqlite"), poolclass=NullPool, connect_args=waiting)
    with engine.connect() as connection:
        check_ours(connection)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The journal's folder cannot be made: {error.strerror}. Let the bot write there, or name another place."
        ) from error


@contextmanager
def _named(address: URL) -> Generator[None]:
    """Say in errors which database they are about, without what is secret in its address."""
    try:
        yield
    except StorageError as error:
        where = address.database if address.host is None else f"{address.database} at {address.host}"
        raise StorageError(f"{error} (The database is {where}.)") from error
