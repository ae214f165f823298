"""Scenarios: what a room is about, and who sits in it to begin with. One TOML file each."""

from __future__ import annotations

from pathlib import Path

from bot.errors import NotPossible
from bot.scenarios.files import read_scenarios
from bot.scenarios.scenario import Scenario
from bot.words import t

__all__ = ["Scenario", "Scenarios"]


class Scenarios:
    """The scenarios that can be started; the first is the one that is taken when none is named."""

    def __init__(self, scenarios: list[Scenario]) -> None:
        self.all = tuple(scenarios)

    @classmethod
    def load(cls, own: Path | None = None) -> Scenarios:
        """Read every scenario that is in this folder, in the order of their file names, and those of the folder `own`.

        Raises:
            SettingsError: the folder `own` or a file in it cannot be used.
        """
        return cls(read_scenarios(own))

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
        titles = ", ".join(scenario.title for scenario in self.all if not scenario.adult)
        raise NotPossible(
            t("There is no scenario called “{name}”. There are: {titles}.", name=name[:80], titles=titles)
        )

    def search(self, text: str) -> list[Scenario]:
        """Return the scenarios whose title holds `text`."""
        return [s for s in self.all if text.strip().casefold() in s.title.casefold()]
