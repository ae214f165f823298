"""Whom words are spoken to: the seat that they ask something, else the one that they name last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.room.markup import Blocks
from bot.room.state import RoomState, Seat

_DASHES = "\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d\\-"
_NOT_SPOKEN = re.compile(
    r"^[ \t*_]*![A-Za-z_\\]+[^\n\"“]*(?:[\"“](?:[^\"“”\n]|\n(?![ \t]*\n))*[\"”][^\n\"“]*)*[^\n]*"  # a directive
    r"|^[ \t]*>[^\n]*"
    r"|(?P<code>`+)[^`\n]+(?P=code)"
    r"|\"[^\"\n]*\"|“[^“”\n]*”|„[^„“”\n]*[“”]|«[^«»\n]*»",
    re.MULTILINE,
)
"""What stands in a message without being said to anybody: directives, quotations, code."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])[)\]”’'\"]*\s+|(?<=[。！？])|\n")
_QUESTION = re.compile(r"[?？]")
_EMPHASIS = str.maketrans("", "", "*~_")
_LEADS_TO_A_NAME = re.compile(r"(?:^|[,;:(…—–-]|\b(?:and|but|so|or|hey|hello|dear))$", re.IGNORECASE)
_FOLLOWS_A_NAME = re.compile(r"[,:;?？!…)—–-]|$")


def spoken_to(state: RoomState, speaker: int, text: str) -> Seat | None:
    """Return the seat that words are spoken to: asked in the first sentence that asks one, else named last.

    Only seats that have turns count, and never the speaker's own. A seat is named by its number or by a model that
    no other seat has. `speaker` is 0 for a person.
    """
    names = _names(state)
    last: Seat | None = None
    for sentence in _SENTENCE_END.split(_spoken(text)):
        named = [(seat, at) for seat, at in _named_in(state, names, sentence) if seat.number != speaker]
        if named and _QUESTION.search(sentence):
            return next((seat for seat, at in named if _is_address(sentence, at)), named[0][0])
        last = named[-1][0] if named else last
    return last


def _spoken(text: str) -> str:
    """Return a text without what is said to nobody."""
    blocks, kept, place = Blocks(text), "", 0
    while block := blocks.first_from(place):
        kept += text[place : block.start] + "\n"
        place = block.end
    return _NOT_SPOKEN.sub("“”", kept + text[place:]).translate(_EMPHASIS)


def _names(state: RoomState) -> re.Pattern[str]:
    """Return the pattern of every name of a seat: the longest first, so that none is taken for a part of another."""
    models = sorted({seat.model.translate(_EMPHASIS) for seat in state.present}, key=len, reverse=True)
    number = rf"(?i:AI)[{_DASHES} ]?(?P<number>[0-9]{{1,4}})(?: ?\([^()\n]{{1,80}}\))?"
    model = "|".join(map(_written, models))
    return re.compile(rf"(?<![\w{_DASHES}])(?:{number}|(?P<model>{model}))(?!\w|[. {_DASHES}]\d)")


def _written(model: str) -> str:
    """Return the pattern of a model's name, in any case unless it is a word like others."""
    pattern = re.escape(model)
    return f"(?i:{pattern})" if any(letter.isdigit() for letter in model) else pattern


def _named_in(state: RoomState, names: re.Pattern[str], sentence: str) -> Iterator[tuple[Seat, re.Match[str]]]:
    by_model = {seat.model.translate(_EMPHASIS).casefold(): seat for seat in state.present}
    seats_of = Counter(seat.model.translate(_EMPHASIS).casefold() for seat in state.present)
    by_number = {seat.number: seat for seat in state.present}
    for name in names.finditer(sentence):
        model = (name["model"] or "").casefold()
        seat = by_number.get(int(name["number"])) if name["number"] else by_model.get(model)
        if seat is not None and seat.is_asked and (name["number"] or seats_of[model] == 1):
            yield seat, name


def _is_address(sentence: str, name: re.Match[str]) -> bool:
    """Whether a name is set off from its sentence, as in "so, AI-3, what now?"."""
    before = sentence[: name.start()].rstrip(" @“”")
    return bool(_LEADS_TO_A_NAME.search(before) and _FOLLOWS_A_NAME.match(sentence[name.end() :].lstrip()))
