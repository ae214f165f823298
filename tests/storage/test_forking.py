"""A room's beginning becomes another's, in one transaction."""

from __future__ import annotations

import pytest

from bot.errors import NotPossible
from bot.room.entries import (
    Ended,
    Entry,
    Forked,
    Heard,
    Joined,
    PictureAsked,
    PictureMade,
    Respoken,
    Restored,
    Withdrawn,
)
from bot.room.posts import Post
from bot.storage import Database
from tests.storage.happenings import ONE_OF_EVERY_KIND, OPENED, PICTURE, here, turn_of

FORKED_BY = (7, "Bea")


def forked(room: int, entry: int) -> Forked:
    return Forked(room=room, entry=entry, by=7, by_name="Bea")


async def entries_of(database: Database, room: int) -> list[Entry]:
    written = await database.journal.entries(room)
    assert [one.seq for one in written] == list(range(1, len(written) + 1))
    return [one.entry for one in written]


async def test_a_fork_begins_with_the_other_rooms_entries_and_goes_on_alone(database: Database) -> None:
    first: list[Entry] = [OPENED, *turn_of(1)]
    origin = await database.journal.open_room(here(1), first)
    await database.journal.append(origin, turn_of(2))
    fork = await database.journal.fork(origin, len(first), here(2), *FORKED_BY, [Post("a fork")])
    assert await entries_of(database, fork) == [*first, forked(origin, len(first))]
    (owed,) = await database.outbox.waiting(fork)
    assert (owed.post.text, owed.entry_seq) == ("a fork", len(first) + 1)
    await database.journal.append(fork, turn_of(2), after=len(first) + 1)
    assert await entries_of(database, origin) == [*first, *turn_of(2)]


async def test_every_kind_of_entry_can_be_forked_but_the_end(database: Database) -> None:
    origin = await database.journal.open_room(here(1), [*ONE_OF_EVERY_KIND, Withdrawn(entry=15)])
    fork = await database.journal.fork(origin, len(ONE_OF_EVERY_KIND) + 1, here(1), *FORKED_BY, [])
    *copied, last = await entries_of(database, fork)
    assert copied == [*ONE_OF_EVERY_KIND[:-1], Withdrawn(entry=15)]
    assert not any(isinstance(entry, Ended) for entry in copied)
    assert last == forked(origin, len(ONE_OF_EVERY_KIND) + 1)


async def test_what_later_entries_change_of_the_earlier_ones_comes_along(database: Database) -> None:
    said = [Heard(message=n, by=1, by_name="Bea", text=f"{n}") for n in (1, 2)]
    again = [Respoken(entry=5, seat=1, text="new", served_by="host/model"), Restored(entry=5, seat=1, text="old")]
    later = [Withdrawn(entry=2, messages=(1,)), Withdrawn(entry=9), *again]
    origin = await database.journal.open_room(here(1), [OPENED, *said, *turn_of(1)])
    await database.journal.append(origin, [*turn_of(2), *later])
    fork = await database.journal.fork(origin, 6, here(2), *FORKED_BY, [])
    assert await entries_of(database, fork) == [OPENED, *said, *turn_of(1), later[0], *again, forked(origin, 6)]


async def test_pictures_come_along_where_they_were_made_before(database: Database) -> None:
    asked = [PictureAsked(picture=n, description="a tree", by_name="Bea") for n in (1, 2)]
    origin = await database.journal.open_room(here(1), [OPENED, Joined(seat=1, model="Kimi K2"), *asked])
    await database.journal.append(origin, [PictureMade(picture=1)], pictures=[(1, PICTURE)])
    await database.journal.append(origin, [PictureMade(picture=2)], pictures=[(2, PICTURE)])
    fork = await database.journal.fork(origin, 5, here(2), *FORKED_BY, [])
    assert await database.pictures.load(fork, 1) == PICTURE
    with pytest.raises(Exception, match="Picture 2"):
        await database.pictures.load(fork, 2)


async def test_a_fork_needs_a_place_of_its_own(database: Database) -> None:
    origin = await database.journal.open_room(here(1), [OPENED])
    with pytest.raises(NotPossible, match="already open"):
        await database.journal.fork(origin, 1, here(1), *FORKED_BY, [])
    assert [room for room, _ in await database.journal.unended_rooms()] == [origin]


async def test_a_fork_knows_the_messages_up_to_where_it_was_forked(database: Database) -> None:
    said = [Heard(message=n, by=1, by_name="Bea", text=f"{n}") for n in (1, 2)]
    origin = await database.journal.open_room(here(1), [OPENED, said[0]])
    await database.journal.append(origin, turn_of(1), [Post("words", 1, "AI-1", "Kimi K2")])
    (post,) = await database.outbox.waiting(origin)
    await database.outbox.mark_posted(post.id, 500)
    await database.journal.append(origin, [said[1]])
    fork = await database.journal.fork(origin, post.entry_seq, here(2), *FORKED_BY, [])
    of_fork = await database.journal.fork(fork, 2, here(3), *FORKED_BY, [])
    assert await database.known.entries_of(fork, [1, 2, 500]) == {1: 2, 500: post.entry_seq}
    assert await database.known.rooms_with([1]) == {origin, fork, of_fork}
    assert await database.known.rooms_with([500]) == {origin, fork}
    assert await database.known.rooms_with([2]) == {origin}
    await database.privacy.delete_room(origin)
    assert await database.known.rooms_with([1, 500]) == {fork, of_fork}


async def test_a_fork_knows_no_part_that_its_origin_takes_away_to_say_it_otherwise(database: Database) -> None:
    origin = await database.journal.open_room(here(1), [OPENED])
    await database.journal.append(origin, turn_of(1), [Post("one", 1), Post("two", 1), Post("three", 1)])
    one, two, three = await database.outbox.waiting(origin)
    for post, message in ((one, 501), (two, 502), (three, 503)):
        await database.outbox.mark_posted(post.id, message)
    again = Respoken(entry=one.entry_seq, seat=1, text="one", served_by="host/model")
    before = await database.journal.fork(origin, one.entry_seq, here(2), *FORKED_BY, [])
    await database.journal.append(origin, [again], rewritten={one.id: one.post, three.id: None})
    after = await database.journal.fork(origin, one.entry_seq, here(3), *FORKED_BY, [])
    assert await database.known.rooms_with([501]) == {origin, before, after}
    assert await database.known.rooms_with([502]) == {origin, before, after}
    assert await database.known.rooms_with([503]) == {origin, before}  # the old words may come back
    await database.amendments.mark_shown([one.id, three.id])
    assert await database.known.rooms_with([501, 502]) == {origin, before, after}
    assert await database.known.rooms_with([503]) == {origin}
