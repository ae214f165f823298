"""A text as it looks to whoever reads it: without what cannot be seen, and with plain letters, signs and spaces.

In this reading it is looked at for labels and lines of the house, so that nobody poses as somebody with a sign that
nobody sees. What is said keeps its signs: an emoji is made of several with an invisible joint between them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right

INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""For a class of characters: Unicode's Default_Ignorable_Code_Point, and the marks of annotations."""
SPACES = r"\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
"""For a class of characters: Unicode's spaces but the plain one, and the Braille pattern without a dot."""

_UNSEEN = re.compile(rf"[{INVISIBLE}]|\\(?=[!-/:-@\[-`{{-~])")
"""Discord does not show a backslash before a sign either."""
_SPACE = re.compile(f"[{SPACES}]")
_WIDE_AND_STYLED = (range(0xFE50, 0xFE70), range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800))
"""Latin letters, digits and signs that are written wide, small, bold, in script."""


def _plain_signs() -> dict[int, str]:
    plain = {sign: unicodedata.normalize("NFKC", chr(sign)) for signs in _WIDE_AND_STYLED for sign in signs}
    spaces = {sign: " " for sign in range(0x80, 0x3001) if _SPACE.match(chr(sign))}
    return {sign: to for sign, to in plain.items() if len(to) == 1} | spaces


_PLAIN = _plain_signs()


class Looks:
    """How a text looks (`text`), and where in the source each of its places is."""

    def __init__(self, source: str) -> None:
        self.text, self._unseen = source, list[int]()
        if source.isascii() and "\\" not in source:
            return
        gone = [unseen.start() for unseen in _UNSEEN.finditer(source)]
        self._unseen = [place - before for before, place in enumerate(gone)]
        self.text = (_UNSEEN.sub("", source) if gone else source).translate(_PLAIN)

    def before(self, place: int) -> int:
        """Return where the source is at a place, before what is not seen there."""
        return place + bisect_left(self._unseen, place)

    def behind(self, place: int) -> int:
        """Return where the source is at a place, behind what is not seen there."""
        return place + bisect_right(self._unseen, place)


def as_it_looks(text: str) -> str:
    """Return a text as it looks."""
    return Looks(text).text
