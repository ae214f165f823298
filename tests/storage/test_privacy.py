"""What is deleted is gone, from the file as well, and everything else stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.errors import StorageError
from bot.room.entries import (
    CalledOn,
    CarriedOut,
    Edited,
    Ended,
    Entry,
    Forked,
    Heard,
    Joined,
    Paused,
    PictureAsked,
    Reacted,
    Reaction,
    Withdrawn,
)
from bot.room.fold import fold
from bot.room.posts import Post
from bot.storage import Database, open_database, read_room
from bot.storage.privacy import ROWS_DELETED_AT_ONCE
from bot.storage.tables import metadata
from tests.storage.happenings import ONE_OF_EVERY_KIND, OPENED, PICTURE, here, turn_of, words

ANN, BEA = OPENED.by, 210_000_000_000_000_002
FIRE, SKULL = Reaction(by=ANN, emoji="🔥"), Reaction(by=BEA, emoji="💀")
SECRET = "under-the-third-plank"
NOW = 1_000_000_000_000_000_000
"""The message by which somebody asks to be forgotten: a Discord id, later than all before it."""
ROOM_OF_ANN: tuple[Entry, ...] = (
    OPENED,
    Joined(seat=1, model="Kimi K2"),
    Heard(message=300, by=ANN, by_name="Annie", text=f"the key is {SECRET}", reply_to="AI-1", pictures=(1,)),
    Edited(entry=3, text=f"the key was {SECRET}"),
    Heard(message=301, by=BEA, by_name="Bea", text="hello Ann", reply_to="Annie", answers=SECRET),
    Reacted(message=300, whose="Annie's message", said=SECRET, changes=(FIRE, SKULL), entry=3),
    Reacted(message=301, whose="Bea's message", said="hello Ann", changes=(FIRE,), entry=5),
    Paused(reason="", by_name="Ann"),
    Paused(reason="", by_name="Bea"),
    CarriedOut(verb="add_ai", texts=("Kimi K2",), done=True, outcome="", told="[Ann invited AI-2]", by_name="Ann"),
    Forked(room=1, entry=3, by=ANN, by_name="Ann"),
    *turn_of(1),
)


def _bytes_below(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def _anything_in(folder: Path) -> bool:
    return any(folder.iterdir())


async def a_room(database: Database, *entries: Entry, channel: int = 1, posts: tuple[Post, ...] = ()) -> int:
    return await database.journal.open_room(here(channel), entries or ROOM_OF_ANN, posts)


async def entries_of(database: Database, room: int) -> list[Entry]:
    return [one.entry for one in await database.journal.entries(room)]


async def forget(database: Database, room: int, person: int = ANN) -> tuple[int, int, int]:
    known = await database.privacy.rooms_that_may_know(person, here().guild_id, {"Ann"})
    gone = await database.privacy.forget_person(room, person, known[room], NOW)
    return gone.messages, gone.pictures, gone.reactions


async def rows_of(database: Database) -> dict[str, int]:
    """How many rows there are of each table."""
    counts = {name: select(func.count()).select_from(table) for name, table in metadata.tables.items()}
    read = database.transactions.read
    return {n: await read(lambda connection, count=c: connection.scalar(count)) or 0 for n, c in counts.items()}


async def test_a_person_who_is_forgotten_stands_nowhere_and_others_stay(database: Database) -> None:
    room = await a_room(database)
    await database.journal.append(room, [], pictures=[(1, PICTURE)])
    assert await forget(database, room) == (1, 1, 2)
    left = await entries_of(database, room)
    assert left[0] == OPENED.model_copy(update={"by": 0, "by_name": "Somebody"})
    assert left[2] == Heard(message=300, by=0, by_name="Somebody", text="")
    assert left[3] == Edited(entry=3, text="")
    assert left[4] == Heard(message=301, by=BEA, by_name="Bea", text="hello Ann", reply_to="Somebody")
    assert left[5] == Reacted(message=300, whose="Somebody's message", said="", changes=(SKULL,), entry=3)
    assert left[6] == Reacted(message=301, whose="Bea's message", said="hello Ann", changes=(), entry=5)
    assert left[7:9] == [Paused(reason="", by_name="Somebody"), Paused(reason="", by_name="Bea")]
    assert left[9] == ROOM_OF_ANN[9].model_copy(update={"by_name": "Somebody", "told": "[Somebody invited AI-2]"})
    assert left[10] == Forked(room=1, entry=3, by=0, by_name="Somebody")
    assert left[11:] == list(ROOM_OF_ANN[11:])
    with pytest.raises(StorageError):
        await database.pictures.load(room, 1)
    assert not await database.privacy.knows(ANN)
    assert await database.privacy.knows(BEA)
    assert await forget(database, room) == (0, 0, 0)


async def test_a_room_goes_on_as_it_would_have_when_somebody_in_it_is_forgotten(database: Database) -> None:
    room = await a_room(database, *ONE_OF_EVERY_KIND)
    before = fold(await entries_of(database, room))
    await forget(database, room)
    await forget(database, room, 9_007_199_254_740_997)
    left = await entries_of(database, room)
    after = fold(left)
    assert [entry.kind for entry in left] == [entry.kind for entry in ONE_OF_EVERY_KIND]
    assert replace(after, opened=before.opened, pictures_pending=before.pictures_pending) == before
    for entry in left:
        if isinstance(entry, Forked):
            continue  # of another Ann
        assert "Ann" not in (getattr(entry, "by_name", ""), getattr(entry, "told", ""))
        assert "Bea" not in str(entry)


async def test_posts_of_the_house_lose_a_persons_words_and_name(database: Database) -> None:
    room = await a_room(database, OPENED, posts=(Post("Ann opened the room."),))
    words_of_ann = [Heard(message=300, by=ANN, by_name="Ann", text=SECRET), CalledOn(seat=1, by_name="Ann")]
    await database.journal.append(room, words_of_ann, [Post(f"💬 **Ann**: {SECRET}"), Post("and the rest")])
    await database.journal.append(room, turn_of(1), [words("Ann is right")])
    opened, said, rest, spoken = await database.outbox.waiting(room)
    await database.outbox.mark_posted(said.id, 900)
    known = await database.privacy.rooms_that_may_know(ANN, here().guild_id, {"Ann"})
    await database.privacy.forget_person(room, ANN, known[room], NOW)
    assert await database.privacy.still_shown() == [(here().channel_id, 900)]
    await database.privacy.note_deleted(here().channel_id, 900)
    assert await database.privacy.still_shown() == []
    waiting = await database.outbox.waiting(room)
    assert [(owed.id, owed.post.text) for owed in waiting] == [
        (opened.id, "Somebody opened the room."),
        (spoken.id, "Ann is right"),
    ]
    assert rest not in waiting
    shown = await database.outbox.posted_as(900)
    assert shown is not None
    assert shown.post.text == ""


async def test_words_that_were_on_the_way_while_their_person_was_forgotten_are_to_be_deleted(
    database: Database,
) -> None:
    room = await a_room(database, OPENED)
    await database.journal.append(room, [Heard(message=300, by=ANN, by_name="Ann", text=SECRET)], [Post(SECRET)])
    (said,) = await database.outbox.waiting(room)
    await database.privacy.forget_person(room, ANN, {"Ann"}, NOW)
    for _ in range(2):
        await database.outbox.mark_posted(said.id, 900)
        assert await database.privacy.still_shown() == [(here().channel_id, 900)]
    assert await database.outbox.waiting(room) == []


async def test_words_that_may_be_on_their_way_are_sought_by_their_fingerprint_until_it_is_known(
    database: Database,
) -> None:
    room, over = await a_room(database, OPENED), await a_room(database, OPENED, channel=2)
    for number in (room, over):
        heard = Heard(message=300 + number, by=ANN, by_name="Ann", text=SECRET)
        await database.journal.append(number, [heard], [Post(SECRET), Post("with a file", file=SECRET)])
        await database.privacy.forget_person(number, ANN, {"Ann"}, NOW)
    said, attached = await database.outbox.sought(room)
    assert [said.post.text, attached.post.text] == ["", ""]
    assert said.fingerprint is not None
    assert [said.fingerprint.fits(SECRET, files) for files in (0, 1)] == [True, False]
    assert not said.fingerprint.fits(f"{SECRET}!", 0)
    await database.outbox.mark_posted(said.id, 900)
    assert await database.privacy.still_shown() == [(here().channel_id, 900)]
    assert await database.outbox.sought(room) == [attached]
    await database.outbox.seek_no_more(attached)
    assert {post.room_id for post in await database.outbox.sought()} == {over}
    await database.privacy.delete_room(over)
    assert await database.outbox.sought() == []
    assert await database.marks.beginning_with("may be shown") == {}


async def test_words_in_a_place_that_is_gone_are_sought_no_more(database: Database) -> None:
    room = await a_room(database, OPENED)
    await database.journal.append(room, [Heard(message=300, by=ANN, by_name="Ann", text=SECRET)], [Post(SECRET)])
    await database.privacy.forget_person(room, ANN, {"Ann"}, NOW)
    await database.outbox.abandon(room, "The place is gone.")
    assert await database.marks.beginning_with("may be shown") == {}


async def test_words_that_somebody_says_after_they_asked_to_be_forgotten_stay(database: Database) -> None:
    later = Heard(message=NOW, by=ANN, by_name="Ann", text="Good evening again.")
    room = await a_room(database, *ROOM_OF_ANN, later)
    assert await forget(database, room) == (1, 1, 2)
    assert (await entries_of(database, room))[-1] == later


async def test_a_copy_of_a_room_forgets_but_keeps_what_the_house_said_of_the_copying(database: Database) -> None:
    forked = Forked(room=1, entry=3, by=BEA, by_name="Bea")
    copy = await a_room(database, *ROOM_OF_ANN, forked, posts=(Post("Bea went on from here."),))
    assert await forget(database, copy) == (1, 1, 2)
    (owed,) = await database.outbox.waiting(copy)
    assert owed.post.text == "Bea went on from here."


async def test_a_name_alone_is_forgotten_only_where_it_is_known_to_be_the_persons(database: Database) -> None:
    named = await a_room(database, OPENED, Paused(reason="", by_name="Bea"))
    elsewhere = replace(here(2), guild_id=5)
    other = await database.journal.open_room(elsewhere, [OPENED, Paused(reason="", by_name="Bea")])
    known = await database.privacy.rooms_that_may_know(BEA, here().guild_id, {"Bea"})
    assert known == {named: {"Bea"}}
    await database.journal.append(other, [Heard(message=9, by=BEA, by_name="Bee", text="x")])
    known = await database.privacy.rooms_that_may_know(BEA, here().guild_id, {"Bea"})
    assert known == {named: {"Bea"}, other: {"Bee"}}


async def test_what_is_forgotten_is_not_in_the_file_either(sqlite_file: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{sqlite_file}") as database:
        room = await a_room(database)
        await database.journal.append(room, [], pictures=[(1, replace(PICTURE, data=SECRET.encode() * 3_000))])
    assert SECRET.encode() in _bytes_below(sqlite_file.parent)
    async with open_database(f"sqlite+aiosqlite:///{sqlite_file}") as database:
        await forget(database, room)
    assert SECRET.encode() not in _bytes_below(sqlite_file.parent)


async def test_a_forgotten_person_is_in_no_export(database: Database, database_url: str) -> None:
    room = await a_room(database)
    await forget(database, room)
    for kept in (await database.exports.of(room), await read_room(database_url, room)):
        assert SECRET not in str(kept)
        assert str(ANN) not in str(kept)


async def test_a_room_is_read_beside_a_running_bot_and_an_unknown_one_is_named(
    database: Database, database_url: str
) -> None:
    with pytest.raises(StorageError, match="no room 1; it holds none at all"):
        await read_room(database_url, 1)
    room = await a_room(database, OPENED, posts=(Post("a notice"), words("b")))
    kept = await read_room(database_url, room)
    assert [one.entry for one in kept.happenings] == [OPENED]
    assert [(seq, post.text) for seq, post in kept.posts] == [(1, "a notice"), (1, "b")]
    with pytest.raises(StorageError, match="no room 7; it holds room 1"):
        await read_room(database_url, 7)


async def test_a_journal_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="There is no journal"):
        await read_room(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'journal.sqlite3'}", 1)
    assert not _anything_in(tmp_path)


async def test_a_server_goes_with_all_that_belongs_to_it_and_another_stays(database: Database) -> None:
    stays = await database.journal.open_room(replace(here(9), guild_id=5), [OPENED], [words("x")])
    await database.webhooks.remember(9, 90, "token")
    untouched = await rows_of(database)
    goes = await a_room(database, *[OPENED] * (ROWS_DELETED_AT_ONCE + 5), posts=(words("a"), words("b")))
    for picture in range(25):
        await database.journal.append(goes, turn_of(1), pictures=[(picture, PICTURE)])
    await database.panels.keep(goes, 4)
    await database.bookmarks.keep(goes, 4)
    await database.webhooks.remember(here().channel_id, 91, "token")
    await database.guilds.save_settings(here().guild_id, {"quiet": False})
    assert await database.privacy.known_guilds() == {5, here().guild_id}
    await database.privacy.delete_guild(here().guild_id)
    assert await rows_of(database) == untouched
    assert await database.privacy.known_guilds() == {5}
    assert len(await entries_of(database, stays)) == 1
    await database.privacy.delete_guild(here().guild_id)


async def test_rooms_that_were_over_long_ago_are_told_from_others(database: Database) -> None:
    over = await a_room(database, OPENED, Ended(reason="stopped"))
    await a_room(database, OPENED, channel=2)
    now = datetime.now(UTC)
    guild = here().guild_id
    assert await database.privacy.rooms_ended_before(guild, now + timedelta(seconds=1)) == [over]
    assert await database.privacy.rooms_ended_before(guild, now - timedelta(days=1)) == []
    assert await database.privacy.rooms_ended_before(5, now + timedelta(days=1)) == []


async def test_a_webhook_stays_while_another_room_needs_it(database: Database) -> None:
    first = await a_room(database, OPENED, Ended(reason="stopped"))
    second = await database.journal.open_room(replace(here(77), parent_id=here().channel_id), [OPENED])
    await database.webhooks.remember(here().channel_id, 91, "token")
    await database.privacy.delete_room(first)
    assert await database.webhooks.load(here().channel_id) is not None
    await database.privacy.delete_room(second)
    assert await database.webhooks.load(here().channel_id) is None


async def test_what_the_house_said_of_a_picture_is_written_over_when_its_words_are_taken_back(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{(tmp_path / 'backroom.sqlite3').as_posix()}") as database:
        room = await a_room(database, OPENED)
        asked = PictureAsked(picture=1, description="a plank", by_name="Bea", of_entry=1)
        await database.journal.append(room, [asked], [Post(f"🎨 {SECRET}"), Post(f"and {SECRET}")])
        said, _ = await database.outbox.waiting(room)
        await database.outbox.mark_posted(said.id, 900)
        await database.privacy.forget_person(room, ANN, {"Ann"}, NOW)  # after which SQLite overwrites no more
        await database.journal.append(room, [Withdrawn(entry=2)], taken_away=[2])
        assert await database.privacy.still_shown() == [(here().channel_id, 900)]
        assert await database.outbox.waiting(room) == []
    assert SECRET.encode() not in _bytes_below(tmp_path)
