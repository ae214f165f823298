"""What a database's errors mean, in sentences that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import StorageError
from bot.words import later

# Primary result codes of SQLite: https://www.sqlite.org/rescode.html
PRIMARY_CODE = 0xFF
_LOCKED = later("Another program keeps the journal's database locked. End it, or try again later.")
_SENTENCES = {
    sqlite3.SQLITE_FULL: later("The disk that holds the journal is full. Make room on it; nothing written is lost."),
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: later("The journal's database is read-only. Let the bot write to file and folder."),
    sqlite3.SQLITE_CANTOPEN: later(
        "The journal's database cannot be opened: it is a folder, or read-only, or not the bot's. "
        "Let the bot read and write the file and its folder, or name another file."
    ),
    sqlite3.SQLITE_NOTADB: later(
        "The journal's database is no SQLite file, or is damaged. "
        "Name another file, or bring back a copy that you kept."
    ),
    sqlite3.SQLITE_CORRUPT: later(
        "The journal's database is damaged. "
        "Bring back a copy that you kept, or move the file away to begin with an empty journal."
    ),
    sqlite3.SQLITE_IOERR: later(
        "The disk that holds the journal reports an error. Check that it is sound and has room left."
    ),
}


@contextmanager
def told_plainly() -> Generator[None]:
    """Turn what a database or its driver raises into a `StorageError` that a person can act upon."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StorageError(sentence_for(error)) from error


def sentence_for(error: SQLAlchemyError | sqlite3.Error | OSError) -> str:
    """Return what happened and what to do about it; never a statement's values."""
    cause: object = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError):
        return later(
            "The journal's database cannot be reached: {reason}. Check that it is there and running.",
            reason=_first_line(cause.strerror or cause),
        )
    code: int = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    known = _SENTENCES.get(code & PRIMARY_CODE)
    return known or later("The journal's database reports an error: {reason}.", reason=_first_line(cause))


def _first_line(cause: object) -> str:
    return str(cause).partition("\n")[0].rstrip(".") or type(cause).__name__
