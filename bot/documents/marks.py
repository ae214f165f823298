"""Discord's marks in words, as a page shows them: emphasis, code, fences and quotes. All else is text, and escaped.

Whatever the words are, nothing of them becomes a tag or an attribute, and every tag that is opened is closed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from bot.posting.fences import find_fences

_TAGS = {"**": "strong", "*": "em", "_": "em"}
_QUOTES = "> "
_PARAGRAPH = re.compile(r"(\n[ \t]*\n\s*)")
_MARK = re.compile(r"\\(?P<plain>[\\*_`])|https?://[^\s<>]+|(?P<code>`+)|(?P<emphasis>\*+|_+)")
_LONGEST = 3
"""Of asterisks in a row; more of them are a drawing."""


def shown(text: str) -> Iterator[str]:
    """Yield the blocks of a text as HTML."""
    at = 0
    for fence in find_fences(text):
        yield from _prose(text[at : fence.start])
        body = escape(text[fence.body : fence.close].removesuffix("\n"))
        yield f"<pre>\n{body}</pre>\n"  # a browser drops the first line end
        at = fence.end
    yield from _prose(text[at:])


def _prose(text: str) -> Iterator[str]:
    """Yield paragraphs, and what is quoted."""
    for is_quoted, lines in groupby(text.strip("\n").split("\n"), lambda line: line.startswith(_QUOTES)):
        words = "\n".join(line.removeprefix(_QUOTES) if is_quoted else line for line in lines).strip("\n")
        if words:
            paragraph = f"<p>{''.join(map(inline, _PARAGRAPH.split(words)))}</p>\n"
            yield f"<blockquote>{paragraph}</blockquote>\n" if is_quoted else paragraph


def inline(text: str) -> str:
    """Return a line or a paragraph as HTML, in one pass: a mark that nothing closes is a character like others."""
    shown: list[str] = []
    opened: dict[str, int] = {}
    at = 0
    last_run = {run[0]: run.start() for run in re.finditer("`+", text)}
    while mark := _MARK.search(text, at):
        shown.append(escape(text[at : mark.start()]))
        at = mark.end()
        if mark["plain"]:
            shown.append(escape(mark["plain"]))
        elif mark["code"] and last_run.get(mark[0], 0) > mark.start():
            end = _end_of_code(text, mark)
            shown.append(f"<code>{escape(text[mark.end() : end.start()])}</code>")
            at = end.end()
        elif mark["emphasis"]:
            _emphasise(text, mark, shown, opened)
        else:
            shown.append(escape(mark[0]))
    return "".join([*shown, escape(text[at:])])


def _end_of_code(text: str, opening: re.Match[str]) -> re.Match[str]:
    runs = re.compile("`+").finditer(text, opening.end())
    return next(run for run in runs if run[0] == opening["code"])


def _emphasise(text: str, mark: re.Match[str], shown: list[str], opened: dict[str, int]) -> None:
    """Close what a run of marks closes, or remember it as something that may be closed; at first it is shown as it is.

    `opened` says where in `shown` a mark stands that is open, the outermost first; each is open at most once.
    """
    before, after = text[max(0, mark.start() - 1) : mark.start()], text[mark.end() : mark.end() + 1]
    is_word = mark[0][0] == "_"
    may_close = before.strip() and not (is_word and after.isalnum())
    may_open = after.strip() and not (is_word and before.isalnum())
    for part in _parts(mark[0], opened):
        place = opened.get(part)
        shown.append(part)
        if place is not None and may_close and place < len(shown) - 2:
            shown[place], shown[-1] = f"<{_TAGS[part]}>", f"</{_TAGS[part]}>"
            for inner in [one for one, at in opened.items() if at >= place]:
                del opened[inner]
        elif place is None and may_open and part in _TAGS:
            opened[part] = len(shown) - 1


def _parts(run: str, opened: dict[str, int]) -> tuple[str, ...]:
    """Return a run of marks as the marks that it holds; what was opened last is closed first."""
    if run != "*" * _LONGEST:
        return (run,)
    return ("*", "**") if next(reversed(opened), "") == "*" else ("**", "*")
