"""What the journal keeps, in which order, and what it refuses."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from bot.errors import NotPossible, StorageError
from bot.room.entries import Ended, Entry, PictureMade, Spoke
from bot.storage import Database, NoSuchRoom, Overtaken, Place, open_database
from tests.storage.happenings import ONE_OF_EVERY_KIND, OPENED, PICTURE, here, turn_of, words


async def test_every_kind_of_entry_is_read_as_it_was_written(database: Database) -> None:
    assert {type(entry) for entry in ONE_OF_EVERY_KIND} == set(get_args(Entry))
    room = await database.journal.open_room(here(), ONE_OF_EVERY_KIND)
    assert [written.entry for written in await database.journal.entries(room)] == list(ONE_OF_EVERY_KIND)


async def test_entries_are_numbered_from_one_in_the_order_of_writing(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    for number in range(5):
        await database.journal.append(room, turn_of(number))
    written = await database.journal.entries(room)
    assert [one.seq for one in written] == list(range(1, 17))
    assert [one.entry.turn for one in written if isinstance(one.entry, Spoke)] == [0, 1, 2, 3, 4]


async def test_append_returns_what_reading_returns(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    appended = await database.journal.append(room, turn_of(1))
    assert appended == await database.journal.entries(room, after=1)


async def test_entries_know_when_they_were_written_in_utc(database: Database) -> None:
    before = datetime.now(UTC)
    room = await database.journal.open_room(here(), [OPENED])
    (opened,) = await database.journal.entries(room)
    assert opened.at.utcoffset() == timedelta(0)
    assert before <= opened.at <= datetime.now(UTC)


async def test_only_what_follows_a_number_is_read_when_asked_so(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED, *turn_of(1)])
    assert [one.seq for one in await database.journal.entries(room, after=3)] == [4]
    assert await database.journal.entries(room, after=4) == []


async def test_a_journal_of_many_pages_is_read_whole(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED, *turn_of(1) * 1000])
    assert [one.seq for one in await database.journal.entries(room)] == list(range(1, 3002))


@pytest.mark.parametrize("text", ["\0", "a\ud800b", "\u2028\x85", "👩‍👩‍👧", "\"\\'%s :x ?", "漢字 ░▒▓", ""])
async def test_no_text_is_changed(database: Database, text: str) -> None:
    room = await database.journal.open_room(here(), [OPENED, Spoke(turn=1, seat=1, text=text)])
    (spoke,) = await database.journal.entries(room, after=1)
    assert spoke.entry == Spoke(turn=1, seat=1, text=text)


async def test_a_turn_that_cannot_be_written_whole_leaves_nothing(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    await database.journal.append(room, [PictureMade(picture=1)], pictures=[(1, PICTURE)])
    with pytest.raises(StorageError):
        await database.journal.append(room, turn_of(1), [words("lost?")], pictures=[(1, PICTURE)])
    assert len(await database.journal.entries(room)) == 2
    assert await database.outbox.waiting(room) == []
    assert [one.seq for one in await database.journal.append(room, turn_of(1), after=2)] == [3, 4, 5]


async def test_who_follows_from_an_old_entry_is_told_so_and_writes_nothing(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    await database.journal.append(room, turn_of(1), after=1)
    with pytest.raises(Overtaken, match="went on to entry 4"):
        await database.journal.append(room, turn_of(1), [words("twice?")], after=1)
    assert len(await database.journal.entries(room)) == 4
    assert await database.outbox.waiting(room) == []


async def test_a_room_ends_in_the_same_moment_in_which_what_waits_is_given_up(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED], [words("never said")])
    end = [Ended(reason="gone")]
    with pytest.raises(Overtaken):
        await database.journal.append(room, end, after=7, abandoned="It was not opened wholly.")
    assert [post.post.text for post in await database.outbox.waiting(room)] == ["never said"]
    await database.journal.append(room, end, abandoned="It was not opened wholly.")
    assert await database.outbox.rooms_with_waiting() == []
    assert await database.journal.unended_rooms() == []


async def test_of_twenty_who_take_the_same_turn_one_succeeds(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    takes = (database.journal.append(room, turn_of(number), after=1) for number in range(20))
    outcomes = await asyncio.gather(*takes, return_exceptions=True)
    assert sum(isinstance(outcome, Overtaken) for outcome in outcomes) == 19
    assert len(await database.journal.entries(room)) == 4


async def test_twenty_rooms_write_at_once_and_none_is_mixed_up(database: Database) -> None:
    async def live(channel_id: int) -> list[int]:
        room = await database.journal.open_room(here(channel_id), [OPENED])
        for number in range(10):
            await database.journal.append(room, turn_of(channel_id), [words(f"{channel_id}-{number}")])
        written = await database.journal.entries(room)
        assert [one.seq for one in written] == list(range(1, 32))
        assert {one.entry.turn for one in written if isinstance(one.entry, Spoke)} == {channel_id}
        return [int(owed.post.text.partition("-")[2]) for owed in await database.outbox.waiting(room)]

    assert await asyncio.gather(*(live(channel_id) for channel_id in range(1, 21))) == [list(range(10))] * 20


async def test_two_programs_write_to_one_database_in_turn(database: Database, database_url: str) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    async with open_database(database_url) as other:
        await asyncio.gather(
            *(one.journal.append(room, turn_of(number)) for number in range(10) for one in (database, other))
        )
    assert [one.seq for one in await database.journal.entries(room)] == list(range(1, 62))


async def test_a_second_room_in_a_channel_is_not_possible(database: Database) -> None:
    room = await database.journal.open_room(here(), [OPENED])
    with pytest.raises(NotPossible, match="already open"):
        await database.journal.open_room(here(), [OPENED])
    assert await database.journal.unended_rooms() == [(room, here())]


async def test_of_twenty_who_open_a_room_in_a_channel_one_succeeds(database: Database) -> None:
    openings = (database.journal.open_room(here(), [OPENED]) for _ in range(20))
    outcomes = await asyncio.gather(*openings, return_exceptions=True)
    assert sum(isinstance(outcome, NotPossible) for outcome in outcomes) == 19


async def test_a_room_that_ended_makes_room_for_another(database: Database) -> None:
    first = await database.journal.open_room(here(), [OPENED])
    await database.journal.append(first, [Ended(reason="Enough.")], [words("last words")])
    assert await database.journal.room_at(1) is None
    second = await database.journal.open_room(here(), [OPENED])
    assert await database.journal.room_at(1) == second != first
    assert await database.outbox.rooms_with_waiting() == [first]


async def test_rooms_that_go_on_are_found_by_their_channel_and_all_at_once(database: Database) -> None:
    thread = Place(guild_id=1, channel_id=1_300_000_000_000_000_003, parent_id=1_300_000_000_000_000_002)
    room = await database.journal.open_room(here(5), [OPENED])
    in_thread = await database.journal.open_room(thread, [OPENED])
    over = await database.journal.open_room(here(6), [OPENED, Ended(reason="At once.")])
    assert await database.journal.unended_rooms() == [(room, here(5)), (in_thread, thread)]
    assert await database.journal.room_at(thread.channel_id) == in_thread
    assert await database.journal.room_at(thread.parent_id or 0) is None
    assert await database.journal.place(over) == here(6)


async def test_a_room_that_was_never_opened_is_named(database: Database) -> None:
    assert await database.journal.entries(77) == []
    with pytest.raises(NoSuchRoom, match="no room 77"):
        await database.journal.place(77)
    with pytest.raises(NoSuchRoom, match="no room 77"):
        await database.journal.append(77, turn_of(1))


async def test_everything_is_there_after_the_database_was_closed(database_url: str) -> None:
    async with open_database(database_url) as database:
        room = await database.journal.open_room(here(), [OPENED], [words("welcome")])
        written = await database.journal.append(room, turn_of(1), [words("one")])
    async with open_database(database_url) as database:
        assert await database.journal.room_at(1) == room
        assert await database.journal.entries(room, after=1) == written
        assert [owed.post for owed in await database.outbox.waiting(room)] == [words("welcome"), words("one")]
        assert [one.seq for one in await database.journal.append(room, turn_of(2), after=4)] == [5, 6, 7]
