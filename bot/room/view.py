"""What a seat sees: the messages that are sent to its model, made from the journal alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.room import notices
from bot.room.history import History, Line
from bot.room.messages import Message, Role, Sight
from bot.room.state import RoomState, Seat

PICTURES_SHOWN = 5
"""How many of the newest pictures are shown as pictures; older ones stay as text."""


_ORDER_TOLD = {
    "addressed": "Whom you name or ask something speaks next; otherwise everyone speaks in turn.",
    "conductor": "A person says who speaks next.",
}
"""What seats are told about who speaks next, where it matters to what they say."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """How much of a room a model can take in: tokens of history, and whether it sees pictures."""

    history_tokens: int
    sees_images: bool


def what_a_seat_sees(
    state: RoomState, history: History, seat: Seat, usages: Sequence[str], eyes: Eyes
) -> list[Message]:
    """Return one system message, then the room: the seat's own words as assistant, all else as user.

    The same journal gives the same messages, and from turn to turn their beginning does not change but where
    it must: somebody joins, the seat changes its own prompt, the oldest turns or pictures fall out.
    """
    lines = history.window(eyes.history_tokens)
    shown = frozenset(history.pictures[-PICTURES_SHOWN:]) if eyes.sees_images else frozenset[int]()
    said = [_said(line, seat, shown) for line in _bursts(_in_the_order_heard(lines, seat))]
    if history.dropped or len(lines) < len(history.lines):
        said.insert(0, ("user", (notices.EARLIER_WORDS,)))
    return [Message("system", (system_prompt(state, seat, usages),)), *_merged(said)]


def system_prompt(state: RoomState, seat: Seat, usages: Sequence[str]) -> str:
    """Return who the seat is, who is here, the scenario, its invitation, its directives and its own additions."""
    others = [other.label for other in state.present if other.number != seat.number]
    scenario = state.opened.prompt if state.opened else ""
    return "\n\n".join(
        part
        for part in (
            f"You are {seat.label}.",
            _company(seat, others),
            _ORDER_TOLD.get(state.order, ""),
            scenario,
            _invitation(state, seat),
            _directives(usages),
            _own_additions(seat),
        )
        if part
    )


def _company(seat: Seat, others: Sequence[str]) -> str:
    here = f"Also here: {', '.join(others)}." if others else "Nobody else is here yet."
    return (
        f"{here} You take turns in one channel; people may be reading. What others say reaches you with "
        f"the speaker's name before it, as in [AI-9 (Name)]: words. Lines in brackets without a name are "
        f"from the house that runs the room. Answer with your own words only, as {seat.name}: "
        "no name before them, no lines for anyone else."
    )


def _invitation(state: RoomState, seat: Seat) -> str:
    if not seat.invitation:
        return ""
    host = f" by {state.seat(seat.invited_by).label}" if seat.invited_by is not None else ""
    return f"You were invited{host} with these words: {notices.in_a_line_for_ais(seat.invitation)}"


def _directives(usages: Sequence[str]) -> str:
    if not usages:
        return ""
    return "Written on a line of their own, these are carried out for you:\n" + "\n".join(usages)


def _own_additions(seat: Seat) -> str:
    if not seat.prompts:
        return ""
    additions = ("\n  ".join(text.splitlines()) for text in seat.prompts)
    return "What was added to your instructions with !prompt:\n" + "\n".join(f"- {text}" for text in additions)


def _in_the_order_heard(lines: Iterable[Line], seat: Seat) -> list[Line]:
    """Put what reached the room while the seat was answering after its answer, for that is when it hears it."""
    ordered: list[Line] = []
    for line in lines:
        if not line.is_seen_by(seat.number):
            continue
        later: list[Line] = []
        if line.speaker is not None and line.speaker.number == seat.number:
            while ordered and line.heard < ordered[-1].seq:
                later.append(ordered.pop())
        ordered += [line, *reversed(later)]
    return ordered


def _bursts(lines: Iterable[Line]) -> list[Line]:
    """Make one line of what the same person said in a row."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before is not None and line.person and before.person == line.person:
            pictures = (*before.pictures, *line.pictures)
            joined[-1] = replace(before, text=f"{before.text}\n{line.text}", pictures=pictures)
        else:
            joined.append(line)
    return joined


_Said = tuple[Role, tuple[str | Sight, ...]]


def _said(line: Line, seat: Seat, shown: frozenset[int]) -> _Said:
    if line.speaker is None:
        text = f"[{line.person}]: {line.text}" if line.person else line.text
        return "user", (text, *(Sight(picture, line.text) for picture in line.pictures if picture in shown))
    if line.speaker.number == seat.number:
        return "assistant", (line.text,)
    return "user", (f"[{line.speaker.label}]: {notices.unmistakable(line.text)}",)


def _merged(said: Iterable[_Said]) -> list[Message]:
    messages: list[Message] = []
    for role, parts in said:
        if messages and messages[-1].role == role == "assistant":
            messages.append(Message("user", (notices.YOUR_TURN_AGAIN,)))
        if messages and messages[-1].role == role:
            messages[-1] = Message(role, (*messages[-1].parts, "\n\n", *parts))
        else:
            messages.append(Message(role, parts))
    if not messages or messages[-1].role != "user":
        messages.append(Message("user", (notices.YOUR_TURN_AGAIN,)))
    return messages
