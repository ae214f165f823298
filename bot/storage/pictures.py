"""The pictures' bytes, kept beside the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from bot.errors import StorageError
from bot.storage.tables import pictures
from bot.storage.transactions import Transactions
from bot.words import later


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture's bytes as people see it and, smaller, as models do; width and height in pixels."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    for_models: bytes = field(repr=False)


class Pictures:
    """The pictures of all rooms. They come in with the entry that says they are there, by the journal."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def load(self, room_id: int, picture: int) -> StoredPicture:
        """Return a picture of a room.

        Raises:
            StorageError: there is none of that number.
        """
        c = pictures.c
        question = select(c.data, c.media_type, c.width, c.height, c.for_models)
        return StoredPicture(*await self._one(question, room_id, picture))

    async def load_for_models(self, room_id: int, picture: int) -> bytes:
        """Return what models are shown of a picture, without reading what people see.

        Raises:
            StorageError: there is none of that number.
        """
        return (await self._one(select(pictures.c.for_models), room_id, picture))[0]

    async def _one(self, question: Select[*tuple[Any, ...]], room_id: int, picture: int) -> tuple[Any, ...]:
        question = question.where(pictures.c.room_id == room_id, pictures.c.picture == picture)
        row = await self._transactions.read(lambda connection: connection.execute(question).one_or_none())
        if row is None:
            sentence = later("Picture {picture} of room {room} is not in the database.", picture=picture, room=room_id)
            raise StorageError(sentence)
        return tuple(row)


def add_pictures(connection: Connection, room_id: int, new: Sequence[tuple[int, StoredPicture]]) -> None:
    """Keep pictures, within a transaction of the journal."""
    for picture, stored in new:
        connection.execute(insert(pictures).values(room_id=room_id, picture=picture, **asdict(stored)))
