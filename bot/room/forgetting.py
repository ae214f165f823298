"""Forgetting a person: which entries of a room tell of them, and what is left of those.

Entries keep their numbers, and what decides how the room goes on stays: seats, turns, costs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from bot.room import notices
from bot.room.entries import (
    CarriedOut,
    Edited,
    Entry,
    Forked,
    Heard,
    Opened,
    PictureAsked,
    PictureMade,
    Reacted,
    Withdrawn,
)
from bot.room.notices.foreign import SOMEBODY
from bot.room.pictured import Drawn, Pictured

NOBODY = 0
"""In place of a forgotten person's id; Discord gives it to nobody."""

_OF_PEOPLE_S_WORDS = (Edited, Withdrawn, Reacted, PictureMade)


def _kind(entry: type[Entry]) -> str:
    return entry.model_fields["kind"].default


KINDS_ABOUT_PEOPLE = tuple(
    _kind(entry) for entry in get_args(Entry) if "by_name" in entry.model_fields or entry in _OF_PEOPLE_S_WORDS
)
"""The kinds of entries in which a person may stand by name, by words or by reactions."""
KINDS_WITH_IDS = (*(_kind(entry) for entry in get_args(Entry) if "by" in entry.model_fields), _kind(Reacted))
"""The kinds of entries that say by Discord's id who it was."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What a room knows of a person.

    Args:
        rewritten: what is left of each entry that told of them, by its number.
        said: the entries that were their words.
        drawn: the entries in which pictures of their words were asked for and made.
        named: the entries in which only their name stood.
        pictures: the pictures that came with their words, or were made of them.
        reactions: how many they gave.
    """

    rewritten: Mapping[int, Entry] = field(default_factory=dict[int, Entry])
    said: frozenset[int] = frozenset()
    drawn: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()
    pictures: frozenset[int] = frozenset()
    reactions: int = 0


def names_of(entries: Iterable[Entry], person: int) -> set[str]:
    """Return the names under which entries know a person by their id."""
    known = {entry.by_name for entry in entries if isinstance(entry, Heard | Opened | Forked) and entry.by == person}
    return known - {SOMEBODY, ""}


def traces_of(person: int, names: Collection[str], entries: Mapping[int, Entry], before: int) -> Traces:
    """Return what entries, by their numbers, know of a person who went by these names.

    What they said in messages from `before` on (a Discord id) is none of it: they spoke again after they had asked to
    be forgotten.
    Who paused a room, muted a seat and the like stands there by name alone: where two people had the same name,
    it becomes somebody's for both.
    """
    theirs = {
        seq: entry
        for seq, entry in entries.items()
        if isinstance(entry, Heard) and entry.by == person and entry.message < before
    }
    drawn = _drawn_of(theirs, entries)
    drawn_in = frozenset[int]().union(*(one.entries for one in drawn))
    forgetting = _Forgetting(
        person=person,
        before=before,
        names=frozenset(names),
        said=drawn_in.union(theirs),
        messages=frozenset(entry.message for entry in theirs.values()),
        announced=tuple(_behind_author(notices.image_asked("", one.description)) for one in drawn),
    )
    left = {seq: forgetting.left_of(entry) for seq, entry in entries.items()}
    rewritten = {seq: entry for seq, entry in left.items() if entry != entries[seq]}
    reacted = (entry for entry in entries.values() if isinstance(entry, Reacted))
    return Traces(
        rewritten=rewritten,
        said=frozenset(theirs),
        drawn=drawn_in,
        named=frozenset(seq for seq, entry in rewritten.items() if getattr(entry, "by_name", "") and seq not in theirs),
        pictures=frozenset(picture for entry in theirs.values() for picture in entry.pictures).union(
            one.picture for one in drawn
        ),
        reactions=sum(one.added and one.by == person for entry in reacted for one in entry.changes),
    )


def _drawn_of(said: Iterable[int], entries: Mapping[int, Entry]) -> list[Drawn]:
    """Return the pictures that show what was said in these entries."""
    pictured = Pictured()
    for seq, entry in entries.items():
        pictured.add(seq, entry)
    return pictured.of(said)


def _behind_author(announced: str) -> str:
    """Return how a line that a picture is being made goes on behind whose it is, as far as it is given."""
    return announced.removesuffix("…").partition("]: ")[2]


def without_names(text: str, names: Collection[str]) -> str:
    """Return a line of the house without these people's names."""
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", SOMEBODY, text)


@dataclass(frozen=True, slots=True)
class _Forgetting:
    """Whom to forget: an id, up to which message, names, and the entries and messages that are theirs.

    `said` are the entries that say their words, in pictures as well, and `announced` what the house said of those.
    """

    person: int
    before: int
    names: frozenset[str]
    said: frozenset[int]
    messages: frozenset[int]
    announced: tuple[str, ...]

    def left_of(self, entry: Entry) -> Entry:
        """Return what is left of an entry."""
        match entry:
            case Heard():
                return self._left_of_words(entry)
            case Opened() | Forked():
                is_theirs = entry.by == self.person
                return entry.model_copy(update={"by": NOBODY, "by_name": SOMEBODY}) if is_theirs else entry
            case Edited():
                return entry.model_copy(update={"text": ""}) if entry.entry in self.said else entry
            case Withdrawn():
                return entry.model_copy(update={"left": ""}) if entry.entry in self.said else entry
            case Reacted():
                return self._left_of_reactions(entry)
            case PictureAsked() if entry.of_entry in self.said:
                return self._left_of_deed(entry.model_copy(update={"description": ""}))
            case _:
                return self._left_of_deed(entry)

    def _left_of_words(self, entry: Heard) -> Entry:
        if entry.by == self.person and entry.message < self.before:
            nothing = {"by": NOBODY, "by_name": SOMEBODY, "text": "", "reply_to": "", "answers": "", "pictures": ()}
            return entry.model_copy(update=nothing)
        reply_to = without_names(entry.reply_to, self.names)
        is_of_others = reply_to == entry.reply_to and entry.answers_to not in self.said
        answers = entry.answers if is_of_others else ""
        return entry.model_copy(update={"reply_to": reply_to, "answers": answers})

    def _left_of_reactions(self, entry: Reacted) -> Entry:
        changes = tuple(change for change in entry.changes if change.by != self.person)
        update: dict[str, object] = {"changes": changes}
        is_announced = any(line.startswith(_behind_author(entry.said) or "-") for line in self.announced)
        if entry.entry in self.said or entry.message in self.messages or is_announced:
            update |= {"said": "", "whose": without_names(entry.whose, self.names)}
        return entry.model_copy(update=update)

    def _left_of_deed(self, entry: Entry) -> Entry:
        if getattr(entry, "by_name", "") not in self.names:
            return entry
        update = {"by_name": SOMEBODY}
        if isinstance(entry, CarriedOut):
            update["told"] = without_names(entry.told, self.names)
        return entry.model_copy(update=update)
