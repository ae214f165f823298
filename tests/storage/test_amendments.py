"""What the channel is owed for posts that changed after they appeared."""

from __future__ import annotations

import pytest

from bot.errors import StorageError
from bot.room.entries import Respoken, Restored
from bot.room.posts import Post
from bot.storage import Database, OutboxPost
from tests.storage.happenings import OPENED, here, turn_of, words

AGAIN = Respoken(entry=4, seat=1, text="new", served_by="host/model")
BACK = Restored(entry=4, seat=1, text="abc", reason="No.")


async def a_room_that_spoke(database: Database) -> tuple[int, list[OutboxPost]]:
    """A room whose entry 4 stands in the messages 11, 12 and 13; one more post waits."""
    old = [words("a"), words("b"), Post("c", 1, "AI-1", "Kimi K2", file="the rest")]
    room = await database.journal.open_room(here(1), [OPENED, *turn_of(1)], old)
    parts = await database.outbox.waiting(room)
    for number, part in enumerate(parts, 11):
        await database.outbox.mark_posted(part.id, number)
    await database.journal.append(room, turn_of(2), [words("waits")])
    return room, parts


async def said_again(database: Database, room: int, parts: list[OutboxPost]) -> None:
    """Entry 4 is said again: the first two parts change, the third is no more."""
    a, b, c = parts
    await database.journal.append(
        room, [AGAIN], rewritten={a.id: words("new"), b.id: Post("er", file="long"), c.id: None}
    )


async def test_posts_change_together_with_the_entry_that_says_so_and_owe_it_to_the_channel(database: Database) -> None:
    room, parts = await a_room_that_spoke(database)
    assert await database.amendments.owed(room) == []
    await said_again(database, room, parts)
    a, b, c = await database.amendments.owed(room)
    assert [(post.owes, post.post.text, post.post.file) for post in (a, b)] == [
        ("edit", "new", None),
        ("edit", "er", "long"),
    ]
    assert (a.before, b.before) == (words("a"), Post("b", file=None))
    assert (c.is_leaving, c.post, c.before) == (True, parts[2].post, None)
    assert await database.outbox.of_entry(room, 4) == [a, b, c]
    assert [post.post.text for post in await database.outbox.waiting(room)] == ["waits"]


async def test_what_the_channel_shows_is_owed_no_more(database: Database) -> None:
    room, parts = await a_room_that_spoke(database)
    (waits,) = await database.outbox.waiting(room)
    await database.outbox.mark_posted(waits.id, 14)
    await said_again(database, room, parts)
    assert await database.outbox.rooms_with_waiting() == [room]
    await database.amendments.mark_shown([part.id for part in parts])
    (c,) = await database.amendments.owed(room)
    assert c.is_leaving
    assert await database.outbox.rooms_with_waiting() == [room]
    await database.amendments.mark_gone(c.id)
    await database.amendments.mark_gone(c.id)
    assert await database.amendments.owed(room) == []
    assert await database.outbox.posted_as(13) is None
    assert await database.outbox.rooms_with_waiting() == []


async def test_old_words_come_back_as_they_were_and_no_further(database: Database) -> None:
    room, parts = await a_room_that_spoke(database)
    await said_again(database, room, parts)
    await database.journal.append(room, [BACK], restored=4)
    owed = await database.amendments.owed(room)
    assert [(post.owes, post.before) for post in owed] == [("edit", None)] * 3
    assert [(post.post.text, post.post.file) for post in owed] == [("a", None), ("b", None), ("c", "the rest")]


async def test_the_oldest_entry_that_owes_something_comes_first(database: Database) -> None:
    room, parts = await a_room_that_spoke(database)
    (waits,) = await database.outbox.waiting(room)
    await database.outbox.mark_posted(waits.id, 14)
    await database.journal.append(room, [AGAIN], rewritten={waits.id: words("later")})
    await said_again(database, room, parts)
    assert [post.entry_seq for post in await database.amendments.owed(room)] == [4, 4, 4]
    with pytest.raises(StorageError):
        await said_again(database, room, parts)  # what is owed already cannot change again


async def test_an_export_leaves_out_what_is_no_more(database: Database) -> None:
    room, parts = await a_room_that_spoke(database)
    await said_again(database, room, parts)
    assert [post.text for _, post in (await database.exports.of(room)).posts] == ["new", "er", "waits"]


async def test_a_place_that_is_gone_is_owed_nothing(database: Database) -> None:
    room, parts = await a_room_that_spoke(database)
    await said_again(database, room, parts)
    await database.outbox.abandon(room, "It is gone.")
    assert await database.amendments.owed(room) == []
    assert [post.post.text for post in await database.outbox.of_entry(room, 4)] == ["new", "er"]
    assert await database.outbox.rooms_with_waiting() == []


async def test_a_room_is_deleted_with_what_it_owes(database: Database) -> None:
    room, parts = await a_room_that_spoke(database)
    await said_again(database, room, parts)
    await database.privacy.delete_room(room)
    assert await database.outbox.rooms_with_waiting() == []
    assert await database.outbox.posted_as(11) is None
