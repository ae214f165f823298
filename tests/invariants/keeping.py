"""What is written down stays as it is: a later look finds everything that an earlier one found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from bot.room.entries import Respoken, Restored
from bot.room.fold import fold
from bot.room.state import RoomState
from tests.invariants.evidence import Evidence, Line, RoomEvidence


def lost_between(before: Evidence, later: Evidence) -> list[str]:
    """Return a sentence for everything of `before` that `later` has lost or changed."""
    rooms = {room.number: room for room in later.rooms}
    found: list[str] = []
    for room in before.rooms:
        if room.number in rooms:
            found += _lost_of(room, rooms[room.number])
        else:
            found.append(f"Room {room.number} is gone.")
    return found


def _lost_of(before: RoomEvidence, later: RoomEvidence) -> Iterator[str]:
    where = f"Room {before.number}"
    still = later.entries[: len(before.entries)]
    if still != before.entries:
        first = next((one.seq for one, now in zip(before.entries, still, strict=False) if one != now), len(still) + 1)
        yield f"{where}: entry {first} is not what it was."
    was, now = fold(one.entry for one in before.entries), fold(one.entry for one in still)
    yield from (f"{where}: {wrong}." for wrong in _differences(was, now))
    if later.channel != before.channel:
        yield f"{where}: it sits in another channel."
    yield from (f"{where}: picture {picture} is gone." for picture in before.pictures - later.pictures)
    lines = {line.id: line for line in later.outbox}
    again = {one.entry.entry for one in later.entries if isinstance(one.entry, Respoken | Restored)}
    for line in before.outbox:
        if line.entry_seq not in again and not _is_kept(line, lines.get(line.id)):
            yield f"{where}: post {line.id} is not what it was."
    old = [line.id for line in before.outbox if line.id in lines or line.entry_seq not in again]
    if [line.id for line in later.outbox[: len(old)]] != old:
        yield f"{where}: a new post stands before old ones."


def _is_kept(line: Line, now: Line | None) -> bool:
    """Whether a post is the same; only one that waited may have come to its end."""
    if now is None or now.post != line.post:
        return False
    return line.waits or (now.message_id, now.refusal) == (line.message_id, line.refusal)


def _differences(was: RoomState, now: RoomState) -> Iterator[str]:
    for field in fields(RoomState):
        if getattr(was, field.name) != getattr(now, field.name):
            yield f"its {field.name} was {getattr(was, field.name)!r} and is {getattr(now, field.name)!r}"
