"""A small room for the offline cast: feeds it its own words back, labelled as the bot labels them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.models.answering import Ask
from bot.models.catalogue import Catalogue
from bot.models.offline import OfflineCast
from bot.models.offline.grammar import sentences
from bot.posting.art import fence_art
from bot.room import notices
from bot.room.directives import Directive, Form, read_directives, without_cut_directives
from bot.room.messages import Message

CATALOGUE = Catalogue.load()
ALL_NAMES = [model.name for model in CATALOGUE.models]
FORMS = [
    Form("image", texts=1),
    Form("add_ai", texts=2),
    Form("prompt", texts=1, cut=True),
    Form("temperature", texts=1, cut=True, number=True),
]
FLASH = "Gemini 3 Flash"


@dataclass
class Seat:
    """A chair of the small room below."""

    number: int
    model: str
    invitation: str = ""
    inviter: str = ""

    @property
    def label(self) -> str:
        return f"AI-{self.number} ({self.model})"


@dataclass
class Turn:
    """What one seat said."""

    seat: Seat
    text: str

    @property
    def directives(self) -> list[Directive]:
        return read_directives(self.text, FORMS)

    def of(self, verb: str) -> list[Directive]:
        return [directive for directive in self.directives if directive.verb == verb]


@dataclass
class Room:
    """A small room: feeds the cast its own words back, labelled as the bot labels them."""

    cast: OfflineCast
    models: tuple[str, ...] = (FLASH, FLASH)
    opening: str = notices.THE_ROOM_IS_OPEN
    pictures_arrive: bool = True
    seats: list[Seat] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    lines: list[tuple[Seat | None, str, Seat | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seats = [Seat(number, model) for number, model in enumerate(self.models, 1)]
        self.lines.append((None, self.opening, None))

    async def hold(self, turns: int) -> list[Turn]:
        """Take turns round-robin; newcomers speak at the end of the round."""
        while len(self.turns) < turns:
            gone = 0
            while gone < len(self.seats) and len(self.turns) < turns:
                await self.take(self.seats[gone])
                gone += 1
        return self.turns

    async def take(self, seat: Seat) -> Turn:
        answer = await self.cast.ask(request(seat.model, self.messages(seat)))
        turn = Turn(seat, answer.text)
        self.turns.append(turn)
        self.lines.append((seat, without_cut_directives(turn.text, FORMS), None))
        self._carry_out(turn)
        return turn

    def hear(self, name: str, words: str) -> None:
        self.lines.append((None, f"[{name}]: {words}", None))

    def messages(self, seat: Seat) -> list[Message]:
        messages = [Message("system", (self._system(seat),))]
        for speaker, text, only_for in self.lines:
            if only_for not in (None, seat):
                continue
            role = "assistant" if speaker is seat else "user"
            words = f"[{speaker.label}]: {text}" if speaker and role == "user" else text
            if messages[-1].role == role:
                messages[-1] = Message(role, (messages[-1].words + "\n\n" + words,))
            else:
                messages.append(Message(role, (words,)))
        return messages if messages[-1].role == "user" else [*messages, Message("user", (notices.YOUR_TURN_AGAIN,))]

    def _system(self, seat: Seat) -> str:
        others = ", ".join(other.label for other in self.seats if other is not seat)
        parts = [f"You are {seat.label}.", f"Also here: {others}. As in [AI-9 (Name)]: words."]
        if seat.invitation:
            parts.append(f"You were invited by {seat.inviter} with these words: {seat.invitation}")
        return "\n\n".join([*parts, '!image "description": a picture is made.'])

    def _carry_out(self, turn: Turn) -> None:
        for directive in turn.directives:
            match directive.verb:
                case "add_ai" if len(self.seats) >= 5:
                    refusal = notices.outcome_refused("add_ai", notices.MAXIMUM_REACHED)
                    self.lines.append((None, refusal, turn.seat))
                case "add_ai":
                    model, words = directive.texts
                    self.seats.append(Seat(len(self.seats) + 1, model, words, turn.seat.label))
                case "prompt":
                    self.lines.append((None, f"[AI-{turn.seat.number} modified their system prompt]", None))
                case "image" if self.pictures_arrive:
                    line = notices.picture_line(turn.seat.label, directive.texts[0])
                    self.lines.append((None, line, None))
                case _:
                    pass


def request(model: str, messages: list[Message]) -> Ask:
    return Ask(CATALOGUE.resolve(model), messages, session="any", user="any")


def alone(label: str, heard_words: str = notices.THE_ROOM_IS_OPEN) -> list[Message]:
    return [Message("system", (f"You are {label}.\n\nAlso here: AI-2 (Kimi K2).",)), Message("user", (heard_words,))]


def prose(turn: Turn) -> list[str]:
    """The sentences of a turn, without its drawings and directives."""
    outside_art = re.sub(r"```.*?```", "", fence_art(turn.text), flags=re.DOTALL)
    return [s for line in outside_art.split("\n") if not line.startswith("!") for s in sentences(line)]


async def held(seed: int = 0, turns: int = 12, **options: object) -> list[Turn]:
    return await Room(OfflineCast(seed, names=ALL_NAMES), **options).hold(turns)  # type: ignore[arg-type]
