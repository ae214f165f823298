"""What people are told about what is kept of them, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.words import later, t

FORGET_ME = later("Forget everything I said")
FORGETTING = later("One moment: the bot is looking through every room.")

_MESSAGES = later("1 message"), later("{count:,} messages")
_REACTIONS = later("1 reaction"), later("{count:,} reactions")
_PICTURES = later("1 picture"), later("{count:,} pictures")
_DAYS = later("1 day"), later("{count:,} days")


def what_is_kept(*, offline: bool, retention_days: int | None, grace_days: int) -> str:
    """Say what is kept, where, for how long, who else gets it, and how to be forgotten."""
    goes_to = (
        t("The AIs here are built in: nothing that is said leaves the bot's computer for a model.")
        if offline
        else t(
            "What is said in an open room, with the names of who said it and the pictures, goes to the hosts of the "
            "AI models (OpenRouter and whom it asks, or others that the bot's operator has chosen). "
            "They never get Discord ids."
        )
    )
    return "\n".join(
        (
            t("**What this bot keeps**"),
            t(
                "- Of channels in which a room is open: what people write there, their pictures, reactions, display "
                "names and Discord ids; who opened and steered the room; what the AIs said and what it cost. "
                "Messages that begin with `.` are not kept. Of other channels it keeps nothing."
            ),
            t(
                "- Where: in the database of whoever runs this bot. How long: {how_long}. When the bot is removed from "
                "this server, all of it goes after {days}.",
                how_long=_how_long(retention_days),
                days=_counted(grace_days, _DAYS),
            ),
            f"- {goes_to}",
            t(
                "- Deleting your message takes it from what the AIs see from then on. `/backroom forget me` removes "
                "all that you said and all your reactions, in every room of every server. What hosts were sent already "
                "is theirs."
            ),
        )
    )


def forget_everything(rooms: Sequence[str] = ()) -> str:
    """Say what forgetting does and does not, before a person decides; only its opener steers one of these `rooms`."""
    question = t(
        "This removes your words, pictures and reactions from every room of this bot, in every server, and your name "
        "from what you did there. It cannot be undone.\n"
        "What stays: your messages in Discord, which are yours to delete, and lines of the bot there that name you; "
        "what others and the AIs said, even about you; the openings, invitations, prompts and descriptions of pictures "
        "that you gave by command, without your name, because the rooms rest on them. If you write in a room again, "
        "you are heard again."
    )
    if not rooms:
        return question
    warning = t(
        "⚠️ You opened {rooms}, and that is still open. Once you are forgotten you cannot steer it any more, nor stop "
        "it; people with Manage Channels can.",
        rooms=", ".join(rooms),
    )
    return f"{question}\n{warning}"


def forgotten(messages: int, pictures: int, reactions: int) -> str:
    """Say how much of a person was forgotten."""
    went = [_counted(messages, _MESSAGES), _counted(reactions, _REACTIONS)]
    went += [_counted(pictures, _PICTURES)] if pictures else []
    sentence = later("Forgotten: {some} and {others}. If you write in a room again, you are heard again.")
    return t(sentence, some=", ".join(went[:-1]), others=went[-1])


def nothing_known() -> str:
    """Say that there was nothing to forget."""
    return t("You have said nothing in any room, and reacted to nothing: there was nothing to forget but your name.")


def nothing_left() -> str:
    """Say that all there was to forget was forgotten before."""
    return t("Nothing that you said or did is kept any more: it was forgotten before.")


def _how_long(retention_days: int | None) -> str:
    if retention_days is None:
        return t("for ever")
    return t("for {days} after the room is over", days=_counted(retention_days, _DAYS))


def _counted(number: int, one_and_many: tuple[str, str]) -> str:
    one, many = one_and_many
    return t(one) if number == 1 else t(many, count=number)
