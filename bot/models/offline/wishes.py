"""What a seat asks the house for in a turn: pictures, guests, a change of its own prompt or temperature."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.models.offline.chance import dice_for, in_turn
from bot.models.offline.talk import Talk
from bot.room.state import SEATS_IN_A_ROOM

WELL_KNOWN = ("Gemini 3 Flash", "Claude 3 Opus", "DeepSeek R1", "Kimi K2")
TURNS_BETWEEN_PICTURES = 3
TURNS_BETWEEN_PROMPTS = 8
TURNS_BETWEEN_TEMPERATURES = 9
_SECOND_PICTURE = 0.07
_CURLY_QUOTES = 0.12
_LAST_INVITATION = re.compile(r'!add_ai "([^"\n]+)"')
_EARLY_TEMPERATURES = (1.2, 1.3, 1.4, 1.5)
_TEMPERATURES = (0.6, 0.7, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 1.5)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of each a turn asks for."""

    images: int = 0
    invites: bool = False
    prompts: bool = False
    warms: bool = False


def wishes(talk: Talk, seed: int, names: Sequence[str]) -> list[str]:
    """Return the directives of a turn, as lines, in the order in which they stand in it."""
    plan = planned(talk, seed)
    guest = _guest(talk, seed, names) if plan.invites else None
    lines = [_image(talk) for _ in range(plan.images)]
    if guest and (words := talk.line("invite")):
        lines.insert(min(1, len(lines)) if plan.images > 1 else 0, f'!add_ai "{guest}" "{_bare(talk, words)}"')
    if plan.prompts and (text := talk.line("prompt")):
        lines.insert(0, f"!prompt {_quoted(talk, _bare(talk, text))}")
    if plan.warms:
        warmth = talk.dice.choice(_EARLY_TEMPERATURES if talk.hearing.turns < 2 else _TEMPERATURES)
        lines.insert(1 if plan.prompts and lines else 0, f"!temperature {warmth}")
    return lines


def planned(talk: Talk, seed: int) -> Plan:
    """Decide what a turn asks for: a room fills up in its first two rounds, and then keeps a pleasant pace.

    The first two seats bring the guests; the second calls a sixth, who finds no chair. Later ones have seen
    how pictures are asked for, and begin to.
    """
    seat, turn = talk.hearing.number, talk.hearing.turns
    full = len(talk.hearing.present) + 1 >= SEATS_IN_A_ROOM
    heard_a_call = any("!add_ai" in u.words for u in talk.hearing.since)
    match seat, turn:
        case 1, 0:
            return Plan(images=1, invites=not full)
        case 2, 0:
            return Plan(prompts=True, warms=True, invites=not full)
        case 1, 1:
            return Plan(images=1, prompts=True, warms=True, invites=not full)
        case 2, 1:
            return Plan(images=2, prompts=True, warms=True, invites=not full or heard_a_call)
        case _, 0:
            return Plan(images=int(seat >= SEATS_IN_A_ROOM))
        case _, 1:
            return Plan(images=int(seat < SEATS_IN_A_ROOM), prompts=seat >= SEATS_IN_A_ROOM)
        case _:
            return _later(talk, seed, full)


def _later(talk: Talk, seed: int, full: bool) -> Plan:
    seat, turn = talk.hearing.number, talk.hearing.turns
    pace = dice_for(seed, "pace").randrange(TURNS_BETWEEN_PICTURES)
    images = int((turn + seat + pace) % TURNS_BETWEEN_PICTURES == 0)
    return Plan(
        images=images + int(images > 0 and talk.dice.random() < _SECOND_PICTURE),
        invites=not full and seat <= 2 and (turn + seat) % 2 == 0 and "add_ai" not in talk.hearing.refused_verbs,
        prompts=(turn + 2 * seat + pace) % TURNS_BETWEEN_PROMPTS == 0,
        warms=(turn + 3 * seat + pace) % TURNS_BETWEEN_TEMPERATURES == 0,
    )


def _guest(talk: Talk, seed: int, names: Sequence[str]) -> str | None:
    """Choose whom to invite: whom another has just called when the seat joins that call, or somebody new."""
    if (talk.hearing.number, talk.hearing.turns) == (2, 1):
        calls = _LAST_INVITATION.findall("\n".join(u.words for u in talk.hearing.since))
        if calls:
            return calls[-1]
    taken = {name.lower() for name in talk.hearing.spoken_for}
    known = [name for name in WELL_KNOWN if name in names]
    others = in_turn([name for name in names if name not in WELL_KNOWN], 0, seed, "guests")
    return next((name for name in [*known, *others] if name.lower() not in taken), None)


def _image(talk: Talk) -> str:
    bank = _pictures()
    color, color2 = talk.dice.sample(bank["colors"], 2)
    slots = {"style": talk.dice.choice(bank["styles"]), "color": color, "color2": color2}
    parts = [talk.dice.choice(bank["whole"]), *talk.dice.sample(bank["detail"], 2), talk.dice.choice(bank["light"])]
    if talk.dice.random() < 0.35:
        parts.pop(1)
    return f"!image {_quoted(talk, _bare(talk, ', '.join(talk.fill(part, **slots) for part in parts)))}"


def _quoted(talk: Talk, text: str) -> str:
    """Quote a directive's text; a manner that loves curly quotes now and then uses them here too."""
    curly = talk.hearing.turns >= 2 and "“{}”" in talk.manner.quotes and talk.dice.random() < _CURLY_QUOTES
    return f"“{text}”" if curly else f'"{text}"'


def _bare(talk: Talk, text: str) -> str:
    """Return a text that can stand in quotes: on one line, without quotes or stars of its own."""
    return lowered(talk, " ".join(re.sub(r"[\"“”*«»]", "", text).split()))


def lowered(talk: Talk, text: str) -> str:
    """Return the text in small letters where the manner writes none but these."""
    return text.lower() if talk.manner.lowercase else text[:1].upper() + text[1:]


@cache
def _pictures() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("pictures.toml").read_text("utf-8"))
