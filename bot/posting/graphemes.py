"""How long a text is for Discord, and where it can be cut without tearing a character a person sees."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_UNSEEN = frozenset({"Cc", "Cf"})
_FARTHEST_BACK = 64
"""Code points: the longest emoji sequences have about a dozen; heaped accents beyond this are cut."""


def length(text: str) -> int:
    """Return the length of `text` in UTF-16 units, the larger of the two ways in which Discord may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def reach(text: str, start: int, units: int) -> int:
    """Return the furthest `end` for which `text[start:end]` is at most `units` UTF-16 units long."""
    end = min(len(text), start + units)
    excess = length(text[start:end]) - units
    while excess > 0:
        end -= 1
        excess -= 2 if text[end] > "\uffff" else 1
    return end


def whole_until(text: str, start: int, end: int) -> int:
    """Return the last place in `start < place <= end` that parts no seen character; `end` if all do."""
    for place in range(end, max(start, end - _FARTHEST_BACK), -1):
        if not _belong_together(text, place):
            return place
    return end


def shortened(text: str, units: int) -> str:
    """Return `text`, or as many whole characters of it as fit into `units` UTF-16 units with an ellipsis."""
    if length(text) <= units:
        return text
    return text[: whole_until(text, 0, reach(text, 0, units - 1))].rstrip() + "…"


def _belong_together(text: str, place: int) -> bool:
    if place >= len(text):
        return False
    before, after = text[place - 1], text[place]
    return (
        _JOINER in (before, after)
        or _extends(after)
        or (before, after) in {("\r", "\n"), ("`", "`")}
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
        or (_is_flag_letter(before) and _is_flag_letter(after) and _odd_flag_letters(text, place))
        or ("\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff")  # Korean, letter by letter
    )


def _extends(character: str) -> bool:
    """Whether it changes the character before it: an accent, a variation, a skin tone, a flag's tag."""
    return (
        "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or (character > "\u02ff" and unicodedata.category(character).startswith("M"))
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _odd_flag_letters(text: str, place: int) -> bool:
    letters = text[max(0, place - _FARTHEST_BACK) : place]
    return (len(letters) - len(letters.rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))) % 2 == 1


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in `text`: Discord refuses such a message."""
    return all(character.isspace() or unicodedata.category(character) in _UNSEEN for character in text)
