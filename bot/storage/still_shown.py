"""Messages of the house that show words of a person who was forgotten, until Discord has deleted them."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert

from bot.storage.tables import marks

STILL_SHOWN = "still shown "
"""What the name of a mark begins with that says which message is to be deleted from Discord."""
FORGOTTEN = "The person whose words it held wanted to be forgotten."
"""Why a post that still waited was refused."""


def name_of_shown(channel_id: int, message: int) -> str:
    """Return the name of the mark of a message."""
    return f"{STILL_SHOWN}{channel_id} {message}"


def owe_deletion(connection: Connection, channel_id: int, message: int) -> None:
    """Note that a message is to be deleted from Discord, within the transaction that empties its words."""
    name = name_of_shown(channel_id, message)
    connection.execute(delete(marks).where(marks.c.name == name))
    connection.execute(insert(marks).values(name=name, value=""))
