"""What is typed about buttons, selects and forms, also as somebody else; what cannot be done is said to nobody."""

from __future__ import annotations

from pathlib import Path

from tests.rehearsal.conftest import Stage
from tests.rehearsal.test_keyboard import typist
from tests.rehearsal.test_terminal import until, watched
from tests.rehearsal.views import Panel


async def test_where_nothing_can_be_pressed_chosen_or_filled_in_only_the_typist_is_told(stage: Stage) -> None:
    async with typist(stage) as ann:
        for line, sentence in (
            ("press Resume", "There is nothing to press here."),
            ("choose AI-1", "There is nothing to choose from here."),
            ("fill words:hello", "There is no form to fill in"),
            ("press", "Say which button: press LABEL"),
            ("choose", "Say which option: choose OPTION"),
            ("panel", "There is no panel here"),
            ("/say", "Say what: /say WORDS"),
            ("/as Bea", "Say who does what: /as NAME LINE"),
        ):
            ann.types(line)
            await ann.is_told(sentence)
    assert stage.channel.messages == []


async def test_an_option_is_chosen_by_its_beginning_and_others_are_named(stage: Stage) -> None:
    await stage.place.send("running", view=Panel())
    async with typist(stage) as ann:
        ann.types("choose model 3")
        await stage.channel.wait_for(lambda one: one.content == "picked 3")
        ann.types("choose mod")
        await stage.channel.wait_for(lambda one: one.content == "picked 1")
        ann.types("choose nobody")
        await ann.is_told("“Who” does not offer “nobody”; it offers: Model 1, Model 2, Model 3")


async def test_the_panel_is_shown_as_it_is_now(stage: Stage, tmp_path: Path) -> None:
    async with watched(stage, tmp_path, width=120) as page, typist(stage) as ann:
        sent = await stage.place.send("running", view=Panel())
        await until(page, "⏸️ Pause")
        ann.types("press pause")
        await stage.channel.wait_for(lambda one: one.id == sent.id and one.content == "paused")
        await stage.bob.says(stage.channel, "what now?")
        shown = await until(page, "what now?")
        assert "⏸️ Resume" not in shown
        ann.types("panel")
        shown = await until(page, "⏸️ Resume")
    assert "  paused\n" in shown[shown.index("what now?") :]
    assert [message.content for message in stage.channel.messages] == ["paused", "what now?"]


async def test_a_line_is_done_as_somebody_else_who_comes_in_when_first_named(stage: Stage) -> None:
    before = len(stage.guild.members)
    async with typist(stage) as ann:
        ann.types("/as Bea hello", "/as bea: :fire:", "/as Bob hi, Bea", "and I am Ann")
        said = await stage.channel.wait_for_messages(3)
        await stage.channel.wait_until(lambda _: list(said[0].reactions) == ["🔥"])
        ann.types("/as Bea /edit hello, all")
        await stage.channel.wait_until(lambda _: said[0].content == "hello, all")
    assert [(one.author_name, one.content) for one in said] == [
        ("Bea", "hello, all"),
        ("Bob", "hi, Bea"),
        ("Ann", "and I am Ann"),
    ]
    assert len(stage.guild.members) == before + 1
