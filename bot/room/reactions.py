"""How people react to a message, as it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.room.entries import Reaction


@dataclass(slots=True)
class Reactions:
    """The reactions to one message: `whose` it is, how it begins (`said`), and who gave which emoji."""

    message: int
    whose: str
    said: str
    given: dict[str, set[int]] = field(default_factory=dict[str, set[int]])

    def change(self, changes: Iterable[Reaction]) -> None:
        """Add what people gave and take away what they took back; the same twice changes nothing."""
        for change in changes:
            people = self.given.setdefault(change.emoji, set())
            if change.added:
                people.add(change.by)
            else:
                people.discard(change.by)
            if not people:
                del self.given[change.emoji]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many people gave each emoji, the most loved first."""
        counted = {emoji: len(people) for emoji, people in self.given.items()}
        return dict(sorted(counted.items(), key=lambda one: -one[1]))

    @property
    def people(self) -> int:
        """How many people reacted at all."""
        return len(set[int]().union(*self.given.values()))


def most_loved(reactions: Iterable[Reactions], count: int) -> list[Reactions]:
    """Return the messages to which the most people reacted, the most loved first."""
    loved = [one for one in reactions if one.people]
    return sorted(loved, key=lambda one: (-one.people, -sum(one.counts.values()), one.message))[:count]
