"""A room as a document: Markdown for people, JSON for programs. What was forgotten or withdrawn is in neither."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.room import notices
from bot.room.entries import (
    Answered,
    Edited,
    Entry,
    Heard,
    PictureMade,
    Reacted,
    Respoken,
    Restored,
    Spoke,
    Withdrawn,
    to_record,
)
from bot.room.fold import fold
from bot.room.history import History, Line
from bot.room.posts import Post
from bot.room.reactions import most_loved
from bot.room.state import RoomState
from bot.words import t

LINES_LOVED = 10
EXCERPT = 200
"""Characters of a line that is shown again among the most loved ones."""

_HEADING = re.compile(r"^(?=#{1,6} )", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}```", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry with its number and its moment, as `2026-11-25T14:02:09+00:00`."""

    seq: int
    at: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """All that is kept of a room in words: its entries, and its posts with the number of the entry that each shows."""

    number: int
    happenings: Sequence[Happening]
    posts: Sequence[tuple[int, Post]] = ()


def as_markdown(room: KeptRoom) -> str:
    """Return a room for people to read: who said what and when, what the house said, and the most loved lines."""
    state, history = _read(room)
    return "\n\n".join([*_head(room, state), *_body(room, history), *_loved(history)]) + "\n"


def as_json(room: KeptRoom) -> str:
    """Return a room's entries as they are, without Discord's ids of people: each person has a number of their own."""
    people: dict[int, int] = {}
    entries = [
        {"seq": one.seq, "at": one.at, **_without_ids(record, people)}
        for one, record in zip(room.happenings, _as_they_stand(room), strict=True)
    ]
    return json.dumps({"room": room.number, "entries": entries}, ensure_ascii=False, indent=1) + "\n"


def _read(room: KeptRoom) -> tuple[RoomState, History]:
    everything = sum(len(str(one.entry)) for one in room.happenings) + 1_000_000
    history = History(tokens_kept=everything)
    for one in room.happenings:
        history.add(one.seq, one.entry)
    return fold(one.entry for one in room.happenings), history


def _head(room: KeptRoom, state: RoomState) -> Iterator[str]:
    opened = state.opened
    title = f": {notices.in_a_line(opened.scenario)}" if opened and opened.scenario else ""
    yield f"# {t('Room {number}', number=room.number)}{title}"
    if opened is not None:
        began, ended = (_minute(one.at) for one in (room.happenings[0], room.happenings[-1]))
        yield t(
            "Opened by {by} at {began} UTC; the last that happened was at {ended} UTC.",
            by=opened.by_name,
            began=began,
            ended=ended,
        )
    if state.seats:
        yield "\n".join(f"- {seat.label}" for seat in state.seats)


def _body(room: KeptRoom, history: History) -> Iterator[str]:
    by_house = _said_by_house(room.posts)
    lines: dict[int, list[Line]] = {}
    for line in history.lines:
        if line.only_for is None and line.text:
            lines.setdefault(line.seq, []).append(line)
    for one in room.happenings:
        for text in by_house.get(one.seq, ()):
            yield _quoted(text)
        for line in lines.get(one.seq, ()):
            if line.speaker is not None or line.person:
                yield f"### {line.speaker.label if line.speaker else line.person} · {_minute(one.at)}"
                yield _harmless(line.text)
            elif isinstance(one.entry, PictureMade | Reacted):
                yield _quoted(line.text)
            if line.pictures:
                named = (t("picture {number}", number=picture) for picture in line.pictures)
                yield _quoted(f"🖼️ {', '.join(named)}")


def _said_by_house(posts: Iterable[tuple[int, Post]]) -> dict[int, list[str]]:
    """Return the notices that people saw; people's words and pictures are in the entries themselves."""
    found: dict[int, list[str]] = {}
    for seq, post in posts:
        is_notice = post.seat is None and post.picture is None and not post.text.startswith(notices.SAYS)
        if is_notice and post.text:
            found.setdefault(seq, []).append(post.text)
    return found


def _loved(history: History) -> Iterator[str]:
    """The lines as they stand now, and not as they stood when somebody reacted."""
    texts = {line.seq: line.text for line in history.lines if line.speaker is not None or line.person or line.pictures}
    found: list[str] = []
    for loved in most_loved(history.reactions.values(), LINES_LOVED):
        said = texts.get(loved.entry, "") if loved.entry else loved.said
        if said:
            counts = ", ".join(f"{notices.without_ids(emoji)} {count}" for emoji, count in loved.counts.items())
            found.append(f"- {counts} · {notices.whose_for_people(loved.whose)}: “{_excerpt(said)}”")
    if found:
        yield f"## {t('The most loved lines')}"
        yield "\n".join(found)


def _excerpt(text: str) -> str:
    line = notices.in_a_line(text)
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _harmless(text).splitlines())


def _harmless(text: str) -> str:
    """Return words that cannot pose as a heading of ours, nor swallow what comes after them."""
    words = _HEADING.sub(r"\\", text).replace("<!--", "<\\!--")
    return f"{words}\n```" if len(_FENCE.findall(words)) % 2 else words


def _as_they_stand(room: KeptRoom) -> list[dict[str, Any]]:
    """Return the records, without words that were changed or taken back later."""
    now: dict[int, str] = {}
    withdrawn: set[int] = set()
    for one in room.happenings:
        match one.entry:
            case Edited() | Respoken() | Restored():
                now[one.entry.entry] = one.entry.text
            case Withdrawn():
                now[one.entry.entry] = one.entry.left
                withdrawn.add(one.entry.entry)
            case _:
                pass
    turns = {one.entry.turn for one in room.happenings if one.seq in withdrawn and isinstance(one.entry, Spoke)}
    quotes = {line.seq: line.aside.quote for line in _read(room)[1].lines}
    records = [_as_it_stands(one, now, withdrawn, turns) for one in room.happenings]
    for one, record in zip(room.happenings, records, strict=True):
        if isinstance(one.entry, Heard):
            record["answers"] = quotes[one.seq]
    return records


def _as_it_stands(one: Happening, now: Mapping[int, str], withdrawn: set[int], turns: set[int]) -> dict[str, Any]:
    entry, record = one.entry, to_record(one.entry)
    match entry:
        case Heard() if one.seq in now:
            record |= {"text": now[one.seq]} | ({"pictures": []} if one.seq in withdrawn and not now[one.seq] else {})
        case Spoke() if one.seq in now:
            record["text"] = now[one.seq]
        case Answered() if entry.turn in turns:
            record["text"] = ""
        case Edited() | Respoken() | Restored():
            record["text"] = now[entry.entry]
        case Withdrawn():
            record["left"] = now[entry.entry]
        case Reacted() if entry.entry in now:
            record["said"] = _excerpt(now[entry.entry])
        case _:
            pass
    return record


def _without_ids(record: dict[str, Any], people: dict[int, int]) -> dict[str, Any]:
    if "by" in record:
        record["by"] = _number_of(record["by"], people)
    if "changes" in record:
        record["changes"] = [{**change, "by": _number_of(change["by"], people)} for change in record["changes"]]
    return record


def _number_of(person: int, people: dict[int, int]) -> int:
    """Return who a person is in this document; 0 is somebody who was forgotten."""
    return people.setdefault(person, len(people) + 1) if person else 0
