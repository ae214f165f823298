"""What is written down stays as it is: a later look finds everything that an earlier one found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from bot.room.entries import Entry, Heard, Respoken, Restored, to_record
from bot.room.fold import fold
from bot.room.forgetting import SOMEBODY
from bot.room.state import RoomState
from tests.invariants.evidence import Evidence, Line, RoomEvidence, Wish

_GO_WITH_PEOPLE = frozenset(
    {"by", "by_name", "text", "reply_to", "answers", "pictures", "left", "said", "whose", "changes", "told"}
)
"""What forgetting may take out of an entry; all else decides how the room goes on, and stays."""


def lost_between(before: Evidence, later: Evidence) -> list[str]:
    """Return a sentence for everything of `before` that `later` has lost or changed.

    Somebody's words go when they are forgotten, and a turn's when it is said again; nothing else does.
    """
    rooms = {room.number: room for room in later.rooms}
    found: list[str] = []
    for room in before.rooms:
        if room.number in rooms:
            found += _lost_of(room, rooms[room.number], _wishes(before, later))
        else:
            found.append(f"Room {room.number} is gone.")
    return found


def _wishes(before: Evidence, later: Evidence) -> Sequence[Wish]:
    """Who asked to be forgotten meanwhile, whether they were told or not; earlier wishes change nothing any more."""
    known = {wish.id for wish in before.wishes if wish in before.forgotten}
    return [wish for wish in later.wishes if wish.id not in known]


def _lost_of(before: RoomEvidence, later: RoomEvidence, wishes: Sequence[Wish]) -> Iterator[str]:
    where = f"Room {before.number}"
    still = later.entries[: len(before.entries)]
    theirs = {
        one.seq
        for one in before.entries
        if isinstance(one.entry, Heard) and any(one.entry.by == wish.person for wish in wishes)
    }
    for was, now in zip(before.entries, still, strict=False):
        same = (was.seq, was.at) == (now.seq, now.at)
        if not same or not (was.entry == now.entry or _is_forgotten(was.entry, now.entry, wishes, theirs)):
            yield f"{where}: entry {was.seq} is not what it was."
            break
    if len(still) < len(before.entries):
        yield f"{where}: entry {len(still) + 1} is not what it was."
    was, now = fold(one.entry for one in before.entries), fold(one.entry for one in still)
    yield from (f"{where}: {wrong}." for wrong in _differences(was, now, wishes))
    if later.channel != before.channel:
        yield f"{where}: it sits in another channel."
    forgotten = {picture for one in before.entries if one.seq in theirs for picture in _pictures(one.entry)}
    yield from (f"{where}: picture {picture} is gone." for picture in before.pictures - later.pictures - forgotten)
    yield from _lost_posts(before, later, wishes)


def _lost_posts(before: RoomEvidence, later: RoomEvidence, wishes: Sequence[Wish]) -> Iterator[str]:
    new = later.entries[len(before.entries) :]
    again = {one.entry.entry for one in new if isinstance(one.entry, Respoken | Restored)}
    lines = {line.id: line for line in later.outbox}
    for line in before.outbox:
        now = lines.get(line.id)
        is_said_again = line.entry_seq in again and line.post.seat is not None
        if not (line.is_leaving or is_said_again or _is_kept(line, now) or (now and _is_emptied(line, now, wishes))):
            yield f"Room {before.number}: post {line.id} is not what it was."
    ids = [line.id for line in before.outbox if line.id in lines]
    if [line.id for line in later.outbox[: len(ids)]] != ids:
        yield f"Room {before.number}: a new post stands before old ones."


def _is_kept(line: Line, now: Line | None) -> bool:
    """Whether a post is the same; only one that waited may have come to its end."""
    if now is None or now.post != line.post:
        return False
    return line.waits or (now.message_id, now.refusal) == (line.message_id, line.refusal)


def _is_emptied(line: Line, now: Line, wishes: Sequence[Wish]) -> bool:
    """Whether a post of the house's has lost no more than the words, or the name, of somebody who is forgotten."""
    if line.post.seat is not None or not (line.waits or now.message_id == line.message_id):
        return False
    theirs = [wish for wish in wishes if wish.name in line.post.text]
    return any(now.post.text in ("", line.post.text.replace(wish.name, SOMEBODY)) for wish in theirs)


def _is_forgotten(was: Entry, now: Entry, wishes: Sequence[Wish], theirs: set[int]) -> bool:
    """Whether an entry of somebody, or about somebody, who wants to be forgotten has lost no more than that."""
    before, after = to_record(was), to_record(now)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    is_theirs = getattr(was, "entry", None) in theirs
    is_about_them = any(str(wish.person) in str(before) or wish.name in str(before) for wish in wishes)
    return changed <= _GO_WITH_PEOPLE and (is_theirs or is_about_them)


def _pictures(entry: Entry) -> tuple[int, ...]:
    return entry.pictures if isinstance(entry, Heard) else ()


def _differences(was: RoomState, now: RoomState, wishes: Sequence[Wish]) -> Iterator[str]:
    for field in fields(RoomState):
        if field.name == "opened" and was.opened and any(was.opened.by == wish.person for wish in wishes):
            continue
        if getattr(was, field.name) != getattr(now, field.name):
            yield f"its {field.name} was {getattr(was, field.name)!r} and is {getattr(now, field.name)!r}"
