"""What can be pressed and chosen in a place, and what of it a typed line means."""

from __future__ import annotations

from collections.abc import Callable

from bot.rehearsal.wire.json import Json
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.components import NoSuchComponent, buttons_of, face_of, selects_of
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person


def button_called(person: Person, place: Channel, label: str) -> tuple[Message, str]:
    """Return the newest message before a person's eyes that has such a button, in any case of letters, and which it is.

    Where none has it, that is the newest that has any, which will refuse it.
    """
    messages = _newest(person, place, buttons_of)
    if not messages:
        raise NoSuchComponent("There is nothing to press here. `/say press …` says it.")
    for message in messages:
        for button in buttons_of(message):
            if label.casefold() in (face_of(button).casefold(), button.get("label", "").casefold()):
                return message, button.get("custom_id") or face_of(button)
    return messages[0], label


def option_called(person: Person, place: Channel, typed: str) -> tuple[Message, str, str]:
    """Return the newest message with a select before a person's eyes, that select, and its option that begins so."""
    messages = _newest(person, place, selects_of)
    if not messages:
        raise NoSuchComponent("There is nothing to choose from here. `/say choose …` says it.")
    select = selects_of(messages[0])[0]
    labels = [option["label"] for option in select.get("options", ())]
    wanted = typed.casefold()
    same = [label for label in labels if label.casefold() == wanted]
    option = next(iter(same or [label for label in labels if label.casefold().startswith(wanted)]), typed)
    return messages[0], select["custom_id"], option


def newest_panel(place: Channel) -> Message:
    """Return the newest message that has buttons before everyone's eyes."""
    panel = next((message for message in reversed(place.messages) if buttons_of(message)), None)
    if panel is None:
        raise NoSuchComponent("There is no panel here: no message has buttons.")
    return panel


def _newest(person: Person, place: Channel, shown_by: Callable[[Message], list[Json]]) -> list[Message]:
    """Return the messages before a person's eyes that show some such component, newest first."""
    answers = [
        message
        for interaction in place.guild.world.interactions.values()
        if interaction.person is person and interaction.channel is place
        for message in interaction.messages
        if message.is_ephemeral
    ]
    seen = {message.id: message for message in [*place.messages, *answers]}
    return sorted(filter(shown_by, seen.values()), key=lambda message: message.id, reverse=True)
