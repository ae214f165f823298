"""The SQLite file that is open, and whether its path still leads to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import URL

from bot.errors import StorageError
from bot.words import later

TAKEN_AWAY = later(
    "The journal's file was taken away, replaced or emptied while the bot runs. Put it back, or start the bot again."
)


def file_of(address: URL) -> Path:
    """Return the SQLite file that an address names."""
    name = address.database or ""
    if name.startswith("file:"):
        name = unquote(name.removeprefix("file:").partition("?")[0])
    return Path(name).absolute()


def staying(file: Path) -> Callable[[], None]:
    """Return what raises `StorageError` once the path leads elsewhere than now, or nowhere, or to an empty file.

    SQLite itself goes on with a file that has no name any more: what is written there is gone with the process, and
    the next one finds none of it, nor the lease.
    """
    opened = _identity(file)

    def check() -> None:
        try:
            found = _identity(file)
        except OSError:  # no answer: the database itself meets that, and says more
            return
        if found != opened:
            raise StorageError(TAKEN_AWAY)

    return check


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None
