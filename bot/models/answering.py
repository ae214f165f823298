"""What a model is asked and what it answers, whoever it is: a host on the network or the offline cast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.models.catalogue import Model
from bot.room.messages import Message


@dataclass(slots=True)
class Bill:
    """What a request has cost so far, failed tries included, for whoever gives up waiting for its answer.

    `usd` is None where nothing was paid, as far as the host says. What a host charges for the try that is broken off,
    nobody is told.
    """

    usd: float | None = None

    def add(self, usd: float | None) -> None:
        """Add what a try has cost."""
        if usd is not None:
            self.usd = (self.usd or 0.0) + usd


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a model.

    Args:
        model: who is asked.
        messages: one system message, then user and assistant in turn; the last is the user's.
        pictures: the bytes (JPEG or PNG) of every `Sight` in the messages, by its id.
        temperature: None leaves it to the host.
        session: the same for every request of one seat in one room (at most 256 characters), for the
            providers' prompt caches.
        user: a hash that stands for the person who started the room, for the providers' abuse reports.
        bill: what it costs, as soon as that is known.
    """

    model: Model
    messages: Sequence[Message]
    session: str
    user: str
    temperature: float | None = None
    pictures: Mapping[int, bytes] = field(default_factory=dict[int, bytes])
    bill: Bill = field(default_factory=Bill)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the words alone, without reasoning, as Discord and the database can take them.

    `served_by` is the model id that the host reports, `cost_usd` what it charged (None where it does not say
    and the catalogue knows no price), for all tries together. `host` is what people call whoever was asked; the
    offline cast has none.
    """

    text: str
    served_by: str
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None
    cut_off: bool = False
    host: str = ""


class Answerer(Protocol):
    """Whoever can be asked."""

    async def ask(self, request: Ask) -> Answer:
        """Return the model's answer, or raise a `ModelError` whose text can be said in the room."""
        ...
