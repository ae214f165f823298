"""Names that Discord accepts for a persona."""

from __future__ import annotations

import re
import unicodedata

from bot.posting.graphemes import shortened

DISCORD_WEBHOOK_NAME_LIMIT = 80
NAMELESS = "AI"

_HAIR_SPACE = "\u200a"
"""Parts a forbidden word for Discord and leaves it whole for the eye."""

_FORBIDDEN_WITHIN = re.compile("(?<=dis)(?=cord)|(?<=cl)(?=yde)")
_FORBIDDEN_WHOLE = re.compile("(?<=^every)(?=one$)|(?<=^he)(?=re$)")
_SPACES = re.compile(r"\s+")
_BACKTICKS = re.compile("`{3,}")
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that Unicode calls letters, marks or symbols, and that show nothing."""


def persona_name(name: str) -> str:
    """Return `name` as Discord accepts it from a webhook: 1 to 80 UTF-16 units, trimmed, without runs of spaces.

    What does not show is left out; "discord", "clyde", and a name that is just "everyone" or "here" are parted
    by a hair space; three backticks become one. What has nothing to show is called "AI". The signs @ # : are
    refused in the names of accounts only and stay. Doing it twice changes nothing more.
    """
    shown = "".join(character for character in _SPACES.sub(_one_space, name) if _shows(character))
    repaired = _parted(_FORBIDDEN_WITHIN, _BACKTICKS.sub("`", _tidy(shown)))
    short = shortened(repaired, DISCORD_WEBHOOK_NAME_LIMIT).strip()
    return _parted(_FORBIDDEN_WHOLE, short) if any(map(_has_ink, short)) else NAMELESS


def _tidy(name: str) -> str:
    return _SPACES.sub(_one_space, name).strip()


def _one_space(spaces: re.Match[str]) -> str:
    return spaces[0] if spaces[0] == _HAIR_SPACE else " "


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in _NOT_SHOWN and character not in _FILLERS


def _has_ink(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS"


def _parted(where: re.Pattern[str], name: str) -> str:
    """Put a hair space into `name` wherever `where` matches it written plainly: small, and of ordinary width."""
    plain = "".join(map(_plain, name))
    return "".join(
        _HAIR_SPACE + character if where.match(plain, at) else character for at, character in enumerate(name)
    )


def _plain(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 else character
