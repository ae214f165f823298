"""What is typed into the rehearsal's terminal: words, reactions, commands, buttons and forms."""

from __future__ import annotations

import asyncio
import io
import os
import pty
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.console import Console

from bot.rehearsal.keyboard import listen_to_keyboard
from bot.rehearsal.keyboard.commands import named_values, read_command
from bot.rehearsal.keyboard.emojis import is_emoji, reaction_in
from tests.rehearsal.conftest import Stage
from tests.rehearsal.test_terminal import until, watched
from tests.rehearsal.views import Panel, form, panel, who


class Typist:
    """Types lines into a terminal that Ann's keyboard listens to, and reads what it is told."""

    def __init__(self, descriptor: int, page: io.StringIO) -> None:
        self._descriptor = descriptor
        self._page = page

    def types(self, *lines: str) -> None:
        for line in lines:
            os.write(self._descriptor, f"{line}\n".encode())

    async def is_told(self, text: str) -> str:
        shown = await until(self._page, text)
        assert text in shown
        return shown


@asynccontextmanager
async def typist(stage: Stage) -> AsyncGenerator[Typist]:
    page = io.StringIO()
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as source:
        console = Console(file=page, width=200)
        listening = asyncio.create_task(listen_to_keyboard(stage.ann, stage.channel, console, source=source))
        try:
            yield Typist(ours, page)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            os.close(ours)


async def test_a_line_is_said_and_several_in_order(stage: Stage) -> None:
    async with typist(stage) as ann:
        await ann.is_told("as Ann")
        ann.types("hello, machines", "", "and again: yes", "/say press on!")
        said = await stage.channel.wait_for_messages(3)
    assert [(message.author_name, message.content) for message in said] == [
        ("Ann", "hello, machines"),
        ("Ann", "and again: yes"),
        ("Ann", "press on!"),
    ]


async def test_an_emoji_alone_reacts_to_a_message(stage: Stage) -> None:
    first = await stage.bob.says(stage.channel, "first")
    await stage.bob.says(stage.channel, "second")
    last = await stage.bob.says(stage.channel, "third")
    async with typist(stage) as ann:
        ann.types(":fire:", "❤️", "💀 3")
        await stage.channel.wait_until(lambda _: bool(first.reactions) and len(last.reactions) == 2)
        ann.types("-:fire:", ":fire: 9")
        await ann.is_told("the channel holds 3")
    assert list(last.reactions) == ["❤️"]
    assert list(first.reactions) == ["💀"]


async def test_a_command_is_used_with_options(stage: Stage) -> None:
    async with typist(stage) as ann:
        ann.types('/backroom start rounds:2 ai1:Claude 3: "Opus" mood:calm')
        await stage.channel.wait_for(lambda message: message.content == '2 rounds with Claude 3: "Opus", calm')
        ann.types('/backroom greet who:@bob text:"well, who: me"')
        await stage.channel.wait_for(lambda message: message.content.startswith("well, who: me Bob"))


async def test_what_is_typed_wrongly_gets_a_sentence(stage: Stage) -> None:
    async with typist(stage) as ann:
        for line, sentence in (
            ("/nowhere", "There is no command /nowhere; there are: /backroom start, /backroom status"),
            ("/backroom strat", "There is no command /backroom strat; there are: /backroom start"),
            ("/backroom", "/backroom is not complete; there are: /backroom start"),
            ("/backroom start turns:3", "/backroom start has no option 'turns'; it has: rounds:, ai1:, mood:"),
            ("/backroom start 3", "/backroom start takes its options as name:value, and does not know '3'"),
            ("/backroom start rounds:many", "a whole number from 0 to 100, not “many”"),
            ("/backroom greet text:hi", "/backroom greet needs the option 'who'"),
            ("?", "Commands: /backroom start, /backroom status"),
        ):
            ann.types(line)
            await ann.is_told(sentence)
    assert stage.channel.messages == []


async def test_a_button_is_pressed_and_its_form_filled_in(stage: Stage) -> None:
    stage.bot.tree.add_command(panel)
    stage.bot.tree.add_command(form)
    await stage.bot.tree.sync()
    sent = await stage.place.send("running", view=Panel())
    async with typist(stage) as ann:
        ann.types("press pause")
        await stage.channel.wait_for(lambda one: one.id == sent.id and one.content == "paused")
        ann.types("press off")
        await ann.is_told("is disabled")
        ann.types("press start")
        await ann.is_told("There is no button “start” on that message; there are: “Say”")
        ann.types("choose Model 2")
        await stage.channel.wait_for(lambda one: one.content == "picked 2")
        ann.types("press Ask")
        await ann.is_told("Fill it in: fill Words:… Tone:… Sure:…")
        ann.types("fill words:x")
        await ann.is_told("2 to 20 characters")
        ann.types("fill words:good evening tone:Loud")
        await stage.channel.wait_for(lambda one: one.content == "good evening ['l'] False")
        ann.types("/panel")
        await stage.channel.wait_until(lambda _: bool(whispers(stage)))
        ann.types("press pause")
        await stage.channel.wait_until(lambda _: set(whispers(stage)) == {"paused"})


async def test_what_is_under_apps_is_used_on_a_message(stage: Stage) -> None:
    stage.bot.tree.add_command(who)
    await stage.bot.tree.sync()
    await stage.bob.says(stage.channel, "first")
    await stage.bob.says(stage.channel, "second")
    async with typist(stage) as ann:
        ann.types("/apps who said")
        await stage.channel.wait_until(lambda _: whispers(stage) == ["bob: second"])
        ann.types("/apps 2 Who said this?")
        await stage.channel.wait_until(lambda _: "bob: first" in whispers(stage))
        for line, sentence in (
            ("/apps", "Say which: /apps NAME; there are: Who said this?"),
            ("/apps Sing", "There is nothing called “Sing” under Apps; there are: Who said this?"),
            ("/apps 9 who", "the channel holds 2"),
            ("?", "Under Apps: Who said this?"),
        ):
            ann.types(line)
            await ann.is_told(sentence)


