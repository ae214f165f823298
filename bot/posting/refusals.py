"""What Discord's refusals mean for a post: the message itself is declined, or the place is closed, or it may pass."""

from __future__ import annotations

import discord

from bot.errors import DiscordUnavailable, PlaceGone, PostingError, PostRefused
from bot.words import later, t

UNKNOWN_CHANNEL, UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN = 10003, 10015, 50027
WEBHOOK_GONE = frozenset({UNKNOWN_WEBHOOK, INVALID_WEBHOOK_TOKEN})
"""Discord's error codes for a webhook that was deleted."""

LOCKED = later("The thread is locked. A moderator can unlock it.")
ARCHIVED = later("The thread is archived. Anyone can open it again by writing in it.")
TAKEN_OUT = later("The bot was taken out of this private thread. Mention it there to let it in again.")
WEBHOOK_NEVER_STAYS = later(
    "The AIs speak through a webhook called Backroom, and it is deleted or moved as soon as it is made, perhaps by a "
    "bot that guards the server. A moderator has to let it stay."
)

_DECLINED = {
    200000: later("The server's AutoMod blocked them."),
    200001: later("The server's AutoMod blocked their title."),
    240000: later("Discord blocks a link in them as harmful."),
    40005: later("They are larger than Discord allows."),
    50045: later("One of their files is larger than Discord allows."),
    50006: later("Discord found nothing in them that it can show."),
}
_CLOSED = {
    160005: LOCKED,
    50083: ARCHIVED,
    160006: later("The server has as many active threads as Discord allows. A moderator can archive some."),
    50001: later("The bot cannot see this channel. Give its role View Channel here."),
    50013: later("The bot lacks a permission here. Give its role the permissions that its invitation asks for."),
    10003: later("The channel no longer exists."),
    10004: later("The server no longer exists, or the bot is no longer in it."),
}
_CANNOT_SPEAK = later(
    "The bot cannot speak here: {reason}. Give its role the permissions that its invitation asks for; "
    "where it has them, delete the webhook Backroom under Edit Channel → Integrations."
)
_PASSING = frozenset({20016, 20028, 20029, 40062, 130000})
"""Write limits of a channel or a guild, slow mode, and Discord being overloaded."""


def refusal_of(error: discord.HTTPException) -> PostingError:
    """Return what an error of Discord's, which is not 429 or 5xx, means to the room."""
    if error.code in _PASSING:
        return DiscordUnavailable(
            t("Discord takes no more messages here for a while. What was said waits and is not lost.")
        )
    if error.code in _CLOSED:
        return PlaceGone(t(_CLOSED[error.code]))
    if error.code in _DECLINED:
        return PostRefused(t(_DECLINED[error.code]))
    if isinstance(error, discord.NotFound | discord.Forbidden):
        return PlaceGone(t(_CANNOT_SPEAK, reason=error.text or t("the channel is closed to it")))
    if error.status == 401:
        sentence = later("Discord no longer accepts the bot's token. The bot's operator has to check DISCORD_TOKEN.")
        return PlaceGone(t(sentence))
    return PostRefused(t("Discord says: {words}", words=" ".join(error.text.split()) or error.status))


def is_about_name(error: discord.HTTPException) -> bool:
    """Whether it is only the persona's name that Discord declines."""
    return error.status == 400 and "In username:" in error.text


def hints_at_webhook(error: discord.HTTPException) -> bool:
    """Whether it may be the webhook that is not there."""
    return error.code in WEBHOOK_GONE or isinstance(error, discord.NotFound)
