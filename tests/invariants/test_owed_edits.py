"""The claims about messages, held against a room whose words were said again and do not stand in the channel yet."""

from __future__ import annotations

from dataclasses import replace

from bot.room.entries import Respoken, Restored, Spoke
from bot.storage.tables import DELETION, EDIT
from tests.invariants import Evidence, Moment, lost_between, violations
from tests.invariants.evidence import Line
from tests.invariants.worlds import a_world, entries_of, with_entries, with_room


def words_of(line: Line) -> str:
    return line.post.text


def said_again(*, shown: bool = False, owed: bool = True, leaves: bool = False) -> Evidence:
    """A world in which the first words of AI-1 are others now; the message is changed (`shown`), or owed."""
    world = a_world()
    seq = next(seq for seq, entry in enumerate(entries_of(world), 1) if isinstance(entry, Spoke))
    world = with_entries(world, *entries_of(world), Respoken(entry=seq, seat=1, text="other", served_by="x"))
    lines, again = list(world.rooms[0].outbox), list[Line]()
    for line in lines:
        if line.entry_seq != seq or line.post.seat is None:
            again.append(line)
        elif leaves:
            again.append(replace(line, owes=DELETION))
        else:
            new = replace(line.post, text="other")
            again.append(replace(line, post=new, owes=EDIT if owed else None, before=line.post if owed else None))
    messages = {channel: list(seen) for channel, seen in world.channels.items()}
    if shown:
        changed = {line.message_id for line in again if words_of(line) == "other"}
        for seen in messages.values():
            seen[:] = [replace(one, text="other") if one.id in changed else one for one in seen]
    return replace(with_room(world, outbox=tuple(again)), channels=messages)


def wrong_words(world: Evidence, moment: Moment) -> list[str]:
    return [one for one in violations(world, moment) if "is marked as" in one or "never came" in one]


def test_a_message_may_show_the_old_words_or_the_new_ones_while_an_edit_is_owed() -> None:
    for world in (said_again(), said_again(shown=True)):
        assert wrong_words(world, Moment.ANY_INSTANT) == []
        assert lost_between(a_world(), world) == []


def test_an_edit_or_a_deletion_that_never_comes_is_complained_of() -> None:
    for world, owed in ((said_again(), EDIT), (said_again(leaves=True), DELETION)):
        assert any(f"the {owed} of Post" in one for one in wrong_words(world, Moment.DONE))


def test_old_words_that_nobody_owes_an_edit_are_complained_of() -> None:
    assert any("is marked as message" in one for one in wrong_words(said_again(owed=False), Moment.ANY_INSTANT))


def test_posts_of_words_that_were_not_said_again_stay_as_they_were() -> None:
    world = said_again()
    without = [entry for entry in entries_of(world) if not isinstance(entry, Respoken | Restored)]
    assert any("is not what it was" in one for one in lost_between(a_world(), with_entries(world, *without)))


def test_a_part_that_was_refused_before_the_rest_was_said_again_keeps_its_old_words() -> None:
    world = said_again(owed=False, shown=True)
    room = world.rooms[0]
    seq = next(seq for seq, _ in room.all(Spoke))
    (words,) = [line for line in room.outbox if line.entry_seq == seq and line.post.seat is not None]
    old = replace(words, id=words.id + 1000, message_id=None, post=replace(words.post, text="a part of the old ones"))
    for refusal, wrong in (("No.", False), (None, True)):
        outbox = (*room.outbox, replace(old, refusal=refusal))
        said = violations(with_room(world, outbox=outbox), Moment.ANY_INSTANT)
        assert any("do not say what it spoke" in one for one in said) is wrong
