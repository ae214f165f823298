"""Scenarios: what a room is about, and who sits in it to begin with. One TOML file each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources

from bot.errors import NotPossible


@dataclass(frozen=True, slots=True)
class Scenario:
    """A room's beginning.

    Args:
        key: the name of its file.
        title: what people choose it by.
        summary: one sentence about it, for people.
        prompt: what every AI in the room is told.
        opening: the first words of the room, when a person gives none.
        cast: the models that sit down when a person names none.
    """

    key: str
    title: str
    summary: str
    prompt: str
    opening: str
    cast: tuple[str, ...]


class Scenarios:
    """The scenarios that can be started; the first is the one that is taken when none is named."""

    def __init__(self, scenarios: list[Scenario]) -> None:
        self.all = tuple(scenarios)

    @classmethod
    def load(cls) -> Scenarios:
        """Read every scenario that is in this folder, in the order of their file names."""
        files = sorted(
            (file for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")),
            key=lambda file: file.name,
        )
        return cls([_scenario(file.name.removesuffix(".toml"), file.read_text("utf-8")) for file in files])

    def named(self, name: str | None) -> Scenario:
        """Return the scenario of that title or key; None is the first.

        Raises:
            NotPossible: there is none of that name.
        """
        if not name:
            return self.all[0]
        wanted = name.strip().casefold()
        for scenario in self.all:
            if wanted in (scenario.key.casefold(), scenario.title.casefold()):
                return scenario
        titles = ", ".join(scenario.title for scenario in self.all)
        raise NotPossible(f"There is no scenario called “{name[:80]}”. There are: {titles}.")

    def search(self, text: str) -> list[Scenario]:
        """Return the scenarios whose title holds `text`."""
        return [s for s in self.all if text.strip().casefold() in s.title.casefold()]


def _scenario(file_name: str, text: str) -> Scenario:
    fields = tomllib.loads(text)
    return Scenario(
        key=file_name.split("-", 1)[-1],
        title=fields["title"],
        summary=fields["summary"],
        prompt=fields["prompt"].strip(),
        opening=fields["opening"].strip(),
        cast=tuple(fields["cast"]),
    )
