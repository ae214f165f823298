"""Buttons and selects: sent, pressed, answered in each way, and held to Discord's rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import discord
import pytest
from aiohttp import ClientSession
from discord import ui
from discord.http import Route

from bot.rehearsal import MayNot, Message, NoSuchComponent, RehearsalDiscord
from tests.rehearsal.conftest import Stage
from tests.rehearsal.contract import problems_of_answers
from tests.rehearsal.views import Panel, panel

SECONDS_TO_ANSWER = 0.5


@pytest.fixture
async def rehearsal() -> AsyncGenerator[RehearsalDiscord]:
    async with RehearsalDiscord.open(seconds_to_answer=SECONDS_TO_ANSWER) as rehearsal:
        yield rehearsal
    assert problems_of_answers(rehearsal.exchanges) == []


async def shown(stage: Stage, **more: Any) -> Message:
    """Send the panel and return it as it stands in the channel."""
    sent = await stage.place.send("running", view=Panel(), **more)
    return stage.channel.history[sent.id]


async def test_a_button_is_pressed_by_its_label_or_its_custom_id(stage: Stage) -> None:
    message = await shown(stage)
    for name in ("Say", "say"):
        reply = await stage.bob.press(message, name)
        assert (reply.content, reply.ephemeral, reply.updated) == ("Bob pressed", True, False)
    seen = (await stage.bot.sees("interaction"))[0]
    assert seen.type is discord.InteractionType.component
    assert seen.data["component_type"] == 2
    assert seen.message.id == message.id
    assert stage.channel.messages == [message]
    assert stage.rehearsal.problems == []


async def test_an_answer_can_change_the_message_that_was_pressed(stage: Stage) -> None:
    message = await shown(stage)
    reply = await stage.ann.press(message, "⏸️ Pause")
    assert (reply.message, reply.updated, reply.deferred) == (message, True, False)
    assert message.content == "paused"
    assert (await stage.bot.sees("raw_message_edit"))[0].message_id == message.id
    with pytest.raises(NoSuchComponent, match="Resume"):
        await stage.ann.press(message, "Pause")
    await stage.ann.press(message, "Resume")


async def test_a_deferred_change_comes_later_and_follow_ups_are_messages_of_their_own(stage: Stage) -> None:
    message = await shown(stage)
    reply = await stage.ann.press(message, "Later")
    assert (reply.updated, reply.deferred) == (True, True)
    await stage.channel.wait_for(lambda one: one.content == "changed later")
    await reply.interaction.changed.wait_until(lambda: bool(reply.followups), 5)
    assert [one.content for one in reply.followups] == ["and told"]
    assert stage.channel.messages == [message]


async def test_an_answer_in_the_channel_is_a_reply_to_what_was_pressed(stage: Stage) -> None:
    message = await shown(stage)
    reply = await stage.ann.press(message, "Think")
    assert (reply.content, reply.deferred, reply.updated) == ("thought", True, False)
    answer = await stage.place.fetch_message(stage.channel.messages[-1].id)
    assert answer.type is discord.MessageType.reply
    assert answer.reference is not None
    assert answer.reference.message_id == message.id
    assert answer.interaction_metadata is not None
    assert answer.interaction_metadata.interacted_message_id == message.id


async def test_a_disabled_button_and_a_link_cannot_be_pressed(stage: Stage) -> None:
    message = await shown(stage)
    for name in ("Off", "Read"):
        with pytest.raises(MayNot):
            await stage.ann.press(message, name)
    with pytest.raises(NoSuchComponent, match="“Say”, “⏸️ Pause”"):
        await stage.ann.press(message, "Start")


async def test_a_press_that_is_not_answered_fails_before_the_persons_eyes(stage: Stage) -> None:
    message = await shown(stage)
    reply = await stage.ann.press(message, "Silent")
    assert reply.failed == "This interaction failed"
    assert f"[ Silent ] was not answered within {SECONDS_TO_ANSWER} s" in stage.rehearsal.problems


async def test_everybody_may_press_at_once_and_twice(stage: Stage) -> None:
    message = await shown(stage)
    presses = [one.press(message, "Say") for one in (stage.ann, stage.bob) for _ in range(3)]
    replies = await asyncio.gather(*presses)
    assert [reply.content for reply in replies] == ["Ann pressed"] * 3 + ["Bob pressed"] * 3


async def test_a_message_that_is_gone_or_anothers_cannot_be_pressed(stage: Stage) -> None:
    message = await shown(stage)
    stage.bot.tree.add_command(panel)
    await stage.bot.tree.sync()
    mine = (await stage.ann.slash(stage.channel, "panel")).message
    assert mine is not None
    with pytest.raises(MayNot):
        await stage.bob.press(mine, "Say")
    assert (await stage.ann.press(mine, "Pause")).content == "paused"
    assert mine.is_ephemeral
    await stage.ann.deletes(message)
    with pytest.raises(MayNot, match="deleted"):
        await stage.ann.press(message, "Say")


async def test_options_are_selected_by_label_or_value(stage: Stage) -> None:
    message = await shown(stage)
    assert (await stage.ann.selects(message, "pick", ["Model 1", "3"])).content == "picked 1, 3"
    assert (await stage.ann.selects(message, "Who", "2")).content == "picked 2"
    assert (await stage.ann.selects(message, "person", [stage.bob])).content == "picked Bob"
    with pytest.raises(MayNot, match="Model 3"):
        await stage.ann.selects(message, "pick", ["Model 9"])
    with pytest.raises(MayNot, match="1 to 2 values"):
        await stage.ann.selects(message, "pick", ["1", "2", "3"])


async def test_a_personas_message_has_buttons_where_the_webhook_is_the_bots_own(
    stage: Stage, session: ClientSession
) -> None:
    webhook = await stage.webhook()
    await webhook.send("hello", username="AI-1", view=Panel(), wait=True)
    persona = stage.channel.messages[-1]
    reply = await stage.ann.press(persona, "Pause")
    assert (persona.content, persona.author_name) == ("paused", "AI-1")
    assert reply.message is persona
    foreign = stage.rehearsal.world.add_webhook(stage.channel, "theirs", creator=stage.ann.user)
    theirs = discord.Webhook.partial(foreign.id, foreign.token, client=stage.bot)
    await theirs.send("hello", view=Panel(), wait=True)
    assert stage.channel.messages[-1].components == []


async def test_components_v2_are_shown_and_pressed(stage: Stage) -> None:
    view = ui.LayoutView()
    button: ui.Button[ui.LayoutView] = ui.Button(label="Stop", custom_id="stop")

    async def stop(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=view)

    button.callback = stop  # type: ignore[method-assign]
    section = ui.Section("One seat", accessory=ui.Thumbnail("https://example.org/face.png"))
    view.add_item(ui.Container(ui.TextDisplay("# A room"), section, ui.Separator(), ui.ActionRow(button)))
    sent = await stage.place.send(view=view)
    assert sent.flags.components_v2
    message = stage.channel.history[sent.id]
    assert (await stage.ann.press(message, "Stop")).updated
    with pytest.raises(discord.HTTPException, match="content"):
        await stage.bot.http.request(
            Route("PATCH", "/channels/{c}/messages/{m}", c=stage.channel.id, m=sent.id),
            json={"content": "words", "allowed_mentions": {"parse": []}},
        )


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "x", "custom_id": "x", **more}


def select(**more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}], **more}


def row(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


@pytest.mark.parametrize(
    ("components", "field"),
    [
        ([row(button(custom_id=f"{n}")) for n in range(6)], "components"),
        ([row(*(button(custom_id=f"{n}") for n in range(6)))], "components.0.components"),
        ([row()], "components.0.components"),
        ([row(button()), row(button())], "components.1.components.0.custom_id"),
        ([row(button(custom_id="x" * 101))], "components.0.components.0.custom_id"),
        ([row(button(custom_id=None))], "components.0.components.0.custom_id"),
        ([row(button(label="x" * 81))], "components.0.components.0.label"),
        ([row(button(label=None))], "components.0.components.0.label"),
        ([row(button(style=5))], "components.0.components.0.url"),
        ([row(button(style=9))], "components.0.components.0.style"),
        ([button()], "components.0.type"),
        ([{"type": 10, "content": "only in V2"}], "components.0.type"),
        ([row(select(), button())], "components.0.components"),
        ([row(select(options=[]))], "components.0.components.0.options"),
        ([row(select(options=[{"label": f"{n}", "value": f"{n}"} for n in range(26)]))], "components.0.components.0"),
        ([row(select(options=[{"label": "a", "value": "a"}] * 2))], "components.0.components.0.options.1.value"),
        ([row(select(max_values=2))], "components.0.components.0.max_values"),
        ([row(select(placeholder="x" * 151))], "components.0.components.0.placeholder"),
    ],
)
async def test_components_are_held_to_discords_rules(
    stage: Stage, components: list[dict[str, Any]], field: str
) -> None:
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=stage.channel.id)
    with pytest.raises(discord.HTTPException) as refused:
        await stage.bot.http.request(route, json={"content": "x", "components": components})
    assert refused.value.code == 50035
    assert f"In {field}" in refused.value.text
    assert stage.channel.messages == []


async def test_forty_components_are_the_most_of_the_second_kind(stage: Stage) -> None:
    view = ui.LayoutView()
    for number in range(40):
        view.add_item(ui.TextDisplay(str(number)))
    await stage.place.send(view=view)
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=stage.channel.id)
    for texts in (["x"] * 41, ["x" * 2001] * 2):
        components = [{"type": 10, "content": text} for text in texts]
        with pytest.raises(discord.HTTPException) as refused:
            await stage.bot.http.request(route, json={"flags": 1 << 15, "components": components})
        assert "components" in refused.value.text
