"""Models are asked when it is their turn, with all that is theirs, and not again for what is written down."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from bot.models.catalogue import Catalogue
from bot.room.entries import (
    Answered,
    Ended,
    Entry,
    ModelChanged,
    Muted,
    Paused,
    Removed,
    Respoken,
    Restored,
    Resumed,
    Skipped,
    Spoke,
    Withdrawn,
)
from bot.room.fold import after
from bot.room.state import RoomState
from tests.invariants.evidence import Asked, Evidence, Moment, Retaking, RoomEvidence
from tests.invariants.turns import Turns

SECONDS_ON_THE_WAY = 1.0
"""A request may have been worded before what a person did this short a time ago."""
_SESSION = re.compile(r"room-(\d+)-AI-(\d+)")


def wrong_requests(evidence: Evidence, _moment: Moment) -> Iterator[str]:
    """Each request is of the seat whose turn it is, and carries its temperature, prompts, invitation and hearing.

    When somebody wanted a seat to say something again, one request of that seat may be about a turn that is past; and
    one more where its answer held nothing.
    """
    for room in evidence.rooms:
        table, state, last = Turns(), RoomState(), Entries(room)
        retakings = _retakings(room, evidence)
        for seat, request in _of(room, evidence):
            for entry in last.until(request.at):
                list(table.follow(entry))
                state = after(state, entry)
            if last.person_steered_within(SECONDS_ON_THE_WAY, request.at):
                continue
            wrong = list(_wrong_now(table, state, seat, request, last.words_that_stand(evidence)))
            retaking = next((one for one in retakings if one.seat == seat and one.at <= request.at), None)
            if wrong and retaking is not None:
                if request.words.strip() or not request.answered:
                    retakings.remove(retaking)
                continue
            yield from (f"Room {room.number}, a request of AI-{seat} after turn {table.turn}: {one}." for one in wrong)


def strange_answers(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """Each answer in the journal was given by the host, once; each that is not there was lost in an interruption."""
    for room in evidence.rooms:
        where = f"Room {room.number}"
        given: defaultdict[int, list[Asked]] = defaultdict(list)
        for seat, request in _of(room, evidence):
            if request.answered and request.words.strip():
                given[seat].append(request)
        for written in room.own_entries:
            entry = written.entry
            if isinstance(entry, Answered | Respoken):
                found = [one for one in given[entry.seat] if _is_answer(entry, one) and one.at <= written.at]
                if not found:
                    yield f"{where}: the host never gave {_named(entry)}, or gave it once only."
                else:
                    given[entry.seat].remove(found[0])
        lost = sum(map(len, given.values()))
        most = evidence.stops + (moment is not Moment.DONE)
        most += sum(_gives_up_an_answer(one.entry) for one in room.own_entries)
        most += len(_retakings(room, evidence)) - sum(isinstance(one.entry, Respoken) for one in room.own_entries)
        if lost > most:
            yield f"{where}: {lost} answers came and were not written down, in {most} interruptions."


def paid_twice(evidence: Evidence) -> int:
    """Count the answers that were sent whole and are not in the journal: they were asked, and paid, for again."""
    given = sum(bool(one.answered and one.words.strip()) for one in evidence.asked)
    kept = (one.entry for room in evidence.rooms for one in room.own_entries)
    return given - sum(isinstance(entry, Answered | Respoken) for entry in kept)


class Entries:
    """A room's entries, taken in the order in which they were written."""

    def __init__(self, room: RoomEvidence) -> None:
        self._room = room
        self._written = room.entries
        self._taken = 0
        self._steered: datetime | None = None
        self._last_words = ""
        self._last_spoken = 0

    def until(self, moment: datetime) -> Iterator[Entry]:
        """Yield those that were written before a moment and not taken yet."""
        while self._taken < len(self._written) and self._written[self._taken].at < moment:
            written = self._written[self._taken]
            self._taken += 1
            match written.entry:
                case Spoke():
                    self._last_words, self._last_spoken = written.entry.text, written.seq
                case Respoken() | Restored() if written.entry.entry == self._last_spoken:
                    self._last_words = written.entry.text
                case Withdrawn():
                    self._last_words = ""  # they may be the ones that nobody read
                case _:
                    pass
            if isinstance(written.entry, Paused | Resumed) or getattr(written.entry, "by_name", ""):
                self._steered = written.at
            yield written.entry

    def words_that_stand(self, evidence: Evidence) -> str:
        """Return the last words that a seat has spoken; nothing where somebody deleted any of them."""
        messages = {line.message_id for line in self._room.outbox if line.entry_seq == self._last_spoken}
        return "" if messages & evidence.deleted else self._last_words

    def person_steered_within(self, seconds: float, moment: datetime) -> bool:
        """Whether a person changed the room so shortly before a moment."""
        return self._steered is not None and moment - self._steered < timedelta(seconds=seconds)


def _wrong_now(table: Turns, state: RoomState, seat: int, request: Asked, last_words: str) -> Iterator[str]:
    """What is wrong with a request, as the room is now."""
    if table.pending:
        yield f"the answer of AI-{table.pending.seat} to turn {table.pending.turn} was written down"
    elif table.next_seat != seat:
        yield f"it is the turn of AI-{table.next_seat}"
    else:
        yield from _not_its_own(state, seat, request, last_words)


def _retakings(room: RoomEvidence, evidence: Evidence) -> list[Retaking]:
    """When a seat of this room was to say something again, oldest first."""
    began, ended = room.entries[0].at if room.entries else None, room.ended
    return [
        one
        for one in evidence.retaken
        if one.channel == room.channel and began and one.at >= began and (ended is None or one.at <= ended)
    ]


def _is_answer(entry: Answered | Respoken, given: Asked) -> bool:
    """Whether a host's answer is what was written down; of one that replaces words only what all may read is kept."""
    if isinstance(entry, Answered):
        return given.words == entry.text
    return all(line in given.words for line in entry.text.splitlines())


def _named(entry: Answered | Respoken) -> str:
    if isinstance(entry, Answered):
        return f"the answer of turn {entry.turn}"
    return f"the new words of entry {entry.entry}"


def _gives_up_an_answer(entry: Entry) -> bool:
    """Whether a person decided against whoever was answering, or the place closed under them."""
    is_closed = isinstance(entry, Paused) and entry.cause == "place"
    is_gone = isinstance(entry, Ended) and entry.reason == "gone"
    is_decided = isinstance(entry, Paused | Ended | Muted) and bool(entry.by_name)
    return is_closed or is_gone or is_decided or isinstance(entry, Skipped | Removed | ModelChanged)


def _of(room: RoomEvidence, evidence: Evidence) -> Iterator[tuple[int, Asked]]:
    for request in sorted(evidence.asked, key=lambda one: one.at):
        found = _SESSION.fullmatch(request.session)
        if found and int(found[1]) == room.number:
            yield int(found[2]), request


def _not_its_own(state: RoomState, number: int, request: Asked, last_words: str) -> Iterator[str]:
    seat = state.seat(number)
    temperature = _catalogue().resolve(seat.model).temperature.to_send(seat.temperature)
    if request.temperature != temperature:
        yield f"its temperature is {request.temperature} instead of {temperature}"
    if not request.system.startswith(f"You are {seat.label}."):
        yield f"it is called {request.system[:30]!r}"
    for text in (*seat.prompts, seat.invitation):
        if text not in request.system:
            yield f"its system prompt lacks {text[:40]!r}"
    if last_words.strip() not in request.seen:
        yield f"it was not shown {last_words[:40]!r}"


@cache
def _catalogue() -> Catalogue:
    return Catalogue.load(None)
