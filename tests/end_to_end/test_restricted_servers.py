"""A server that allows only some models, or some channels for some scenarios: what is typed there leads on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.rehearsal.world.components import selects_of
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, KIMI, R1 = "Gemini 3 Flash", "Kimi K2", "DeepSeek R1"
OTHERS_SIT_IN = "This server does not allow all of the usual cast, so others sit in. `ai1:` names who takes part;"
ADULT = """
title = "Late show"
summary = "A scenario for an age-restricted channel; its words are as harmless as any."
cast = ["Kimi K2"]
opening = "It is late."
prompt = "Be kind."
adult = true
"""


async def allow(stage: Stage, models: Sequence[str]) -> None:
    """Let the server allow these models alone."""
    boss = stage.guild.add_member("Boss", permissions=Permission.MANAGE_GUILD)
    for model in models:
        await boss.slash(stage.channel, "backroom settings models", allow=model)


async def test_others_sit_in_for_a_usual_cast_that_is_not_allowed(stage: Stage) -> None:
    async with stage.running():
        await allow(stage, [KIMI])
        reply = await stage.start(rounds=1)
        assert "The room is open: AI-1 (Kimi K2), AI-2 (Kimi K2)." in reply.content
        assert OTHERS_SIT_IN in reply.content
        await stage.until_over()
        await allow(stage, [R1])
        reply = await stage.start(rounds=1)
        assert "AI-1 (DeepSeek R1), AI-2 (Kimi K2)" in reply.content
    stage.nothing_is_wrong()


async def test_a_usual_cast_of_which_some_are_allowed_keeps_them(stage: Stage) -> None:
    async with stage.running() as bot:
        await bot.guild_settings.change(stage.guild.id, cast=[FLASH, KIMI, FLASH], models=[KIMI, R1])
        reply = await stage.start(rounds=1)
        assert "AI-1 (DeepSeek R1), AI-2 (Kimi K2), AI-3 (DeepSeek R1)" in reply.content
        await stage.until_over()
        await bot.guild_settings.change(stage.guild.id, models=[FLASH, KIMI])
        assert OTHERS_SIT_IN not in (await stage.start(rounds=1)).content
    stage.nothing_is_wrong()


async def test_a_server_whose_models_are_all_gone_is_told_what_to_do(stage: Stage) -> None:
    async with stage.running() as bot:
        await bot.guild_settings.change(stage.guild.id, models=["A model of long ago"])
        reply = await stage.ann.slash(stage.channel, "backroom start")
        assert reply.content == (
            "This server allows no model that there still is. `/backroom settings models` changes that."
        )
    stage.nothing_is_wrong()


async def test_who_is_invited_by_the_panel_is_chosen_among_those_allowed(stage: Stage) -> None:
    stage.host.answer("AI-1", Reply(text="late", seconds_before=60))
    async with stage.running() as bot:
        await bot.guild_settings.change(stage.guild.id, models=[FLASH, "Claude 3 Opus"])
        await stage.start(FLASH, rounds=0)
        await until(lambda: stage.panels() and stage.panels()[-1].components)
        panel = stage.panels()[-1]
        question = await (await stage.ann.press(panel, "Invite")).submit(model="claude", words="")
        assert question.message is not None
        (offered,) = selects_of(question.message)
        assert [option["label"] for option in offered["options"]] == ["Claude 3 Opus"]
        refused = await (await stage.ann.press(panel, "Invite")).submit(model="gpt", words="")
        assert "in its rooms. It allows: Gemini 3 Flash, Claude 3 Opus." in refused.content
        assert refused.message is None or selects_of(refused.message) == []
    stage.nothing_is_wrong()


async def test_a_scenario_that_nobody_chose_and_may_not_be_played_here_says_how_to_choose(
    stage: Stage, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "late.toml").write_text(ADULT)
    async with stage.running(scenarios_folder=tmp_path / "own") as bot:
        await bot.guild_settings.change(stage.guild.id, scenario="Late show")
        reply = await stage.ann.slash(stage.channel, "backroom start")
        assert "Rooms begin with “Late show” here" in reply.content
        assert reply.content.endswith("Choose another with `scenario:`.")
        await stage.start(scenario="Backroom", rounds=1)
    stage.nothing_is_wrong()
