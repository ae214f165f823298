"""What one sees happen in a channel, for those who watch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.rehearsal.world.interactions import Interaction
    from bot.rehearsal.world.members import Member
    from bot.rehearsal.world.messages import Message


@dataclass(frozen=True, slots=True)
class Posted:
    """A message appeared."""

    message: Message


@dataclass(frozen=True, slots=True)
class ShownAgain:
    """Who watches wants to see a message as it is now."""

    message: Message


@dataclass(frozen=True, slots=True)
class Edited:
    """A message was changed."""

    message: Message


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message went away."""

    message: Message


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody reacted to a message."""

    message: Message
    who: str
    emoji: str


@dataclass(frozen=True, slots=True)
class Unreacted:
    """Somebody took a reaction back, or it was taken away."""

    message: Message
    who: str
    emoji: str


@dataclass(frozen=True, slots=True)
class CommandUsed:
    """A person used a command: `interaction.deed` says which, also for a button, a select and a form."""

    interaction: Interaction


@dataclass(frozen=True, slots=True)
class ModalOpened:
    """The bot showed a person a form to fill in; it is `interaction.modal`."""

    interaction: Interaction


@dataclass(frozen=True, slots=True)
class Whispered:
    """The bot answered a person in a message that nobody else sees (or changed such a message)."""

    to: Member
    message: Message


@dataclass(frozen=True, slots=True)
class CommandFailed:
    """A person was told that a command failed; `interaction.failed` says how."""

    interaction: Interaction


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A fault struck; it is shown to whoever watches a storm."""

    sentence: str


Happening = (
    Posted
    | ShownAgain
    | Edited
    | Deleted
    | Reacted
    | Unreacted
    | CommandUsed
    | ModalOpened
    | Whispered
    | CommandFailed
    | Disturbed
)
