"""Somebody's words and names as they stand in lines of the house: where they cannot pose as anything else."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from bot.room.looks import ALIKE, Looks
from bot.room.unseen import shows_nothing

SOMEBODY = "Somebody"
"""Who was forgotten, or goes by a name of which nothing shows."""

PERSON_NAME_LIMIT = 32
_NOT_IN_A_NAME = frozenset("[]()`*_~|<>@#:\\!")
_POSES_AS_A_SEAT = re.compile(rf"\b[A{ALIKE['A']}](?:[I{ALIKE['I']}][\W_]*|(?-i:l)[\W_]+)(?=\d)", re.IGNORECASE)
"""Also with a small L, which looks the same; without a sign behind it, as in `Al3x`, it is left alone."""
_TURNS_AROUND = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WITH_ID = re.compile(r"<(?:a?:(?P<emoji>\w{1,32}):|/(?P<command>[^<>:\n]{1,100}):|(?P<sign>@[!&]?|#))\d{15,20}>")
_LINK_TO_DISCORD = re.compile(
    r"(?:https?://)?(?:(?:www|ptb|canary)\.)?(?:discord(?:app)?\.com/(?:channels/|[^\s<>()]{0,200}?[0-9]{15})"
    r"|(?:cdn|media)\.discordapp\.(?:com|net)/)[^\s<>()]*|discord:/+-/[^\s<>()]*",
    re.IGNORECASE,
)
"""Also to a profile, an event or a webhook, whose token is in its address."""
_ROUND_BRACKETS = str.maketrans("[]", "()")
_LINE_OF_THE_ROOM = re.compile(
    r"^(?=(?:[ \t*_#]|-#)*\[(?:(?=[^\[\]\n]{0,79}[^\W_])[^\[\]\n]{1,80}\][ \t*_]*+:"
    r"|Your !|[^\[\]\n]{1,80} (?:modified|adjusted|invited|removed|gave AI-[0-9]+ another) "
    r"|[^\[\]\n]{1,80} (?:(?:paused|resumed|stopped|ended|opened|forked) the room\b"
    r"|(?:muted|unmuted|skipped the turn of) AI-[0-9])"
    r"|Discord did not let the words of "
    r"|[0-9]+ (?:person|people) reacted |Nobody reacts to "
    r"|What was said before|Nobody has spoken|The room is open))",
    re.MULTILINE | re.IGNORECASE,
)


def name_of_person(display_name: str) -> str:
    """Return a person's name as it stands in lines: without brackets, line ends, or the look of a seat's name."""
    written = " ".join(unicodedata.normalize("NFKC", display_name).split())
    shown = (c for c in written if c not in _NOT_IN_A_NAME and unicodedata.category(c)[0] != "C")
    plain = _POSES_AS_A_SEAT.sub("A.I. ", " ".join("".join(shown).split()))[:PERSON_NAME_LIMIT].strip()
    return SOMEBODY if shows_nothing(plain) else plain


def without_ids(words: str) -> str:
    """Return words without Discord's ids: `:name:` for an emoji of a server, `@somebody` for a mention by id."""
    if "<" in words:
        words = _WITH_ID.sub(_as_name, words)
    return _LINK_TO_DISCORD.sub("(a link into Discord)", words) if "discord" in words.casefold() else words


def _as_name(found: re.Match[str]) -> str:
    if name := found["emoji"] or found["command"]:
        return f":{name}:" if found["emoji"] else f"/{name}"
    return {"#": "#a-channel", "@&": "@a-role"}.get(found["sign"], "@somebody")


def in_a_line(words: str) -> str:
    """Return somebody's words as part of a line of the house: in one line, and without what reaches beyond it."""
    return " ".join(_TURNS_AROUND.sub("", words).split()).replace("```", "'''")


def in_a_line_for_ais(words: str) -> str:
    """Return somebody's words as part of a line for AIs, to whom square brackets say who speaks."""
    return in_a_line(words).translate(_ROUND_BRACKETS)


def unmistakable(words: str) -> str:
    """Return what a seat says, for the others: lines that look like another's or the house's become quotations."""
    if words.isascii() and "[" not in words:
        return words
    looks = Looks(words)
    starts = [looks.before(line.start()) for line in _LINE_OF_THE_ROOM.finditer(looks.text)]
    return "> ".join(words[start:end] for start, end in pairwise([0, *starts, len(words)]))
