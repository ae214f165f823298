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
_STYLED = (
    *(range(0xB2, 0xBA), range(0x2070, 0x20A0), range(0x2100, 0x2190), range(0x2460, 0x2500)),
    *(range(0xFE50, 0xFE70), range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800), range(0x1F130, 0x1F14A)),
)
"""Latin letters, digits and signs that are written wide, small, bold, in script, raised, in circles."""
ALIKE = {
    "A": "\u0391\u03b1\u0410\u0430\u13aa\uab7a\u1d00\u2c80\u2c81\ua4ee",
    "I": "\u01c0\u026a\u0399\u03b9\u0406\u0456\u04c0\u04cf\u13c6\uab96\u2c92\u2c93\ua4f2",
    "-": "\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2796",
    ":": "\u02d0\u05c3\u2236\ua789\ufe30",
}
"""For classes of characters: what looks like a sign of a label, such as letters of Greek and Cyrillic."""


def _plain_signs() -> dict[int, str]:
    plain = {sign: unicodedata.normalize("NFKC", chr(sign)) for signs in _STYLED for sign in signs}
    alike = {ord(sign): to for to, signs in ALIKE.items() for sign in signs}
    spaces = {sign: " " for sign in range(0x80, 0x3001) if _SPACE.match(chr(sign))}
    return {sign: to for sign, to in plain.items() if len(to) == 1} | alike | spaces


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
