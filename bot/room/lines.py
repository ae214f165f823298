"""A line of a room, as its AIs come to see it, and what it costs to show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.room import notices
from bot.room.entries import Withdrawn
from bot.room.state import Seat

BYTES_PER_TOKEN = 3
"""A cautious estimate for any script: English has about four bytes to a token, Chinese about three."""
TOKENS_PER_PICTURE = 1_100
"""About what a 1,024 pixel picture costs a model that sees (Anthropic counts width x height / 750)."""
TOKENS_PER_LINE = 8
"""The speaker's label and the joint between two lines."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands before a person's words and stays when they change: whom they answer, and what that said.

    Args:
        whose: `AI-2`, a person's name, `the house`; empty where nobody is answered.
        quote: how what is answered begins.
        entry: the number of the entry that said it; 0 where it is not known.
    """

    whose: str = ""
    quote: str = ""
    entry: int = 0

    def __str__(self) -> str:
        return notices.answering(self.whose, self.quote)

    def quotes(self, entry: int, said: str) -> bool:
        """Whether an entry is quoted that said so."""
        if not self.quote or self.entry:
            return bool(self.quote) and self.entry == entry
        return self.quote in (notices.excerpt(said), notices.excerpt_as_written(said))


@dataclass(frozen=True, slots=True)
class Tally:
    """How people react to a message, as a line tells it: whose it is, the counts, and how it begins where it is told.

    `entry` is the number of the entry that the message shows.
    """

    whose: str
    counts: Mapping[str, int]
    quote: str
    entry: int

    def __str__(self) -> str:
        return notices.reactions(self.whose, self.counts, self.quote)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said or told in the room.

    Args:
        seq: the number of its entry in the journal.
        text: the words; without the speaker's label.
        speaker: the seat that said it; None is the house or a person.
        only_for: the only seat that sees it, if it is a private matter.
        hidden_from: the seat that does not see it, because it sees something better.
        pictures: the pictures that are shown with it.
        person: who said it, if it was a person; the text is without their name.
        aside: what stands before a person's words.
        heard: for a seat's own words, the last entry that it knew when it said them.
        tally: what the line tells of reactions; all of its text.
    """

    seq: int
    text: str
    speaker: Seat | None = None
    only_for: int | None = None
    hidden_from: int | None = None
    pictures: tuple[int, ...] = ()
    person: str = ""
    aside: Aside = Aside()
    heard: int = 0
    tally: Tally | None = None

    @property
    def words(self) -> str:
        """The words without what stands before them."""
        return self.text.removeprefix(str(self.aside))

    @property
    def author(self) -> tuple[int, str, bool]:
        """Whose it is, for people: of a seat, of a person, a picture."""
        return (self.speaker.number if self.speaker else 0), self.person, bool(self.pictures) and not self.person

    @property
    def quote(self) -> str:
        """How what it tells of begins, where that is said."""
        return self.tally.quote if self.tally is not None else self.aside.quote

    def quotes(self, entry: int, said: str) -> bool:
        """Whether it quotes an entry that said so."""
        if self.tally is not None:
            return bool(self.tally.quote) and self.tally.entry == entry
        return self.aside.quotes(entry, said)

    def quoting(self, quote: str) -> Line:
        """Return the line with another quotation of what it tells of, or none."""
        if self.tally is not None:
            return self.telling(replace(self.tally, quote=quote))
        aside = replace(self.aside, quote=quote)
        return replace(self, text=f"{aside}{self.words}", aside=aside)

    def telling(self, tally: Tally | None) -> Line:
        """Return the line with another tally; without one nothing is told."""
        return replace(self, text="" if tally is None else str(tally), tally=tally)

    def is_seen_by(self, seat: int) -> bool:
        """Whether this seat may see the line."""
        return bool(self.text) and self.only_for in (None, seat) and self.hidden_from != seat


def withdrawn(line: Line, entry: Withdrawn) -> Line:
    """Return a line as it is once what it said is gone, or never came."""
    if line.speaker is not None and entry.reason and not entry.left:
        return replace(line, text=notices.words_declined(line.speaker.label), speaker=None)
    return replace(line, text=entry.left, aside=Aside(), pictures=() if not entry.left else line.pictures)


def is_held(quote: str, words: str) -> bool:
    """Whether words still hold what was quoted of them."""
    return quote.removesuffix("…") in f"{notices.in_a_line(words)}\n{notices.in_a_line(notices.without_ids(words))}"


def tokens_of(line: Line) -> int:
    """Return about how many tokens it costs to show a line."""
    if not line.text:
        return 0
    of_pictures = TOKENS_PER_PICTURE * len(line.pictures)
    return len(line.text.encode("utf-8", "replace")) // BYTES_PER_TOKEN + TOKENS_PER_LINE + of_pictures
