"""Who holds the lease: a process of a computer, and whether it is still there."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import Connection, select

from bot.storage.tables import leases


@dataclass(frozen=True, slots=True)
class Holder:
    """One run of the program; `token` tells it from an earlier one with the same number on the same computer."""

    host: str
    pid: int
    token: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    @classmethod
    def this_run(cls) -> Self:
        """Return this process, as a run of its own."""
        return cls(socket.gethostname(), os.getpid(), secrets.token_hex(16))

    @property
    def is_gone(self) -> bool:
        """Whether it surely runs no longer: it was of this computer, and its number is nobody's now, or ours.

        Ours it is where a container begins again as process 1. Two containers that share a database and a host
        name look the same; the one that is displaced notices at its next renewal, and ends.
        """
        return self.host == socket.gethostname() and (self.pid == os.getpid() or not _exists(self.pid))


@dataclass(frozen=True, slots=True)
class Hold:
    """The lease as its row says."""

    holder: Holder
    since: datetime
    renewed_at: datetime
    valid_until: datetime

    @property
    def is_held(self) -> bool:
        """Whether anybody has it, be it in time or not."""
        return bool(self.holder.token)

    @property
    def is_in_time(self) -> bool:
        """Whether a process has it that may be there: one that is gone, or is late, does not."""
        return self.is_held and not self.holder.is_gone and self.valid_until >= datetime.now(UTC)

    @property
    def seconds(self) -> float:
        """How long it lasts after a renewal."""
        return (self.valid_until - self.renewed_at).total_seconds()


def read_hold(connection: Connection) -> Hold:
    """Return who holds the lease of a database, or held it last."""
    row = connection.execute(select(leases)).one()
    return Hold(Holder(row.host, row.pid, row.token), row.held_since, row.renewed_at, row.valid_until)


def _exists(pid: int) -> bool:
    if sys.platform == "win32":  # there, signal 0 is Ctrl+C
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
