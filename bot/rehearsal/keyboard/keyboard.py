"""What a typed line does in the channel: it is said, or used as a command, a reaction, a press of a button."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot.rehearsal.keyboard.commands import named_values, read_command
from bot.rehearsal.keyboard.components import button_called, newest_panel, option_called
from bot.rehearsal.keyboard.emojis import Reaction, reaction_in
from bot.rehearsal.keyboard.lines import typed_lines
from bot.rehearsal.markdown import printable
from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.commands import CommandNotOffered, offered_lines, offered_on_messages
from bot.rehearsal.world.components import NoSuchComponent
from bot.rehearsal.world.happenings import ShownAgain
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
choose OPTION            chooses from the newest select; the beginning of an option is enough
fill WORDS               fills in the form that was opened; several fields as `name:value`
panel                    shows the panel as it is now
/command name:value      uses a command; a value goes on until the next name
/apps NAME               uses what is under Apps on the last message; `/apps 3 NAME` on the third last
/reply WORDS             answers the last message; `/reply 3 WORDS` the third last
/edit WORDS, /delete     changes or deletes your own last message
/say WORDS               says words that would do something else, such as `/say press on!`
/as NAME LINE            does a line as somebody else, who has no rights: `/as Bea hello`, `/as Bea press Pause`
/go THREAD               goes into a thread; `/go` alone leaves it
?                        shows this
Ctrl+D                   ends typing, Ctrl+C the rehearsal
Under Apps: {apps}
Commands: {commands}"""
_NUMBER = re.compile(r"(\d{1,3})(?:\s+|$)")
_log = logging.getLogger(__name__)
_REFUSED = (CommandNotOffered, FormRefused, MayNot, NoSuchComponent, OptionRefused)


async def listen_to_keyboard(
    person: Person,
    channel: Channel,
    console: Console,
    *,
    is_wanted: bool = False,
    source: TextIO | None = None,
    begins: asyncio.Event | None = None,
) -> None:
    """Let a person do in the channel what is typed, until the input ends.

    Nothing is read where `source` (standard input) is no terminal, unless it `is_wanted` all the same. What is typed
    before there is anything to do it with waits until that `begins`.
    """
    source = source or sys.stdin
    if source is None or source.closed or not (is_wanted or source.isatty()):  # pyright: ignore[reportUnnecessaryComparison]
        return
    keyboard = Keyboard(person, channel, console)
    keyboard.tell(INVITATION.format(name=person.name))
    if begins is not None:
        await begins.wait()
    async with asyncio.TaskGroup() as doing:
        async for line in typed_lines(source):
            doing.create_task(keyboard.take(line), name="typed line")
            await asyncio.sleep(0)  # lines are begun in order, but none waits for the answer to another


