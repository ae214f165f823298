"""Models are asked when it is their turn, with all that is theirs, and not again for what is written down."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from bot.models.catalogue import Catalogue
from bot.room.entries import Answered, CarriedOut, Ended, Entry, Paused, Respoken, Resumed, Spoke, Withdrawn
from bot.room.fold import after
from bot.room.state import RoomState
from tests.invariants.evidence import Asked, Evidence, Moment, RoomEvidence
from tests.invariants.turns import RoundRobin

SECONDS_ON_THE_WAY = 1.0
"""A request may have been worded before what a person did this short a time ago."""
_SESSION = re.compile(r"room-(\d+)-AI-(\d+)")


def wrong_requests(evidence: Evidence, _moment: Moment) -> Iterator[str]:
    """Each request is of the seat whose turn it is, and carries its temperature, prompts, invitation and hearing."""
    for room in evidence.rooms:
        table, state, last = RoundRobin(), RoomState(), Entries(room)
        for seat, request in _of(room, evidence):
            for entry in last.until(request.at):
                list(table.follow(entry))
                state = after(state, entry)
            if last.person_steered_within(SECONDS_ON_THE_WAY, request.at) or _is_to_say_again(room, seat, request):
                continue
            where = f"Room {room.number}, a request of AI-{seat} after turn {table.turn}"
            if table.pending:
                yield f"{where}: the answer of AI-{table.pending.seat} to turn {table.pending.turn} was written down."
            elif table.next_seat != seat:
                yield f"{where}: it is the turn of AI-{table.next_seat}."
            else:
                shown = "" if evidence.deleted else last.last_words  # who sees what was deleted is another question
                yield from (f"{where}: {wrong}." for wrong in _not_its_own(state, seat, request, shown))


def _is_to_say_again(room: RoomEvidence, seat: int, request: Asked) -> bool:
    """Whether a person let a turn be taken anew with this request, and its words came in the place of older ones."""
    anew = [one.entry for one in room.entries if isinstance(one.entry, Respoken) and one.at >= request.at]
    return any(entry.seat == seat and entry.text == request.words for entry in anew)


def strange_answers(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """Each answer in the journal was given by the host, once; each that is not there was lost in an interruption."""
    for room in evidence.rooms:
        where = f"Room {room.number}"
        given: defaultdict[int, list[Asked]] = defaultdict(list)
        for seat, request in _of(room, evidence):
            if request.answered and request.words.strip():
                given[seat].append(request)
        for written in room.entries:
            entry = written.entry
            if isinstance(entry, Answered):
                found = [one for one in given[entry.seat] if one.words == entry.text and one.at <= written.at]
                if not found:
                    yield f"{where}: the host never gave the answer of turn {entry.turn}, or gave it once only."
                else:
                    given[entry.seat].remove(found[0])
        lost = sum(map(len, given.values()))
        under_way = moment is not Moment.DONE
        most = evidence.stops + under_way + sum(_gives_up_an_answer(one.entry) for one in room.entries)
        if lost > most:
            yield f"{where}: {lost} answers came and were not written down, in {most} interruptions."


def paid_twice(evidence: Evidence) -> int:
    """Count the answers that were sent whole and are not in the journal: they were asked, and paid, for again."""
    given = sum(bool(one.answered and one.words.strip()) for one in evidence.asked)
    return given - sum(isinstance(one.entry, Answered) for room in evidence.rooms for one in room.entries)


class Entries:
    """A room's entries, taken in the order in which they were written."""

    def __init__(self, room: RoomEvidence) -> None:
        self._written = room.entries
        self._taken = 0
        self._steered: datetime | None = None
        self.last_words = ""

    def until(self, moment: datetime) -> Iterator[Entry]:
        """Yield those that were written before a moment and not taken yet."""
        while self._taken < len(self._written) and self._written[self._taken].at < moment:
            written = self._written[self._taken]
            self._taken += 1
            if isinstance(written.entry, Spoke):
                self.last_words = written.entry.text
            if isinstance(written.entry, Withdrawn):
                self.last_words = ""  # they may be the ones that nobody read
            if isinstance(written.entry, Paused | Resumed) or (
                isinstance(written.entry, CarriedOut) and written.entry.by_name
            ):
                self._steered = written.at
            yield written.entry

    def person_steered_within(self, seconds: float, moment: datetime) -> bool:
        """Whether a person changed the room so shortly before a moment."""
        return self._steered is not None and moment - self._steered < timedelta(seconds=seconds)


def _gives_up_an_answer(entry: Entry) -> bool:
    """Whether a person stopped whoever was answering, or the place closed under them."""
    is_closed = isinstance(entry, Paused) and entry.cause == "place"
    is_gone = isinstance(entry, Ended) and entry.reason == "gone"
    return is_closed or is_gone or (isinstance(entry, Paused | Ended) and bool(entry.by_name))


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
