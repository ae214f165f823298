"""Forms: opened by a command or a button, filled in as a client would, and held to Discord's rules."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from aiohttp import ClientSession
from discord.http import Route

from bot.rehearsal import FormRefused, MayNot, Reply
from bot.rehearsal.world.interactions import Interaction, InteractionKind
from tests.rehearsal.conftest import Stage
from tests.rehearsal.views import Panel, form


async def asked(stage: Stage) -> Reply:
    """Press the button that opens the form."""
    sent = await stage.place.send("running", view=Panel())
    return await stage.ann.press(stage.channel.history[sent.id], "Ask")


async def test_a_form_is_opened_by_a_button_and_filled_in(stage: Stage) -> None:
    opened = await asked(stage)
    assert opened.modal is not None
    assert (opened.modal["title"], opened.message, opened.failed) == ("Say something", None, None)
    reply = await opened.submit(text="hello", tone="Loud", sure=True)
    assert reply.content == "hello ['l'] True"
    seen = (await stage.bot.sees("interaction", 2))[0]
    assert seen.type is discord.InteractionType.modal_submit
    assert seen.message.id == stage.channel.messages[0].id
    assert [one["type"] for one in seen.data["components"]] == [18, 18, 18]
    said = await stage.place.fetch_message(stage.channel.messages[-1].id)
    assert said.interaction_metadata is not None
    assert said.interaction_metadata.modal_interaction is not None
    with pytest.raises(MayNot, match="closed"):
        await opened.submit(text="again")
    assert stage.rehearsal.problems == []


async def test_what_is_left_out_stays_as_the_form_has_it(stage: Stage) -> None:
    assert (await (await asked(stage)).submit(text="hi")).content == "hi [] False"
    stage.bot.tree.add_command(form)
    await stage.bot.tree.sync()
    opened = await stage.bob.slash(stage.channel, "form")
    assert (await opened.submit()).content == "as it was"
    opened = await stage.bob.slash(stage.channel, "form")
    assert (await opened.submit(text="other")).content == "other"


async def test_the_answer_to_a_form_can_change_the_message_with_the_button(stage: Stage) -> None:
    reply = await (await asked(stage)).submit(text="update")
    assert reply.updated
    assert stage.channel.messages[0].content == "said it"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "'text' is required"),
        ({"text": "x"}, "2 to 20 characters"),
        ({"text": "x" * 21}, "2 to 20 characters"),
        ({"text": 5}, "takes a text"),
        ({"text": "hello", "tone": "Angry"}, "Calm, Loud"),
        ({"text": "hello", "tone": ["Calm", "Loud"]}, "1 to 1 values"),
        ({"text": "hello", "other": "x"}, "no field 'other'"),
    ],
)
async def test_a_client_does_not_send_a_form_that_is_filled_in_wrongly(
    stage: Stage, values: dict[str, Any], says: str
) -> None:
    opened = await asked(stage)
    with pytest.raises(FormRefused, match=says):
        await opened.submit(**values)
    assert (await opened.submit(text="hello")).content.startswith("hello")


async def test_a_form_cannot_be_answered_with_a_form(stage: Stage) -> None:
    sent = Interaction(InteractionKind.MODAL, stage.ann, stage.channel, "a form", {"custom_id": "x", "components": []})
    sent.begin()
    for kind in (7, 9):
        route = Route("POST", f"/interactions/{sent.id}/{sent.token}/callback")
        with pytest.raises(discord.HTTPException, match="In type: Value must be one of"):
            await stage.bot.http.request(route, json={"type": kind, "data": {}})
    sent.abandon()


async def test_there_is_nothing_to_fill_in_where_no_form_was_opened(stage: Stage) -> None:
    reply = await stage.ann.slash(stage.channel, "backroom status")
    with pytest.raises(MayNot, match="no form"):
        await reply.submit(text="x")


def label(**more: Any) -> dict[str, Any]:
    inside = {"type": 4, "style": 1, "custom_id": "t", **more.pop("inside", {})}
    return {"type": 18, "label": "L", "component": inside, **more}


@pytest.mark.parametrize(
    ("modal", "field"),
    [
        ({"title": "x" * 46}, "title"),
        ({"title": ""}, "title"),
        ({"custom_id": "x" * 101}, "custom_id"),
        ({"components": []}, "components"),
        ({"components": [label(inside={"custom_id": f"{n}"}) for n in range(6)]}, "components"),
        ({"components": [label(), label()]}, "components.1.component.custom_id"),
        ({"components": [label(label="x" * 46)]}, "components.0.label"),
        ({"components": [label(description="x" * 101)]}, "components.0.description"),
        ({"components": [label(inside={"max_length": 4001})]}, "components.0.component.max_length"),
        ({"components": [label(inside={"type": 2})]}, "components.0.component.type"),
        ({"components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x"}]}, "components.0.type"),
        ({"components": [{"type": 1, "components": [{"type": 4, "custom_id": "t", "style": 1}]}]}, "components.0"),
    ],
)
async def test_forms_are_held_to_discords_rules(
    stage: Stage, session: ClientSession, modal: dict[str, Any], field: str
) -> None:
    data = {"custom_id": "m", "title": "A form", "components": [label()], **modal}
    used = Interaction(InteractionKind.COMMAND, stage.ann, stage.channel, "/form", {"name": "form", "type": 2})
    used.begin()
    url = f"{stage.rehearsal.api_url}/interactions/{used.id}/{used.token}/callback"
    async with session.post(url, json={"type": 9, "data": data}) as response:
        errors = (await response.json())["errors"]
    assert response.status == 400
    at: Any = errors["data"]
    for step in field.split("."):
        at = at[step]
    assert used.modal is None
    used.abandon()
