"""The claim that what is said belongs to the entry that says it, held against made-up rooms that write costs down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.posting.layout import persona_posts, picture_posts
from bot.room import notices
from bot.room.entries import Answered, Ended, Entry, Joined, Opened, PictureAsked, PictureMade, Spent, Spoke
from tests.invariants import Evidence, Moment, violations
from tests.invariants.evidence import Asked, Line
from tests.invariants.posts import strayed_posts
from tests.invariants.worlds import FLASH, R1, WorldBuilder, a_world, with_room

SPENT = Spent(what="again", seat=1, cost_usd=0.25)
LAMP = PictureAsked(picture=1, description="a slow lamp", seat=1)


def a_dear_world(*, words: list[Entry], picture: list[Entry], asked: PictureAsked = LAMP) -> Evidence:
    """AI-1 speaks, and a picture is posted, each together with a cost: the entries that are written with the posts."""
    world = WorldBuilder()
    opened = Opened(by=1, by_name="Ann", scenario="T", prompt="P", opening="O", rounds=0, seconds_between_turns=0)
    world.write(opened, Joined(seat=1, model=FLASH), Joined(seat=2, model=R1))
    world.ask(1, "one")
    world.write(Answered(turn=1, seat=1, text="one", served_by="t"), asked)
    world.write(*words, posts=persona_posts(world.state.seat(1), "one"))
    world.asked.append(Asked(at=world.now(), prompt=asked.description, answered=True))
    seat = None if asked.seat is None else world.state.seat(asked.seat)
    caption = notices.image_created(seat.label if seat else asked.by_name, asked.description)
    world.write(*picture, posts=picture_posts(seat, caption, asked.picture, asked.description))
    world.write(Ended(reason="stopped", by_name="Ann"))
    return world.evidence()


SPOKE, MADE = Spoke(turn=1, seat=1, text="one"), PictureMade(picture=1)
OF_ANN = PictureAsked(picture=1, description="a slow lamp", by_name="Ann")


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("asked", [LAMP, OF_ANN], ids=["AI-1's picture", "Ann's picture"])
def test_costs_that_are_written_before_what_was_bought_are_not_complained_of(
    moment: Moment, asked: PictureAsked
) -> None:
    world = a_dear_world(words=[SPENT, SPOKE], picture=[SPENT, MADE], asked=asked)
    assert violations(world, moment) == []


@pytest.mark.parametrize("moment", list(Moment))
def test_words_that_belong_to_a_cost_are_complained_of_and_by_no_other_claim(moment: Moment) -> None:
    world = a_dear_world(words=[SPOKE, SPENT], picture=[MADE])
    assert violations(world, moment) == [
        "Room 1: Post 1 (AI-1 (Gemini 3 Flash): 'one') belongs to entry 7, which is spent."
    ]


@pytest.mark.parametrize("asked", [LAMP, OF_ANN], ids=["AI-1's picture", "Ann's picture"])
def test_a_picture_that_belongs_to_a_cost_is_complained_of(asked: PictureAsked) -> None:
    (wrong,) = violations(a_dear_world(words=[SPOKE], picture=[MADE, SPENT], asked=asked), Moment.DONE)
    assert "Post 2 (" in wrong
    assert wrong.endswith("belongs to entry 8, which is spent.")


def of_another_seat(line: Line, world: Evidence) -> Line:
    """AI-3's words belong to what AI-2 said."""
    of_ai_2 = next(one.seq for one in world.rooms[0].entries if isinstance(one.entry, Spoke) and one.entry.seat == 2)
    return replace(line, entry_seq=of_ai_2)


def of_no_entry(line: Line, world: Evidence) -> Line:
    return replace(line, entry_seq=len(world.rooms[0].entries) + 1)


def of_another_picture(line: Line, _world: Evidence) -> Line:
    return replace(line, post=replace(line.post, picture=2))


def of_words(line: Line, world: Evidence) -> Line:
    """A picture belongs to what the same seat said."""
    return replace(line, entry_seq=next(one.seq for one in world.rooms[0].entries if isinstance(one.entry, Spoke)))


@pytest.mark.parametrize(
    ("text", "doctor", "kind"),
    [
        ("three", of_another_seat, "spoke"),
        ("three", of_no_entry, "none"),
        ("The room is open.", of_no_entry, "none"),
        ("🎨", of_another_picture, "picture_made"),
        ("🎨", of_words, "spoke"),
    ],
)
def test_posts_of_entries_that_do_not_say_so_are_complained_of(
    text: str, doctor: Callable[[Line, Evidence], Line], kind: str
) -> None:
    world = a_world()
    lines = [doctor(line, world) if line.post.text.startswith(text) else line for line in world.rooms[0].outbox]
    assert [
        wrong.split(", which is ")[-1] for wrong in strayed_posts(with_room(world, outbox=tuple(lines)), Moment.DONE)
    ] == [f"{kind}."]
