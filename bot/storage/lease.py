"""The lease: of all the processes that share a database, one runs the rooms."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import Connection, Update, update

from bot.errors import StorageError
from bot.storage.holder import Hold, Holder, read_hold
from bot.storage.tables import leases
from bot.storage.transactions import CLOSED, Transactions
from bot.words import later

if TYPE_CHECKING:
    from bot.storage.database import Database

LEASE_SECONDS = 30.0
CLOCKS_MAY_DIFFER_SECONDS = 60.0
"""How far the clocks of two computers are trusted to agree; a younger lease is watched and not judged by its date."""

_RENEWALS_A_LEASE = 3
_LOOKS_A_LEASE = 30

_log = logging.getLogger("backroom.lease")


class LeaseTaken(StorageError):
    """Another process runs the rooms; this one must not."""


class Lease:
    """The right to run the rooms of a database. Get one with `hold_lease`."""

    def __init__(self, transactions: Transactions, holder: Holder, seconds: float) -> None:
        self.holder = holder
        self._transactions = transactions
        self._seconds = seconds
        self._held_until = 0.0
        self._is_taken = asyncio.Event()
        self._is_given_back = False

    @property
    def is_held(self) -> bool:
        """Whether no other process can have begun to run the rooms; asks only the clock.

        False while the lease could not be renewed in time, because the disk failed or the process was stopped:
        then nothing may be posted until it is True again.
        """
        return not self._is_taken.is_set() and _seconds_since_boot() < self._held_until

    def check_in_place(self) -> None:
        """Raise `StorageError` while the file that the lease stands in is taken away: nobody else sees it there."""
        self._transactions.check_in_place()

    async def take(self) -> None:
        """Take the lease as soon as it is free, given up, or not renewed for its whole length.

        Raises:
            LeaseTaken: another process holds it and goes on renewing it.
        """
        first = found = await self._transactions.read(read_hold)
        ends = _seconds_since_boot() + first.seconds + self._seconds / _LOOKS_A_LEASE
        if not _is_over(first):
            _log.info("%s runs the rooms of this database; waiting up to %.0f s", first.holder, first.seconds)
        while True:
            watched_long_enough = _seconds_since_boot() >= ends
            is_free = _is_over(found) or (watched_long_enough and found == first)
            if is_free and await self._seize(found):
                return
            if watched_long_enough:
                raise LeaseTaken(_runs_already(found))
            await asyncio.sleep(self._seconds / _LOOKS_A_LEASE)
            found = await self._transactions.read(read_hold)

    async def keep(self) -> NoReturn:
        """Renew the lease again and again, also after failures.

        Raises:
            LeaseTaken: another process has it now.
        """
        pause = self._seconds / _RENEWALS_A_LEASE
        while True:
            try:
                async with asyncio.timeout(pause):
                    await self._is_taken.wait()
            except TimeoutError:
                pass
            pause = self._seconds / _RENEWALS_A_LEASE
            try:
                await self._renew()
            except LeaseTaken:
                raise
            except StorageError as error:
                _log.warning("the lease could not be renewed: %s", error)
                pause = self._seconds / _LOOKS_A_LEASE

    async def give_back(self) -> None:
        """Let the next process take the lease at once."""
        given = update(leases).where(leases.c.token == self.holder.token).values(token="")
        self._held_until = 0.0
        self._is_given_back = True
        try:
            await self._transactions.write(lambda connection: connection.execute(given))
        except StorageError as error:
            _log.warning("the lease could not be given back and will run out by itself: %s", error)

    def check(self, connection: Connection) -> None:
        """Refuse a transaction that begins to write, unless the rooms are still this process's.

        Raises:
            LeaseTaken: they are another's.
            StorageError: the lease was given back, because the program ends.
        """
        if self.is_held:
            return
        found = read_hold(connection)
        if found.holder.token != self.holder.token:
            if self._is_given_back:
                raise StorageError(CLOSED)
            self._is_taken.set()
            raise LeaseTaken(_took_over(found))

    async def _seize(self, found: Hold) -> bool:
        now = datetime.now(UTC)
        as_found = (leases.c.token == found.holder.token) & (leases.c.renewed_at == found.renewed_at)
        ours = {"token": self.holder.token, "host": self.holder.host, "pid": self.holder.pid, "held_since": now}
        return await self._hold(update(leases).where(as_found).values(ours), now)

    async def _renew(self) -> None:
        still_ours = leases.c.token == self.holder.token
        if not await self._hold(update(leases).where(still_ours), datetime.now(UTC)):
            self._is_taken.set()
            raise LeaseTaken(_took_over(await self._transactions.read(read_hold)))

    async def _hold(self, change: Update, now: datetime) -> bool:
        """Hold the lease from `now` on if `change` finds its row as expected; says whether it did."""
        began = _seconds_since_boot()
        change = change.values(renewed_at=now, valid_until=now + timedelta(seconds=self._seconds))
        is_ours = await self._transactions.write(lambda connection: connection.execute(change).rowcount == 1)
        if is_ours:
            self._held_until = began + self._seconds
        return is_ours


@asynccontextmanager
async def hold_lease(
    database: Database, *, seconds: float = LEASE_SECONDS, holder: Holder | None = None
) -> AsyncGenerator[Lease]:
    """Hold the lease of a database for the length of the block, and give it back at the end.

    When another process takes it all the same, because this one could not renew it in time, the block is
    cancelled and `LeaseTaken` is raised in the place of the cancellation.

    Args:
        seconds: how long the lease lasts without being renewed; a third of it lies between two renewals.
        holder: who holds it, unless it is this process.

    Raises:
        LeaseTaken: another process holds it and goes on renewing it, or has taken it over.
        StorageError: the database cannot be written to.
    """
    lease = Lease(database.transactions, holder or Holder.this_run(), seconds)
    await lease.take()
    database.transactions.check_before_writing = lease.check
    block = asyncio.current_task()
    keeping = asyncio.create_task(lease.keep(), name="lease")

    def end_block(_: asyncio.Task[NoReturn]) -> None:
        if block is not None:
            block.cancel()

    keeping.add_done_callback(end_block)
    try:
        yield lease
    except asyncio.CancelledError:
        if block is None or not keeping.done() or block.uncancel() > 0:
            raise
    finally:
        keeping.remove_done_callback(end_block)
        keeping.cancel()
        await asyncio.wait([keeping])
        error = None if keeping.cancelled() else keeping.exception()
        if not isinstance(error, LeaseTaken):
            await lease.give_back()
    if error is not None:
        raise error


def _is_over(found: Hold) -> bool:
    expired = datetime.now(UTC) > found.valid_until + timedelta(seconds=CLOCKS_MAY_DIFFER_SECONDS)
    return not found.is_held or expired or found.holder.is_gone


def _runs_already(found: Hold) -> str:
    return (
        f"The rooms of this database are run by {found.holder} since {found.since:%Y-%m-%d %H:%M:%S} UTC. "
        "End that process first, or give this one a database of its own (DATABASE_URL) and another bot's token."
    )


def _took_over(found: Hold) -> str:
    if not found.is_held:
        return later("Another process ran the rooms of this database while this one was stopped. Start the bot again.")
    return later(
        "process {pid} on {host} took over the rooms at {since:%Y-%m-%d %H:%M:%S} UTC, because this process had not "
        "renewed its hold on the database for too long. This one ends; let only one run.",
        pid=found.holder.pid,
        host=found.holder.host,
        since=found.since,
    )


def _seconds_since_boot() -> float:
    """Read a clock that nobody sets, and that goes on while the computer sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
