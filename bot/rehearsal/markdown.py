"""Discord's markdown in a terminal: marks become styles, fenced blocks stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.text import Text

_FENCE = re.compile(r"^```(?P<language>[a-z0-9+#_-]*)$", re.IGNORECASE)
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_INLINE = re.compile(
    r"(?P<shrug>¯\\_\(ツ\)_/¯)"
    r"|\\(?P<escaped>[^\w\s])"
    r"|(?P<ticks>`+)(?P<code>.+?)(?P=ticks)(?!`)"
    r"|\*\*(?P<bold>.+?)\*\*(?!\*)"
    r"|__(?P<underline>.+?)__(?!_)"
    r"|~~(?P<strike>.+?)~~"
    r"|\|\|(?P<spoiler>.+?)\|\|"
    r"|\*(?P<italic>[^\s*](?:[^*]*[^\s*])?)\*"
    r"|(?<!\w)_(?P<oblique>[^_]+)_(?!\w)"
)
_STYLES = {
    "bold": "bold",
    "underline": "underline",
    "strike": "strike",
    "spoiler": "reverse",
    "italic": "italic",
    "oblique": "italic",
}
_LINE_STARTS = (
    (re.compile(r"^#{1,3} +"), "", "bold underline"),
    (re.compile(r"^-# +"), "", "dim"),
    (re.compile(r"^>{1,3} +"), "▎ ", "dim"),
    (re.compile(r"^(?P<indent> *)[-*] +"), "• ", ""),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to print; one that `is_fenced` must not be wrapped."""

    text: Text
    is_fenced: bool = False


def printable(text: str) -> str:
    """Take out what would steer a terminal instead of being read in it."""
    return _UNPRINTABLE.sub("", _ANSI.sub("", text))


def rendered(text: str) -> Iterator[Line]:
    """Yield the lines of a message as a terminal shows them."""
    is_fenced = False
    for line in printable(text).split("\n"):
        if _FENCE.match(line) or (is_fenced and line == "```"):
            is_fenced = not is_fenced
        elif is_fenced:
            yield Line(Text(line.removesuffix("```")), is_fenced=True)
            is_fenced = not line.endswith("```")
        else:
            yield Line(_prose(line))


def inline(text: str) -> Text:
    """Return a line with its inline marks turned into styles."""
    shown, end = Text(), 0
    for match in _INLINE.finditer(text):
        shown.append(text[end : match.start()])
        shown.append_text(_styled(match))
        end = match.end()
    return shown.append(text[end:])


def _prose(line: str) -> Text:
    for start, mark, style in _LINE_STARTS:
        if match := start.match(line):
            shown = Text(match.groupdict().get("indent", "") + mark).append_text(inline(line[match.end() :]))
            shown.stylize(style)
            return shown
    return inline(line)


def _styled(match: re.Match[str]) -> Text:
    if plain := match["shrug"] or match["escaped"]:
        return Text(plain)
    if match["code"]:
        return Text(match["code"], "cyan")
    name = match.lastgroup or ""
    shown = inline(match[name])
    shown.stylize(_STYLES[name])
    return shown
