"""The channel in the terminal as it grows: personas in colour, the house dim, pictures saved and named."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.rehearsal.legible import legible
from bot.rehearsal.markdown import printable, rendered
from bot.rehearsal.wire.json import Json
from bot.rehearsal.world.channels import Channel, Thread
from bot.rehearsal.world.components import buttons_of, face_of, selects_of, texts_of
from bot.rehearsal.world.happenings import (
    CommandFailed,
    CommandUsed,
    Deleted,
    Disturbed,
    Edited,
    Happening,
    ModalOpened,
    Posted,
    Reacted,
    ShownAgain,
    Unreacted,
    Whispered,
)
from bot.rehearsal.world.messages import Attachment, Message, MessageType
from bot.rehearsal.world.modals import fields_of

HEADER = (
    "This is a rehearsal: a Discord of our own on 127.0.0.1, played by an offline cast.\n"
    "No token, no key, no cost; nothing here comes from the models that are named.\n"
    "Press Ctrl+C to leave."
)
_INDENT = 2
_PERSONA_COLOURS = ("bright_cyan", "bright_magenta", "bright_yellow", "bright_green", "bright_blue", "bright_red")
_HOUSE = "dim"
_STORM = "⛈"


class ChannelView:
    """Prints a channel. Pictures and other files are saved in `pictures_folder`, which is made when needed."""

    def __init__(self, console: Console, pictures_folder: Path) -> None:
        self._console = console
        self._folder = pictures_folder
        self._colours: dict[str, str] = {}
        self._last_speaker: str | None = None
        self._last_place: Channel | None = None
        self._shown: dict[int, str] = {}

    async def show(self, channel: Channel) -> None:
        """Print the header, what stands in the channel, and what happens from now on; never ends by itself.

        What happens in the channel's threads is shown as well, and what the bot writes to people alone.
        """
        with channel.guild.world.watch() as happenings:
            self._print_header(channel)
            self._last_place = channel
            for message in channel.messages:
                await self._print_message(message)
            async for happening in happenings:
                place = _place_of(happening)
                if place is None or _belongs_to(channel, place):
                    self._print_place(place or channel)
                    await self._print(happening)

    def _print_place(self, place: Channel) -> None:
        """Say where it is that something happens, when it is not where something happened before."""
        if place is self._last_place:
            return
        self._last_place = place
        if place.is_direct:
            self._print_aside(f"A direct message, that only {place.name} sees:")
        elif place.is_thread:
            self._print_aside(f"In the thread “{place.name}”:")
        else:
            self._print_aside(f"In #{place.name}:")

    async def _print(self, happening: Happening) -> None:
        match happening:
            case Posted(message) | ShownAgain(message):
                await self._print_message(message)
            case Edited(message) if message.id in self._shown and message.components:
                pass  # what has buttons is kept up to date in its place: here it would be printed again and again
            case Edited(message) if message.thread is not None and self._shown.get(message.id) == _visible(message):
                pass  # only a thread was opened on it
            case Edited(message) if message.id in self._shown:
                self._print_aside(f"{message.author_name} changed a message to:")
                await self._print_message(message)
                self._last_speaker = None  # what comes next is no part of it
            case Edited(message):
                await self._print_message(message)
            case Whispered(to, message):
                await self._print_whisper(to.name, message)
            case CommandFailed(interaction):
                self._print_aside(f"{interaction.line}: {interaction.failed}.", "bold red")
            case Deleted() | Reacted() | Unreacted() | CommandUsed() | ModalOpened():
                self._print_aside(_aside(happening))
            case Disturbed(sentence):
                self._print_line(Text(f"{_STORM} {printable(sentence)}", _HOUSE), may_wrap=True)

    def _print_header(self, channel: Channel) -> None:
        title = f"#{channel.name} · {channel.guild.name}"
        if self._console.is_terminal:
            self._console.print(Panel(Text(HEADER), title=Text(title), title_align="left", border_style="dim"))
        else:
            self._console.print(Text(f"{title}\n{HEADER}"), soft_wrap=True)

    async def _print_message(self, message: Message) -> None:
        if message.is_loading:
            return
        self._shown[message.id] = _visible(message)
        if message.type is MessageType.THREAD_CREATED:
            self._print_aside(f"{message.author_name} opened the thread “{message.content}”.")
            return
        is_house = _is_house(message)
        self._print_heading(message, is_house=is_house)
        if message.type is MessageType.REPLY and message.reply_to is not None and not message.is_ephemeral:
            self._print_line(Text(f"↳ to {printable(message.reply_to.author_name)}", _HOUSE), may_wrap=True)
        for text in (message.content, *texts_of(message)):
            self._print_words(legible(text, message.channel.guild.world), _HOUSE if is_house else "")
        for embed in message.embeds:
            self._print_words("\n".join(filter(None, (embed.get("title"), embed.get("description")))), _HOUSE)
        for attachment in message.attachments:
            await self._print_file(message, attachment)
        self._print_controls(message)

    async def _print_whisper(self, name: str, message: Message) -> None:
        if not message.is_loading:
            self._print_aside(f"Only {name} sees this:")
            await self._print_message(message)
            self._last_speaker = None  # what everyone sees is parted from it

    def _print_controls(self, message: Message) -> None:
        """Print the buttons of a message in one line, and each select in one of its own."""
        if buttons := buttons_of(message):
            self._print_line(Text(printable(" ".join(map(_button, buttons))), _HOUSE), may_wrap=True)
        for select in selects_of(message):
            options = " · ".join(option["label"] for option in select.get("options", ()))
            line = f"{select.get('placeholder') or 'Choose'}: {options or '…'}"
            self._print_line(Text(printable(f"[ {line} ]"), _HOUSE), may_wrap=True)

    def _print_heading(self, message: Message, *, is_house: bool) -> None:
        speaker = "" if is_house else printable(message.author_name)
        if speaker != self._last_speaker:
            self._console.print()
            if speaker:
                self._console.print(Text(speaker, self._style_of(message)), soft_wrap=True)
        self._last_speaker = speaker

    def _style_of(self, message: Message) -> str:
        if not message.author.is_persona:
            return "bold"
        following = _PERSONA_COLOURS[len(self._colours) % len(_PERSONA_COLOURS)]
        return f"bold {self._colours.setdefault(message.author_name, following)}"

    def _print_words(self, words: str, style: str) -> None:
        for line in rendered(words) if words else ():
            line.text.stylize_before(style)
            self._print_line(line.text, may_wrap=not line.is_fenced)

    def _print_line(self, line: Text, *, may_wrap: bool) -> None:
        """Print an indented line. Art, and everything that is not read in a terminal, is left unwrapped."""
        if may_wrap and self._console.is_terminal:
            self._console.print(Padding(line, (0, 0, 0, _INDENT)))
        else:
            self._console.print(Text(" " * _INDENT).append_text(line), soft_wrap=True)

    def _print_aside(self, sentence: str, style: str = _HOUSE) -> None:
        self._last_speaker = None
        self._console.print()
        self._print_line(Text(printable(sentence), style), may_wrap=True)

    async def _print_file(self, message: Message, attachment: Attachment) -> None:
        path = self._folder / f"{message.id}-{attachment.filename}"
        await asyncio.to_thread(_save, path, attachment.data)
        mark = "🖼 " if (attachment.content_type or "").startswith("image/") else "📄"
        self._print_line(Text(f"{mark} {path}", "underline"), may_wrap=False)
        if attachment.description:
            self._print_line(Text(printable(attachment.description), "italic dim"), may_wrap=True)


def _visible(message: Message) -> str:
    """Return what changes when a message changes before people's eyes."""
    return f"{message.content} {message.embeds} {[attachment.id for attachment in message.attachments]}"


