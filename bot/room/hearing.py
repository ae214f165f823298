"""What a person says, as the AIs come to see it: under their name, and as nobody else's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.room import notices
from bot.room.answers import legible
from bot.room.calling import CALL
from bot.room.speakers import Claim, Speakers
from bot.room.unseen import without_unseen_beginning

_OFF_THE_RECORD = "."
"""Also the first of three, and behind mentions: better not heard than heard against one's will."""
_MENTION = re.compile(rf"<@[!&]?[0-9]+>|{CALL}", re.IGNORECASE)
HEARD_LIMIT = 4_000
"""Characters of one message: Discord's limit for those who pay; others have 2,000."""


def is_off_the_record(words: str) -> bool:
    """Whether what a person wrote, with its mentions as Discord writes them, is for people alone."""
    begins = without_unseen_beginning(words)
    while mention := _MENTION.match(begins):
        begins = without_unseen_beginning(begins[mention.end() :])
    return unicodedata.normalize("NFKC", begins[:1]) == _OFF_THE_RECORD


def as_heard(name: str, text: str, labels: Sequence[str]) -> str:
    """Return a person's words as the AIs are shown them, behind the name.

    A line that looks like another's, or like one of the house, is quoted (`> [AI-2]: …`), so that nobody can speak
    for anybody else. `labels` are those of the seats.
    """
    words = legible(text)[:HEARD_LIMIT].strip()
    claims = [line for line in Speakers(name, labels).claims(words) if line.claim in (Claim.OTHER, Claim.HOUSE)]
    for line in reversed(claims):
        words = f"{words[: line.start]}> {words[line.start :]}"
    return notices.unmistakable(words)
