"""What is owed to Discord, and what became of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import StorageError
from bot.room.posts import Post
from bot.storage import Database
from tests.storage.happenings import OPENED, here, turn_of, words

MESSAGE = 1_300_000_000_000_000_000


async def test_a_post_is_read_as_it_was_written(database: Database) -> None:
    post = Post("a tree", 2, "AI-2 (Kimi K2)", "Kimi K2", 3, "a tree in the snow", "a long file ░▒▓")
    room = await database.journal.open_room(here(), [OPENED], [post, Post("the house")])
    first, second = await database.outbox.waiting(room)
    assert first.post == post
    assert second.post == Post("the house")
    assert (first.room_id, first.entry_seq) == (room, 1)


async def test_posts_wait_in_order_and_know_the_entry_that_they_show(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [words("a"), words("b")])
    await database.journal.append(room, turn_of(1), [words("c")])
    await database.journal.append(room, [], [words("d")])
    waiting = await database.outbox.waiting(room)
    assert [(owed.post.text, owed.entry_seq) for owed in waiting] == [("a", 1), ("b", 1), ("c", 4), ("d", 4)]


async def test_what_is_no_character_is_replaced_before_it_is_owed(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [Post("a\ud800b\0c 👩 \ud83c\udfa8")])
    (owed,) = await database.outbox.waiting(room)
    assert owed.post.text == "a�b�c 👩 🎨"


async def test_a_posted_post_waits_no_more_and_is_found_by_its_message(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [words("a"), words("b")])
    a, b = await database.outbox.waiting(room)
    await database.outbox.mark_posted(a.id, MESSAGE)
    assert await database.outbox.waiting(room) == [b]
    assert await database.outbox.posted_as(MESSAGE) == replace(a, message_id=MESSAGE)
    assert await database.outbox.posted_as(MESSAGE + 1) is None


async def test_a_refused_post_waits_no_more(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [words("a"), words("b")])
    a, b = await database.outbox.waiting(room)
    await database.journal.append(room, [], refused={a.id: "Discord does not like it."})
    await database.journal.append(room, [], refused={a.id: "Discord still does not like it."})
    assert await database.outbox.waiting(room) == [b]


async def test_marking_a_post_again_with_its_message_changes_nothing(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [words("a")])
    (a,) = await database.outbox.waiting(room)
    await database.outbox.mark_posted(a.id, MESSAGE)
    await database.outbox.mark_posted(a.id, MESSAGE)
    assert await database.outbox.known_message_ids(room, since=0) == {MESSAGE}


async def test_a_post_has_one_fate(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [words("a"), words("b"), words("c")])
    a, b, c = await database.outbox.waiting(room)
    await database.outbox.mark_posted(a.id, MESSAGE)
    await database.journal.append(room, [], refused={b.id: "No."})
    with pytest.raises(StorageError, match="cannot become message 7"):
        await database.outbox.mark_posted(a.id, 7)
    with pytest.raises(StorageError, match="cannot be refused"):
        await database.journal.append(room, [], refused={a.id: "No."})
    with pytest.raises(StorageError, match="was refused"):
        await database.outbox.mark_posted(b.id, 8)
    with pytest.raises(StorageError, match=r"UNIQUE|unique"):
        await database.outbox.mark_posted(c.id, MESSAGE)
    assert await database.outbox.waiting(room) == [c]


async def test_a_post_that_was_never_written_is_named(database: Database) -> None:
    with pytest.raises(StorageError, match="no post 5"):
        await database.outbox.mark_posted(5, MESSAGE)


async def test_rooms_that_owe_something_come_with_the_longest_waiting_first(database: Database) -> None:
    first = await database.journal.open_room(here(1), [OPENED])
    second = await database.journal.open_room(here(2), [OPENED], [words("a")])
    await database.journal.append(first, turn_of(1), [words("b"), words("c")])
    assert await database.outbox.rooms_with_waiting() == [second, first]
    for room in (first, second):
        for owed in await database.outbox.waiting(room):
            await database.journal.append(room, [], refused={owed.id: "No."})
    assert await database.outbox.rooms_with_waiting() == []


async def test_a_rooms_messages_are_known_from_one_on(database: Database) -> None:
    room = await database.journal.open_room(here(1), [OPENED], [words(text) for text in "abc"])
    other = await database.journal.open_room(here(2), [OPENED], [words("d")])
    assert await database.outbox.last_posted_message_id(room) is None
    for number, owed in enumerate(await database.outbox.waiting(room) + await database.outbox.waiting(other)):
        await database.outbox.mark_posted(owed.id, MESSAGE + number)
    assert await database.outbox.known_message_ids(room, since=MESSAGE + 1) == {MESSAGE + 1, MESSAGE + 2}
    assert await database.outbox.last_posted_message_id(room) == MESSAGE + 2


async def test_what_came_before_a_post_is_no_picture_that_its_words_have_passed(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [words("a"), replace(words("b"), picture=1), words("c")])
    a, picture, c = await database.outbox.waiting(room)
    for post, message in ((a, MESSAGE), (c, MESSAGE + 1), (picture, MESSAGE + 3)):
        await database.outbox.mark_posted(post.id, message)
    assert await database.outbox.newest_message_before(c) == MESSAGE  # a copy of it may come between it and the picture
