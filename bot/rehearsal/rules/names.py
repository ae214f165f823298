"""What a webhook, and a persona posted through it, may be called."""

from __future__ import annotations

import re

from bot.rehearsal.rules.form import Form

DISCORD_WEBHOOK_NAME_LIMIT = 80
_NEVER_WITHIN = ("clyde", "discord")
_NEVER_ALONE = ("everyone", "here")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\u2061-\u2064\ufeff]")
_SPACES = re.compile(r"\s+")


def webhook_name(form: Form, field: str) -> str | None:
    """Return a name as Discord keeps it, trimmed and with single spaces; None where it is not given."""
    if form.body.get(field) is None:
        return None
    name = _SPACES.sub(" ", form.text(field, most=1_000_000)).strip()
    lowered = name.lower()
    if not 1 <= len(name) <= DISCORD_WEBHOOK_NAME_LIMIT or not _INVISIBLE.sub("", name).strip():
        form.wrong(field, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {DISCORD_WEBHOOK_NAME_LIMIT} in length.")
    for word in _NEVER_WITHIN:
        if word in lowered:
            form.wrong(field, "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
    if lowered in _NEVER_ALONE:
        form.wrong(field, "USERNAME_INVALID_NAME", f'Username cannot be "{lowered}"')
    return name
