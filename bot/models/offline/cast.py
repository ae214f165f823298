"""The offline cast: answers for every model of the catalogue, free, seeded, without a network."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from bot.models.answering import Answer, Ask
from bot.models.offline.chance import dice_for
from bot.models.offline.hearing import Hearing, heard
from bot.models.offline.speech import speech
from bot.models.offline.wishes import WELL_KNOWN

CHARACTERS_PER_TOKEN = 4
"""The usual estimate for English."""


class OfflineCast:
    """Plays every model with a manner of its own.

    An answer depends on the seed, the seat, how often it has spoken, who is present and what it has heard
    said, and on nothing else: the same room under the same seed says the same, whenever it is held.

    Args:
        seed: another seed is another play.
        seconds_to_answer: from and to; so long it pretends to think. None at all for (0, 0).
        names: display names of the models that it may invite.
    """

    def __init__(
        self,
        seed: int = 0,
        seconds_to_answer: tuple[float, float] = (0.0, 0.0),
        names: Sequence[str] = WELL_KNOWN,
    ) -> None:
        self._seed = seed
        self._seconds_to_answer = seconds_to_answer
        self._names = tuple(names)

    async def ask(self, request: Ask) -> Answer:
        """Return what the model's seat says next."""
        hearing = heard(request.messages)
        text = speech(self._seed, hearing, request.model.name, self._names)
        await self._think(hearing)
        return Answer(
            text=text,
            served_by=f"offline/{_slug(request.model.name)}",
            prompt_tokens=_tokens("".join(message.words for message in request.messages)),
            completion_tokens=_tokens(text),
            cost_usd=0.0,
        )

    async def _think(self, hearing: Hearing) -> None:
        shortest, longest = self._seconds_to_answer
        if longest > 0:
            await asyncio.sleep(dice_for(self._seed, hearing.label, hearing.turns).uniform(shortest, longest))


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
