"""A cast that says much: long messages, directives of every kind, pictures, nothing at all; all by chance."""

from __future__ import annotations

import random
from string import ascii_lowercase
from typing import Any

from tests.openrouter import Reply, seat_of

NEWCOMERS = ("Kimi K2", "Claude 3 Opus", "Grok 4.5", "GLM 5.2")
SECONDS_TO_ANSWER = 0.12
SECONDS_TO_PAINT = 0.5
PARTS, LETTERS_A_PARAGRAPH = 3, 1500
NEW_WORDS, LETTERS_OF_A_WORD = 9, 5


class Cast:
    """Answers for every seat. Each answer has a number of its own, so that no two are alike unless they mean to be."""

    def __init__(self, chance: random.Random) -> None:
        self.paints_next = False
        self._chance = chance
        self._count = 0

    def answer(self, request: dict[str, Any]) -> Reply:
        """Return what a seat says next."""
        self._count += 1
        mark = f"{seat_of(request)} in answer {self._count}"
        if self.paints_next:
            self.paints_next = False
            text = self._with_picture(mark)
        else:
            kinds = (self._plain, self._long, self._with_prompt, self._with_temperature, self._with_picture)
            more = (self._with_newcomer, self._with_everything, self._only_prompt, self._art, self._dots, self._nothing)
            weights = (6, 4, 2, 2, 3, 1, 2, 1, 1, 1, 1)
            text = self._chance.choices((*kinds, *more), weights)[0](mark)
        return Reply(text=text, seconds_before=self._chance.uniform(0, SECONDS_TO_ANSWER))

    def paint(self, _request: dict[str, Any]) -> Reply:
        """Return a picture, after a while."""
        return Reply(cost=0.04, seconds_before=self._chance.uniform(0, SECONDS_TO_PAINT))

    def _plain(self, mark: str) -> str:
        return f"A word of {mark}: {self._news()}."

    def _news(self) -> str:
        """Return words that nobody said before: without, the guard against circles would be right to pause a room."""
        words = ("".join(self._chance.choices(ascii_lowercase, k=LETTERS_OF_A_WORD)) for _ in range(NEW_WORDS))
        return " ".join(words)

    def _long(self, mark: str) -> str:
        filler = "Rain on the roof, and nobody is up. " * (LETTERS_A_PARAGRAPH // 36)
        return "\n\n".join(f"Part {part} of {mark}: {self._news()}. {filler}" for part in range(1, PARTS + 1))

    def _with_prompt(self, mark: str) -> str:
        return f'!prompt "keep to what {mark} holds"\n\n{self._plain(mark)}'

    def _with_temperature(self, mark: str) -> str:
        return f"!temperature {self._chance.randint(1, 9) / 10}\n\n{self._plain(mark)}"

    def _with_picture(self, mark: str) -> str:
        return f'{self._plain(mark)}\n\n!image "a lamp over the table, for {mark}"'

    def _with_newcomer(self, mark: str) -> str:
        return f'{self._plain(mark)}\n\n!add_ai "{self._chance.choice(NEWCOMERS)}" "come in, says {mark}"'

    def _with_everything(self, mark: str) -> str:
        directives = [self._with_prompt(mark), self._with_temperature(mark), self._with_picture(mark)]
        return "\n\n".join([*directives, self._with_newcomer(mark), self._long(mark)])

    def _only_prompt(self, mark: str) -> str:
        return f'!prompt "say nothing aloud of {mark}"'

    def _art(self, mark: str) -> str:
        return f"Look, {mark} shows {self._news()}:\n\n  /\\_/\\\n ( o.o )\n  > ^ <\n\nIt sleeps."

    def _dots(self, _mark: str) -> str:
        return "..."

    def _nothing(self, _mark: str) -> str:
        return ""
