"""What people are told who reacted with an emoji that asks the house for something."""

from __future__ import annotations

from bot.words import later, t

ONLY_STEERERS_REMOVE = later(
    "❌ removes a message from the room, and only people who may steer the room can do that. Nothing was removed."
)
ONLY_AUTHOR_HIDES = later(
    "🙈 takes a message off the record, and only its author and people who may steer the room can do that. "
    "Nothing was changed."
)
STAYS_IN_THE_CHANNEL = later(
    "The AIs no longer see that message, but it is still in the channel: "
    "to delete other people's messages, the bot needs Manage Messages."
)
DISCORD_DELETED_NOTHING = later(
    "The AIs no longer see that message, but Discord did not delete it. Try ❌ again in a moment."
)
NOTHING_TO_REMOVE = later("The AIs do not see that message, so there is nothing to remove from their conversation.")
ABOUT_THE_PANEL = later(
    "That message is the room's panel: it shows how the room stands, and its buttons steer it. No AI said it."
)
TAKES_NO_LETTERS = later(
    "The bot cannot send you a direct message. “Who said this?”, in that message's menu under Apps, "
    "answers here, and only you can see it."
)


def not_removed(reason: str) -> str:
    """Say that a message is where it was, and why."""
    return t("That message was not removed. {reason}", reason=t(reason))


def not_hidden(reason: str) -> str:
    """Say that a message is still on the record, and why."""
    return t("That message is still on the record. {reason}", reason=t(reason))