class Keyboard:
    """A person's keyboard in one channel; what cannot be done is told in a sentence."""

    def __init__(self, person: Person, channel: Channel, console: Console) -> None:
        self._person = person
        self._channel = channel
        self._place = channel
        self._console = console
        self._form: Reply | None = None
        self._others: dict[str, Keyboard] = {}
        self._own: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "/apps": self._use_on,
            "/reply": self._reply,
            "/edit": self._edit,
            "/delete": self._delete,
            "/go": self._go,
            "/say": self._say,
            "/as": self._do_as,
            "press": self._press,
            "choose": self._choose,
            "fill": self._fill,
        }

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
            self.tell(self._help())
        elif own := self._own.get(word):
            await own(rest)
        elif line.startswith("/"):
            path, values = read_command(self._person, self._place, line)
            self._got(await self._person.slash(self._place, path, **values))
        elif (reaction := reaction_in(line)) is not None:
            await self._react(reaction)
        elif line == "panel":
            self._place.tell(ShownAgain(newest_panel(self._place)))
        else:
            await self._person.says(self._place, line)

    def _help(self) -> str:
        apps = offered_on_messages(self._person, self._place, self._person.locale)
        commands = dict.fromkeys(offered_lines(self._person, self._place, self._person.locale).values())
        return HELP.format(apps=", ".join(apps) or "none", commands=", ".join(commands) or "none")

    async def _react(self, reaction: Reaction) -> None:
        do = self._person.unreacts if reaction.is_taken_back else self._person.reacts
        await do(self._last(reaction.number), reaction.emoji)

    def _last(self, number: int) -> Message:
        messages = self._place.messages
        if not 1 <= number <= len(messages):
            raise MayNot(f"There is no such message: the channel holds {len(messages)}.")
        return messages[-number]

    def _meant(self, rest: str) -> tuple[Message, str]:
        """Return the message that a line is about, the last unless a number says which, and the rest of the line."""
        number = _NUMBER.match(rest)
        return self._last(int(number[1]) if number else 1), rest[number.end() :] if number else rest

    async def _use_on(self, rest: str) -> None:
        message, typed = self._meant(rest)
        names = offered_on_messages(self._person, self._place, self._person.locale)
        wanted = typed.casefold()
        both = ((name, (name.casefold(), shown.casefold())) for shown, name in names.items())
        name = next((name for name, begin in both if wanted and any(one.startswith(wanted) for one in begin)), None)
        if name is None:
            what = f"There is nothing called “{typed}” under Apps" if typed else "Say which: /apps NAME"
            raise CommandNotOffered(f"{what}; there are: {', '.join(names) or 'none'}")
        self._got(await self._person.uses_on(message, name))

    async def _reply(self, rest: str) -> None:
        message, words = self._meant(rest)
        if not words:
            raise MayNot("A reply needs words: /reply WORDS")
        await self._person.says(self._place, words, reply_to=message)

    def _own_last(self) -> Message:
        written = [message for message in self._place.messages if message.author is self._person.user]
        if not written:
            raise MayNot(f"{self._person.name} has written nothing here.")
        return written[-1]

    async def _edit(self, words: str) -> None:
        if not words:
            raise MayNot("Say what your last message is to say instead: /edit WORDS")
        await self._person.edits(self._own_last(), words)

    async def _delete(self, _rest: str) -> None:
        await self._person.deletes(self._own_last())

    async def _go(self, name: str) -> None:
        """Go into the newest thread with such a name, or back to the channel."""
        threads = [thread for thread in self._channel.guild.threads if thread.parent is self._channel]
        found = [thread for thread in threads if name and name.lower() in thread.name.lower()]
        if name and not found:
            there = ", ".join(f"“{thread.name}”" for thread in threads) or "none"
            raise MayNot(f"There is no thread called “{name}”; there are: {there}")
        self._place = found[-1] if found else self._channel
        self.tell(f"You are in {f'the thread “{self._place.name}”' if found else f'#{self._place.name}'}.")

    async def _say(self, words: str) -> None:
        if not words:
            raise MayNot("Say what: /say WORDS")
        await self._person.says(self._place, words)

    async def _do_as(self, rest: str) -> None:
        """Do a line as somebody else, who comes in when they are first named."""
        name, _, line = rest.partition(" ")
        name, line = name.rstrip(":"), line.strip()
        if not name or not line:
            raise MayNot("Say who does what: /as NAME LINE, such as `/as Bea hello`")
        other = self._others.get(name.casefold())
        if other is None:
            guild = self._channel.guild
            people = [one for one in guild.members.values() if isinstance(one, Person)]
            person = next((one for one in people if one.name.casefold() == name.casefold()), None)
            person = person or guild.add_member(name, locale=self._person.locale)
            other = self._others[name.casefold()] = Keyboard(person, self._channel, self._console)
        other._place = self._place
        await other._do(line)

    async def _press(self, label: str) -> None:
        if not label:
            raise MayNot("Say which button: press LABEL")
        self._got(await self._person.press(*button_called(self._person, self._place, label)))

    async def _choose(self, typed: str) -> None:
        if not typed:
            raise MayNot("Say which option: choose OPTION")
        self._got(await self._person.selects(*option_called(self._person, self._place, typed)))

    async def _fill(self, text: str) -> None:
        form = self._form
        if form is None:
            raise MayNot("There is no form to fill in: none was opened. `/say fill …` says it.")
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
