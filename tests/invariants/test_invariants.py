"""Each claim is silent about a world in which it holds, and speaks up when the world is doctored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.room.entries import Ended, Entry, Failed, Joined, PictureAsked, PictureMade, Spoke
from tests.invariants import Evidence, Moment, lost_between, violations
from tests.invariants.evidence import Line, Seen
from tests.invariants.worlds import CHANNEL, a_world, entries_of, with_entries, with_messages, with_room


def messages_of(world: Evidence) -> list[Seen]:
    return list(world.channels[CHANNEL])


def outbox_of(world: Evidence) -> list[Line]:
    return list(world.rooms[0].outbox)


def place_of(world: Evidence, text: str) -> int:
    return next(place for place, message in enumerate(messages_of(world)) if message.text.startswith(text))


def without_fate(line: Line) -> Line:
    return replace(line, message_id=None)


@pytest.mark.parametrize("moment", list(Moment))
def test_a_world_in_which_all_holds_is_not_complained_of(moment: Moment) -> None:
    assert violations(a_world(), moment) == []


# What is in the channel and in the outbox


def a_message_twice(world: Evidence) -> Evidence:
    one = messages_of(world)[place_of(world, "one")]
    return with_messages(world, [*messages_of(world), replace(one, id=900)])


def a_message_missing(world: Evidence) -> Evidence:
    return with_messages(world, [message for message in messages_of(world) if message.text != "one"])


def a_message_of_nobody(world: Evidence) -> Evidence:
    return with_messages(world, [*messages_of(world), Seen(900, "Backroom", "who said this?", is_persona=False)])


def other_words(world: Evidence) -> Evidence:
    return with_messages(world, [replace(m, text="won") if m.text == "one" else m for m in messages_of(world)])


def another_voice(world: Evidence) -> Evidence:
    return with_messages(world, [replace(m, who="AI-9") if m.text == "one" else m for m in messages_of(world)])


def one_message_for_two_posts(world: Evidence) -> Evidence:
    first, second, *rest = outbox_of(world)
    return with_room(world, outbox=(first, replace(second, message_id=first.message_id), *rest))


def never_said(world: Evidence) -> Evidence:
    *before, last = outbox_of(world)
    return with_messages(with_room(world, outbox=(*before, without_fate(last))), messages_of(world)[:-1])


def words_in_another_order(world: Evidence) -> Evidence:
    lines = outbox_of(world)
    a, b = place_of(world, "three"), place_of(world, "four")
    lines[a], lines[b] = (
        replace(lines[a], message_id=lines[b].message_id),
        replace(lines[b], message_id=lines[a].message_id),
    )
    messages = messages_of(world)
    messages[a], messages[b] = replace(messages[b], id=messages[a].id), replace(messages[a], id=messages[b].id)
    return with_messages(with_room(world, outbox=tuple(lines)), messages)


def a_post_passed_over(world: Evidence) -> Evidence:
    at = place_of(world, "one")
    lines = outbox_of(world)
    lines[at] = without_fate(lines[at])
    return with_messages(with_room(world, outbox=tuple(lines)), messages_of(world)[:at] + messages_of(world)[at + 1 :])


def a_picture_between_parts(world: Evidence) -> Evidence:
    """The picture of AI-1 has come while AI-2 was speaking."""
    lines, messages = outbox_of(world), messages_of(world)
    last_part, picture = place_of(world, "Part 2"), place_of(world, "🎨")
    lines[last_part] = replace(lines[last_part], message_id=messages[picture].id)
    lines[picture] = replace(lines[picture], message_id=messages[last_part].id)
    part, shown = messages[last_part], messages[picture]
    messages[last_part], messages[picture] = replace(shown, id=part.id), replace(part, id=shown.id)
    return with_messages(with_room(world, outbox=tuple(lines)), messages)


def spoken_but_not_posted(world: Evidence) -> Evidence:
    gone = messages_of(world)[place_of(world, "three")]
    lines = tuple(line for line in outbox_of(world) if line.message_id != gone.id)
    return with_messages(with_room(world, outbox=lines), [m for m in messages_of(world) if m is not gone])


# Turns


def _changed(world: Evidence, change: Callable[[list[Entry]], None]) -> Evidence:
    entries = entries_of(world)
    change(entries)
    return with_entries(world, *entries)


def _last_spoke(entries: list[Entry]) -> int:
    return max(place for place, entry in enumerate(entries) if isinstance(entry, Spoke))


def a_turn_twice(world: Evidence) -> Evidence:
    return _changed(world, lambda entries: entries.insert(_last_spoke(entries), entries[_last_spoke(entries)]))


def a_turn_left_out(world: Evidence) -> Evidence:
    def leave_out(entries: list[Entry]) -> None:
        del entries[_last_spoke(entries) - 1 : _last_spoke(entries) + 1]

    return _changed(world, leave_out)


def a_turn_of_a_muted_seat(world: Evidence) -> Evidence:
    def of_the_muted(entries: list[Entry]) -> None:
        at = _last_spoke(entries)
        entries[at - 1 : at + 1] = [
            entry.model_copy(update={"seat": 2})
            for entry in entries[at - 1 : at + 1]  # AI-2 is muted
        ]

    return _changed(world, of_the_muted)


def words_of_another_seat(world: Evidence) -> Evidence:
    def give_away(entries: list[Entry]) -> None:
        entries[_last_spoke(entries)] = entries[_last_spoke(entries)].model_copy(update={"seat": 1})

    return _changed(world, give_away)


def a_turn_after_the_end(world: Evidence) -> Evidence:
    return _changed(world, lambda entries: entries.append(Failed(turn=7, seat=1, reason="late")))


def an_end_before_its_time(world: Evidence) -> Evidence:
    return _changed(world, lambda entries: entries.insert(8, Ended(reason="rounds")))


def a_seat_left_out(world: Evidence) -> Evidence:
    return _changed(world, lambda entries: entries.append(Joined(seat=5, model="Kimi K2")))


def a_gap_in_the_journal(world: Evidence) -> Evidence:
    written = world.rooms[0].entries
    return with_room(world, entries=written[:3] + written[4:])


# What the host was asked


def _asked_again(world: Evidence, which: int, later: float) -> Evidence:
    again = replace(world.asked[which], at=world.asked[which].at + timedelta(seconds=later), words="again")
    return replace(world, asked=(*world.asked, again))


def asked_again_for_what_is_written_down(world: Evidence) -> Evidence:
    return replace(_asked_again(world, 0, 10), stops=1)


def asked_out_of_turn(world: Evidence) -> Evidence:
    return replace(_asked_again(world, 1, -28), stops=1)


def paid_for_twice_without_a_crash(world: Evidence) -> Evidence:
    return _asked_again(world, 0, 1)


def an_answer_from_nowhere(world: Evidence) -> Evidence:
    return replace(world, asked=(*world.asked[1:],))


def a_temperature_forgotten(world: Evidence) -> Evidence:
    return replace(world, asked=tuple(replace(one, temperature=None) for one in world.asked))


def a_prompt_forgotten(world: Evidence) -> Evidence:
    asked = tuple(replace(one, system=one.system.replace("be brief", "")) for one in world.asked)
    return replace(world, asked=asked)


def words_not_shown(world: Evidence) -> Evidence:
    return replace(world, asked=tuple(replace(one, seen="") for one in world.asked))


# Pictures


def a_picture_thrice(world: Evidence) -> Evidence:
    (painted,) = [one for one in world.asked if one.is_for_picture]
    return replace(world, asked=(*world.asked, painted, painted), stops=5)


def a_picture_twice_without_a_crash(world: Evidence) -> Evidence:
    (painted,) = [one for one in world.asked if one.is_for_picture]
    return replace(world, asked=(*world.asked, painted))


def a_picture_made_twice(world: Evidence) -> Evidence:
    return _changed(world, lambda entries: entries.insert(12, PictureMade(picture=1)))


def a_picture_never_made(world: Evidence) -> Evidence:
    return _changed(world, lambda entries: entries.insert(12, PictureAsked(picture=2, description="x", seat=1)))


def a_picture_of_another(world: Evidence) -> Evidence:
    lines = outbox_of(world)
    at = next(place for place, line in enumerate(lines) if line.post.picture)
    lines[at] = replace(lines[at], post=replace(lines[at].post, seat=3))
    return with_room(world, outbox=tuple(lines))


def a_picture_with_another_description(world: Evidence) -> Evidence:
    messages = [replace(m, alt_texts=("a fast lamp",)) if m.alt_texts else m for m in messages_of(world)]
    return with_messages(world, messages)


def bytes_lost(world: Evidence) -> Evidence:
    return with_room(world, pictures=frozenset[int]())


DOCTORED: dict[Callable[[Evidence], Evidence], str] = {
    a_message_twice: "belongs to no post: 'one'. It shows Post",
    a_message_missing: "which is not in the channel",
    a_message_of_nobody: "belongs to no post: 'who said this?'",
    other_words: "which says 'won'",
    another_voice: "is marked as message",
    one_message_for_two_posts: "belongs to 2 posts",
    never_said: "never appeared",
    words_in_another_order: "appeared before Post",
    a_post_passed_over: "which still waits",
    a_picture_between_parts: "other messages stand between",
    spoken_but_not_posted: "do not say what it spoke",
    a_turn_twice: "turn 6 (spoke, AI-3)",
    a_turn_left_out: "it ended after its rounds in round 2 of 2",
    a_turn_of_a_muted_seat: "turn 6 (answered, AI-2) should be of AI-3",
    words_of_another_seat: "turn 6 (spoke, AI-1) should be of AI-3",
    a_turn_after_the_end: "goes on with 'failed' after its end",
    an_end_before_its_time: "it ended after its rounds in round 1 of 2",
    a_seat_left_out: "seat 5 joined as number 4",
    a_gap_in_the_journal: "entry 4 is numbered 5",
    asked_again_for_what_is_written_down: "the answer of AI-1 to turn 1 was written down",
    asked_out_of_turn: "it is the turn of AI-1",
    paid_for_twice_without_a_crash: "1 answers came and were not written down",
    an_answer_from_nowhere: "the host never gave the answer of turn 1",
    a_temperature_forgotten: "its temperature is None instead of 0.4",
    a_prompt_forgotten: "its system prompt lacks 'be brief'",
    words_not_shown: "it was not shown 'one'",
    a_picture_thrice: "was asked of the host 3 times instead of 2",
    a_picture_twice_without_a_crash: "was asked of the host 2 times instead of 1",
    a_picture_made_twice: "it was settled 2 times",
    a_picture_never_made: "picture 2: it was never made",
    a_picture_of_another: "posts it",
    a_picture_with_another_description: "shows ('a fast lamp',)",
    bytes_lost: "its bytes are not kept",
}


@pytest.mark.parametrize("doctor", DOCTORED, ids=lambda doctor: doctor.__name__)
def test_a_doctored_world_is_complained_of(doctor: Callable[[Evidence], Evidence]) -> None:
    found = violations(doctor(a_world()), Moment.DONE)
    assert any(DOCTORED[doctor] in sentence for sentence in found), found


def test_a_message_on_its_way_is_excused_at_any_instant_once() -> None:
    world = a_world()
    *before, last = outbox_of(world)
    on_its_way = with_room(world, outbox=(*before, without_fate(last)))
    assert violations(on_its_way, Moment.ANY_INSTANT) == []
    assert any("belongs to no post" in sentence for sentence in violations(on_its_way, Moment.SETTLED))
    twice = with_messages(on_its_way, [*messages_of(world), replace(messages_of(world)[-1], id=900)])
    assert len(violations(twice, Moment.ANY_INSTANT)) == 1


def test_a_panel_is_no_post_and_a_room_has_one() -> None:
    world = a_world()
    panel = Seen(id=900, who="Backroom", text="how it stands", is_persona=False, panel_of=1)
    shown = with_messages(world, [*messages_of(world), panel])
    assert violations(with_room(shown, panel=900), Moment.SETTLED) == []
    assert violations(shown, Moment.SETTLED) == []  # it stands there, and is about to be kept
    closed = with_messages(world, [*messages_of(world), replace(panel, panel_of=None)])
    assert violations(with_room(closed, panel=900), Moment.DONE) == []
    twice = with_messages(shown, [*messages_of(shown), replace(panel, id=901)])
    assert any("belongs to no post" in sentence for sentence in violations(with_room(twice, panel=900), Moment.SETTLED))
    assert any("has 2 panels" in sentence for sentence in violations(twice, Moment.SETTLED))
    strange = with_messages(world, [*messages_of(world), replace(panel, panel_of=2)])
    assert any("belongs to no post" in sentence for sentence in violations(strange, Moment.ANY_INSTANT))


def test_what_somebody_deleted_is_not_missed() -> None:
    world = a_message_missing(a_world())
    gone = messages_of(a_world())[place_of(a_world(), "one")]
    assert violations(replace(world, deleted=frozenset({gone.id})), Moment.DONE) == []


def test_what_was_written_down_stays_and_only_what_waited_may_be_settled() -> None:
    world = a_world()
    *before, last = outbox_of(world)
    waiting = with_room(world, outbox=(*before, without_fate(last)))
    earlier = with_room(waiting, entries=world.rooms[0].entries[:-1])
    assert lost_between(Evidence(), world) == []
    assert lost_between(earlier, world) == []
    assert "post 12 is not what it was" in " ".join(lost_between(world, waiting))
    assert "entry 21 is not what it was" in " ".join(lost_between(world, earlier))
    assert lost_between(world, Evidence()) == ["Room 1 is gone."]
    assert "picture 1 is gone" in " ".join(lost_between(world, bytes_lost(world)))


def test_a_change_of_the_past_is_told_by_what_it_changes() -> None:
    world = a_world()
    entries = entries_of(world)
    at = next(place for place, entry in enumerate(entries) if entry.kind == "temperature_set")
    entries[at] = entries[at].model_copy(update={"temperature": 1.9})
    assert any("its seats was" in sentence for sentence in lost_between(world, with_entries(world, *entries)))
