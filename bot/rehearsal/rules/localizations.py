"""Names and descriptions of commands, in Discord's locales."""

from __future__ import annotations

import re

from bot.rehearsal.rules.form import Form
from bot.rehearsal.wire.json import Json, as_list, as_object

DISCORD_COMMAND_NAME_LIMIT = 32
DISCORD_COMMAND_DESCRIPTION_LIMIT = 100
# fmt: off
DISCORD_LOCALES = frozenset((
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko", "ar", "he",
))
# fmt: on
_NAME = re.compile(r"^[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}$")
_LOCALIZED = ("name_localizations", "description_localizations")


def check_name(form: Form, field: str, name: str) -> None:
    """Note a name that no slash command and no option of one may have."""
    if name and (not _NAME.match(name) or name != name.lower()):
        form.wrong(
            field,
            "APPLICATION_COMMAND_INVALID_NAME",
            "Command name is invalid: lower-case letters, digits, - and _ only",
        )


def check_localizations(form: Form, *, is_lower_case: bool) -> None:
    """Note what is wrong with a command's or an option's names and descriptions in other languages."""
    names = _checked(form, "name_localizations", DISCORD_COMMAND_NAME_LIMIT)
    for locale, name in names.body.items() if is_lower_case else ():
        if isinstance(name, str):
            check_name(names, locale, name)
    _checked(form, "description_localizations", DISCORD_COMMAND_DESCRIPTION_LIMIT)


def check_choice_localizations(choice: Form, limit: int) -> None:
    """Note what is wrong with a choice's names in other languages."""
    _checked(choice, "name_localizations", limit)


def longest(form: Form, field: str) -> int:
    """Return how many characters a name or description counts: those of its longest language."""
    localized = as_object(form.body.get(f"{field}_localizations")) or {}
    return max(len(str(text or "")) for text in (form.body.get(field), *localized.values()))


def without_localizations(shown: Json) -> Json:
    """Return a command without its other languages, as lists show it unless they are asked for."""
    kept = {key: value for key, value in shown.items() if key not in _LOCALIZED}
    for inside in ("options", "choices"):
        if (items := as_list(kept.get(inside))) is not None:
            kept[inside] = [without_localizations(item) for item in items]
    return kept


def _checked(form: Form, field: str, most: int) -> Form:
    if form.body.get(field) is None:
        return Form({})
    localized = form.nested(field)
    for locale in localized.body:
        if locale not in DISCORD_LOCALES:
            localized.wrong(locale, "BASE_TYPE_CHOICES", f"{locale!r} is none of Discord's locales.")
        localized.text(locale, most, 1)
    return localized
