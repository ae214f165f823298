"""A made-up world in which people do all that they can do in a room, and fork it, and in which everything holds."""

from __future__ import annotations

from dataclasses import replace

from bot.posting.layout import house_posts
from bot.room import notices
from bot.room.entries import (
    CalledOn,
    Edited,
    Ended,
    Forked,
    Heard,
    Joined,
    ModelChanged,
    Muted,
    Opened,
    Reacted,
    Reaction,
    Removed,
    Respoken,
    Skipped,
    Withdrawn,
)
from bot.room.fold import fold
from bot.room.forgetting import NOBODY, SOMEBODY
from tests.invariants.evidence import Evidence, Given, Retaking, Said, Wish
from tests.invariants.worlds import CHANNEL, FLASH, KIMI, NOON, R1, WorldBuilder

BEA, CID = 700000002, 700000003
THREAD = 8
HELLO, TAKEN_BACK, SECRET, WISH = 301, 302, 303, 900
ONE = 102
"""The message in which AI-1 spoke first, and then again."""
WORDS_OF_ONE, NEW_WORDS_OF_ONE = "one. And you, AI-3?", "won. And you, AI-3?"
ENTRIES_SHARED = 10
REASON = "The server's AutoMod blocked them."


def a_busy_world() -> Evidence:
    """A room of three, who are named, skipped, called on, muted, changed, removed, asked again, refused; its fork."""
    world = WorldBuilder()
    opened = Opened(
        by=1, by_name="Ann", scenario="T", prompt="P", opening="O", rounds=0, seconds_between_turns=0, order="addressed"
    )
    cast = [Joined(seat=number, model=model) for number, model in enumerate((FLASH, R1, FLASH), 1)]
    world.write(opened, *cast, posts=house_posts(["The room is open."]))
    world.write(Heard(message=HELLO, by=BEA, by_name="Bea", text="hello"))
    world.turn(1, WORDS_OF_ONE)
    world.turn(3, "three")
    world.write(Reacted(message=ONE, whose="AI-1's message", said="one", changes=_fire(BEA, added=True), entry=7))
    fork = _fork(world)
    _who_speaks(world)
    _say_again(world)
    _what_goes(world)
    world.write(Ended(reason="stopped", by_name="Ann"), posts=house_posts(["Ann has ended the room."]))
    here, there = world.evidence(), fork.evidence()
    return replace(
        here,
        rooms=here.rooms + there.rooms,
        channels={**here.channels, **there.channels},
        asked=here.asked + there.asked,
        deleted=frozenset({TAKEN_BACK}),
        said=(
            Said(HELLO, CHANNEL, BEA, NOON, ("hello", "hello all")),
            Said(TAKEN_BACK, CHANNEL, BEA, NOON, ("oh no",), is_there=False),
            Said(SECRET, CHANNEL, CID, NOON, ("under the plank",)),
        ),
        given=frozenset({Given(ONE, BEA, "🔥")}),
        retaken=tuple(Retaking(one.at, CHANNEL, 1) for one in here.asked if one.words == NEW_WORDS_OF_ONE),
        wishes=(Wish(WISH, CID, "Cid", world.now(), ("under the plank",), world.now()),),
        listened=frozenset({1}),
    )


def _who_speaks(world: WorldBuilder) -> None:
    """Let Ann decide who speaks."""
    world.write(Skipped(turn=3, seat=2, by_name="Ann"), posts=house_posts(["Ann has skipped AI-2."]))
    world.write(CalledOn(seat=2, by_name="Ann"))
    world.turn(2, "two")
    world.write(Muted(seat=1, by_name="Ann", rounds=1), posts=house_posts(["Ann has muted AI-1."]))
    world.turn(3, "three once more")
    world.write(ModelChanged(seat=1, model=KIMI, by_name="Ann"), Removed(seat=2, by_name="Ann"))
    world.turn(1, "as another")


def _what_goes(world: WorldBuilder) -> None:
    """Let words be refused, changed, taken back and forgotten."""
    world.turn(3, "rude words")
    refused, _ = world.lines.pop(), world.seen.pop()
    world.lines.append(replace(refused, message_id=None, refusal=REASON))
    notice = house_posts([notices.declined(refused.post.persona, REASON)])
    world.write(Withdrawn(entry=refused.entry_seq, reason=REASON), posts=notice)
    world.write(Edited(entry=5, text="hello all"))
    world.write(Heard(message=TAKEN_BACK, by=BEA, by_name="Bea", text="oh no"))
    world.write(Withdrawn(entry=len(world.entries), messages=(TAKEN_BACK,)))
    world.write(Heard(message=SECRET, by=NOBODY, by_name=SOMEBODY, text=""))


def _say_again(world: WorldBuilder) -> None:
    """Let AI-1 say again what it said first: with other words, by the model that answers for it now."""
    world.ask(1, NEW_WORDS_OF_ONE)
    world.write(Respoken(entry=7, seat=1, text=NEW_WORDS_OF_ONE, served_by="t", by_name="Ann"))
    at = next(at for at, line in enumerate(world.lines) if line.message_id == ONE)
    post = replace(world.lines[at].post, text=NEW_WORDS_OF_ONE)
    world.lines[at] = replace(world.lines[at], post=post)
    world.seen[at] = replace(world.seen[at], text=post.text)


def _fork(world: WorldBuilder) -> WorldBuilder:
    """Go on from here in a thread, where AI-2 is next."""
    fork = WorldBuilder(2, THREAD)
    fork.entries = world.entries[:ENTRIES_SHARED]
    fork.state = fold(one.entry for one in fork.entries)
    fork.last_words = "three"
    fork.write(Forked(room=1, entry=ENTRIES_SHARED, by=1, by_name="Ann"), posts=house_posts(["A fork."]))
    fork.turn(2, "two, but otherwise")
    fork.write(Ended(reason="stopped", by_name="Ann"), posts=house_posts(["Ann has ended the fork."]))
    return fork


def _fire(by: int, *, added: bool) -> tuple[Reaction, ...]:
    return (Reaction(by=by, emoji="🔥", added=added),)
