"""Pictures are made once, once more at most after a crash, and posted once, for whom they were asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.images.prompts import prompt_of
from bot.posting.names import persona_name
from bot.room.entries import Ended, PictureAsked, PictureFailed, PictureMade
from tests.invariants.evidence import Evidence, Moment, RoomEvidence

MOST_MAKINGS = 2
DISCORD_ALT_TEXT_LIMIT = 1024


def wrong_pictures(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """Every picture is settled once; one that was made is kept, and posted in one message that fits."""
    for room in evidence.rooms:
        asked = _asked(room)
        made = Counter(one.entry.picture for one in room.own_entries if isinstance(one.entry, PictureMade))
        settled = made + Counter(one.entry.picture for one in room.own_entries if isinstance(one.entry, PictureFailed))
        for picture in asked.keys() | settled.keys():
            where = f"Room {room.number}, picture {picture}"
            if picture not in asked:
                yield f"{where}: nobody asked for it."
            if settled[picture] > 1:
                yield f"{where}: it was settled {settled[picture]} times."
            if made[picture] and picture not in room.pictures:
                yield f"{where}: its bytes are not kept."
            if moment is Moment.DONE and not settled[picture] and not _was_stopped(room):
                yield f"{where}: it was never made."
        for one in room.entries[: room.copied]:
            if isinstance(one.entry, PictureMade) and one.entry.picture not in room.pictures:
                yield f"Room {room.number}, picture {one.entry.picture}: its bytes were not copied."
        yield from _posted_wrongly(room, asked, made)
        yield from _shown_wrongly(room, asked, evidence)


def pictures_made_too_often(evidence: Evidence, _moment: Moment) -> Iterator[str]:
    """The host is asked for a picture once, and once more at most when a crash came between."""
    wanted = Counter(prompt_of(asked.description) for room in evidence.rooms for asked in _asked(room).values())
    requests = Counter(one.prompt for one in evidence.asked if one.is_for_picture and not one.failed)
    for prompt, times in requests.items():
        most = wanted[prompt] * (MOST_MAKINGS if evidence.stops else 1)
        if times > most:
            yield f"The picture {prompt[:70]!r} was asked of the host {times} times instead of {most} at most."


def _posted_wrongly(room: RoomEvidence, asked: dict[int, PictureAsked], made: Counter[int]) -> Iterator[str]:
    posted = Counter(line.post.picture for line in room.outbox if line.post.picture is not None)
    for picture in made.keys() | posted.keys():
        if posted[picture] != min(made[picture], 1):
            yield f"Room {room.number}, picture {picture}: it is in {posted[picture]} posts."
    for line in room.outbox:
        if line.post.picture is None or line.post.picture not in asked:
            continue
        wanted = asked[line.post.picture]
        persona = persona_name(room.label(wanted.seat, line.entry_seq)) if wanted.seat is not None else ""
        if (line.post.seat, line.post.persona) != (wanted.seat, persona):
            yield f"Room {room.number}, picture {wanted.picture}: {line.post.persona or 'the house'} posts it."


def _shown_wrongly(room: RoomEvidence, asked: dict[int, PictureAsked], evidence: Evidence) -> Iterator[str]:
    standing = {message.id: message for message in evidence.channels.get(room.channel, ())}
    for line in room.outbox:
        message = standing.get(line.message_id or 0)
        if line.post.picture not in asked or message is None:
            continue
        description = asked[line.post.picture].description[:DISCORD_ALT_TEXT_LIMIT]
        if message.alt_texts != (description,):
            yield f"Room {room.number}, picture {line.post.picture}: message {message.id} shows {message.alt_texts}."


def _asked(room: RoomEvidence) -> dict[int, PictureAsked]:
    return {one.entry.picture: one.entry for one in room.own_entries if isinstance(one.entry, PictureAsked)}


def _was_stopped(room: RoomEvidence) -> bool:
    return any(isinstance(one.entry, Ended) and one.entry.reason == "stopped" for one in room.entries)
