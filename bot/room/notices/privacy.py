"""What people are told about what is kept of them, and what became of it."""

from __future__ import annotations

FORGET_ME = "Forget everything I said"
FORGETTING = "One moment: every room is looked through."


def what_is_kept(*, offline: bool, retention_days: int | None, grace_days: int) -> str:
    """Say what is kept, where, for how long, who else gets it, and how to be forgotten."""
    how_long = "for ever" if retention_days is None else f"for {_days(retention_days)} after the room is over"
    goes_to = (
        "The AIs here are built in: nothing that is said leaves the bot's computer for a model."
        if offline
        else "What is said in an open room, with the names of who said it and the pictures, goes to the hosts of the "
        "AI models (OpenRouter and whom it asks, or others that the bot's operator has chosen). "
        "They never get Discord ids."
    )
    return "\n".join(
        (
            "**What this bot keeps**",
            "- Of channels in which a room is open: what people write there, their pictures, reactions, display names "
            "and Discord ids; who opened and steered the room; what the AIs said and what it cost. "
            "Lines that begin with `.` are not kept. Of other channels it keeps nothing.",
            f"- Where: in the database of whoever runs this bot. How long: {how_long}. When the bot is removed from "
            f"this server, all of it goes after {_days(grace_days)}.",
            f"- {goes_to}",
            "- Deleting your message takes it from what the AIs see from then on. `/backroom forget` removes all that "
            "you said and all your reactions, in every room of every server. What hosts were sent already is theirs.",
        )
    )


def forget_everything() -> str:
    """Say what forgetting does and does not, before a person decides."""
    return (
        "This removes your words, pictures and reactions from every room of this bot, in every server, and your name "
        "from what you did there. It cannot be undone.\n"
        "It stays: your messages in Discord, which are yours to delete; what others and the AIs said, even about "
        "you; the openings, invitations, prompts and descriptions of pictures that you gave by command, without your "
        "name, because the rooms rest on them. If you write in a room again, you are heard again."
    )


def forgotten(messages: int, pictures: int, reactions: int) -> str:
    """Say how much of a person was forgotten."""
    went = [_counted(messages, "message"), _counted(reactions, "reaction")]
    went += [_counted(pictures, "picture")] if pictures else []
    return f"Forgotten: {', '.join(went[:-1])} and {went[-1]}. If you write in a room again, you are heard again."


def nothing_known() -> str:
    """Say that there was nothing to forget."""
    return "You have said nothing in any room, and reacted to nothing: there was nothing to forget but your name."


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _days(number: int) -> str:
    return _counted(number, "day")
