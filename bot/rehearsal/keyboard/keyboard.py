"""What a typed line does in the channel: it is said, or used as a command, a reaction, a press of a button."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.rehearsal.keyboard.commands import named_values, read_command
from bot.rehearsal.keyboard.emojis import Reaction, reaction_in
from bot.rehearsal.keyboard.lines import typed_lines
from bot.rehearsal.markdown import printable
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.commands import CommandNotOffered, offered_lines
from bot.rehearsal.world.components import NoSuchComponent, buttons_of, face_of, selects_of
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.modals import FormRefused, fields_of
from bot.rehearsal.world.option_values import OptionRefused
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import MayNot
from bot.rehearsal.world.replies import Reply

INVITATION = "Type to talk in the channel as {name}; ? shows what else can be typed."
HELP = """\
words                    are said in the channel
:fire:  or  🔥           reacts to the last message; `:fire: 3` to the third last, `-:fire:` takes it back
press LABEL              presses a button of the newest message that has one
choose OPTION            chooses from the newest select
fill WORDS               fills in the form that was opened; several fields as `name:value`
/command name:value      uses a command; a value goes on until the next name
?                        shows this
Ctrl+D                   ends typing, Ctrl+C the rehearsal
Commands: {commands}"""
_log = logging.getLogger(__name__)
_REFUSED = (CommandNotOffered, FormRefused, MayNot, NoSuchComponent, OptionRefused)


async def listen_to_keyboard(
    person: Person, channel: Channel, console: Console, *, is_wanted: bool = False, source: TextIO | None = None
) -> None:
    """Let a person do in the channel what is typed, until the input ends.

    Nothing is read where `source` (standard input) is no terminal, unless it `is_wanted` all the same.
    """
    source = source or sys.stdin
    if source is None or source.closed or not (is_wanted or source.isatty()):  # pyright: ignore[reportUnnecessaryComparison]
        return
    keyboard = Keyboard(person, channel, console)
    keyboard.tell(INVITATION.format(name=person.name))
    async with asyncio.TaskGroup() as doing:
        async for line in typed_lines(source):
            doing.create_task(keyboard.take(line), name="typed line")
            await asyncio.sleep(0)  # lines are begun in order, but none waits for the answer to another


class Keyboard:
    """A person's keyboard in one channel; what cannot be done is told in a sentence."""

    def __init__(self, person: Person, channel: Channel, console: Console) -> None:
        self._person = person
        self._channel = channel
        self._console = console
        self._form: Reply | None = None

    def tell(self, sentence: str) -> None:
        """Print something to the one who types."""
        self._console.print(Text(printable(sentence), "dim"), soft_wrap=True)

    async def take(self, line: str) -> None:
        """Do what a line says."""
        if not (line := printable(line).strip()):
            return
        try:
            await self._do(line)
        except _REFUSED as refused:
            self.tell(str(refused))
        except Exception:  # noqa: BLE001 - typing goes on, whatever one line did
            _log.exception("The line %r could not be done.", line)

    async def _do(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if line in ("?", "/help"):
            self.tell(HELP.format(commands=", ".join(offered_lines(self._person, self._channel)) or "none"))
        elif line.startswith("/"):
            path, values = read_command(self._person, self._channel, line)
            self._got(await self._person.slash(self._channel, path, **values))
        elif (reaction := reaction_in(line)) is not None:
            await self._react(reaction)
        elif word == "press" and rest and (pressable := self._newest(buttons=True)):
            self._got(await self._person.press(*_labelled(pressable, rest)))
        elif word == "choose" and rest and (choosable := self._newest(buttons=False)):
            select = selects_of(choosable[0])[0]["custom_id"]
            self._got(await self._person.selects(choosable[0], select, rest))
        elif word == "fill" and self._form is not None:
            await self._fill(self._form, rest)
        else:
            await self._person.says(self._channel, line)

    async def _react(self, reaction: Reaction) -> None:
        messages = self._channel.messages
        if not 1 <= reaction.number <= len(messages):
            raise MayNot(f"There is no message to react to: the channel holds {len(messages)}.")
        do = self._person.unreacts if reaction.is_taken_back else self._person.reacts
        await do(messages[-reaction.number], reaction.emoji)

    async def _fill(self, form: Reply, text: str) -> None:
        by_name = {
            name.lower(): custom_id
            for custom_id, label in fields_of(form.modal or {}).items()
            for name in (custom_id, label)
            if name
        }
        values, before = named_values(text, by_name)
        filled = {by_name[name.lower()]: value for name, value in values.items()}
        if before:
            filled.setdefault(next(iter(by_name.values())), before)
        self._form = None
        try:
            self._got(await form.submit(**filled))
        except FormRefused:
            self._form = form
            raise

    def _got(self, reply: Reply) -> None:
        if reply.modal is not None:
            self._form = reply
            self.tell("Fill it in: fill " + " ".join(f"{name}:…" for name in fields_of(reply.modal).values()))

    def _newest(self, *, buttons: bool) -> list[Message]:
        """Return the messages before the person's eyes that have buttons (or selects), newest first."""
        answers = [
            message
            for interaction in self._channel.guild.world.interactions.values()
            if interaction.person is self._person and interaction.channel is self._channel
            for message in interaction.messages
            if message.is_ephemeral
        ]
        seen = {message.id: message for message in [*self._channel.messages, *answers]}
        found = [message for message in seen.values() if (buttons_of(message) if buttons else selects_of(message))]
        return sorted(found, key=lambda message: message.id, reverse=True)


def _labelled(messages: list[Message], label: str) -> tuple[Message, str]:
    """Return the newest message that has this button, in any case of letters; else the newest, which will refuse it."""
    for message in messages:
        for button in buttons_of(message):
            if label.lower() in (face_of(button).lower(), button.get("label", "").lower()):
                return message, button.get("custom_id") or face_of(button)
    return messages[0], label
