"""What people do on a stage, whether the bot is there or not: they talk, change their words, react, and steer."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage, is_panel, until
from tests.invariants.audience import FORGET_BUTTON, SAY_IT_AGAIN

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
ROUNDS = 3
FORK, SAY_AGAIN, FORGET = "Fork from here", SAY_IT_AGAIN, FORGET_BUTTON
EMOJIS = ("🔥", "💀", "🌧️")
SECONDS_FOR_A_WORD = 2.0
MESSAGES_IN_REACH = 12
"""People react to, and change, what they have just read."""


class People:
    """Ann, who steers; Bea, who talks and wants to be forgotten at times; Mod, who deletes; and their rooms.

    Rooms go on by themselves in the first two places. In the parlour nobody speaks unless Ann calls on them, and it
    stays open to the end: there a play can wait until everything is heard.
    """

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage = stage
        self.chance = chance
        self.ann = stage.ann
        self.bea = stage.guild.add_member("Bea")
        self._mod = stage.guild.add_member("Mod", permissions=Permission.MANAGE_MESSAGES)
        self.parlour = stage.guild.add_text_channel("parlour")
        side = stage.guild.add_text_channel("side")
        self.running: list[Channel] = [stage.channel, side.add_thread("corner")]
        for channel in (stage.channel, side, self.parlour):
            channel.set_bot_permissions(channel.bot_permissions | Permission.CREATE_PUBLIC_THREADS)
        stage.guild.lift_command_permissions()
        self._count = 0

    # Opening and steering

    async def open_room(self, channel: Channel) -> None:
        """Open a room; the parlour's waits for its conductor."""
        if channel is self.parlour:
            options = {"rounds": 0, "order": "conductor"}
        else:
            options = {"rounds": ROUNDS, "order": self.chance.choice(("round_robin", "round_robin", "addressed"))}
        await self.ann.slash(channel, "backroom start", ai1=FLASH, ai2=R1, pace=0.0, **options)

    async def open_a_nook(self) -> Channel:
        """Open a room in a channel of its own, which is soon over."""
        self._count += 1
        nook = self.stage.guild.add_text_channel(f"nook-{self._count}")
        await self.ann.slash(nook, "backroom start", ai1=FLASH, rounds=1, pace=0.0)
        return nook

    async def steer(self, mark: str) -> None:
        """Do one thing to a room that goes on."""
        channel = self.chance.choice(self.running)
        match self.chance.randrange(7):
            case 0:
                await self.ann.slash(channel, "backroom image", description=f"a kite {mark}")
            case 1:
                await self.ann.slash(channel, "backroom prompt", seat="AI-1", text=f"think of Ann {mark}")
            case 2:
                await self.ann.slash(channel, "backroom temperature", seat="AI-2", temperature=0.7)
            case 3:
                await self.ann.slash(channel, "backroom pause")
                await self.ann.slash(channel, "backroom resume")
            case 4:
                await self._press_panel(channel)
            case 5:
                await self._fork(channel)
            case _:
                await self.change_seats(channel)

    async def change_seats(self, channel: Channel) -> None:
        """Decide who speaks in a room, by one command."""
        match self.chance.randrange(6):
            case 0 | 1:
                await self.ann.slash(channel, "backroom skip")
            case 2:
                await self.ann.slash(channel, "backroom mute", seat="AI-1", rounds=1)
            case 3:
                await self.ann.slash(channel, "backroom remove", seat="AI-2")
            case 4:
                model = self.chance.choice(("Claude 3 Opus", "Kimi K2"))
                await self.ann.slash(channel, "backroom model", seat="AI-1", model=model)
            case _:
                await self.ann.slash(channel, "backroom order", order=self.chance.choice(("addressed", "round_robin")))

    async def _press_panel(self, channel: Channel) -> None:
        panels = [message for message in channel.messages if is_panel(message) and message.components]
        if panels:
            await self.ann.press(panels[-1], "Skip")

    async def _fork(self, channel: Channel) -> None:
        if words := _personas(channel):
            await self.ann.uses_on(self.chance.choice(words), FORK)

    async def a_word_of_an_ai(self) -> Message:
        """Return what an AI said last in the parlour, and call on one where nobody has."""
        for seat in ("AI-1", "AI-2") * 3:
            if words := _personas(self.parlour):
                return words[-1]
            await self.call_on(seat)
            try:
                await until(lambda: _personas(self.parlour), SECONDS_FOR_A_WORD)
            except TimeoutError:
                continue
        raise TimeoutError

    async def call_on(self, seat: str) -> None:
        """Let a seat of the parlour speak."""
        await self.ann.slash(self.parlour, "backroom step", seat=seat)

    # Talking and reacting

    async def talk_meanwhile(self) -> None:
        """Nobody waits for the bot."""
        for channel in self.running:
            for number in range(self.chance.choice((0, 0, 1, 4))):
                await self.ann.says(channel, f"Is anybody there? ({number})")
        for do in self.chance.sample(self._deeds, self.chance.choice((0, 1, 2, 3))):
            await do()

    async def talk(self) -> None:
        """Say something in the parlour that nobody else has ever said."""
        self._count += 1
        secret = f"Under plank {self._count:04d} lies the key."
        theirs = self._own(self.bea)
        answered = self.chance.choice(theirs) if theirs and self.chance.random() < 0.3 else None
        await self.bea.says(self.parlour, secret, reply_to=answered)

    async def talk_by_command(self) -> None:
        """Let the house say what Bea says."""
        self._count += 1
        await self.bea.slash(self.parlour, "backroom say", words=f"Behind door {self._count:04d} is the lamp.")

    async def change_words(self) -> None:
        """Let Bea say something else in place of what she said."""
        if theirs := self._own(self.bea):
            self._count += 1
            await self.bea.edits(theirs[-1], f"Below stair {self._count:04d} sleeps the cat.")

    async def take_words_back(self) -> None:
        """Let Bea delete what she said."""
        if theirs := self._own(self.bea):
            await self.bea.deletes(self.chance.choice(theirs))

    async def delete_words(self) -> None:
        """Let a moderator delete what an AI said."""
        if words := _personas(self.parlour)[-MESSAGES_IN_REACH:]:
            await self._mod.deletes(self.chance.choice(words))

    async def react(self) -> None:
        """React to what an AI said, or take it back."""
        words = _personas(self.parlour)[-MESSAGES_IN_REACH:]
        if not words:
            return
        message, who = self.chance.choice(words), self.chance.choice((self.ann, self.bea))
        emoji = self.chance.choice(EMOJIS)
        if who.user in message.reactions.get(emoji, []):
            await who.unreacts(message, emoji)
        else:
            await who.reacts(message, emoji)

    async def ask_to_be_forgotten(self) -> Message | None:
        """Let Bea ask, and return the question whether she means it."""
        return (await self.bea.slash(self.parlour, "backroom forget me")).message

    async def forget(self) -> None:
        """Let Bea be forgotten; who is not told asks again."""
        question = await self.ask_to_be_forgotten()
        if question is not None:
            await self.bea.press(question, FORGET)

    @property
    def _deeds(self) -> list[Callable[[], Awaitable[None]]]:
        return [
            self.talk,
            self.talk,
            self.change_words,
            self.take_words_back,
            self.delete_words,
            self.react,
            self.react,
        ]

    def _own(self, person: Person) -> list[Message]:
        return [one for one in self.parlour.messages if one.author is person.user][-MESSAGES_IN_REACH:]


def _personas(channel: Channel) -> list[Message]:
    """Return what AIs said in a channel, without their pictures."""
    return [one for one in channel.messages if one.webhook_id is not None and one.content and not one.attachments]
