"""The channel in a terminal: who speaks, what they say, pictures, commands; and as plain text elsewhere."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
from rich.console import Console

from bot.rehearsal.markdown import rendered
from bot.rehearsal.terminal import ChannelView
from tests.rehearsal.conftest import Stage
from tests.rehearsal.test_webhooks import a_picture
from tests.rehearsal.views import Panel

ART = "```\n   /\\_/\\      .  *   .      a line of art, far wider than the terminal it is shown in\n  ( o.o )\n```"


@asynccontextmanager
async def watched(
    stage: Stage, folder: Path, *, is_terminal: bool = False, width: int = 60
) -> AsyncGenerator[io.StringIO]:
    """Show the stage's channel to a page, and yield the page."""
    page = io.StringIO()
    colours = "truecolor" if is_terminal else None
    console = Console(file=page, force_terminal=is_terminal, width=width, color_system=colours)
    showing = asyncio.create_task(ChannelView(console, folder).show(stage.channel))
    await asyncio.sleep(0)
    try:
        yield page
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def until(page: io.StringIO, text: str) -> str:
    """Return the page once it holds a text."""
    for _ in range(500):
        if text in page.getvalue():
            break
        await asyncio.sleep(0.01)
    return page.getvalue()


async def test_without_a_terminal_it_is_plain_text_with_art_unbroken(stage: Stage, tmp_path: Path) -> None:
    await stage.ann.says(stage.channel, "said before")
    webhook = await stage.webhook()
    async with watched(stage, tmp_path) as page:
        await webhook.send(f"**Bold** words\n{ART}", username="AI-1 (Kimi K2)", wait=True)
        await webhook.send("and on", username="AI-1 (Kimi K2)", wait=True)
        shown = await until(page, "and on")
    assert "\x1b" not in shown
    assert "127.0.0.1" in shown
    assert "offline cast" in shown
    assert "Ann\n  said before" in shown
    assert "AI-1 (Kimi K2)\n  Bold words\n" in shown
    assert all(f"  {line}\n" in shown for line in ART.split("\n")[1:3])
    assert shown.count("AI-1 (Kimi K2)") == 1


async def test_personas_have_colours_of_their_own_and_the_house_is_dim(stage: Stage, tmp_path: Path) -> None:
    webhook = await stage.webhook()
    async with watched(stage, tmp_path, is_terminal=True) as page:
        for name in ("AI-1 (Kimi K2)", "AI-2 (Claude 3 Opus)", "AI-1 (Kimi K2)"):
            await webhook.send("hm", username=name, wait=True)
        await webhook.send("a notice", wait=True)
        shown = await until(page, "a notice")
    headings = [line for line in shown.split("\n") if "AI-" in line]
    assert headings[0] == headings[2]
    assert headings[0].split("AI-")[0] != headings[1].split("AI-")[0]
    assert "\x1b[2ma notice" in shown


async def test_a_picture_is_saved_and_its_path_and_description_shown(stage: Stage, tmp_path: Path) -> None:
    webhook = await stage.webhook()
    folder = tmp_path / "pictures"
    async with watched(stage, folder) as page:
        file = discord.File(io.BytesIO(a_picture()), "dawn.png", description="a teal dawn")
        await webhook.send("look", file=file, username="AI-1", wait=True)
        shown = await until(page, "a teal dawn")
    (saved,) = folder.iterdir()
    assert saved.read_bytes() == a_picture()
    assert str(saved) in shown


async def test_a_command_and_its_answers_are_shown_as_they_are_seen(stage: Stage, tmp_path: Path) -> None:
    async with watched(stage, tmp_path, width=100) as page:
        await stage.ann.slash(stage.channel, "backroom start", rounds=1)
        await stage.ann.slash(stage.channel, "backroom status")
        await stage.ann.slash(stage.channel, "backroom think")
        shown = await until(page, "and more")
    lines = [line.strip() for line in shown.split("\n") if line.strip()]
    start = lines.index("Ann used /backroom start rounds:1")
    assert lines[start + 1 :] == [
        "1 rounds with nobody, calm",
        "Ann used /backroom status",
        "Only Ann sees this:",
        "all is well",
        "Ann used /backroom think",
        "thought it over",
        "Only Ann sees this:",
        "and more",
    ]


