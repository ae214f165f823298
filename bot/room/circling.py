"""Whether a conversation goes in circles: the same lines again and again, empty courtesies, hardly a word at all.

What is measured is how much of a line was not said before: three words in a row that are not among the last lines
(of scripts without spaces, four characters in a row). That knows no language and no meaning. Courtesies, which can
go on for ever in ever new words, are known in a few languages besides.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.room.entries import Entry, Heard, Resumed, Spoke
from bot.room.looks import INVISIBLE
from bot.words import later, t

LINES_REMEMBERED = 40
"""What a line is compared with: eight rounds of a full room. A circle that is longer than this goes unnoticed."""
CHARACTERS_COMPARED = 2_000
"""Of a longer line its two ends, together so long: a line costs the same however long it is."""

FEWEST_LINES = 6
FEWEST_ROUNDS = 2
"""No room is stopped for fewer lines than both: all of them must have been empty."""
TURNS_OF_ONE_SEAT = 8
"""So often in a row a single seat may say again what was said, while the others go on."""
LINES_OF_FEW_WORDS = 60
ROUNDS_OF_FEW_WORDS = 10
"""Counting, or a word each, is a game that may take a while."""

NEW_SHARE = 0.35
NEW_ENOUGH = 8
"""A line is new by its share of new pieces, or by their number: who improves a long program changes little of it."""
FEW_WORDS = 3
"""A line with so few new pieces, new as they are, says hardly anything."""

LONGEST_COURTESY = 30
COURTEOUS_SHARE = 0.6
LONGEST_SIGH = 16
"""Characters of a line without any word ("…", "🙏✨") that is no drawing."""
LETTERS_OF_A_DRAWING = 0.4
"""A text of which less is letters is a drawing, and is compared as a whole: its next frame may differ by a blank."""

_PIECE = 3
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|[^\W{_UNSPACED}]+")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")

_COURTESIES = frozenset(  # split, for as literals these would be two screens
    """
    agreed amen appreciate appreciated beautiful beautifully bless blessed blessings bye care cheers dear delight
    delighted delightful exactly farewell fare friend friends glad goodbye goodnight grace grateful gratitude greetings
    hello hey hi honor honored honour honoured indeed joy journey kind kindness likewise lovely luck luckily meet
    namaste nice night ok okay peace pleasure precisely rest safe same sincerely sleep soon sure thank thankful thanks
    till travels truly until warm warmly warmth welcome well wish wishes wishing wonderful yep yes
    adieu adios adiós au bientôt ciao danke dank gracias grazie gerne hallo hasta luego merci obrigada obrigado
    tschüss tschüs wiedersehen revoir salut servus bitte prego nada спасибо пока здравствуйте свидания
    """.split()  # noqa: SIM905
)
_FILLERS = frozenset(
    """
    a about again ahead all always am an and any are as at back be been being both but by can could did do ever every
    everyone for from go good great had has have he her here him his how i if in into is it its just let ll m may me
    more most much my next no not now of oh on one or our ours out re s she so such t take that the their them then
    there these they this those time to too u until us ve very was we were what when which who will with would you your
    yours yourself auf de da du dir euch ihr la le mein meine te tu und une vielen à до и
    """.split()  # noqa: SIM905
)
_NUMBERS = ("", "", later("two"), later("three"), later("four"), later("five"), later("six"))
_ONLY_COURTESIES = (
    later("The last {count} turns were nothing but courtesies."),
    later("The last {count} rounds were nothing but courtesies."),
)
_NOTHING_NEW = later("The last {count} turns said nothing new."), later("The last {count} rounds said nothing new.")
_ONE_SEAT = later("AI-{seat} has said nothing new for {turns} turns.")
_FEW_WORDS = later("Nobody has said more than a few words for a long time.")


@dataclass(frozen=True, slots=True)
class _Reason:
    """A sentence that is said in whatever language is spoken when somebody asks."""

    sentence: str
    values: Mapping[str, str | int]

    def said(self) -> str:
        return t(
            self.sentence,
            **{name: t(value) if isinstance(value, str) else value for name, value in self.values.items()},
        )


@dataclass(slots=True)
class Circling:
    """Listens to the lines of a room, and knows whether they go in circles; costs the same for every line.

    `reason` is None as long as they do not; otherwise it is a sentence for people, and stays until `reset`.
    """

    _reason: _Reason | None = None
    _lines: deque[array[int]] = field(default_factory=lambda: deque(maxlen=LINES_REMEMBERED))
    """Arrays, for a set would take ten times the memory; every room keeps its lines, also while it is paused."""
    _stale_of_seat: dict[int, int] = field(default_factory=dict[int, int])
    _empty: int = 0
    _courteous: int = 0
    _brief: int = 0

    @property
    def reason(self) -> str | None:
        """Why the room goes in circles, in the language that is spoken here; None when it does not."""
        return None if self._reason is None else self._reason.said()

    def add(self, seat: int, text: str) -> str | None:
        """Hear one line of a seat, and return the reason if the room goes in circles now."""
        visible = _visible(text)
        words = _words(visible)
        is_drawing = _is_drawing(words, visible)
        pieces = frozenset({hash(visible)}) if is_drawing else _pieces(words or visible.split())
        new = len(pieces.difference(*self._lines))
        self._lines.append(array("q", pieces))
        is_stale = new < NEW_ENOUGH and new < max(1, NEW_SHARE * len(pieces))
        is_courtesy = not is_drawing and _is_courtesy(words)
        self._courteous = self._courteous + 1 if is_courtesy else 0
        self._empty = self._empty + 1 if is_stale or is_courtesy else 0
        self._brief = self._brief + 1 if is_stale or (new <= FEW_WORDS and not is_drawing) else 0
        self._stale_of_seat[seat] = self._stale_of_seat.get(seat, 0) + 1 if is_stale else 0
        self._reason = self._reason or self._found(seat)
        return self.reason

    def note(self, entry: Entry) -> None:
        """Take what was written down: words of a seat; a person's word, or wish to go on, is something new."""
        if isinstance(entry, Spoke):
            self.add(entry.seat, entry.text)
        elif isinstance(entry, Heard) or (isinstance(entry, Resumed) and entry.by_name):
            self.reset()

    def reset(self) -> None:
        """Forget everything: a person wants the room to go on, or has given it something new."""
        self.__init__()

    def _found(self, seat: int) -> _Reason | None:
        seats = len(self._stale_of_seat)
        enough = max(FEWEST_LINES, FEWEST_ROUNDS * seats)
        if self._empty >= enough:
            return _of_the_last(enough, seats, _ONLY_COURTESIES if self._courteous >= enough else _NOTHING_NEW)
        if self._stale_of_seat[seat] >= TURNS_OF_ONE_SEAT:
            return _Reason(_ONE_SEAT, {"seat": seat, "turns": TURNS_OF_ONE_SEAT})
        if self._brief >= max(LINES_OF_FEW_WORDS, ROUNDS_OF_FEW_WORDS * seats):
            return _Reason(_FEW_WORDS, {})
        return None


