"""Each claim about what people do is silent about a world in which it holds, and speaks up when it is doctored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.room.entries import (
    CalledOn,
    Edited,
    Entry,
    Forked,
    Heard,
    ModelChanged,
    Muted,
    Reacted,
    Removed,
    Respoken,
    Skipped,
    Spoke,
    Withdrawn,
)
from bot.room.forgetting import NOBODY, SOMEBODY
from tests.invariants import Evidence, Moment, lost_between, violations
from tests.invariants.busy_world import (
    BEA,
    CID,
    HELLO,
    ONE,
    REASON,
    SECRET,
    THREAD,
    WISH,
    WORDS_OF_ONE,
    a_busy_world,
)
from tests.invariants.evidence import Given, Line, RoomEvidence, Said, Seen
from tests.invariants.worlds import CHANNEL, NOON, a_world, entries_of, with_messages, with_room

Doctor = Callable[[Evidence], Evidence]


def with_first_room(world: Evidence, **changes: Any) -> Evidence:
    first, *others = world.rooms
    return replace(world, rooms=(replace(first, **changes), *others))


def without(world: Evidence, kind: type[Entry], number: int = 0, *, room: int = 0) -> Evidence:
    """Take one entry of a kind out of a room; the others keep their numbers, as if it had meant nothing."""
    return instead(world, kind, lambda _: Edited(entry=5, text="hello all"), number, room=room)


def instead(
    world: Evidence, kind: type[Entry], change: Callable[[Any], Entry], number: int = 0, *, room: int = 0
) -> Evidence:
    rooms = list(world.rooms)
    entries = list(rooms[room].entries)
    at = [at for at, one in enumerate(entries) if isinstance(one.entry, kind)][number]
    entries[at] = replace(entries[at], entry=change(entries[at].entry))
    rooms[room] = replace(rooms[room], entries=tuple(entries))
    return replace(world, rooms=tuple(rooms))


def with_lines(world: Evidence, change: Callable[[Any], Any]) -> Evidence:
    lines = [change(line) for line in world.rooms[0].outbox]
    return with_first_room(world, outbox=tuple(line for line in lines if line is not None))


def former_words(world: Evidence) -> Evidence:
    """The new words of AI-1 are written down, and the old ones stand."""
    messages = [replace(m, text=WORDS_OF_ONE) if m.id == ONE else m for m in world.channels[CHANNEL]]
    return replace(world, channels={**world.channels, CHANNEL: messages})


def an_edit_owed(world: Evidence) -> Evidence:
    def owe(line: Line) -> Line:
        before = replace(line.post, text=WORDS_OF_ONE)
        return replace(line, owes="edit", before=before) if line.message_id == ONE else line

    return with_lines(world, owe)


@pytest.mark.parametrize("moment", list(Moment))
def test_a_world_in_which_all_holds_is_not_complained_of(moment: Moment) -> None:
    assert violations(a_busy_world(), moment) == []


def test_former_words_may_stand_for_as_long_as_an_edit_is_owed() -> None:
    world = an_edit_owed(former_words(a_busy_world()))
    assert violations(world, Moment.ANY_INSTANT) == []
    assert any("the edit of Post 2" in sentence for sentence in violations(world, Moment.DONE))
    for moment in Moment:
        owing_nothing = violations(former_words(a_busy_world()), moment)
        assert any("which says 'one. And you" in sentence for sentence in owing_nothing)
    never_said = [replace(m, text="un. Et toi?") if m.id == ONE else m for m in world.channels[CHANNEL]]
    assert violations(replace(world, channels={**world.channels, CHANNEL: never_said}), Moment.ANY_INSTANT)


# Who speaks


def a_skip_that_was_none(world: Evidence) -> Evidence:
    return without(world, Skipped)


def a_call_that_nobody_made(world: Evidence) -> Evidence:
    return without(world, CalledOn)


def a_seat_that_was_not_muted(world: Evidence) -> Evidence:
    return without(world, Muted)


def muted_for_longer(world: Evidence) -> Evidence:
    return instead(world, Muted, lambda entry: entry.model_copy(update={"rounds": 2}))


def a_seat_that_had_left(world: Evidence) -> Evidence:
    return instead(world, Removed, lambda entry: entry.model_copy(update={"seat": 1}))


def words_that_name_nobody(world: Evidence) -> Evidence:
    return instead(world, Spoke, lambda entry: entry.model_copy(update={"text": "one."}))


def a_name_that_went_unchanged(world: Evidence) -> Evidence:
    return without(world, ModelChanged)


def a_fork_that_posts_what_it_shares(world: Evidence) -> Evidence:
    fork = world.rooms[1]
    shared = replace(world.rooms[0].outbox[1], id=99, message_id=999)
    seen = Seen(999, shared.post.persona, shared.post.text, is_persona=True)
    outbox = (fork.outbox[0], replace(shared, id=2, entry_seq=11), *[replace(o, id=9) for o in fork.outbox[1:]])
    first, *others = world.channels[THREAD]
    channels = {**world.channels, THREAD: [replace(first, id=1), replace(seen, id=999), *others]}
    return replace(world, rooms=(world.rooms[0], replace(fork, outbox=outbox)), channels=channels)


def a_fork_that_begins_elsewhere(world: Evidence) -> Evidence:
    return without(world, Forked, room=1)


def asked_again_without_a_wish(world: Evidence) -> Evidence:
    return replace(world, retaken=())


def new_words_from_nowhere(world: Evidence) -> Evidence:
    return replace(world, asked=tuple(one for one in world.asked if not one.words.startswith("won")))


# Refusals and panels


def refused_words_still_known(world: Evidence) -> Evidence:
    return without(world, Withdrawn)


def a_refusal_that_nobody_is_told_of(world: Evidence) -> Evidence:
    (notice,) = (line for line in world.rooms[0].outbox if REASON in line.post.text)
    left = with_lines(world, lambda line: None if line is notice else line)
    messages = [message for message in left.channels[CHANNEL] if message.id != notice.message_id]
    return replace(left, channels={**left.channels, CHANNEL: messages})


def a_panel_with_buttons_after_the_end(world: Evidence) -> Evidence:
    panel = Seen(950, "Backroom", "how it stands", is_persona=False, panel_of=1)
    shown = replace(world, channels={**world.channels, CHANNEL: [*world.channels[CHANNEL], panel]})
    return with_first_room(replace(shown, closed=frozenset({1})), panel=950)


# What people say and do


def heard_twice(world: Evidence) -> Evidence:
    return instead(world, Edited, lambda _: Heard(message=HELLO, by=BEA, by_name="Bea", text="hello"))


def words_that_nobody_said(world: Evidence) -> Evidence:
    return instead(world, Heard, lambda entry: entry.model_copy(update={"text": "goodbye"}))


def never_heard(world: Evidence) -> Evidence:
    return replace(world, said=(*world.said, Said(304, CHANNEL, BEA, NOON, ("anybody?",))))


def a_change_not_noticed(world: Evidence) -> Evidence:
    hello = replace(world.said[0], texts=("hello", "hello all", "hello both"))
    return replace(world, said=(hello, *world.said[1:]))


def a_reaction_not_known(world: Evidence) -> Evidence:
    return replace(world, given=world.given | {Given(ONE, CID + 1, "💀")})


def a_reaction_taken_back_unnoticed(world: Evidence) -> Evidence:
    return replace(world, given=frozenset[Given]())


def a_deletion_not_noticed(world: Evidence) -> Evidence:
    return without(world, Withdrawn, 1)


def a_removal_not_done(world: Evidence) -> Evidence:
    return replace(world, given=world.given | {Given(ONE, 1, "❌")})


# Who is forgotten


def secret_words_in_the_journal(world: Evidence) -> Evidence:
    return instead(world, Heard, lambda entry: entry.model_copy(update={"text": "under the plank"}), 2)


def an_id_in_the_journal(world: Evidence) -> Evidence:
    known = replace(world.wishes[0], person=1234567)
    changes = (Reacted.model_validate(_reacted(world)).changes[0].model_copy(update={"by": 1234567}),)
    return replace(
        instead(world, Reacted, lambda entry: entry.model_copy(update={"changes": changes})), wishes=(known,)
    )


def _reacted(world: Evidence) -> dict[str, Any]:
    return next(entry for entry in entries_of(world) if isinstance(entry, Reacted)).model_dump()


def secret_words_in_the_outbox(world: Evidence) -> Evidence:
    return with_lines(
        world,
        lambda line: replace(line, post=replace(line.post, text="Cid: under the plank")) if line.id == 1 else line,
    )


def secret_words_in_the_channel(world: Evidence) -> Evidence:
    told = Seen(951, "Backroom", "Cid: under the plank", is_persona=False)
    return replace(world, channels={**world.channels, CHANNEL: [*world.channels[CHANNEL], told]})


def secret_words_sent_to_a_model(world: Evidence) -> Evidence:
    late = replace(world.asked[-1], at=world.wishes[0].asked + timedelta(seconds=5), seen="under the plank")
    return replace(world, asked=(*world.asked, late))


DOCTORED: dict[Doctor, str] = {
    a_skip_that_was_none: "turn 4 (answered, AI-2) follows turn 2",
    a_call_that_nobody_made: "turn 4 (answered, AI-2) should be of AI-1",
    a_seat_that_was_not_muted: "(answered, AI-3) should be of AI-1",
    muted_for_longer: "(answered, AI-1) is of a seat that is muted or has left",
    a_seat_that_had_left: "(answered, AI-1) is of a seat that is muted or has left",
    words_that_name_nobody: "turn 2 (answered, AI-3) should be of AI-2",
    a_name_that_went_unchanged: "should be said by AI-1 (Gemini 3 Flash)",
    a_fork_that_posts_what_it_shares: "do not say what it spoke",
    a_fork_that_begins_elsewhere: "do not say what it spoke",
    asked_again_without_a_wish: "it is the turn of AI-3",
    new_words_from_nowhere: "the host never gave the new words of entry 7",
    refused_words_still_known: "was declined, and the AIs still know it",
    a_refusal_that_nobody_is_told_of: "was declined, and nobody was told",
    a_panel_with_buttons_after_the_end: "still has its buttons",
    heard_twice: f"message {HELLO} was heard 2 times",
    words_that_nobody_said: "nobody ever said 'goodbye'",
    never_heard: "never heard 'anybody?'",
    a_change_not_noticed: "knows 'hello all', which says 'hello both' now",
    a_reaction_not_known: f"does not know of 💀 on message {ONE}",
    a_reaction_taken_back_unnoticed: f"believes that 🔥 stands on message {ONE}",
    a_deletion_not_noticed: "is deleted, and the AIs still know it",
    a_removal_not_done: f"message {ONE} was to be removed, and stands",
    secret_words_in_the_journal: "still says what Cid said",
    an_id_in_the_journal: "still knows Cid",
    secret_words_in_the_outbox: "post 1 still says what Cid said",
    secret_words_in_the_channel: "Message 951 of Backroom still shows what Cid said",
    secret_words_sent_to_a_model: "shows what Cid said, who is forgotten",
}


@pytest.mark.parametrize("doctor", DOCTORED, ids=lambda doctor: doctor.__name__)
def test_a_doctored_world_is_complained_of(doctor: Doctor) -> None:
    found = violations(doctor(a_busy_world()), Moment.DONE)
    assert any(DOCTORED[doctor] in sentence for sentence in found), found


def test_only_who_has_listened_must_know_everything() -> None:
    world = replace(never_heard(a_reaction_not_known(a_busy_world())), listened=frozenset[int]())
    assert violations(world, Moment.DONE) == []


def test_new_words_and_forgotten_ones_may_take_the_place_of_others_and_nothing_else() -> None:
    world = a_busy_world()
    room, fork = world.rooms
    said = Heard(message=SECRET, by=CID, by_name="Cid", text="under the plank")
    unforgotten = instead(world, Heard, lambda _: said, 2)
    assert lost_between(replace(unforgotten, wishes=()), world) == []
    assert "is not what it was" in " ".join(lost_between(unforgotten, replace(world, wishes=())))
    other = instead(
        world, Heard, lambda _: said.model_copy(update={"message": 1, "by": NOBODY, "by_name": SOMEBODY}), 2
    )
    assert "is not what it was" in " ".join(lost_between(replace(unforgotten, wishes=()), other))
    old = with_lines(
        world,
        lambda line: replace(line, post=replace(line.post, text=WORDS_OF_ONE)) if line.message_id == ONE else line,
    )
    respoken = next(seq for seq, _ in room.all(Respoken))
    outbox = tuple(line for line in old.rooms[0].outbox if line.entry_seq < respoken)
    before_new_words = RoomEvidence(1, CHANNEL, room.entries[: respoken - 1], outbox)
    assert lost_between(replace(world, rooms=(before_new_words, fork)), world) == []
    assert "is not what it was" in " ".join(lost_between(old, world))
    assert "is not what it was" in " ".join(lost_between(world, with_messages(old, [])))


def test_the_wish_of_somebody_who_was_not_told_promises_nothing_yet() -> None:
    world = secret_words_in_the_journal(a_busy_world())
    untold = replace(world.wishes[0], told=None)
    assert not any("Cid" in sentence for sentence in violations(replace(world, wishes=(untold,)), Moment.DONE))
    assert world.wishes[0].id == WISH


def test_words_that_discord_declined_may_be_passed_over_before_that_is_written_down() -> None:
    world = a_world()
    at = next(at for at, line in enumerate(world.rooms[0].outbox) if line.post.text == "one")
    lines, messages = list(world.rooms[0].outbox), list(world.channels[CHANNEL])
    lines[at] = replace(lines[at], message_id=None)
    passed_over = with_messages(with_room(world, outbox=tuple(lines)), messages[:at] + messages[at + 1 :])
    assert any("which still waits" in sentence for sentence in violations(passed_over, Moment.ANY_INSTANT))
    assert violations(replace(passed_over, declined=frozenset({"one"})), Moment.ANY_INSTANT) == []
