"""One answer of the offline cast, from its first line to its last."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.offline.chance import dice_for, in_turn
from bot.models.offline.drawings import DRAWINGS, WORD_LIMIT, drawing
from bot.models.offline.hearing import Hearing
from bot.models.offline.layout import body
from bot.models.offline.manners import LONGEST, Manner, manner_of
from bot.models.offline.talk import Talk
from bot.models.offline.wishes import wishes

ANSWER_LIMIT = 2600
"""Characters of an answer, directives and drawing with it; over Discord's 2,000, so that splitting is seen."""
_LONG_ANSWER = 0.1
_CLOSINGS_CHARACTERS = 160


def speech(seed: int, hearing: Hearing, model: str, names: Sequence[str]) -> str:
    """Return what a seat says: a function of what it heard, and of nothing else."""
    manner = manner_of(model)
    talk = Talk(seed, hearing, manner)
    opening = _opening(talk)
    asked_for = wishes(talk, seed, names)
    art = _art(talk, seed)
    closing = _closing(talk)
    spent = sum(map(len, [*opening, *asked_for, *closing]))
    middle = body(talk, max(220, _characters(talk, manner) - spent - _CLOSINGS_CHARACTERS))
    while len(middle) > 1 and spent + len(art) + sum(len(part) + 2 for part in middle) > ANSWER_LIMIT - 80:
        middle.pop()
    return "\n\n".join(_arranged(talk, opening, middle, closing, asked_for, art))


def _characters(talk: Talk, manner: Manner) -> int:
    low, high = manner.characters
    wanted = talk.dice.randint(low, high)
    return max(wanted, min(LONGEST, high * 3 // 2)) if talk.dice.random() < _LONG_ANSWER else wanted


def _opening(talk: Talk) -> list[str]:
    """Return how the turn begins: with what was just heard, or with nothing when nothing was."""
    hearing = talk.hearing
    if hearing.turns == 0 and not hearing.since:
        moments = ["first"]
    elif hearing.turns == 0 and hearing.invitation:
        moments = ["arrive", "reply"]
    else:
        moments = [*_events(talk), "answer" if talk.asked else "reply"]
    lines = [talk.line(moment) for moment in moments]
    return [talk.spelled(line) for line in lines if line] or [
        talk.spelled(line) for line in [talk.line("spin")] if line
    ]


def _events(talk: Talk) -> list[str]:
    """Return what happened besides talk that this seat remarks on: at most one thing of each kind."""
    moments: list[str] = []
    if talk.hearing.refused:
        moments.append("refused")
    if "person" in talk.known:
        moments.append("person")
    elif talk.hearing.newcomers and talk.dice.random() < 0.8:
        moments.append("welcome")
    elif "seen" in talk.known and talk.dice.random() < 0.4:
        moments.append("seen")
    elif "changer" in talk.known and talk.dice.random() < 0.4:
        moments.append("changed")
    return moments


def _closing(talk: Talk) -> list[str]:
    chance = talk.dice.random()
    moments = ["ask"] if chance < 0.35 else ["close"] if chance < 0.6 else ["ask", "close"]
    if "third" in talk.known and talk.dice.random() < 0.45:
        moments.insert(0, "turn")
    return [talk.spelled(line) for line in map(talk.line, moments) if line]


def _art(talk: Talk, seed: int) -> str:
    """Return a drawing about every second or third turn, another one each time; otherwise nothing."""
    every, turns = talk.manner.art_every, talk.hearing.turns
    shift = dice_for(seed, talk.hearing.label, "art").randrange(every)
    if (turns + shift) % every:
        return ""
    number = in_turn(range(len(DRAWINGS)), turns // every, seed, talk.hearing.label, "drawings")[0]
    short = [noun for noun in [talk.known["motif"], *talk.near.phrases["thing"]] if len(noun) <= WORD_LIMIT]
    return drawing(talk.dice, short[0], number)


def _arranged(
    talk: Talk, opening: list[str], middle: list[str], closing: list[str], asked_for: list[str], art: str
) -> list[str]:
    """Put directives and drawing where they come naturally: between paragraphs, the last thing said at the end."""
    parts = [*opening, *middle]
    first = min(len(opening), len(parts))
    for number, wish in enumerate(asked_for, 1):
        place = first + round((len(parts) - first) * number / (len(asked_for) + 0.5))
        shown = talk.line("show") if wish.startswith("!image") and talk.dice.random() < 0.3 else None
        parts[place:place] = [*([talk.spelled(shown)] if shown else []), wish]
    if art:
        is_flush = not art.startswith(" ") and talk.dice.random() < 0.5
        parts.insert(0 if is_flush else talk.dice.randint(1, max(1, min(3, len(parts)))), art)
    return [*parts, *closing]
