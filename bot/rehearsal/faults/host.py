"""A host of models that has bad days: an answerer that now and then fails, is slow, or is out for a while."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import ModelUnavailable
from bot.models.answering import Answer, Answerer, Ask

HOST = "host"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWeather:
    """How likely each request fails, begins an outage (which takes in the requests after it), or takes long."""

    chance_of_failure: float = 0.0
    chance_of_outage: float = 0.0
    requests_in_an_outage: int = 3
    chance_of_slowness: float = 0.0
    seconds_when_slow: float = 2.0


FAIR = HostWeather()
"""The host answers at once and always."""


class UnsteadyHost(Answerer):
    """Hands requests on to `answerer`, as far as the weather lets it; the n-th one has the same fate under a seed.

    `note` is told of each fault: its kind, what it struck, and a sentence.
    """

    def __init__(
        self, answerer: Answerer, weather: HostWeather, seed: int, note: Callable[[str, str, str], None]
    ) -> None:
        self._answerer = answerer
        self._weather = weather
        self._random = random.Random(f"host {seed}")  # noqa: S311 - a storm is to be had again
        self._note = note
        self._left_of_outage = 0

    async def ask(self, request: Ask) -> Answer:
        """Return the model's answer, or raise `ModelUnavailable`."""
        name = request.model.name
        fails, goes_out, is_slow = (self._random.random() for _ in range(3))
        if self._left_of_outage == 0 and goes_out < self._weather.chance_of_outage:
            self._left_of_outage = self._weather.requests_in_an_outage
            self._note("Outage", HOST, "The models' host is out for a while")
        if self._left_of_outage > 0:
            self._left_of_outage -= 1
            raise ModelUnavailable(f"The host of {name} is down. It may answer later.")
        if fails < self._weather.chance_of_failure:
            self._note("ModelUnavailable", HOST, f"The host of {name} is overloaded")
            raise ModelUnavailable(f"The host of {name} is overloaded. It may answer later.")
        if is_slow < self._weather.chance_of_slowness:
            self._note("Slow", HOST, f"{name} takes {self._weather.seconds_when_slow:g} s longer to answer")
            await asyncio.sleep(self._weather.seconds_when_slow)
        return await self._answerer.ask(request)
