"""A figure that a benchmark found, with what was aimed at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Args:
        what: what was measured.
        value: how much it is, in `unit`.
        at_most: what is aimed at, as is `at_least`; None where there is no such aim.
    """

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def aim(self) -> str:
        """What is aimed at, in words; empty where nothing is."""
        aims = (("≥", self.at_least), ("≤", self.at_most))
        return " and ".join(f"{sign} {aim:g}" for sign, aim in aims if aim is not None)

    @property
    def is_met(self) -> bool:
        """Whether the aim is met, as far as there is one, by the figure as it is shown."""
        shown = float(self.shown.replace(",", ""))
        return (self.at_least is None or shown >= self.at_least) and (self.at_most is None or shown <= self.at_most)

    @property
    def shown(self) -> str:
        """The figure with as many digits as mean something."""
        return f"{self.value:,.0f}" if self.value >= 1000 else f"{self.value:.{_decimals(self.value)}f}"


def _decimals(value: float) -> int:
    return 0 if value == int(value) else 1 if value >= 100 else 2
