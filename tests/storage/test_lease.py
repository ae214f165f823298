"""The lease: one process at a time, a dead one replaced at once, a silent one after the lease has run out."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot.errors import StorageError
from bot.storage import Database, Lease, LeaseTaken, hold_lease, open_database
from bot.storage.holder import Holder, read_hold
from bot.storage.tables import leases
from tests.end_to_end.other_programs import locked
from tests.storage.happenings import OPENED, here, turn_of

SECONDS = 0.6
ELSEWHERE = Holder("another-computer", 4711, "a-token")


@pytest.fixture
async def second(database: Database, database_url: str) -> AsyncIterator[Database]:
    """The same database, as another process opens it."""
    async with open_database(database_url) as opened:
        yield opened


async def _holder(database: Database) -> Holder | None:
    hold = await database.transactions.read(read_hold)
    return hold.holder if hold.is_held else None


async def _go_silent(database: Database, holder: Holder, seconds: float = SECONDS) -> Lease:
    """Take the lease as a process that never renews it and never gives it back."""
    lease = Lease(database.transactions, holder, seconds)
    await lease.take()
    return lease


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what is waited for is the clock
            await asyncio.sleep(0.01)


def _url(sqlite_file: Path) -> str:
    return f"sqlite+aiosqlite:///{sqlite_file}"


def _ago(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def _taken_by_another(connection: Connection) -> None:
    ours = {"host": ELSEWHERE.host, "pid": ELSEWHERE.pid, "token": ELSEWHERE.token}
    connection.execute(update(leases).values(ours))


async def test_the_lease_is_held_for_the_block_and_then_given_back(database: Database) -> None:
    async with hold_lease(database) as lease:
        assert lease.is_held
        assert await _holder(database) == lease.holder
        assert lease.holder.host == socket.gethostname()
        assert lease.holder.pid == os.getpid()
    assert not lease.is_held
    assert await _holder(database) is None


async def test_a_lease_that_was_given_back_is_taken_without_waiting(database: Database, second: Database) -> None:
    async with hold_lease(database, holder=ELSEWHERE):
        pass
    async with asyncio.timeout(5), hold_lease(second, seconds=600) as lease:
        assert lease.is_held


async def test_what_comes_to_be_written_after_it_was_given_back_is_refused_because_the_program_ends(
    database: Database,
) -> None:
    async with hold_lease(database):
        pass
    with pytest.raises(StorageError, match="because the program ends") as caught:
        await database.marks.keep("late", "words")
    assert not isinstance(caught.value, LeaseTaken)
    assert await database.marks.load("late") is None


async def test_a_lease_outlives_its_length_while_it_is_renewed(database: Database) -> None:
    async with hold_lease(database, seconds=SECONDS, holder=ELSEWHERE) as lease:
        for _ in range(20):
            await asyncio.sleep(SECONDS / 10)
            assert lease.is_held
        assert await _holder(database) == ELSEWHERE


async def test_a_second_process_is_told_who_runs_the_rooms_and_what_to_do(database: Database, second: Database) -> None:
    async with hold_lease(database, seconds=SECONDS, holder=ELSEWHERE) as lease:
        began = time.monotonic()
        with pytest.raises(LeaseTaken) as refused:
            async with hold_lease(second, seconds=SECONDS):
                pytest.fail("both hold it")
        assert time.monotonic() - began >= SECONDS
        assert lease.is_held
        assert await _holder(database) == ELSEWHERE
    assert "process 4711 on another-computer" in str(refused.value)
    assert "UTC" in str(refused.value)
    assert "End that process first" in str(refused.value)


async def test_who_waits_gets_the_lease_when_the_other_ends(database: Database, second: Database) -> None:
    async def wait_for_it() -> bool:
        async with hold_lease(second, seconds=SECONDS) as lease:
            return lease.is_held

    async with hold_lease(database, seconds=SECONDS, holder=ELSEWHERE):
        waiting = asyncio.create_task(wait_for_it())
        await asyncio.sleep(SECONDS / 3)
        assert not waiting.done()
    assert await waiting


async def test_one_that_went_silent_elsewhere_is_replaced_after_its_lease(database: Database, second: Database) -> None:
    silent = await _go_silent(database, ELSEWHERE)
    began = time.monotonic()
    async with hold_lease(second, seconds=SECONDS) as lease:
        assert time.monotonic() - began >= SECONDS
        assert lease.is_held
        assert not silent.is_held


async def test_one_that_went_silent_long_ago_is_replaced_at_once(database: Database) -> None:
    await _go_silent(database, ELSEWHERE, seconds=600)
    an_hour_ago = update(leases).values(renewed_at=_ago(3600), valid_until=_ago(3000))
    await database.transactions.write(lambda connection: connection.execute(an_hour_ago))
    async with asyncio.timeout(5), hold_lease(database) as lease:
        assert lease.is_held


async def test_a_container_that_begins_again_as_the_same_process_number_replaces_itself(database: Database) -> None:
    await _go_silent(database, Holder(socket.gethostname(), os.getpid(), "of the run before"), seconds=600)
    async with asyncio.timeout(5), hold_lease(database) as lease:
        assert lease.is_held


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot be asked whether a process is there")
async def test_a_process_of_this_computer_that_is_gone_is_replaced_at_once(database: Database) -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    await _go_silent(database, Holder(socket.gethostname(), gone.pid, "killed"), seconds=600)
    async with asyncio.timeout(5), hold_lease(database) as lease:
        assert lease.is_held


async def test_a_process_of_this_computer_that_is_there_is_not_replaced(database: Database) -> None:
    await _go_silent(database, Holder(socket.gethostname(), os.getppid(), "alive"), seconds=600)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3), hold_lease(database):
            pytest.fail("both hold it")


@pytest.fixture
async def rivals(database_url: str, database: Database) -> AsyncIterator[Rivals]:
    async with AsyncExitStack() as stack:
        yield Rivals([await stack.enter_async_context(open_database(database_url)) for _ in range(5)])


class Rivals:
    """Processes that want the lease of one database, and how many have it at the same time."""

    def __init__(self, databases: list[Database]) -> None:
        self.have_had_it: list[int] = []
        self.most_at_once = 0
        self._databases = databases
        self._leases: list[Lease] = []

    async def start(self, *numbers: int, seconds: float) -> list[BaseException | None]:
        """Let each live for four leases once it has one; what each ended with, `None` where it had lived."""
        return await asyncio.gather(*(self._live(number, seconds) for number in numbers), return_exceptions=True)

    async def _live(self, number: int, seconds: float) -> None:
        holder = Holder("many", number, str(number))
        async with hold_lease(self._databases[number], seconds=seconds, holder=holder) as lease:
            self.have_had_it.append(number)
            self._leases.append(lease)
            for _ in range(40):
                self.most_at_once = max(self.most_at_once, sum(lease.is_held for lease in self._leases))
                await asyncio.sleep(seconds / 10)


async def test_of_many_that_start_at_once_one_gets_the_lease(rivals: Rivals) -> None:
    outcomes = await rivals.start(0, 1, 2, 3, 4, seconds=2)  # renewed in time by a busy computer too
    assert len(rivals.have_had_it) == 1
    assert sum(isinstance(outcome, LeaseTaken) for outcome in outcomes) == 4
    assert rivals.most_at_once == 1


async def test_two_never_have_the_lease_at_once_though_the_database_is_locked_for_longer_than_it_lasts(
    sqlite_file: Path, rivals: Rivals
) -> None:
    first = asyncio.create_task(rivals.start(0, seconds=SECONDS))
    await until(lambda: rivals.have_had_it == [0])
    async with locked(sqlite_file):
        others = asyncio.create_task(rivals.start(1, 2, 3, 4, seconds=SECONDS))
        await asyncio.sleep(2 * SECONDS)
    outcomes = [*await first, *await others]
    assert rivals.most_at_once == 1
    assert all(outcome is None or isinstance(outcome, LeaseTaken) for outcome in outcomes)


async def test_a_block_ends_with_a_sentence_when_another_takes_the_lease(database: Database) -> None:
    held_at_the_end: list[bool] = []

    async def hold() -> None:
        async with hold_lease(database, seconds=SECONDS) as lease:
            try:
                await database.transactions.write(_taken_by_another)
                await asyncio.sleep(10)
            finally:
                held_at_the_end.append(lease.is_held)

    with pytest.raises(LeaseTaken, match="process 4711 on another-computer took over"):
        await hold()
    assert held_at_the_end == [False]
    assert await _holder(database) == ELSEWHERE
    await asyncio.sleep(0)  # nothing of the cancellation is left


async def test_a_block_that_is_cancelled_by_its_own_caller_stays_cancelled(database: Database) -> None:
    is_held = asyncio.Event()

    async def hold() -> None:
        async with hold_lease(database):
            is_held.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    await is_held.wait()
    holding.cancel()
    await asyncio.wait([holding])
    assert holding.cancelled()
    assert await _holder(database) is None


async def test_who_slept_through_the_lease_can_write_nothing_after_another_took_it(sqlite_file: Path) -> None:
    refused: list[BaseException] = []

    async def sleep_and_write() -> None:
        async with open_database(_url(sqlite_file)) as database:
            room = await database.journal.open_room(here(), [OPENED])
            try:
                async with hold_lease(database, seconds=SECONDS) as lease:
                    _stand_still_while_another_takes_over(sqlite_file)
                    assert not lease.is_held
                    await database.journal.append(room, turn_of(1))
            except LeaseTaken as error:
                refused.append(error)
            assert len(await database.journal.entries(room)) == 1

    await sleep_and_write()
    assert "took over" in str(refused[0])


def _stand_still_while_another_takes_over(sqlite_file: Path) -> None:
    time.sleep(SECONDS * 1.5)  # this process does nothing at all
    with sqlite3.connect(sqlite_file) as connection:
        connection.execute("UPDATE leases SET token = ?, host = ?, pid = ?", ("x", "another-computer", 4711))
    connection.close()


async def test_who_slept_and_was_missed_by_nobody_goes_on(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    async with hold_lease(database, seconds=SECONDS) as lease:
        time.sleep(SECONDS * 1.5)  # noqa: ASYNC251 - this process does nothing at all
        assert not lease.is_held
        await database.journal.append(room, turn_of(1))
        await until(lambda: lease.is_held)


@pytest.fixture
async def quickly_told(sqlite_file: Path) -> AsyncIterator[Database]:
    """A SQLite database that waits for nobody's lock."""
    async with open_database(_url(sqlite_file), seconds_to_wait_for_a_lock=0.05) as database:
        yield database


