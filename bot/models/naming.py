"""Which model a name means: spelled another way, mistyped, shared by several, or nobody's."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bot.errors import ModelNotFound, SettingsError
from bot.models.model import Model
from bot.words import later, t

LONGEST_NAME = 100
"""Characters of a name that are looked at; the longest id in the catalogue has half as many."""

NEAREST_SHOWN = 8
"""As many names as a refusal can list and still be read in one glance."""

NEAR_ENOUGH_TO_MENTION = 55.0
"""Of 100, by rapidfuzz: below it, names share letters by accident."""

LONGEST_NAME_SHOWN = 60
"""Characters of an unknown name that are said back."""

_SLIPS_FOR_LENGTH = ((8, 2), (4, 1), (0, 0))
"""Letters of a word, and how many of them may be wrong, missing or swapped: GPT is no slip for GLM."""

_RUNS = re.compile(r"[^\W\d_]+|\d+")


def key_of(name: str) -> str:
    """Return `name` without case, blanks and punctuation, save that 5.1 and 51 stay apart."""
    runs = _runs(name)
    joints = ("." if left.isdecimal() and right.isdecimal() else "" for left, right in pairwise(["", *runs]))
    return "".join(joint + run for joint, run in zip(joints, runs, strict=True))


def _runs(name: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", name[:LONGEST_NAME]).casefold())


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A name taken apart: its words, and its numbers in their order."""

    words: Counter[str]
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> _Spelling:
        runs = _runs(name)
        return cls(Counter(run for run in runs if not run.isdecimal()), tuple(run for run in runs if run.isdecimal()))

    def is_part_of(self, other: _Spelling) -> bool:
        """Whether `other` says all that this says, and perhaps more: as Claude Opus 5.5 does of Claude 5."""
        return self.words <= other.words and other.numbers[: len(self.numbers)] == self.numbers

    def is_slip_for(self, other: _Spelling, known_words: frozenset[str]) -> bool:
        """Whether it is `other` in another order, or with one word mistyped; its numbers must be the same."""
        if self.numbers != other.numbers:
            return False
        asked, meant = (
            list((self.words - other.words).elements()),
            list((other.words - self.words).elements()),
        )
        if len(asked) != len(meant) or len(asked) > 1:
            return False
        return not asked or (asked[0] not in known_words and _is_typo(asked[0], meant[0]))


def _is_typo(written: str, meant: str) -> bool:
    shorter = min(len(written), len(meant))
    slips = next(slips for length, slips in _SLIPS_FOR_LENGTH if shorter >= length)
    return OSA.distance(written, meant, score_cutoff=slips) <= slips


