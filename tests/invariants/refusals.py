"""Words that Discord declined are said to be missing, and the AIs do not know them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.room import notices
from bot.room.entries import Withdrawn
from bot.storage.privacy import FORGOTTEN
from tests.invariants.evidence import Evidence, Line, Moment, RoomEvidence
from tests.invariants.posts import named

_OF_THE_PROGRAM = {FORGOTTEN, notices.PLACE_IS_GONE}
"""Posts that the program itself gave up, for these reasons."""


def unadmitted_refusals(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """Each post that the AIs see and Discord declined is withdrawn for that reason, and a notice says so."""
    for room in evidence.rooms if moment is Moment.DONE else ():
        for line in room.outbox:
            if not line.post.is_seen_by_ais or line.refusal is None or line.refusal in _OF_THE_PROGRAM:
                continue
            what = f"Room {room.number}: {named(line)} was declined"
            if not _is_withdrawn(room, line):
                yield f"{what}, and the AIs still know it."
            if not _is_told(room, line):
                yield f"{what}, and nobody was told."


def _is_withdrawn(room: RoomEvidence, line: Line) -> bool:
    return any(e.entry == line.entry_seq and e.reason == line.refusal for _, e in room.all(Withdrawn))


def _is_told(room: RoomEvidence, line: Line) -> bool:
    notice = notices.declined(line.post.persona, line.refusal or "")
    return any(other.post.seat is None and other.id > line.id and notice in other.post.text for other in room.outbox)