def _lock(sqlite_file: Path) -> sqlite3.Connection:
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


async def test_a_lease_that_cannot_be_renewed_runs_out_and_comes_back_with_the_disk(
    sqlite_file: Path, quickly_told: Database
) -> None:
    async with hold_lease(quickly_told, seconds=SECONDS) as lease:
        other = _lock(sqlite_file)
        await until(lambda: not lease.is_held)
        other.close()
        await until(lambda: lease.is_held)


async def test_a_database_that_is_locked_at_the_end_is_no_error_of_the_block(
    sqlite_file: Path, quickly_told: Database
) -> None:
    async with hold_lease(quickly_told):
        other = _lock(sqlite_file)
    other.close()
    assert await _holder(quickly_told) is not None


async def test_a_lease_cannot_be_taken_from_a_database_that_is_locked(
    sqlite_file: Path, quickly_told: Database
) -> None:
    other = _lock(sqlite_file)
    with pytest.raises(StorageError, match="locked"):
        await _go_silent(quickly_told, ELSEWHERE)
    other.close()


HOLDS_UNTIL_KILLED = """
import asyncio, sys
from bot.storage import hold_lease, open_database

async def main(url):
    async with open_database(url) as database, hold_lease(database, seconds=600):
        sys.stdout.write("held\\n")
        sys.stdout.flush()
        await asyncio.Event().wait()

asyncio.run(main(sys.argv[1]))
"""


async def test_a_process_that_was_killed_is_replaced_at_once(database: Database, database_url: str) -> None:
    holding = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDS_UNTIL_KILLED, database_url, cwd=Path(__file__).parents[2], stdout=PIPE
    )
    assert holding.stdout is not None
    assert await asyncio.wait_for(holding.stdout.readline(), 60) == b"held\n"
    holding.kill()
    await holding.communicate()
    assert await _holder(database) is not None
    async with asyncio.timeout(5), hold_lease(database) as lease:
        assert lease.is_held
