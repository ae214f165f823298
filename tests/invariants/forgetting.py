"""Who was told that they are forgotten is in no journal, no channel of the house's, no export, no request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from bot.documents import WRITTEN_AS
from bot.room.entries import to_record
from bot.room.kept import Happening, KeptRoom
from tests.invariants.asking import SECONDS_ON_THE_WAY
from tests.invariants.evidence import Evidence, Moment, RoomEvidence, Wish


def unforgotten_words(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """Nothing that they had said is kept, shown by the house or sent to a model, nor who they are."""
    for wish in evidence.forgotten:
        for room in evidence.rooms:
            yield from (f"Room {room.number}: {wrong}." for wrong in _kept(wish, room))
        yield from _asked(wish, evidence)
        if moment is Moment.DONE:
            yield from _shown(wish, evidence)


def _kept(wish: Wish, room: RoomEvidence) -> Iterator[str]:
    for one in room.entries:
        record = json.dumps(to_record(one.entry), ensure_ascii=False)
        if _has_words(record, wish):
            yield f"entry {one.seq} still says what {wish.name} said"
        if str(wish.person) in record and one.at < wish.asked:
            yield f"entry {one.seq} still knows {wish.name}"
    for line in room.outbox:
        if _has_words(f"{line.post.text} {line.post.alt_text} {line.post.file}", wish):
            yield f"post {line.id} still says what {wish.name} said"
    happenings = [Happening(one.seq, one.at.isoformat(), one.entry) for one in room.entries]
    kept = KeptRoom(room.number, happenings, [(line.entry_seq, line.post) for line in room.outbox])
    if happenings and _has_words("".join(written_as(kept) for written_as in WRITTEN_AS.values()), wish):
        yield f"its export still says what {wish.name} said"


def _asked(wish: Wish, evidence: Evidence) -> Iterator[str]:
    since = None if wish.told is None else wish.told + timedelta(seconds=SECONDS_ON_THE_WAY)
    for request in evidence.asked:
        if since is not None and request.at > since and _has_words(request.seen + request.system, wish):
            yield f"A request of {request.session} shows what {wish.name} said, who is forgotten."


def _shown(wish: Wish, evidence: Evidence) -> Iterator[str]:
    for channel in evidence.channels.values():
        for message in channel:
            if _has_words(message.text, wish):
                yield f"Message {message.id} of {message.who} still shows what {wish.name} said."


def _has_words(text: str, wish: Wish) -> bool:
    return any(word in text for word in wish.words)
