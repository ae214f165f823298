"""Rooms that a newer version of the program went on with."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.end_to_end.stage import Stage


def make_unreadable(stage: Stage, room: int) -> None:
    """Let a room hold an entry that only a newer version understands; the bot is not running."""
    change = """UPDATE entries SET record = '{"kind": "from_the_future"}' WHERE room_id = ? AND seq = 2"""
    with closing(sqlite3.connect(stage.database)) as database:
        database.execute(change, (room,))
        database.commit()