def _place_of(happening: Happening) -> Channel | None:
    """Return where something happened; None for what strikes the whole world."""
    match happening:
        case CommandUsed(interaction) | CommandFailed(interaction) | ModalOpened(interaction):
            return interaction.channel
        case Disturbed():
            return None
        case _:
            return happening.message.channel


def _belongs_to(channel: Channel, place: Channel) -> bool:
    is_its_thread = isinstance(place, Thread) and place.parent is channel
    return place is channel or is_its_thread or place.is_direct


def _aside(happening: Deleted | Reacted | Unreacted | CommandUsed | ModalOpened) -> str:
    match happening:
        case Deleted(message):
            return f"A message of {message.author_name} was deleted."
        case Reacted(message, who, emoji):
            return f"{who} reacted with {emoji.partition(':')[0]} to {message.author_name}."
        case Unreacted(message, who, emoji):
            return f"{who}'s {emoji.partition(':')[0]} to {message.author_name} is gone."
        case CommandUsed(interaction):
            return f"{interaction.person.name} {interaction.deed}"
        case ModalOpened(interaction):
            return _form(interaction.person.name, interaction.modal or {})


def _button(button: Json) -> str:
    return f"( {face_of(button)} )" if button.get("disabled") else f"[ {face_of(button)} ]"


def _form(name: str, modal: Json) -> str:
    fields = ", ".join(label or custom_id for custom_id, label in fields_of(modal).items())
    return f"{name} is asked to fill in “{modal['title']}”: {fields}"


def _is_house(message: Message) -> bool:
    """Return whether the bot speaks for itself: as its own user, or through its webhook under no persona's name."""
    world = message.channel.guild.world
    if message.author is world.application.bot:
        return True
    webhook = world.webhooks.get(message.webhook_id or 0)
    house_names = [world.application.bot.name, *([webhook.name] if webhook else [])]
    return message.author.is_persona and message.author_name in house_names


def _save(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