async def test_messages_are_answered_changed_and_deleted(stage: Stage) -> None:
    first = await stage.bob.says(stage.channel, "first")
    second = await stage.bob.says(stage.channel, "second")
    async with typist(stage) as ann:
        ann.types("/edit x")
        await ann.is_told("Ann has written nothing here.")
        ann.types("/reply 2 to the first", "/reply to whom?")
        answer = await stage.channel.wait_for(lambda message: message.content == "to whom?")
        assert answer.reply_to is stage.channel.messages[2]
        assert stage.channel.messages[2].reply_to is first
        ann.types("/edit to you")
        await stage.channel.wait_until(lambda _: answer.content == "to you")
        ann.types("/delete")
        await stage.channel.wait_until(lambda _: answer not in stage.channel.messages)
        for line in ("/reply", "/edit"):
            ann.types(line)
            await ann.is_told(f"{line} WORDS")
    assert stage.channel.messages[1] is second


async def test_a_thread_is_gone_into_and_left(stage: Stage) -> None:
    thread = stage.channel.add_thread("An aside")
    stage.guild.add_text_channel("elsewhere").add_thread("not here")
    async with typist(stage) as ann:
        ann.types("/go aside", "in the thread", "/go", "in the channel", "/go not here")
        await ann.is_told("There is no thread called “not here”; there are: “An aside”")
        await stage.channel.wait_for_messages(1)
    assert [message.content for message in thread.messages] == ["in the thread"]
    assert [message.content for message in stage.channel.messages] == ["in the channel"]


def whispers(stage: Stage) -> list[str]:
    """Return what stands before the eyes of single people."""
    said = [message for used in stage.rehearsal.world.interactions.values() for message in used.messages]
    return [message.content for message in said if message.is_ephemeral]


async def test_nothing_is_read_where_nobody_types(stage: Stage) -> None:
    page = io.StringIO()
    for is_wanted, said in ((False, 0), (True, 1)):
        reading, writing = os.pipe()
        with os.fdopen(reading, "r") as source:
            os.write(writing, b"from a pipe\n")
            os.close(writing)
            listening = listen_to_keyboard(
                stage.ann, stage.channel, Console(file=page), is_wanted=is_wanted, source=source
            )
            await asyncio.wait_for(listening, 5)
        assert len(stage.channel.messages) == said
    with os.fdopen(os.open(os.devnull, os.O_RDONLY), "r") as source:
        listening = listen_to_keyboard(stage.ann, stage.channel, Console(file=page), is_wanted=True, source=source)
        await asyncio.wait_for(listening, 5)


async def test_buttons_and_forms_are_shown_in_the_terminal(stage: Stage, tmp_path: Path) -> None:
    async with watched(stage, tmp_path, width=120) as page:
        sent = await stage.place.send("running", view=Panel())
        message = stage.channel.history[sent.id]
        await stage.bob.press(message, "Ask")
        await stage.bob.reacts(message, "🔥")
        await stage.bob.unreacts(message, "🔥")
        shown = await until(page, "is gone")
    assert "  [ Say ] [ ⏸️ Pause ] [ Later ] [ Ask ] ( Off ) [ Think ] [ Silent ] [ Read ]" in shown.replace(
        "\n  [ T", " [ T"
    )
    assert "[ Who: Model 1 · Model 2 · Model 3 ]" in shown
    assert "Bob pressed [ Ask ]" in shown
    assert "Bob is asked to fill in “Say something”: Words, Tone, Sure" in shown


@pytest.mark.parametrize(
    ("line", "reaction"),
    [
        (":fire:", ("🔥", 1, False)),
        ("🔥 12", ("🔥", 12, False)),
        ("- 🔥", ("🔥", 1, True)),
        (":nothing:", None),
        ("🔥🔥 hot", None),
        ("🔥🔥", None),
        ("🔥💀 3", None),
        ("fire", None),
        ("3", None),
    ],
)
def test_reactions_are_told_from_words(line: str, reaction: tuple[str, int, bool] | None) -> None:
    assert reaction_in(line) == reaction


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👍🏽", True), ("🏳️‍🌈", True), ("👩‍👩‍👧‍👦", True), ("❤️‍🔥", True), ("1️⃣", True), ("🇩🇪", True), ("a", False),
        ("", False), ("?!", False), ("^", False), ("❤️🔥", False), ("👍🏽👍🏽", False), ("🇩🇪🇫🇷", False),
    ],
)  # fmt: skip
def test_emojis_are_told_from_letters(text: str, expected: bool) -> None:
    assert is_emoji(text) is expected


def test_values_go_on_until_the_next_known_name() -> None:
    text = 'a:one two: three b:"has a: in it" c:'
    assert named_values(text, ["a", "b", "c"]) == ({"a": "one two: three", "b": "has a: in it", "c": ""}, "")
    assert named_values("before a:x", ["a"]) == ({"a": "x"}, "before")
    assert named_values("before", []) == ({}, "before")


async def test_a_command_is_read_as_a_client_would_send_it(stage: Stage) -> None:
    path, values = read_command(stage.ann, stage.channel, "/backroom  think whisper:yes")
    assert (path, values) == ("backroom think", {"whisper": True})