async def test_reactions_edits_and_deletions_are_told(stage: Stage, tmp_path: Path) -> None:
    async with watched(stage, tmp_path) as page:
        said = await stage.ann.says(stage.channel, "one")
        await stage.bob.reacts(said, "🔥")
        await stage.ann.edits(said, "two")
        await stage.ann.says(stage.channel, "three")
        await stage.ann.deletes(said)
        shown = await until(page, "was deleted")
    assert "Bob reacted with 🔥 to Ann." in shown
    assert "Ann changed a message to:\n\nAnn\n  two\n\nAnn\n  three" in shown


async def test_threads_and_letters_are_shown_with_where_they_are(stage: Stage, tmp_path: Path) -> None:
    elsewhere = stage.guild.add_text_channel("elsewhere")
    async with watched(stage, tmp_path) as page:
        said = await stage.ann.says(stage.channel, "one")
        await until(page, "one")
        thread = await stage.ann.opens_thread(stage.channel, "An aside", on=said)
        await stage.bob.says(thread, "two")
        await stage.bob.says(elsewhere, "not for us")
        user = await stage.bot.fetch_user(stage.ann.id)
        await user.send("three")
        await stage.bob.says(stage.channel, "four", reply_to=said)
        shown = await until(page, "four")
    parts = ["Ann\n  one", "In the thread “An aside”:\n\nBob\n  two", "that only Ann sees:\n\n  three", "In #backroom:"]
    assert [part for part in parts if part not in shown] == []
    assert sorted(parts, key=shown.index) == parts
    assert shown.endswith("Bob\n  ↳ to Ann\n  four\n")
    assert "not for us" not in shown
    assert "changed a message" not in shown  # the thread on it did not


async def test_marks_are_shown_as_people_read_them(stage: Stage, tmp_path: Path) -> None:
    async with watched(stage, tmp_path, width=200) as page:
        marks = (
            f"<#{stage.channel.id}> <@{stage.bob.id}> <@!1> <#2> <a:blob:1300000000000000001> <t:86400:D> <t:86400:R>"
        )
        await stage.place.send(marks)
        shown = await until(page, "at ")
    assert "#backroom @Bob @unknown-user #unknown :blob: " in shown
    assert " January 1970 at " in shown
    assert "<" not in shown


async def test_a_choice_is_shown_by_its_label_and_who_speaks_after_an_answer_by_name(
    stage: Stage, tmp_path: Path
) -> None:
    async with watched(stage, tmp_path, width=120) as page:
        await stage.place.send("running", view=Panel())
        await stage.ann.selects(stage.channel.messages[0], "pick", "Model 2")
        await stage.ann.press(stage.channel.messages[0], "Say")
        await until(page, "Ann pressed\n")
        await stage.ann.says(stage.channel, "well then")
        shown = await until(page, "well then")
    assert "Ann pressed [ Who: Model 2 ]" in shown
    assert "Ann pressed [ Say ]" in shown
    assert shown.endswith("\nAnn\n  well then\n")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("# A heading", "A heading"),
        ("*it* _is_ __so__ ~~not~~ ||here||", "it is so not here"),
        ("- one\n  * two", "• one\n  • two"),
        (r"¯\_(ツ)_/¯ \*plain\*", r"¯\_(ツ)_/¯ *plain*"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("`a *b* c`", "a *b* c"),
        ("> quoted", "▎ quoted"),
        ("```python\n*raw*\n\n  kept\n```\n*not*", "*raw*\n\n  kept\nnot"),
        ("\x1b[31mred\x1b[0m \x07bell\x9b2J", "red bell2J"),
    ],
)
def test_marks_become_styles_and_nothing_steers_the_terminal(written: str, shown: str) -> None:
    assert "\n".join(line.text.plain for line in rendered(written)) == shown
