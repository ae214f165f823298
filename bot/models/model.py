"""One model of the catalogue: what it is called, where it is asked, and what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OPENROUTER = "openrouter"
"""The endpoint that every model is asked at unless its entry names another."""

HOUSE_ANSWER_TOKENS = 3_000
"""What a message in a room may take: enough for six Discord messages and a picture made of letters."""

HOUSE_REASONING_TOKENS = 6_000
"""Room beside the answer where reasoning cannot be stopped: hosts count it as output, and it comes first."""

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
Reasoning = Literal["none", "optional", "always"]


@dataclass(frozen=True, slots=True)
class Temperature:
    """What a model does with a temperature.

    `range` heeds one from `low` to `high`; `fixed` knows no other than `default`; `ignored` takes any and
    heeds none. `default` is what the model runs at while nobody has set one, None where that is not known.
    """

    kind: Literal["range", "fixed", "ignored"] = "range"
    low: float = 0.0
    high: float = 2.0
    default: float | None = None

    def to_send(self, wanted: float | None) -> float | None:
        """Return the temperature for a request, brought into range; None where it has no place there."""
        if wanted is None or self.kind != "range":
            return None
        return min(max(wanted, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Model:
    """An entry of the catalogue.

    Args:
        name: what people and the persona call it; unique in the catalogue.
        aliases: other names for it, as unique.
        id: what its endpoint calls it.
        endpoint: the name of the endpoint where it is asked.
        sees_images: whether it may be shown pictures.
        temperature: what it does with one.
        reasoning: `none` answers at once unless asked to reason; `optional` reasons unless told not to;
            `always` cannot be told not to.
        least_effort: the least reasoning it can be asked for, where it knows levels.
        context_tokens: what it can be sent and answer, together.
        max_output_tokens: the longest answer its hosts allow.
        usd_per_million_prompt_tokens: its price, None where unknown.
        usd_per_million_completion_tokens: its price, None where unknown.
        retired: when and by whom it was withdrawn; None while it is served.
        instead: display names of the models to take when it is no longer served.
    """

    name: str
    aliases: tuple[str, ...]
    id: str
    endpoint: str = OPENROUTER
    sees_images: bool = False
    temperature: Temperature = Temperature()
    reasoning: Reasoning = "none"
    least_effort: Effort | None = None
    context_tokens: int = 8_192
    max_output_tokens: int = 4_096
    usd_per_million_prompt_tokens: float | None = None
    usd_per_million_completion_tokens: float | None = None
    retired: str | None = None
    instead: tuple[str, ...] = ()

    @property
    def answer_tokens(self) -> int:
        """The most output tokens that one answer of it is given; its history must leave them free."""
        wanted = HOUSE_ANSWER_TOKENS + (HOUSE_REASONING_TOKENS if self.must_reason else 0)
        return min(wanted, self.max_output_tokens, max(self.context_tokens // 2, 1))

    @property
    def must_reason(self) -> bool:
        """Whether it may reason whatever it is told: only OpenRouter has one way to say no for all models."""
        return self.reasoning == "always" or (self.reasoning == "optional" and self.endpoint != OPENROUTER)

    def price_usd(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """Return what so many tokens cost by the catalogue, None where it knows no price."""
        prompt, completion = self.usd_per_million_prompt_tokens, self.usd_per_million_completion_tokens
        if prompt is None or completion is None:
            return None
        return (prompt_tokens * prompt + completion_tokens * completion) / 1_000_000
