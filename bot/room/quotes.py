"""The marks that texts are quoted with: what opens, what closes, what escapes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Quote:
    """A way to quote: its opening mark, what closes it, and what closes it by mistake (`“so"`)."""

    opening: str
    closings: tuple[str, ...]
    mistaken: tuple[tuple[str, str], ...] = ()
    is_apostrophe: bool = False
    any_closings: tuple[str, ...] = field(init=False, compare=False)
    marks: re.Pattern[str] = field(init=False, compare=False)
    escapes: re.Pattern[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "any_closings", (*self.closings, *(mark for mark, _ in self.mistaken)))
        own = "|".join(re.escape(mark) for mark in (self.opening, *self.closings))
        object.__setattr__(self, "marks", re.compile(own + (r"|\n[ \t\r]*+\n" if self.is_apostrophe else "")))
        object.__setattr__(self, "escapes", re.compile(rf"\\++(?={own})"))

    def balance(self, line: str) -> int:
        """Return how many closing quotes a line has too many; 1 or 0 where opening and closing look the same."""
        if self.opening in self.closings:
            if "\\" not in line:
                return line.count(self.opening) % 2
            bare = self.escapes.sub(lambda run: "\\" * (len(run[0]) % 2), line)
            return (bare.count(self.opening) - bare.count("\\" + self.opening)) % 2
        return sum(map(line.count, self.closings)) - line.count(self.opening)

    def unescaped(self, text: str, *, is_closed: bool = True) -> str:
        r"""Return a text without the escapes before its quotes: `\"` is `"`, `\\` before a quote is one backslash."""
        if "\\" not in text:
            return text
        behind = self.closings[0] if is_closed else ""
        bare = self.escapes.sub(lambda run: run[0][: len(run[0]) // 2], text + behind)
        return bare.removesuffix(behind)


_STRAIGHT_FOR_CURLY = (('"', '"'),)
_CURLY_FOR_STRAIGHT = (("”", "“"), ("“", "„"))
_ALL = (
    *(Quote(mark, (mark,)) for mark in ('"""', "'''", "```", "``", "`", "＂")),
    Quote('"', ('"',), mistaken=_CURLY_FOR_STRAIGHT),
    *(Quote(mark, ("”",), mistaken=_STRAIGHT_FOR_CURLY) for mark in "“‟”"),
    Quote("„", ("“", "”"), mistaken=_STRAIGHT_FOR_CURLY),
    Quote("'", ("'",), mistaken=(("’", "‘"),), is_apostrophe=True),
    *(Quote(mark, ("’",), mistaken=(("'", "'"),), is_apostrophe=True) for mark in "‘’"),
    Quote("‚", ("‘", "’"), is_apostrophe=True),
    *(Quote(opening, (closing,)) for opening, closing in ("«»", "»«", "‹›", "›‹", "「」", "『』")),
)
QUOTES = {quote.opening: quote for quote in _ALL}
OPENING = re.compile("|".join(re.escape(quote.opening) for quote in _ALL))
INNER_OPENING = re.compile(r"[\"＂“‟„`«»‹›「『]|(?<=[\s:=,])['‘‚](?=\S)")
"""What ends an unquoted name that a quoted text follows; an apostrophe inside the name does not."""
