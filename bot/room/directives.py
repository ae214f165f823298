"""What an AI asks the house for: its directives, read from its words, and its words without the private ones.

A directive begins a line; spaces, list bullets and emphasis marks may stand before it. It always takes the lines
that it stands on as a whole: what follows a closing quote or a number there belongs to the line, and is cut with it.
`bot.room.quoting` says where a text ends, `bot.room.markup` where no directive is read.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.room.cuts import without
from bot.room.looks import INVISIBLE, SPACES
from bot.room.markup import Blocks, end_of_code, line_end_from
from bot.room.quoting import Quotations, Reading

_SPACES = rf" \t\r\f\v{SPACES}{INVISIBLE}"
_BEGINNING = re.compile(
    rf"^[{_SPACES}*_+•◦‣▪·-]*+(?:[0-9]{{1,3}}[.)][{_SPACES}*_]*+)?[!！](?P<verb>(?:[^\W_]|\\?_)++)"
    r"(?!['’]s\b|/|\.[^\W\d_])",
    re.MULTILINE,
)
_INDENTATION = re.compile(rf"[{_SPACES}]*+")
_SEPARATORS = re.compile(rf"[{_SPACES}:：=,\-–—]*+")
_NOTHING_SAID = string.punctuation + string.whitespace + "…–—“”‘’«»"
_BEFORE_NUMBER = re.compile(rf"[{_SPACES}:：=,–—+−\-*_~(\"'`“”„‘’«»]*+")
_NUMBER = re.compile(r"(?:[0-9]++(?:[.,][0-9]++)?+|[.,][0-9]++)(?!\w|[.,][0-9]|\s?[-–—/]\s?[0-9])")
"""A range (`1.2-1.6`) and a share (`1/2`) are no numbers: what was meant is not ours to guess."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one directive is written; its capability hands it in.

    Args:
        verb: what stands behind the exclamation mark.
        texts: how many texts follow it at most, 1 or 2.
        cut: whether its lines are cut from what the room reads.
        number: whether its one text is a number.
    """

    verb: str
    texts: int
    cut: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as it was read.

    Args:
        verb: the verb of its form.
        texts: unquoted, unescaped and stripped. A malformed directive has fewer than its form, or empty ones;
            where its form wants a number and none can be read, the words that stand in its place.
        start: where its first line begins in the source.
        end: where its last line ends, before the line feed.
    """

    verb: str
    texts: tuple[str, ...]
    start: int
    end: int


def read_directives(text: str, forms: Sequence[Form]) -> list[Directive]:
    """Return the directives of a text in their order, each once; malformed ones too, for their refusal."""
    once: dict[tuple[str, tuple[str, ...]], Directive] = {}
    for form, texts, start, end in _Reader(text, forms).directives():
        if (form.verb, texts) not in once:
            once[form.verb, texts] = Directive(form.verb, texts, start, end)
    return list(once.values())


def without_cut_directives(text: str, forms: Sequence[Form]) -> str:
    """Return a text as everyone may read it: without the lines of private directives, malformed ones too."""
    return without(text, [(start, end) for form, _, start, end in _Reader(text, forms).directives() if form.cut])


