"""How soon a command is to be answered, whatever else the bot has to do."""

from __future__ import annotations

from tests.end_to_end.stage import Stage

A_SECOND = 1.0
TIMES_AS_LONG = 10
"""As it takes while the bot has nothing to do: the machines that run this are shared, and some have much else to do."""


async def seconds_to_answer(stage: Stage) -> float:
    """Return how many seconds an answer may take, by how long one takes now, while nothing else happens."""
    replies = [await stage.ann.slash(stage.channel, "backroom help") for _ in range(3)]
    seconds = [reply.seconds_to_first_response for reply in replies]
    return max(A_SECOND, TIMES_AS_LONG * max(one for one in seconds if one is not None))
