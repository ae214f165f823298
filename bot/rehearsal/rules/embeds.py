"""What an embed may hold."""

from __future__ import annotations

from typing import Any

from bot.rehearsal.rules.form import Form

DISCORD_EMBEDS_A_MESSAGE = 10
DISCORD_EMBED_TITLE_LIMIT = 256
DISCORD_EMBED_DESCRIPTION_LIMIT = 4096
DISCORD_EMBED_FIELDS = 25
DISCORD_EMBED_FIELD_NAME_LIMIT = 256
DISCORD_EMBED_FIELD_VALUE_LIMIT = 1024
DISCORD_EMBED_FOOTER_LIMIT = 2048
DISCORD_EMBED_AUTHOR_LIMIT = 256
DISCORD_EMBED_TOTAL_LIMIT = 6000
"""Characters of all embeds of a message together."""
_PICTURE_SCHEMES = ("http", "https", "attachment")


def embeds(form: Form) -> list[dict[str, Any]]:
    """Return the embeds of a body as a message shows them."""
    given = form.items("embeds", DISCORD_EMBEDS_A_MESSAGE)
    forms = [form.nested("embeds", index) for index in range(len(given))]
    if sum(_check(embed) for embed in forms) > DISCORD_EMBED_TOTAL_LIMIT:
        form.wrong(
            "embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {DISCORD_EMBED_TOTAL_LIMIT}",
        )
    return [_shown(embed.body) for embed in forms]


def _check(embed: Form) -> int:
    """Note what is wrong with an embed; return how many characters it counts."""
    counted = len(embed.text("title", DISCORD_EMBED_TITLE_LIMIT))
    counted += len(embed.text("description", DISCORD_EMBED_DESCRIPTION_LIMIT))
    embed.address("url")
    embed.moment("timestamp")
    embed.number("color", 0, 0xFFFFFF)
    for picture in ("image", "thumbnail"):
        if embed.body.get(picture):
            embed.nested(picture).address("url", schemes=_PICTURE_SCHEMES)
    if embed.body.get("footer"):
        counted += len(embed.nested("footer").text("text", DISCORD_EMBED_FOOTER_LIMIT))
    if embed.body.get("author"):
        counted += len(embed.nested("author").text("name", DISCORD_EMBED_AUTHOR_LIMIT))
    for index in range(len(embed.items("fields", DISCORD_EMBED_FIELDS))):
        field = embed.nested("fields", index)
        counted += len(field.text("name", DISCORD_EMBED_FIELD_NAME_LIMIT, 1, required=True))
        counted += len(field.text("value", DISCORD_EMBED_FIELD_VALUE_LIMIT, 1, required=True))
    return counted


def _shown(embed: dict[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in embed.items() if value is not None}
    shown["type"] = "rich"
    if fields := shown.get("fields"):
        shown["fields"] = [{"inline": False, **field} for field in fields if isinstance(field, dict)]
    return shown
