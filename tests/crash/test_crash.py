"""Killed at any instant, the program comes back, and nothing is lost and nothing is there twice."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

from tests.crash.moments import FROM_THE_START, IN_PLAY, MOMENTS
from tests.crash.playing import AS_BEFORE, COMES_BACK, KEPT, Findings, play_and_kill
from tests.invariants import CLAIMS

SEED = 1
STAGES = (
    ("at start-up", "post stored, not answered", "picture being made", "answer sent", "post answered"),
    ("by chance", "post sent, not stored", "at its first look", "picture sent", "shutting down"),
)
"""Two stages at once: while one process starts, the other plays."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plays(tmp_path_factory: pytest.TempPathFactory) -> list[Findings]:
    """What came of killing the process once at every kind of moment."""
    stages = [play_and_kill(tmp_path_factory.mktemp("stage"), SEED + n, stage) for n, stage in enumerate(STAGES)]
    return list(await asyncio.gather(*stages))


def test_the_process_is_killed_at_every_kind_of_moment(plays: list[Findings]) -> None:
    assert sorted(moment for stage in STAGES for moment in stage) == sorted(MOMENTS)
    assert MOMENTS.keys() == IN_PLAY.keys() | FROM_THE_START.keys()
    assert sum(play.kills.total() for play in plays) == len(MOMENTS)
    assert all(play.turns and play.messages for play in plays)


@pytest.mark.parametrize("claim", [COMES_BACK, AS_BEFORE, KEPT, *CLAIMS])
def test_it_holds_whenever_the_process_is_killed_that(plays: list[Findings], claim: str) -> None:
    assert [sentence for play in plays for sentence in play.against(claim)] == []
