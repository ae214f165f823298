"""How a manner lays its talk out: fragments, paragraphs, stanzas, or points."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.models.offline.talk import Talk

SPECIAL = 0.4
"""Share of lines that are a voice's set pieces; the rest is spun anew from its patterns."""


SHORT_STANZA_LINES = 3
"""A stanza with fewer lines is joined with the next."""


def body(talk: Talk, characters: int) -> list[str]:
    """Return paragraphs of about so many characters in all, in the form of the talk's manner."""
    paragraphs: list[str] = []
    for paragraph in _FORMS[talk.manner.form](talk):
        paragraphs.append(paragraph)
        if sum(map(len, paragraphs)) >= characters:
            break
    return paragraphs


def _line(talk: Talk) -> str | None:
    first, second = ("body", "spin") if talk.dice.random() < SPECIAL else ("spin", "body")
    return talk.line(first) or talk.line(second)


def _lines(talk: Talk) -> list[str]:
    count = talk.dice.randint(*talk.manner.sentences)
    return [line for line in (_line(talk) for _ in range(count)) if line]


def _fragments(talk: Talk) -> Iterator[str]:
    """Short paragraphs, one line each; now and then two."""
    while line := _line(talk):
        more = _line(talk) if talk.dice.random() < 0.3 else None
        yield talk.spelled(f"{line}\n{more}" if more else line)


def _prose(talk: Talk) -> Iterator[str]:
    while lines := _lines(talk):
        yield talk.spelled(" ".join(line if line[-1] in '.?!"”' else line + "." for line in lines))


def _verse(talk: Talk) -> Iterator[str]:
    """Stanzas, with one list among them."""
    listed = talk.dice.randrange(1, 4)
    number = 0
    while line := _line(talk):
        more = _line(talk) if line.count("\n") < SHORT_STANZA_LINES - 1 else None
        if number == listed and (points := _points(talk, "- ")):
            yield points
        yield talk.spelled("\n".join([line, more] if more else [line]))
        number += 1


def _structured(talk: Talk) -> Iterator[str]:
    """A paragraph, then points, then paragraphs."""
    mark = talk.dice.choice(("1", "- "))
    for number, paragraph in enumerate(_prose(talk)):
        if number == 1 and (points := _points(talk, mark)):
            yield points
        yield paragraph


def _points(talk: Talk, mark: str) -> str | None:
    head = talk.line("list_head")
    found = [talk.line("items") for _ in range(talk.dice.randint(3, 5))]
    items = [talk.spelled(item) if mark == "1" or item.endswith(".") else item for item in found if item]
    if not head or len(items) < 2:
        return None
    marks = [f"{number}. " if mark == "1" else mark for number in range(1, len(items) + 1)]
    return "\n".join([talk.spelled(head), *(sign + item for sign, item in zip(marks, items, strict=True))])


_FORMS: dict[str, Callable[[Talk], Iterator[str]]] = {
    "fragments": _fragments,
    "prose": _prose,
    "verse": _verse,
    "points": _structured,
}
