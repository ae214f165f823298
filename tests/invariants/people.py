"""People are heard once, as they spoke, and what they take back or take away is gone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from bot.room.entries import Edited, Heard, Reacted, Withdrawn
from bot.room.forgetting import NOBODY
from bot.room.hearing import is_off_the_record
from bot.room.reactions import MEANT_FOR_THE_HOUSE, REMOVES
from tests.invariants.evidence import Evidence, Given, Moment, RoomEvidence, Said


def wrong_hearing(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """Nobody is heard twice, or in words that they never used; who listens knows everybody's last words."""
    said = {one.id: one for one in evidence.said}
    for room in evidence.rooms:
        where = f"Room {room.number}"
        heard = room.own(Heard)
        times = Counter(one.message for one in heard)
        yield from (f"{where}: message {one} was heard {count} times." for one, count in times.items() if count > 1)
        for one in heard:
            if one.by != NOBODY and not _was_said(one, said.get(one.message)):
                yield f"{where}: nobody ever said {one.text[:60]!r} in message {one.message}."
        if moment is Moment.DONE and room.number in evidence.listened:
            yield from _unheard(room, evidence)


def wrong_reactions(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """A room that has listened knows how people react to its messages, no more and no less."""
    for room in evidence.rooms:
        if moment is not Moment.DONE or room.number not in evidence.listened:
            continue
        standing = _messages_of(room, evidence)
        given = {
            one
            for one in evidence.given
            if one.message in standing
            and one.emoji not in MEANT_FOR_THE_HOUSE
            and not _is_forgotten(one.by, one.message, evidence)
        }
        known = {one for one in _known(room) if one.message in standing}
        for one in sorted(given - known):
            yield f"Room {room.number} does not know of {one.emoji} on message {one.message}."
        for one in sorted(known - evidence.given):  # who was forgotten may have reacted once more to what is older
            yield f"Room {room.number} believes that {one.emoji} stands on message {one.message}."


def kept_in_spite_of_people(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """What was deleted is withdrawn, and what somebody who may steer marked with ❌ is deleted."""
    for room in evidence.rooms:
        if moment is not Moment.DONE or room.number not in evidence.listened:
            continue
        withdrawn = _withdrawn(room)
        shown = {line.message_id for line in room.outbox if line.post.is_seen_by_ais}
        heard = {one.message for one in room.own(Heard)}
        for message in sorted((shown | heard) & evidence.deleted - withdrawn, key=str):
            yield f"Room {room.number}: message {message} is deleted, and the AIs still know it."
        posted = {line.message_id for line in room.outbox}
        for one in sorted(evidence.given):
            if one.emoji == REMOVES and one.message in posted | heard and one.message not in evidence.deleted:
                yield f"Room {room.number}: message {one.message} was to be removed, and stands."


def _was_said(heard: Heard, said: Said | None) -> bool:
    return said is not None and said.by == heard.by and _plain(heard.text) in map(_plain, said.texts)


def _unheard(room: RoomEvidence, evidence: Evidence) -> Iterator[str]:
    """What people said while the room was open, and is not known as it stands."""
    message_of = {seq: heard.message for seq, heard in room.all(Heard)}
    known = {heard.message: heard.text for _, heard in room.all(Heard)}
    known |= {message_of[edited.entry]: edited.text for _, edited in room.all(Edited)}
    first = min((line.message_id for line in room.outbox if line.message_id), default=None)
    for said in evidence.said:
        is_here = said.channel == room.channel and first is not None and said.id > first
        is_owed = is_here and said.is_there and (room.ended is None or said.at < room.ended)
        if (
            not is_owed
            or said.by_command
            or is_off_the_record(said.texts[-1])
            or _is_forgotten(said.by, said.id, evidence)
        ):
            continue
        if said.id not in known:
            yield f"Room {room.number} never heard {said.texts[-1]!r}."
        elif _plain(known[said.id]) != _plain(said.texts[-1]):
            yield f"Room {room.number} knows {known[said.id]!r}, which says {said.texts[-1]!r} now."


def _is_forgotten(person: int, message: int, evidence: Evidence) -> bool:
    """Whether what somebody did about a message may be gone: they wanted to be forgotten after it."""
    return any(person == wish.person and message < wish.id for wish in evidence.wishes)


def _messages_of(room: RoomEvidence, evidence: Evidence) -> set[int]:
    """The messages that stand and show what the AIs know."""
    posted = {line.message_id for line in room.outbox if line.message_id and line.post.text}
    heard = {one.message for one in room.own(Heard) if not one.by_house}
    return (posted | heard) - evidence.deleted - _withdrawn(room)


def _withdrawn(room: RoomEvidence) -> set[int]:
    return {message for _, withdrawn in room.all(Withdrawn) for message in withdrawn.messages}


def _known(room: RoomEvidence) -> set[Given]:
    known: defaultdict[int, set[Given]] = defaultdict(set)
    for _, reacted in room.all(Reacted):
        for change in reacted.changes:
            given = Given(reacted.message, change.by, change.emoji)
            (known[given.message].add if change.added else known[given.message].discard)(given)
    return set[Given]().union(*known.values())


def _plain(text: str) -> str:
    return " ".join(text.split())
