"""A seat that is to say something again is asked once, and once more where its answer held nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.invariants import Evidence, Moment, violations
from tests.invariants.busy_world import NEW_WORDS_OF_ONE, a_busy_world


def with_one_more_request(words: str) -> Evidence:
    """A world in which the host was asked for the new words a moment earlier as well, and gave these."""
    world = a_busy_world()
    (retaken,) = (one for one in world.asked if one.words == NEW_WORDS_OF_ONE)
    earlier = replace(retaken, at=retaken.at - timedelta(microseconds=1), words=words)
    (wish,) = world.retaken
    return replace(world, asked=(*world.asked, earlier), retaken=(replace(wish, at=earlier.at),))


def test_an_answer_that_held_nothing_is_asked_for_once_more() -> None:
    assert violations(with_one_more_request(""), Moment.DONE) == []


def test_an_answer_that_held_something_is_not() -> None:
    assert violations(with_one_more_request("other words"), Moment.DONE) != []
