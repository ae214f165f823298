"""What is in the outbox is in the channel, once and in order; what is in the channel is in the outbox."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from bot.posting.names import persona_name
from bot.room.entries import Entry, Paused, PictureMade, Respoken, Restored, Spoke, Withdrawn
from bot.room.fold import fold
from bot.room.forgetting import SOMEBODY
from bot.room.posts import Post
from tests.invariants.evidence import Evidence, Line, Moment, RoomEvidence, Seen


def wrong_messages(evidence: Evidence, moment: Moment) -> Iterator[str]:
    """Every message belongs to one post, every posted post is one message, and it shows what the post says.

    A message that owes an edit may still show its former words, and at any instant one that is forgotten may stand.
    """
    by_channel: defaultdict[int, list[Line]] = defaultdict(list)
    for room in evidence.rooms:
        by_channel[room.channel] += room.outbox
    for channel, messages in evidence.channels.items():
        standing = {message.id: message for message in messages}
        for message, wrong in _marked_wrongly(by_channel[channel], standing, evidence):
            is_leaving = message is not None and _shows_forgotten(message, evidence)
            if not is_leaving or moment is not Moment.ANY_INSTANT:
                yield wrong
        of_rooms = [message for message in messages if not message.is_unrecorded]
        yield from _nobodys(by_channel[channel], _without_panels(of_rooms, evidence, moment), moment)
    if moment is Moment.DONE:
        for room in evidence.rooms:
            for line in room.outbox:
                if line.waits:
                    yield f"Room {room.number}: {named(line)} never appeared."
                elif line.owes:
                    yield f"Room {room.number}: the {line.owes} of {named(line)} never came."


def _shows_forgotten(message: Seen, evidence: Evidence) -> bool:
    """Whether the house still shows the words of somebody who wants to be forgotten."""
    words = (word for wish in evidence.wishes for word in wish.words)
    return not message.is_persona and any(word in message.text for word in words)


def _without_panels(messages: Sequence[Seen], evidence: Evidence, moment: Moment) -> list[Seen]:
    """Leave out each room's one panel, which is no post: the message that is kept as such.

    One with the room's buttons may have been posted and not be kept yet: its first, or at any instant the next one.
    """
    kept = {room.panel for room in evidence.rooms}
    open_to = {room.number for room in evidence.rooms if room.panel is None or moment is Moment.ANY_INSTANT}
    left: list[Seen] = []
    for message in messages:
        if message.id not in kept and message.panel_of in open_to:
            open_to.discard(message.panel_of or 0)
        elif message.id not in kept:
            left.append(message)
    return left


def _marked_wrongly(
    lines: Sequence[Line], standing: dict[int, Seen], evidence: Evidence
) -> Iterator[tuple[Seen | None, str]]:
    marked = Counter(line.message_id for line in lines if line.message_id is not None)
    yield from (
        (None, f"Message {message} belongs to {count} posts.") for message, count in marked.items() if count > 1
    )
    for line in lines:
        if line.message_id is None or line.message_id in evidence.deleted or line.is_leaving:
            continue
        message = standing.get(line.message_id)
        if message is None:
            yield None, f"{named(line)} is marked as message {line.message_id}, which is not in the channel."
        elif not (
            message.shows(line.post) or _may_show_others(line, message) or _shows_but_for_names(message, line, evidence)
        ):
            yield message, f"{named(line)} is marked as message {message.id}, which says {message.text[:60]!r}."


def _shows_but_for_names(message: Seen, line: Line, evidence: Evidence) -> bool:
    """Whether only the name of somebody who is forgotten was taken out of what is kept of a message."""
    text = message.text
    for wish in evidence.forgotten:
        text = text.replace(wish.name, SOMEBODY)
    return SOMEBODY in line.post.text and replace(message, text=text).shows(line.post)


def _may_show_others(line: Line, message: Seen) -> bool:
    """Whether a message is still to be changed: once there is no way back, it may show words that were declined."""
    return bool(line.owes) and (line.before is None or message.shows(line.before))


def _nobodys(lines: Sequence[Line], messages: Sequence[Seen], moment: Moment) -> Iterator[str]:
    """Messages without a post; at any instant, a post that waits may excuse one of them."""
    known = {line.message_id for line in lines}
    waiting = [line for line in lines if line.waits] if moment is Moment.ANY_INSTANT else []
    for message in messages:
        if message.id in known:
            continue
        excuse = next((line for line in waiting if message.shows(line.post)), None)
        if excuse is not None:
            waiting.remove(excuse)
            continue
        twins = [line for line in lines if message.shows(line.post)]
        of = f" It shows {named(twins[0])}." if twins else ""
        yield f"Message {message.id} of {message.who} belongs to no post: {message.text[:60]!r}.{of}"


def disordered_messages(evidence: Evidence, _moment: Moment) -> Iterator[str]:
    """Words appear in the order of the outbox, pictures too, and the parts of one message stay together.

    That personas cannot speak at a place is said there at once, before the words that wait for it. Words that Discord
    declined are passed over, also before that is written down.
    """
    for room in evidence.rooms:
        words: list[Line] = []
        shown: list[Line] = []
        closings = {seq for seq, entry in room.all(Paused) if entry.cause == "place"}
        for group in _groups(room):
            if group[0].entry_seq in closings:
                continue
            (shown if _is_picture(group) else words).extend(group)
        yield from _out_of_order(room, words, evidence.declined)
        yield from _out_of_order(room, shown, evidence.declined)
        yield from _torn(room, evidence)


def _out_of_order(room: RoomEvidence, lines: Sequence[Line], declined: frozenset[str]) -> Iterator[str]:
    accepted = [line for line in lines if line.refusal is None and not (line.waits and line.post.text in declined)]
    for earlier, later in pairwise(accepted):
        if earlier.message_id is None and later.message_id is not None:
            yield f"Room {room.number}: {named(later)} appeared before {named(earlier)}, which still waits."
        elif earlier.message_id and later.message_id and later.message_id < earlier.message_id:
            yield f"Room {room.number}: {named(later)} appeared before {named(earlier)}."


def _torn(room: RoomEvidence, evidence: Evidence) -> Iterator[str]:
    panels = {other.panel for other in evidence.rooms}
    there = evidence.channels.get(room.channel, ())
    messages = [one for one in there if one.id not in panels and not one.panel_of and not one.is_unrecorded]
    places = {message.id: place for place, message in enumerate(messages)}
    for group in _groups(room):
        stand = [(line, places[line.message_id]) for line in group if line.message_id in places]
        for (earlier, place), (later, next_place) in pairwise(stand):
            between = next_place - place - 1
            if between and not _are_deleted(group, earlier, later, evidence):
                yield f"Room {room.number}: other messages stand between {named(earlier)} and {named(later)}."


def _are_deleted(group: Sequence[Line], earlier: Line, later: Line, evidence: Evidence) -> bool:
    inner = [line for line in group if earlier.id < line.id < later.id]
    return any(line.message_id in evidence.deleted for line in inner)


def _groups(room: RoomEvidence) -> list[list[Line]]:
    """The lines that are parts of one message: of one entry, by one voice, one after the other."""
    return [list(group) for _, group in groupby(room.outbox, key=lambda line: (line.entry_seq, line.post.persona))]


def _is_picture(group: Sequence[Line]) -> bool:
    return any(line.post.picture is not None for line in group)


def _keeps_old_words(line: Line, room: RoomEvidence) -> bool:
    """Whether it was refused, or removed, before the rest of its entry was given new words."""
    changes = [*room.all(Respoken), *room.all(Restored)]
    newest = max((seq for seq, entry in changes if entry.entry == line.entry_seq), default=0)
    removed = {message for seq, entry in room.all(Withdrawn) if seq < newest for message in entry.messages}
    return newest > 0 and (line.refusal is not None or line.message_id in removed)


def unsaid_words(evidence: Evidence, _moment: Moment) -> Iterator[str]:
    """What the journal says that a seat spoke is what its posts say, letter for letter, no more and no less."""
    for room in evidence.rooms:
        spoken: defaultdict[int, str] = defaultdict(str)
        again = {one.entry.entry: one.entry.text for one in room.entries if isinstance(one.entry, Respoken | Restored)}
        for seq, entry in room.all(Spoke):
            if seq > room.copied:  # what a fork shares was posted where it was said
                spoken[entry.seat] += _letters(again.get(seq, entry.text))
        posted: defaultdict[int | None, str] = defaultdict(str)
        for group in _groups(room):
            if not _is_picture(group):
                there = [line.post for line in group if not line.is_leaving and not _keeps_old_words(line, room)]
                posted[group[0].post.seat] += "".join(_letters(post.file or post.text) for post in there)
        for seat in fold(written.entry for written in room.entries).seats:
            if spoken[seat.number] != posted[seat.number]:
                yield f"Room {room.number}: the posts of {seat.name} do not say what it spoke."
        yield from _in_wrong_voices(room)


def _in_wrong_voices(room: RoomEvidence) -> Iterator[str]:
    for line in room.outbox:
        persona = persona_name(room.label(line.post.seat, line.entry_seq)) if line.post.seat is not None else ""
        if line.post.persona != persona:
            yield f"Room {room.number}: {named(line)} should be said by {persona or 'the house'}."


def strayed_posts(evidence: Evidence, _moment: Moment) -> Iterator[str]:
    """What a persona says, and every picture, belongs to the entry that says so: with that it can be taken back."""
    for room in evidence.rooms:
        entries = {one.seq: one.entry for one in room.entries}
        for line in room.outbox:
            entry = entries.get(line.entry_seq)
            if entry is None or not _may_be_said_in(entry, line.post):
                kind = "none" if entry is None else entry.kind
                yield f"Room {room.number}: {named(line)} belongs to entry {line.entry_seq}, which is {kind}."


def _may_be_said_in(entry: Entry, post: Post) -> bool:
    """Whether an entry can bring such a post; the house may say something about any."""
    if isinstance(entry, PictureMade):
        return post.picture in (None, entry.picture)
    if post.picture is not None:
        return False
    return post.seat is None or (isinstance(entry, Spoke) and entry.seat == post.seat)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def named(line: Line) -> str:
    """Return a post in words."""
    return f"Post {line.id} ({line.post.persona or 'the house'}: {' '.join(line.post.text.split())[:40]!r})"
