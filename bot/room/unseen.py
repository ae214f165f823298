"""Signs of which there is nothing to see: blanks, what has no width, fillers, marks without a letter."""

from __future__ import annotations

import re
import unicodedata

_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})
_FILLERS = re.compile(r"HANGUL (?:\w+ )?FILLER|BRAILLE PATTERN BLANK|NULL NOTEHEAD")
"""In names of signs that Unicode calls letters or symbols."""


def shows_nothing(text: str) -> bool:
    """Whether there is nothing to see in `text`."""
    return not without_unseen_beginning(text)


def without_unseen_beginning(text: str) -> str:
    """Return `text` from its first sign on that is to be seen."""
    return next((text[place:] for place, sign in enumerate(text) if not _is_unseen(sign)), "")


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _CATEGORIES or bool(_FILLERS.search(unicodedata.name(sign, "")))
