"""Where a message of a room comes from: told from the journal, as things were when it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.room.entries import (
    Answered,
    CarriedOut,
    Entry,
    Heard,
    Joined,
    PictureAsked,
    PictureMade,
    Respoken,
    Restored,
    Spoke,
)
from bot.room.fold import fold
from bot.room.state import Seat


@dataclass(frozen=True, slots=True)
class SeatWords:
    """What a seat said.

    Args:
        seat: as it was when its model was asked: its temperature, prompts and model of then.
        served_by: what the host calls the model that answered.
        prompt_tokens, completion_tokens, cost_usd: of the answer that stands there.
        invited_by: the label of the seat, or the name of the person, that let it in.
        again: who wanted the turn to be taken anew, time after time; `cost_before_usd` is that of the earlier answers.
        declined_cost_usd: of answers that were to stand here, but Discord declined them.
    """

    seat: Seat
    round: int
    turn: int
    served_by: str
    host: str
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    invited_by: str
    again: tuple[str, ...] = ()
    cost_before_usd: float = 0.0
    declined_cost_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: whose it is, what it was to show, what it cost."""

    author: str
    description: str
    cost_usd: float | None
    round: int


@dataclass(frozen=True, slots=True)
class HouseWords:
    """A line of the house; `by_name` is the person whose doing it tells of, empty for nobody's."""

    by_name: str
    round: int
    turn: int


@dataclass(frozen=True, slots=True)
class PersonsWords:
    """What a person said in the room, themselves or through the house."""

    by_name: str
    round: int


Provenance = SeatWords | Picture | HouseWords | PersonsWords


def provenance(entries: Mapping[int, Entry], seq: int, *, by_house: bool = False) -> Provenance:
    """Tell where a message comes from that shows entry `seq`; `by_house` when no persona says it.

    `entries` are all of a room's by their numbers, in order: what came later may have changed a message.
    """
    entry = entries[seq]
    if isinstance(entry, PictureMade):
        return _of_picture(entries, seq, entry)
    if isinstance(entry, Spoke) and not by_house:
        return _of_seat(entries, seq, entry)
    state = fold(one for number, one in entries.items() if number <= seq)
    if isinstance(entry, Heard):
        return PersonsWords(entry.by_name, state.round)
    return HouseWords(getattr(entry, "by_name", ""), state.round, state.turn)


def answer_of(entries: Mapping[int, Entry], seq: int) -> tuple[int, Answered]:
    """Return the number of the answer that was said in entry `seq`, and the answer.

    Raises:
        KeyError: the journal holds none.
    """
    spoke = entries[seq]
    for number in sorted((number for number in entries if number < seq), reverse=True):
        entry = entries[number]
        if isinstance(entry, Answered) and isinstance(spoke, Spoke) and entry.turn == spoke.turn:
            return number, entry
    raise KeyError(seq)


def known_when_asked(entries: Mapping[int, Entry], seq: int) -> int:
    """Return the last entry that a seat knew when it was asked for what it said in entry `seq`."""
    number, answered = answer_of(entries, seq)
    return answered.heard or number - 1


def _of_seat(entries: Mapping[int, Entry], seq: int, spoke: Spoke) -> SeatWords:
    number, answered = answer_of(entries, seq)
    last_known = known_when_asked(entries, seq)
    asked = fold(entry for one, entry in entries.items() if one <= last_known)
    anew, declined = _said_anew(entries, seq)
    stands, before = (anew[-1], [answered, *anew[:-1]]) if anew else (answered, [])
    return SeatWords(
        seat=asked.seat(spoke.seat),
        round=fold(entry for one, entry in entries.items() if one <= number).round,
        turn=spoke.turn,
        served_by=stands.served_by,
        host=answered.host,
        prompt_tokens=stands.prompt_tokens,
        completion_tokens=stands.completion_tokens,
        cost_usd=stands.cost_usd,
        invited_by=_who_let_in(entries, spoke.seat),
        again=tuple(entry.by_name for entry in anew),
        cost_before_usd=sum(entry.cost_usd or 0.0 for entry in before),
        declined_cost_usd=sum(entry.cost_usd or 0.0 for entry in declined),
    )


def _said_anew(entries: Mapping[int, Entry], seq: int) -> tuple[list[Respoken], list[Respoken]]:
    """Return the answers that came in place of that of entry `seq`, and those that Discord declined."""
    anew: list[Respoken] = []
    declined: list[Respoken] = []
    for entry in entries.values():
        if isinstance(entry, Respoken) and entry.entry == seq:
            anew.append(entry)
        elif isinstance(entry, Restored) and entry.entry == seq and anew:
            declined.append(anew.pop())
    return anew, declined


def _who_let_in(entries: Mapping[int, Entry], seat: int) -> str:
    """Return who invited a seat: another, a person, or whoever opened the room with it."""
    number, joined = next(
        (number, entry) for number, entry in entries.items() if isinstance(entry, Joined) and entry.seat == seat
    )
    before = fold(entry for one, entry in entries.items() if one < number)
    if joined.invited_by is not None:
        return before.seat(joined.invited_by).label
    command = entries.get(number + 1)  # a person's command stands right behind what came of it
    if isinstance(command, CarriedOut) and command.verb == "add_ai" and command.seat is None:
        return command.by_name
    return before.opened.by_name if before.opened else ""


def _of_picture(entries: Mapping[int, Entry], seq: int, made: PictureMade) -> Picture:
    asked = next(
        entry for entry in entries.values() if isinstance(entry, PictureAsked) and entry.picture == made.picture
    )
    state = fold(entry for number, entry in entries.items() if number <= seq)
    author = asked.by_name if asked.seat is None else state.seat(asked.seat).label
    return Picture(author, asked.description, made.cost_usd, state.round)
