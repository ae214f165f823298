"""Sees what people say and do on a stage: what they said and how they changed it, and what they asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.rehearsal.world.happenings import CommandUsed, Deleted, Edited, Happening, Posted, Whispered
from bot.rehearsal.world.interactions import Interaction
from bot.rehearsal.world.messages import Message
from bot.room import notices
from tests.end_to_end.stage import Stage
from tests.invariants.evidence import Given, Retaking, Said, Wish

SAY_IT_AGAIN, FORGET_BUTTON = "Say it again", "backroom:forget-everything-i-said"
_SEAT = re.compile(r"AI-(\d+)\b")


@dataclass
class _Asked:
    """Somebody pressed the button that forgets them."""

    interaction: Interaction
    at: datetime
    words: tuple[str, ...]
    told: datetime | None = None


class Audience:
    """Watches people from before the bot starts."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._said: dict[int, Said] = {}
        self._asked: list[_Asked] = []
        self.retaken: list[Retaking] = []
        stage.discord.on_happening(self._see)

    def said(self) -> tuple[Said, ...]:
        """Return what people said, in order."""
        return tuple(self._said[number] for number in sorted(self._said))

    def given(self) -> frozenset[Given]:
        """Return the reactions of people that stand now."""
        bot = self._stage.discord.world.application.bot
        messages = [message for channel in self._stage.guild.channels.values() for message in channel.messages]
        return frozenset(
            Given(message.id, user.id, emoji)
            for message in messages
            for emoji, users in message.reactions.items()
            for user in users
            if user is not bot
        )

    def wishes(self) -> tuple[Wish, ...]:
        """Return who wanted to be forgotten."""
        return tuple(
            Wish(one.interaction.id, who.id, who.name, one.at, one.words, one.told)
            for one in self._asked
            for who in [one.interaction.person]
        )

    def _see(self, happening: Happening) -> None:
        match happening:
            case Posted(message) | Edited(message):
                self._hear(message)
            case Deleted(message) if message.id in self._said:
                self._said[message.id] = replace(self._said[message.id], is_there=False)
            case CommandUsed(interaction):
                self._note(interaction)
            case Whispered(_, message):
                self._note_answer(message)
            case _:
                pass

    def _hear(self, message: Message) -> None:
        bot = self._stage.discord.world.application.bot
        if message.webhook_id is not None or message.author is bot or message.interaction is not None:
            return
        known = self._said.get(message.id)
        if known is None:
            said = Said(message.id, message.channel.id, message.author.id, datetime.now(UTC), (message.content,))
            self._said[message.id] = said
        elif known.texts[-1] != message.content:
            self._said[message.id] = replace(known, texts=(*known.texts, message.content))

    def _note(self, interaction: Interaction) -> None:
        now, channel, person = datetime.now(UTC), interaction.channel, interaction.person
        if interaction.data.get("custom_id") == FORGET_BUTTON:
            words = [text for one in self._said.values() if one.by == person.id for text in one.texts]
            self._asked.append(_Asked(interaction, now, tuple(words)))
        elif interaction.data.get("name") == SAY_IT_AGAIN:
            message = channel.history.get(interaction.target_id or 0)
            if message is not None and (seat := _SEAT.match(message.author_name)):
                self.retaken.append(Retaking(now, channel.id, int(seat[1])))
        for words in _words_said(interaction.data):
            said = Said(interaction.id, channel.id, person.id, now, (words,), by_command=True)
            self._said[interaction.id] = said

    def _note_answer(self, message: Message) -> None:
        for one in self._asked:
            is_answer = one.interaction.original is message or message in one.interaction.followups
            if is_answer and one.told is None and _tells_of_forgetting(message.content):
                one.told = datetime.now(UTC)


def _words_said(data: Mapping[str, Any]) -> Iterator[str]:
    """The words of `/backroom say`."""
    for command in data.get("options", ()):
        if command["name"] == "say":
            yield from (option["value"].strip() for option in command["options"] if option["name"] == "words")


def _tells_of_forgetting(answer: str) -> bool:
    beginning = notices.forgotten(0, 0, 0).partition(":")[0]
    return answer.startswith((f"{beginning}:", notices.nothing_known(), notices.nothing_left()))