class _Reader:
    """Reads a text from front to back, so that nothing inside a directive's text is a directive."""

    def __init__(self, text: str, forms: Sequence[Form]) -> None:
        self._text = text
        self._forms: Mapping[str, Form] = {form.verb.casefold(): form for form in forms}
        self._beginnings = {
            beginning.start(): (form, beginning)
            for beginning in _BEGINNING.finditer(text)
            if (form := self._form(beginning)) is not None
        }
        self._quotations = Quotations(text, self._beginnings.__contains__)

    def directives(self) -> Iterator[tuple[Form, tuple[str, ...], int, int]]:
        """Read every directive that is not inside code, reasoning or another directive, repeated ones too.

        Each comes as its form, its texts, its start and its end.
        """
        if not self._beginnings:
            return
        place, blocks, may_hold_code = 0, Blocks(self._text), "`" in self._text
        for start, (form, beginning) in self._beginnings.items():
            if start >= place:
                place = blocks.past(place, start)
            if start < place:
                continue
            if may_hold_code and (code_end := end_of_code(self._text, place, start)) is not None:
                place = code_end
                continue
            texts, place = self._texts(form, beginning)
            yield form, texts, start, place

    def _form(self, beginning: re.Match[str]) -> Form | None:
        verb = beginning["verb"].casefold().replace("\\_", "_")
        form = self._forms.get(verb)
        if form is None and verb.endswith("_") and self._emphasis(beginning).endswith("_"):
            return self._forms.get(verb.rstrip("_"))
        return form

    def _emphasis(self, beginning: re.Match[str]) -> str:
        """Return the emphasis marks that stand right before the exclamation mark."""
        mark = beginning.start("verb") - 1
        if self._text[mark - 1 : mark] not in ("*", "_"):
            return ""
        before = self._text[beginning.start() : mark]
        return before[len(before.rstrip("*_")) :]

    def _texts(self, form: Form, beginning: re.Match[str]) -> tuple[tuple[str, ...], int]:
        """Return the texts of a directive and where its last line ends."""
        end = line_end_from(self._text, beginning.end())
        if form.number:
            return number_in(self._text[beginning.end() : end]), end
        emphasis = self._emphasis(beginning)
        start = self._behind_separators(beginning.end(), end, emphasis)
        if form.texts > 1:
            return self._two_texts(start, end, emphasis)
        reading = self._text_below(end) if start == end else self._last_text(start, end, emphasis)
        return ((reading.text,), reading.end) if reading else ((), end)

    def _two_texts(self, start: int, end: int, emphasis: str) -> tuple[tuple[str, ...], int]:
        name = self._name(start, end)
        if name is None:
            return (), end
        words = self._last_text(self._behind_separators(name.end, end, emphasis), end, emphasis)
        return ((name.text, words.text), words.end) if words else ((name.text,), end)

    def _name(self, start: int, end: int) -> Reading | None:
        """Read the first of two texts; unquoted, it ends where the rest of the line opens a quote."""
        quote = self._quotations.opening(start, end)
        if quote:
            return self._quotations.first(quote, start, end)
        name_end = self._quotations.next_opening(start, end)
        name = self._text[start:name_end].strip(" \t\r:：=,-–—*_")
        return Reading(name, name_end) if name else None

    def _last_text(self, start: int, end: int, emphasis: str) -> Reading | None:
        quote = self._quotations.opening(start, end)
        if quote:
            return self._quotations.last(quote, start, end)
        words = self._text[start:end].strip().removesuffix(emphasis[::-1]).rstrip()
        return Reading(words, end) if words.strip(_NOTHING_SAID) else None

    def _text_below(self, end: int) -> Reading | None:
        """Read a text that was left for the next line, if nothing but that text stands there in double quotes."""
        start = _skipped(_INDENTATION, self._text, end + 1, len(self._text))
        quote = self._quotations.opening(start, len(self._text))
        if quote is None or quote.is_apostrophe or quote.opening == "`":
            return None
        reading = self._quotations.last(quote, start, line_end_from(self._text, start))
        return reading if reading.is_whole and not quote.marks.search(reading.text) else None

    def _behind_separators(self, start: int, end: int, emphasis: str) -> int:
        """Step over what may stand between a verb and its text, with the emphasis that ends or begins there."""
        start = behind = _skipped(_SEPARATORS, self._text, start, end)
        while behind < end and self._text[behind] in "*_":
            behind += 1
        if behind == start:
            return start
        closes = self._text[start:behind] == emphasis[::-1]
        behind = _skipped(_SEPARATORS, self._text, behind, end)
        return behind if closes or self._quotations.opening(behind, end) else start


def number_in(words: str) -> tuple[str, ...]:
    """Return the number that a line goes on with (`0,7` as `0.7`); without one its words; nothing if it has none."""
    first = _skipped(_BEFORE_NUMBER, words, 0, len(words))
    number = _NUMBER.match(words, first)
    if number is None:
        rest = words[first:].rstrip(_NOTHING_SAID)
        return (rest,) if rest else ()
    sign = "-" if _is_minus(words[:first]) else ""
    digits = number[0].replace(",", ".")
    return (sign + ("0" + digits if digits.startswith(".") else digits),)


def _is_minus(before: str) -> bool:
    """Whether what stands before a number ends with its sign; right behind the verb, a dash is a separator."""
    return len(before) > 1 and before[-1] in "-−" and before[-2] in " \t=:\"'`“„"


def _skipped(what: re.Pattern[str], text: str, start: int, end: int) -> int:
    found = what.match(text, start, end)
    return found.end() if found else start
