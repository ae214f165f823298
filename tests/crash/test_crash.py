"""Killed at any instant, the program comes back, and nothing is lost and nothing is there twice."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

from tests.crash.moments import FROM_THE_START, IN_PLAY, MOMENTS, WITH_PEOPLE
from tests.crash.playing import AS_BEFORE, COMES_BACK, KEPT, Findings, play_and_kill
from tests.invariants import CLAIMS

pytestmark = pytest.mark.timeout(400)
"""All the plays are one fixture, and a busy machine takes its time for so many processes."""

SEED = 1
STAGES = (
    (
        "post stored, not answered",
        "new words not edited",
        "coming up",
        "words just heard",
        "picture being made",
        "fork being written",
        "post answered",
        "words refused",
    ),
    (
        "by chance",
        "new words edited",
        "reactions not noted",
        "at its first look",
        "somebody being forgotten",
        "picture sent",
        "panel not closed",
        "shutting down",
    ),
    (
        "at start-up",
        "thread of a fork made",
        "message being removed",
        "answer sent",
        "seats being changed",
        "panel posted",
        "post sent, not stored",
    ),
)
"""Three stages at once: while one process starts, the others play."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plays(tmp_path_factory: pytest.TempPathFactory) -> list[Findings]:
    """What came of killing the process once at every kind of moment."""
    stages = [play_and_kill(tmp_path_factory.mktemp("stage"), SEED + n, stage) for n, stage in enumerate(STAGES)]
    return list(await asyncio.gather(*stages))


def test_the_process_is_killed_at_every_kind_of_moment(plays: list[Findings]) -> None:
    assert sorted(moment for stage in STAGES for moment in stage) == sorted(MOMENTS)
    assert MOMENTS.keys() == IN_PLAY.keys() | WITH_PEOPLE.keys() | FROM_THE_START.keys()
    assert sum(play.kills.total() for play in plays) == len(MOMENTS)
    assert all(play.turns and play.messages for play in plays)


@pytest.mark.parametrize("claim", [COMES_BACK, AS_BEFORE, KEPT, *CLAIMS])
def test_it_holds_whenever_the_process_is_killed_that(plays: list[Findings], claim: str) -> None:
    assert [sentence for play in plays for sentence in play.against(claim)] == []
