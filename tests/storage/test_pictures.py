"""The pictures kept beside the journal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import StorageError
from bot.room.entries import Heard, PictureMade
from bot.storage import Database
from tests.storage.happenings import OPENED, PICTURE, here


async def test_a_picture_is_read_as_it_was_written(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    await database.journal.append(room, [PictureMade(picture=1)], pictures=[(1, PICTURE)])
    assert await database.pictures.load(room, 1) == PICTURE
    assert await database.pictures.load_for_models(room, 1) == PICTURE.for_models


async def test_pictures_that_a_person_shows_together_are_kept_together(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    heard = Heard(message=1, by=2, by_name="Bea", text="look", pictures=(1, 2))
    other = replace(PICTURE, for_models=b"another")
    await database.journal.append(room, [heard], pictures=[(1, PICTURE), (2, other)])
    assert await database.pictures.load(room, 2) == other
    with pytest.raises(StorageError):
        await database.journal.append(room, [heard], pictures=[(3, PICTURE), (2, other)])
    with pytest.raises(StorageError):
        await database.pictures.load(room, 3)


async def test_rooms_number_their_pictures_for_themselves(database: Database) -> None:
    rooms = [await database.journal.open_room(here(channel_id), [OPENED]) for channel_id in (1, 2)]
    for room in rooms:
        await database.journal.append(room, [PictureMade(picture=1)], pictures=[(1, PICTURE)])
    assert await database.pictures.load(rooms[1], 1) == PICTURE


async def test_a_picture_that_is_not_there_is_named(database: Database) -> None:
    with pytest.raises(StorageError, match="Picture 3 of room 7"):
        await database.pictures.load(7, 3)


def test_a_pictures_bytes_stay_out_of_what_is_printed() -> None:
    assert "PNG" not in repr(PICTURE)
