"""The words of a room in order, as its AIs come to see them: a second fold over the journal, kept growing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.room import notices
from bot.room.entries import (
    Answered,
    CarriedOut,
    Edited,
    Entry,
    Failed,
    Heard,
    Joined,
    ModelChanged,
    Opened,
    PictureAsked,
    PictureFailed,
    PictureMade,
    Reacted,
    Respoken,
    Restored,
    Skipped,
    Spoke,
    Withdrawn,
)
from bot.room.hearing import as_heard
from bot.room.lines import Aside, Line, Tally, is_held, tokens_of, withdrawn
from bot.room.reactions import LovedMessages, Reactions, summed
from bot.room.state import Seat

STEPS_IN_A_BUDGET = 4
"""History falls out in steps of a quarter of the budget, so that the beginning stays the same in between."""
LEAST_WINDOW_TOKENS = 2_000
"""No model is shown less: what people say without end falls out in steps that suit the smallest window as well."""
TOKENS_KEPT = 1_000_000
"""What no model is shown any more need not be kept in memory; the journal has it."""
PICTURES_KEPT = 50
MESSAGES_KEPT = 1_000
"""People's messages of which it is known where they stand, to hear none twice and to take out what is deleted; and
messages of which the reactions are counted."""
LINES_IN_MIND = 8
"""What was said so few lines ago needs no excerpt where it is answered."""


class History:
    """The lines of a room, in order, with what it costs to show them: all, or in a long room the newest.

    Entries are added once, in the order of the journal; asking for a window costs no more in a long room.
    `tokens_kept` is the largest window that will be asked for.
    """

    def __init__(self, tokens_kept: int = TOKENS_KEPT) -> None:
        self.lines: list[Line] = []
        self.pictures: list[int] = []
        self.last_seq = 0
        self.dropped = 0
        self._tokens_kept = tokens_kept
        self._seats: dict[int, Seat] = {}
        self._asked: dict[int, PictureAsked] = {}
        self.loved = LovedMessages(MESSAGES_KEPT)
        self.withdrawn_messages: set[int] = set()
        self._heard_messages: dict[int, tuple[int, Heard]] = {}
        self._outcomes: list[Line] = []
        self._heard = 0
        self._tokens_before: list[int] = [0]
        self._turn_starts: list[int] = [0]

    def add(self, seq: int, entry: Entry) -> None:  # noqa: C901 - one case an entry, nothing nested
        """Add what one entry of the journal lets the AIs see."""
        self.last_seq = seq
        match entry:
            case Opened():
                self._say(Line(seq, entry.opening or notices.THE_ROOM_IS_OPEN))
            case Joined():
                self._seats[entry.seat] = Seat(entry.seat, entry.model)
            case Answered():
                self._heard = entry.heard
            case CarriedOut():
                self._tell(seq, entry)
            case PictureAsked():
                self._asked[entry.picture] = entry
            case PictureMade():
                self._show(seq, entry.picture)
            case PictureFailed():
                self._asked.pop(entry.picture, None)
            case Heard():
                self._hear(seq, entry)
            case Withdrawn():
                self._withdraw(entry)
            case Edited():
                self._edit(entry)
            case Respoken() | Restored():
                self._requote(entry.entry, lambda _: entry.text)
                self._change(entry.entry, lambda line: replace(line, text=entry.text))
            case Reacted() if entry.changes:
                self._react(seq, entry)
            case ModelChanged():
                self._seats[entry.seat] = Seat(entry.seat, entry.model)
            case Skipped():
                self._end_turn(seq, entry)
            case Spoke() | Failed():
                self._end_turn(seq, entry)
            case _:
                pass

    def window(self, tokens: int) -> Sequence[Line]:
        """Return the newest lines that fit in a budget of `tokens`: whole turns, dropped from the front in steps."""
        excess = self._tokens_before[-1] - tokens
        if excess <= self._tokens_before[0]:
            return self.lines
        step = max(1, tokens // STEPS_IN_A_BUDGET)
        first = self._turn_after(-(-excess // step) * step)
        return self.lines[self._turn_starts[first] - self.dropped :]

    def entry_of_message(self, message: int) -> int | None:
        """Return the entry in which a person's message was heard; None when it was not, or long ago."""
        found = self._heard_messages.get(message)
        return None if found is None else found[0]

    def heard_in(self, entry: int) -> Heard | None:
        """Return what a person said in an entry, as it is now; None when nobody did, or long ago."""
        return next((heard for seq, heard in reversed(self._heard_messages.values()) if seq == entry), None)

    def is_in_mind(self, entry: int) -> bool:
        """Whether an entry is among the last lines of the room."""
        return len(self.lines) <= LINES_IN_MIND or entry >= self.lines[-LINES_IN_MIND].seq

    def is_told_apart(self, entry: int) -> bool:
        """Whether whose words an entry holds tells which ones: they are in mind, and nobody of that name said more."""
        last = [line for line in self.lines[-LINES_IN_MIND:] if line.only_for is None and line.text]
        said = next((line for line in last if line.seq == entry), None)
        return said is not None and not any(line.author == said.author and line.seq > entry for line in last)

    @property
    def reactions(self) -> Mapping[int, Reactions]:
        """The reactions to each message that people reacted to."""
        return self.loved.by_message

    def given(self, message: int) -> Mapping[str, set[int]]:
        """Return who reacted to a message, by emoji."""
        known = self.reactions.get(message)
        return {} if known is None else known.given

    def heard_since(self, oldest: int) -> set[int]:
        """Return the messages, from `oldest` on, that people wrote themselves and that are still heard."""
        heard = {
            message for message, (_, said) in self._heard_messages.items() if message >= oldest and not said.by_house
        }
        return heard - self.withdrawn_messages

    @property
    def last_heard_message(self) -> int | None:
        """Discord's id of the newest message that was heard from a person."""
        return max(self._heard_messages, default=None)

    def _turn_after(self, tokens: int) -> int:
        """Return which turn is the first to begin after so many tokens; the last one where none does."""
        found = bisect_left(self._turn_starts, tokens, key=lambda line: self._tokens_before[line - self.dropped])
        return min(found, len(self._turn_starts) - 1)

    def _say(self, line: Line) -> None:
        self.lines.append(line)
        self._tokens_before.append(self._tokens_before[-1] + tokens_of(line))

    def _tell(self, seq: int, entry: CarriedOut) -> None:
        if entry.seat is None:
            self._say(Line(seq, entry.told)) if entry.told else None
            return
        self._outcomes.append(Line(seq, entry.outcome, only_for=entry.seat))
        if entry.told:
            self._say(Line(seq, entry.told, hidden_from=entry.seat))

    def _hear(self, seq: int, entry: Heard) -> None:
        self._heard_messages[entry.message] = (seq, entry)
        if len(self._heard_messages) > MESSAGES_KEPT:
            del self._heard_messages[next(iter(self._heard_messages))]
        self.pictures = [*self.pictures, *entry.pictures][-PICTURES_KEPT:]
        aside = Aside(entry.reply_to, entry.answers, entry.answers_to)
        text = str(aside) + self._legible(entry.by_name, entry.text)
        self._say(Line(seq, text, person=entry.by_name, aside=aside, pictures=entry.pictures))
        self._let_people_fall_out()

    def _edit(self, entry: Edited) -> None:
        if (heard := self.heard_in(entry.entry)) is not None:
            changed = heard.model_copy(update={"text": entry.text})
            self._heard_messages[heard.message] = (entry.entry, changed)
        self._requote(entry.entry, lambda _: entry.text)
        self._change(entry.entry, lambda line: self._edited(line, entry))

    def _edited(self, line: Line, entry: Edited) -> Line:
        text = str(line.aside) + self._legible(line.person, entry.text)
        return replace(line, text=text, pictures=() if entry.without_pictures else line.pictures)

    def _legible(self, name: str, text: str) -> str:
        return as_heard(name, text, [seat.label for seat in self._seats.values()])

    def _react(self, seq: int, entry: Reacted) -> None:
        """Say how people react to a message now, in place of a line about it that no answer knew of yet."""
        if entry.message in self.withdrawn_messages:
            return
        parts = self.loved.parts_with(self.loved.change(entry))
        told_in, is_known = max(part.told_in for part in parts), any(part.is_known for part in parts)
        if told_in > self._heard:
            self._change(told_in, lambda line: line.telling(None))
        else:
            is_known |= told_in > 0
        for part in parts:
            part.told_in, part.is_known = seq, is_known
        loved = summed(parts)
        if loved.counts or is_known:
            tally = Tally(loved.whose, loved.counts, loved.said if entry.recalled else "", loved.entry)
            self._say(Line(seq, "").telling(tally))

    def _forget_reactions(self, gone: Reactions) -> None:
        """Let the AIs know of no reactions to a message that is gone."""
        parts = self.loved.parts_with(gone)
        left = summed(parts) if any(part.people for part in parts) else None
        self._change(gone.told_in, lambda line: line.telling(_told_of(left, line.tally)))

    def _show(self, seq: int, picture: int) -> None:
        asked = self._asked.pop(picture)
        if not asked.description:
            return  # whose words it showed was forgotten
        author = self._seats[asked.seat].label if asked.seat is not None else asked.by_name
        self.pictures = [*self.pictures, picture][-PICTURES_KEPT:]
        self._say(Line(seq, notices.picture_line(author, asked.description), pictures=(picture,)))

    def _withdraw(self, entry: Withdrawn) -> None:
        self.withdrawn_messages.update(entry.messages)
        for one in self.loved.without(entry.messages):
            self._forget_reactions(one)  # first: what is told of the parts that are left quotes one of those
        self._requote(entry.entry, lambda quote: quote if is_held(quote, entry.left) else "")
        self._change(entry.entry, lambda line: withdrawn(line, entry))

    def _requote(self, entry: int, words_for: Callable[[str], str]) -> None:
        """Let what quotes an entry, such as people's answers to it, quote other words than so far."""

        def quote_for(quote: str) -> str:
            return notices.excerpt(words_for(quote))

        self.loved.requote(entry, quote_for)
        said = next((line.words for line in self.lines if line.seq == entry and line.only_for is None), "")
        for at, line in enumerate(self.lines):
            if line.quotes(entry, said):
                self._replace(at, line.quoting(quote_for(line.quote)))

    def _change(self, seq: int, change: Callable[[Line], Line]) -> None:
        """Change the lines that an entry brought; the beginning of what models are shown changes with them."""
        for at, line in enumerate(self.lines):
            if line.seq == seq and line.only_for is None:
                changed = change(line)
                gone = set(line.pictures) - set(changed.pictures)
                self.pictures = [picture for picture in self.pictures if picture not in gone]
                self._replace(at, changed)

    def _replace(self, at: int, line: Line) -> None:
        saved = tokens_of(self.lines[at]) - tokens_of(line)
        self.lines[at] = line
        self._tokens_before[at + 1 :] = [tokens - saved for tokens in self._tokens_before[at + 1 :]]

    def _end_turn(self, seq: int, entry: Spoke | Failed | Skipped) -> None:
        if isinstance(entry, Spoke) and entry.text:
            self._say(Line(seq, entry.text, self._seats[entry.seat], heard=self._heard))
        for outcome in self._outcomes:
            self._say(outcome)
        self._outcomes.clear()
        if self._turn_starts[-1] != self.dropped + len(self.lines):
            self._turn_starts.append(self.dropped + len(self.lines))
        self._drop_what_nobody_is_shown()

    def _let_people_fall_out(self) -> None:
        """Let what people say while nobody else speaks fall out bit by bit as well, as turns do."""
        since_turn = self._tokens_before[-1] - self._tokens_before[self._turn_starts[-1] - self.dropped]
        if since_turn > min(self._tokens_kept, LEAST_WINDOW_TOKENS) // STEPS_IN_A_BUDGET:
            self._turn_starts.append(self.dropped + len(self.lines))
            self._drop_what_nobody_is_shown()

    def _drop_what_nobody_is_shown(self) -> None:
        """Drop the oldest turns once there is twice what any window can hold; half of it stays."""
        if self._tokens_before[-1] - self._tokens_before[0] <= 2 * self._tokens_kept:
            return
        first = self._turn_after(self._tokens_before[-1] - self._tokens_kept - self._tokens_kept // STEPS_IN_A_BUDGET)
        lines = self._turn_starts[first] - self.dropped
        del self.lines[:lines], self._tokens_before[:lines], self._turn_starts[:first]
        self.dropped += lines


def _told_of(left: Reactions | None, before: Tally | None) -> Tally | None:
    """Return what is told of the reactions that are left, in place of what was told before."""
    if left is None or before is None:
        return None
    return Tally(left.whose, left.counts, left.said if before.quote else "", left.entry)
