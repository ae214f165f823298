"""A room's entries as they are, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.documents.pictures import pictures_gone, tells_of_pictures
from bot.documents.reading import Reading, excerpt
from bot.room.answers import without_thoughts
from bot.room.entries import (
    Answered,
    CarriedOut,
    Edited,
    Heard,
    PictureAsked,
    Reacted,
    Respoken,
    Restored,
    Spoke,
    Withdrawn,
    to_record,
)
from bot.room.kept import Happening, KeptRoom

Record = dict[str, Any]


def as_json(room: KeptRoom) -> str:
    """Return a room's entries as they are, without Discord's ids of people: each person has a number of their own.

    What was taken back is in none of them. With a picture goes what it showed, in its request, its directive and the
    answer that held that; what an AI said of it stands in its `spoke` as long as it stands in the channel.
    """
    people: dict[int, int] = {}
    quotes = {line.seq: line.aside.quote for line in Reading(room).history.lines}
    standing = _standing(room.happenings)
    entries: list[Record] = []
    for one in room.happenings:
        record = to_record(one.entry) | _changes(one, standing)
        if isinstance(one.entry, Heard):
            record["answers"] = quotes.get(one.seq, "")
        entries.append({"seq": one.seq, "at": one.at, **_without_ids(record, people)})
    return json.dumps({"room": room.number, "entries": entries}, ensure_ascii=False, indent=1) + "\n"


@dataclass(slots=True)
class _Standing:
    """What stands in the room by now.

    Args:
        now: what entries say by now that were changed or taken back.
        withdrawn: the entries that were taken back, at least in part.
        messages: the messages that are gone.
        without_pictures: what people took the pictures from.
        turns: the turns that say something else by now than was answered.
        pictures: the pictures that are gone.
        asked: the entries in which those were asked for.
    """

    now: dict[int, str] = field(default_factory=dict[int, str])
    withdrawn: set[int] = field(default_factory=set[int])
    messages: set[int] = field(default_factory=set[int])
    without_pictures: set[int] = field(default_factory=set[int])
    turns: set[int] = field(default_factory=set[int])
    pictures: set[int] = field(default_factory=set[int])
    asked: set[int] = field(default_factory=set[int])


def _standing(happenings: Sequence[Happening]) -> _Standing:
    standing = _Standing(pictures=pictures_gone(happenings))
    for one in happenings:
        match one.entry:
            case Edited() | Respoken() | Restored():
                standing.now[one.entry.entry] = one.entry.text
                if isinstance(one.entry, Edited) and one.entry.without_pictures:
                    standing.without_pictures.add(one.entry.entry)
            case Withdrawn():
                standing.now[one.entry.entry] = one.entry.left
                standing.withdrawn.add(one.entry.entry)
                standing.messages.update(one.entry.messages)
            case _:
                pass
    for one in happenings:
        match one.entry:
            case Spoke() if (
                one.seq in standing.withdrawn or standing.now.get(one.seq, one.entry.text) != one.entry.text
            ):
                standing.turns.add(one.entry.turn)
            case _:
                pass
    _find_requests(happenings, standing)
    return standing


def _find_requests(happenings: Sequence[Happening], standing: _Standing) -> None:
    """Find where pictures that are gone were asked for: by a directive of an answer, or by a person's command."""
    turn = 0
    gone = (one.entry for one in happenings if isinstance(one.entry, PictureAsked))
    descriptions = {asked.description for asked in gone if asked.picture in standing.pictures}
    for one in happenings:
        if isinstance(one.entry, Answered):
            turn = one.entry.turn
        elif isinstance(one.entry, CarriedOut) and one.entry.verb == "image" and descriptions & set(one.entry.texts):
            standing.asked.add(one.seq)
        elif isinstance(one.entry, PictureAsked) and one.entry.picture in standing.pictures:
            standing.asked.add(one.seq)
            if one.entry.seat is not None:
                standing.turns.add(turn)


def _changes(one: Happening, standing: _Standing) -> Record:
    """Return what an entry's record says in place of words that left the room."""
    entry, now = one.entry, standing.now
    match entry:
        case Heard():
            return _changes_to_words(one, standing)
        case Spoke() if one.seq in now:
            return {"text": now[one.seq]}
        case Answered():
            return {"text": "" if entry.turn in standing.turns else without_thoughts(entry.text)}
        case Edited() | Respoken() | Restored():
            return {"text": now[entry.entry]}
        case Withdrawn():
            return {"left": now[entry.entry]}
        case Reacted():
            return _changes_to_quotation(entry, standing)
        case CarriedOut() if one.seq in standing.asked:
            return {"texts": []}
        case PictureAsked() if one.seq in standing.asked:
            return {"description": ""}
        case _:
            return {}


def _changes_to_words(one: Happening, standing: _Standing) -> Record:
    if one.seq not in standing.now:
        return {}
    words = standing.now[one.seq]
    is_without = one.seq in standing.without_pictures or (one.seq in standing.withdrawn and not words)
    return {"text": words} | ({"pictures": []} if is_without else {})


def _changes_to_quotation(entry: Reacted, standing: _Standing) -> Record:
    if entry.message in standing.messages or (standing.pictures and tells_of_pictures(entry.said, entry.whose)):
        return {"said": ""}
    return {"said": excerpt(standing.now[entry.entry])} if entry.entry in standing.now else {}


def _without_ids(record: Record, people: dict[int, int]) -> Record:
    if "by" in record:
        record["by"] = _number_of(record["by"], people)
    if "changes" in record:
        record["changes"] = [{**change, "by": _number_of(change["by"], people)} for change in record["changes"]]
    return record


def _number_of(person: int, people: dict[int, int]) -> int:
    """Return who a person is in this document; 0 is somebody who was forgotten."""
    return people.setdefault(person, len(people) + 1) if person else 0
