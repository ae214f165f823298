"""What a person says, as the AIs come to see it: under their name, and as nobody else's words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.room import notices
from bot.room.answers import legible
from bot.room.speakers import Claim, Speakers

_OFF_THE_RECORD = "."
"""Also the first of three: who trails off is rather not heard than heard against their will."""
HEARD_LIMIT = 4_000
"""Characters of one message: Discord's limit for those who pay; others have 2,000."""


def is_off_the_record(words: str) -> bool:
    """Whether what a person wrote is for people alone."""
    return words.lstrip().startswith(_OFF_THE_RECORD)


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