def _of_the_last(lines: int, seats: int, of_turns_or_rounds: tuple[str, str]) -> _Reason:
    """Tell of the last lines as people count them."""
    of_turns, of_rounds = of_turns_or_rounds
    if seats == 1:
        return _Reason(of_turns, {"count": _NUMBERS[lines]})
    return _Reason(of_rounds, {"count": _NUMBERS[-(-lines // seats)]})


def _visible(text: str) -> str:
    """Return what is compared of a line: its two ends, as they look rather than as they are encoded."""
    if len(text) > CHARACTERS_COMPARED:
        half = CHARACTERS_COMPARED // 2
        text = f"{text[:half]} {text[-half:]}"
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())[:CHARACTERS_COMPARED]


def _words(visible: str) -> list[str]:
    """Return the words of a line; of a script without spaces, every two neighbours."""
    words: list[str] = []
    for run in _TOKEN.findall(visible.replace("’", "'")):
        if len(run) > 2 and re.match(f"[{_UNSPACED}]", run):
            words += [run[place : place + 2] for place in range(len(run) - 1)]
        else:
            words.append(run)
    return words


def _pieces(words: Sequence[str]) -> frozenset[int]:
    """Return every three words in a row, as numbers that need little memory."""
    if len(words) < _PIECE:
        return frozenset({hash(tuple(words))} if words else ())
    return frozenset(hash(tuple(words[place : place + _PIECE])) for place in range(len(words) - _PIECE + 1))


def _is_drawing(words: Sequence[str], visible: str) -> bool:
    signs = len("".join(visible.split()))
    return signs > LONGEST_SIGH and sum(map(len, words)) < LETTERS_OF_A_DRAWING * signs


def _is_courtesy(words: Sequence[str]) -> bool:
    """Whether a line thanks, greets, agrees, or sighs, and says nothing beside."""
    if len(words) > LONGEST_COURTESY:
        return False
    meaning = [word for word in words if word not in _FILLERS]
    courteous = sum(word in _COURTESIES for word in meaning)
    return not words or courteous >= max(1, COURTEOUS_SHARE * len(meaning))