class Names:
    """Every name of every model.

    Raises:
        SettingsError: two models go by the same name or alias.
    """

    def __init__(self, models: Sequence[Model]) -> None:
        self._models = models
        self._given: dict[str, Model] = {}
        self._derived: dict[str, list[Model]] = {}
        self._spellings = [(model, _Spelling.of(name)) for model in models for name in _given_names(model)]
        self._known_words = frozenset(word for _, spelling in self._spellings for word in spelling.words)
        for model in models:
            self._enter(model)

    def _enter(self, model: Model) -> None:
        for name in _given_names(model):
            key = key_of(name)
            if not key:
                raise SettingsError(f'The model "{model.name}" has a name without a letter or a digit.')
            other = self._given.setdefault(key, model)
            if other is not model:
                raise SettingsError(
                    f'Two models of the catalogue go by "{name}": {other.name} and {model.name}. '
                    "Give one of them another name or alias."
                )
        for key in _derived_keys(model):
            self._derived.setdefault(key, []).append(model)

    def resolve(self, name: str) -> Model:
        """Return the one model that `name` means.

        Raises:
            ModelNotFound: it means none or could mean several.
        """
        key = key_of(name)
        if not key:
            raise ModelNotFound(t("The name of a model is missing."))
        if len(name) <= LONGEST_NAME:
            found = [self._given[key]] if key in self._given else self._derived.get(key) or self._slips(name)
            if len(found) == 1:
                return found[0]
            if found:
                raise _could_be_several(name, found)
        raise self._not_found(name)

    def _slips(self, name: str) -> list[Model]:
        asked = _Spelling.of(name)
        return _once_each(
            model for model, spelling in self._spellings if asked.is_slip_for(spelling, self._known_words)
        )

    def _not_found(self, name: str) -> ModelNotFound:
        asked = _Spelling.of(name)
        family = _once_each(model for model, spelling in self._spellings if asked.is_part_of(spelling))
        if len(family) > 1:
            return _could_be_several(name, family)
        nearest = [model.name for model in (family or self._nearest(name))][:NEAREST_SHOWN]
        sentence = t("There is no model called “{name}” in the catalogue.", name=_shown(name))
        if nearest:
            sentence += f" {t('The closest names: {models}.', models=', '.join(nearest))}"
        return ModelNotFound(sentence, nearest)

    def _nearest(self, name: str) -> list[Model]:
        scored = [(_likeness(name, model), -place, model) for place, model in enumerate(self._models)]
        scored.sort(key=lambda entry: entry[:2], reverse=True)
        return [model for likeness, _, model in scored if likeness >= NEAR_ENOUGH_TO_MENTION][:NEAREST_SHOWN]

    def search(self, text: str, limit: int) -> list[Model]:
        """Return the models whose name, alias or id `text` begins, is in or resembles, best first."""
        ranked = [(_rank(text, model), place, model) for place, model in enumerate(self._models)]
        found = sorted((entry for entry in ranked if entry[0] is not None), key=lambda entry: entry[:2])
        return [model for _, _, model in found][:limit]


def _given_names(model: Model) -> tuple[str, ...]:
    return (model.name, *model.aliases)


def _derived_keys(model: Model) -> set[str]:
    maker, _, tail = model.id.rpartition("/")
    return {key_of(model.id), key_of(tail), key_of(f"{maker} {model.name}")} - {""}


def _once_each(models: Iterable[Model]) -> list[Model]:
    return list({model.name: model for model in models}.values())


def _likeness(name: str, model: Model) -> float:
    key = key_of(name)
    return max(fuzz.ratio(key, key_of(known)) for known in _given_names(model))


def _rank(text: str, model: Model) -> tuple[int, bool] | None:
    """Say how well what is typed so far fits: smaller is better, the retired last; None if not at all."""
    typed, keys = key_of(text), [key_of(known) for known in _given_names(model)]
    runs = _runs(text)
    fits = (
        keys[0].startswith(typed),
        any(key.startswith(typed) for key in keys),
        any(_begins_words(runs, known) for known in _given_names(model)),
        any(typed in key for key in (*keys, key_of(model.id))),
        _likeness(text, model) >= NEAR_ENOUGH_TO_MENTION,
    )
    return next(((place, model.retired is not None) for place, fit in enumerate(fits) if fit), None)


def _begins_words(typed: Sequence[str], name: str) -> bool:
    runs = _runs(name)
    return all(any(run.startswith(part) for run in runs) for part in typed)


def _could_be_several(name: str, models: Sequence[Model]) -> ModelNotFound:
    names = [model.name for model in models]
    shown, listed, more = _shown(name), ", ".join(names[:NEAREST_SHOWN]), len(names) - NEAREST_SHOWN
    if more > 0:
        sentence = later("“{name}” could be several models: {models}, and {more} more. Name one of them.")
        return ModelNotFound(t(sentence, name=shown, models=listed, more=more), names[:NEAREST_SHOWN])
    sentence = later("“{name}” could be several models: {models}. Name one of them.")
    return ModelNotFound(t(sentence, name=shown, models=listed), names)


def _shown(name: str) -> str:
    line = " ".join(name[:LONGEST_NAME].split())
    return line if len(line) <= LONGEST_NAME_SHOWN else f"{line[:LONGEST_NAME_SHOWN]}…"
