"""How people react to a message, as it stands now, and what of it still waits to be written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.room.entries import Reacted, Reaction

ASKS_WHO_SAID_IT = "❓"
REMOVES = "❌"
MEANT_FOR_THE_HOUSE = frozenset({ASKS_WHO_SAID_IT, REMOVES})
"""Reactions by which people ask the house for something, rather than show what they feel."""
REACTIONS_WAITING_AT_MOST = 2_000
"""Of one room, each of one person to one message with one emoji: they wait for seconds only."""
SECONDS_UNTIL_KNOWN = 60.0
"""So long a message to which somebody reacts may be unknown: it was just posted or said, and is not noted yet."""
SECONDS_UNTIL_POSTED = 600.0
"""So long where something is being posted: nobody knows which message it became while Discord cannot be asked."""


@dataclass(slots=True)
class Reactions:
    """The reactions to one message: `whose` it is, how it begins (`said`), and who gave which emoji."""

    message: int
    whose: str
    said: str
    given: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    entry: int = 0
    """The entry that the message shows, alone or as a part; 0 for none that is known."""
    told_in: int = 0
    """The entry that last told the AIs of them; 0 for none."""
    is_known: bool = False
    """Whether an answer may have known of any."""

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

    @property
    def shows(self) -> tuple[int, str]:
        """What the message shows: the same for all parts of long words, which are one message to the AIs."""
        return self.entry or -self.message, self.whose


def summed(parts: Sequence[Reactions]) -> Reactions:
    """Return the reactions to the parts of one message together, as those to the first in the channel.

    Whoever gave an emoji to several gave it once.
    """
    in_order = sorted(parts, key=lambda part: part.message)
    first = in_order[0]
    given: dict[str, set[int]] = {}
    for part in in_order:
        for emoji, people in part.given.items():
            given[emoji] = given.get(emoji, set()) | people
    return Reactions(first.message, first.whose, first.said, given, first.entry)


def least_loved(reactions: Sequence[Reactions]) -> Reactions:
    """Return the message to which the fewest people reacted, the first of several."""
    return min(reactions, key=lambda one: one.people)


class LovedMessages:
    """The reactions to the messages of a room: to at most so many, the least loved of the older half go first."""

    def __init__(self, most: int) -> None:
        self.by_message: dict[int, Reactions] = {}
        self._most = most

    def change(self, entry: Reacted) -> Reactions:
        """Take what people gave and took back, and return the reactions to that message."""
        reactions = self.by_message.pop(entry.message, None)
        reactions = reactions or Reactions(entry.message, entry.whose, entry.said, entry=entry.entry)
        reactions.change(entry.changes)
        self.by_message[entry.message] = reactions
        if len(self.by_message) > self._most:
            del self.by_message[least_loved(list(self.by_message.values())[: self._most // 2]).message]
        return reactions

    def parts_with(self, one: Reactions) -> list[Reactions]:
        """Return the reactions to all messages that show the same as this one; it may have others that are parts."""
        return [other for other in self.by_message.values() if other.shows == one.shows]

    def without(self, messages: Iterable[int]) -> list[Reactions]:
        """Let messages that are gone be loved no more, and return the reactions that they had."""
        return [self.by_message.pop(message) for message in messages if message in self.by_message]

    def requote(self, entry: int, quote_for: Callable[[str], str]) -> None:
        """Let what people reacted to be quoted as it stands now."""
        for one in self.by_message.values():
            if one.entry == entry:
                one.said = quote_for(one.said)


def most_loved(reactions: Iterable[Reactions], count: int) -> list[Reactions]:
    """Return what most people reacted to, the most loved first; the parts of one message are summed up."""
    together: dict[tuple[int, str], list[Reactions]] = {}
    for one in reactions:
        if one.people:
            together.setdefault(one.shows, []).append(one)
    loved = [summed(parts) for parts in together.values()]
    return sorted(loved, key=lambda one: (-one.people, -sum(one.counts.values()), one.message))[:count]


class WaitingReactions:
    """What people gave and took back since it was last written down: the last word of each person, and no more."""

    def __init__(self) -> None:
        self._by_message: dict[int, dict[tuple[int, str], bool]] = {}
        self._unknown_since: dict[int, float] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def messages(self) -> tuple[int, ...]:
        """The messages that are reacted to, the first first."""
        return tuple(self._by_message)

    def change(self, message: int, reaction: Reaction) -> None:
        """Take a reaction, given or taken back; in a flood, none beyond what can wait, and to what is known first."""
        last_words = self._by_message.get(message, {})
        key = (reaction.by, reaction.emoji)
        if key not in last_words:
            if self._count >= REACTIONS_WAITING_AT_MOST:
                self.forget(*[other for other in self._unknown_since if other != message][:1])
            if self._count >= REACTIONS_WAITING_AT_MOST:
                return
            self._count += 1
        last_words[key] = reaction.added
        self._by_message[message] = last_words

    def clear(self, message: int, given: Mapping[str, set[int]], emoji: str | None = None) -> None:
        """Take away all reactions to a message, or all with one emoji; `given` are those that are written down."""
        waiting = set(self._by_message.get(message, {}))
        for by, one in waiting | {(by, one) for one, people in given.items() for by in people}:
            if emoji in (None, one):
                self.change(message, Reaction(by=by, emoji=one, added=False))

    def forget_person(self, person: int, before: int) -> None:
        """Let go of what a person gave to messages before `before`, and took back."""
        older = [last_words for message, last_words in self._by_message.items() if message < before]
        for last_words in older:
            for key in [key for key in last_words if key[0] == person]:
                del last_words[key]
                self._count -= 1

    def on_top_of(self, given: Mapping[str, set[int]], message: int) -> dict[str, set[int]]:
        """Return who gave which emoji to a message, where `given` is written down and what waits comes on top."""
        people = {emoji: set(known) for emoji, known in given.items()}
        for (by, emoji), added in self._by_message.get(message, {}).items():
            (people.setdefault(emoji, set()).add if added else people.setdefault(emoji, set()).discard)(by)
        return {emoji: known for emoji, known in people.items() if known}

    def changes_to(self, message: int, given: Mapping[str, set[int]]) -> tuple[Reaction, ...]:
        """Return what differs from what is written down as `given`."""
        last_words = self._by_message.get(message, {})
        return tuple(
            Reaction(by=by, emoji=emoji, added=added)
            for (by, emoji), added in last_words.items()
            if added != (by in given.get(emoji, ()))
        )

    def settle(self, message: int, given: Mapping[str, set[int]]) -> None:
        """Let go of what is written down as `given` by now; what came meanwhile still waits."""
        self._unknown_since.pop(message, None)
        differs = {(change.by, change.emoji): change.added for change in self.changes_to(message, given)}
        self._count += len(differs) - len(self._by_message.pop(message, {}))
        if differs:
            self._by_message[message] = differs

    def forget(self, *messages: int) -> None:
        """Let go of what waits for messages that show nothing of the room, or of one that is over."""
        for message in messages:
            self._unknown_since.pop(message, None)
            self._count -= len(self._by_message.pop(message, {}))

    def pass_over(self, messages: Iterable[int], now: float, *, is_posting: bool) -> None:
        """Let messages that are not known yet come after all others the next time.

        They are let go of after a while by a clock's seconds; a longer one where what `is_posting` may be they.
        """
        seconds = SECONDS_UNTIL_POSTED if is_posting else SECONDS_UNTIL_KNOWN
        for message in (one for one in messages if one in self._by_message):
            if now - self._unknown_since.setdefault(message, now) > seconds:
                self.forget(message)
            else:
                self._by_message[message] = self._by_message.pop(message)
