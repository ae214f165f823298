"""What comes back: the pieces of an answer as hosts send them, and the whole they make."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.models.answering import Answer
from bot.models.failures import Setback, error_in, no_answer, read_error
from bot.models.json_values import as_list, as_number, as_table, as_text
from bot.models.legible import legible
from bot.models.model import Model
from bot.models.reasoning import without_reasoning
from bot.room.unseen import shows_nothing

ANSWER_CHARACTERS = 60_000
"""Where an answer is cut: five times what the tokens that are asked for hold, so this is a host gone wrong."""
THOUGHT_CHARACTERS = 200_000
"""What is read besides of a model that reasons: some servers leave the reasoning in the answer, before the words."""
REFUSAL_CHARACTERS = 2_000
NAME_CHARACTERS = 200

COST_BELIEVED_USD = 1_000.0
"""No single answer costs more; a host that says so is not believed."""
TOKENS_BELIEVED = 1_000_000_000

END_OF_STREAM = "[DONE]"


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took; `cost_usd` is what the host says that it charged."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None

    @classmethod
    def read(cls, table: Mapping[str, object]) -> Usage:
        """Return what a `usage` object says."""
        prompt, completion = (
            int(min(as_number(table.get(name)) or 0, TOKENS_BELIEVED))
            for name in ("prompt_tokens", "completion_tokens")
        )
        cost = as_number(table.get("cost"))
        return cls(prompt, completion, None if cost is None or cost > COST_BELIEVED_USD else cost)


class Reply:
    """An answer while it arrives: chunks of a stream, or one whole completion."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._most = ANSWER_CHARACTERS + (THOUGHT_CHARACTERS if model.reasoning != "none" else 0)
        self._parts: list[str] = []
        self._length = 0
        self._refusal = ""
        self._finish_reason = ""
        self._ended = False
        self._served_by = model.id
        self.usage = Usage()

    @property
    def is_whole(self) -> bool:
        """Whether the host said that this was all: a stream that just ends was cut."""
        return self._ended or bool(self._finish_reason)

    @property
    def has_ended(self) -> bool:
        """Whether the host said that nothing follows."""
        return self._ended

    @property
    def is_full(self) -> bool:
        """Whether there is more than anybody wants to read."""
        return self._length >= self._most

    @property
    def cut_off(self) -> bool:
        """Whether the words end at a limit and not where the model meant them to."""
        return self._finish_reason == "length" or self.is_full or len(self._said) > ANSWER_CHARACTERS

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that anybody could read."""
        return shows_nothing(self.text)

    @property
    def text(self) -> str:
        """The words so far, without reasoning."""
        return legible(self._said[:ANSWER_CHARACTERS]).strip("\r\n")

    @property
    def _said(self) -> str:
        joined = "".join(self._parts)[: self._most]
        return without_reasoning(joined, reasons=self._model.reasoning != "none")

    @property
    def refusal(self) -> str | None:
        """What was said instead of an answer by a model or a filter that declined; None where neither did."""
        if self._refusal or self._finish_reason in ("content_filter", "refusal"):
            return self._refusal
        return None

    @property
    def cost_usd(self) -> float | None:
        """What the host charged, or what the catalogue's price makes of the tokens; None where nobody knows."""
        if self.usage.cost_usd is not None or self.usage == Usage():
            return self.usage.cost_usd
        return self._model.price_usd(self.usage.prompt_tokens, self.usage.completion_tokens)

    def take(self, data: str) -> None:
        """Add one event's data.

        Raises:
            Setback: it is an error, or no JSON.
        """
        if data.strip() == END_OF_STREAM:
            self._ended = True
        elif data.strip():
            self._take(_parsed(data))

    def take_all(self, body: str) -> None:
        """Take the body of an answer that is no stream: nothing follows it.

        Raises:
            Setback: it is an error, or no JSON.
        """
        self._take(_parsed(body))
        self._ended = True

    def _take(self, chunk: Mapping[str, object]) -> None:
        if usage := as_table(chunk.get("usage")):
            self.usage = Usage.read(usage)
        if (error := error_in(chunk)) is not None:
            raise Setback(read_error(error))
        self._served_by = legible(as_text(chunk.get("model"))[:NAME_CHARACTERS]) or self._served_by
        for choice in as_list(chunk.get("choices"))[:1]:
            self._take_choice(as_table(choice))

    def _take_choice(self, choice: Mapping[str, object]) -> None:
        finish_reason = as_text(choice.get("finish_reason"))
        if finish_reason == "error" or choice.get("error"):
            raise Setback(read_error(choice.get("error")))
        self._finish_reason = finish_reason or self._finish_reason
        said = as_table(choice.get("delta")) or as_table(choice.get("message"))
        if words := _words(said.get("content")):
            self._parts.append(words)
            self._length += len(words)
        self._refusal = (self._refusal + as_text(said.get("refusal")))[:REFUSAL_CHARACTERS]

    def answer(self, host: str, paid_usd: float | None) -> Answer:
        """Return the whole, as the words of `host`; `paid_usd` is what it and the tries before it cost together."""
        return Answer(
            text=self.text,
            served_by=self._served_by,
            prompt_tokens=self.usage.prompt_tokens,
            completion_tokens=self.usage.completion_tokens,
            cost_usd=paid_usd,
            cut_off=self.cut_off,
            host=host,
        )


def _parsed(data: str) -> Mapping[str, object]:
    try:
        table = as_table(json.loads(data))
    except (ValueError, RecursionError):
        table = as_table(None)
    if not table:
        raise Setback(no_answer("garbled"))
    return table


def _words(content: object) -> str:
    """Return the words of a `content`: a string, null, or a list of parts of which only those of text count."""
    parts = [as_table(part) for part in as_list(content)]
    return as_text(content) or "".join(as_text(part.get("text")) for part in parts if part.get("type") == "text")
