"""Whatever there is, used by anybody, wherever it is out of place, also after a restart: everyone gets a sentence."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import pytest

from bot.rehearsal.world.channels import Channel
from bot.rehearsal.world.commands import find_command, offered_lines, offered_on_messages
from bot.rehearsal.world.components import buttons_of, selects_of
from bot.rehearsal.world.messages import Message
from bot.rehearsal.world.people import Person
from bot.rehearsal.world.people import Reply as Got
from bot.rehearsal.world.permissions import Permission
from bot.room.state import Phase
from tests.end_to_end.paused_room import FLASH, R1, SLOW, last_of, open_paused, take_turn
from tests.end_to_end.stage import Stage, until

FILLED = {"seat": "AI-1", "model": FLASH, "temperature": 1.0}
SPARED = ("/backroom start", "/backroom stop")
"""They would change where everything else is used."""
_NO_SENTENCE = re.compile(r"fault|reference|Schuld|Referenz|Kennung")


def people(stage: Stage) -> list[Person]:
    """Who may steer and who may not, each in English and in German."""
    uwe = stage.guild.add_member("Uwe", permissions=Permission.MANAGE_CHANNELS, locale="de")
    return [stage.ann, stage.guild.add_member("Bea"), uwe, stage.guild.add_member("Gerd", locale="de")]


def filled(options: list[dict[str, Any]]) -> Mapping[str, Any]:
    needed = [option for option in options if option.get("required")]
    return {one["name"]: FILLED.get(one["name"]) or _first_choice(one) or "words" for one in needed}


def _first_choice(option: dict[str, Any]) -> object:
    return option["choices"][0]["value"] if option.get("choices") else None


async def all_commands(who: Person, channel: Channel) -> list[tuple[str, Got]]:
    lines = [line for line in dict.fromkeys(offered_lines(who, channel, "en-US").values()) if line not in SPARED]
    assert len(lines) > 20
    asked = (who.slash(channel, line[1:], **filled(find_command(who, channel, line).options)) for line in lines)
    return list(zip(lines, await asyncio.gather(*asked), strict=True))


async def all_menus(who: Person, message: Message) -> list[tuple[str, Got]]:
    names = list(offered_on_messages(who, message.channel, "en-US").values())
    assert len(names) >= 4
    return list(zip(names, await asyncio.gather(*(who.uses_on(message, name) for name in names)), strict=True))


def each_got_a_sentence(who: Person, got: list[tuple[str, Got]]) -> None:
    for what, reply in got:
        told = f"{who.name}, {what}: {reply.failed or reply.content}"
        assert reply.failed is None, told
        assert reply.modal is not None or (reply.ephemeral and (reply.content or reply.message)), told
        assert not _NO_SENTENCE.search(reply.content), told


async def test_every_command_and_menu_where_no_room_is_is_answered_in_the_language_of_who_asks(stage: Stage) -> None:
    everybody = people(stage)
    async with stage.running():
        said = await everybody[1].says(stage.channel, "hello")
        answers: dict[str, list[str]] = {}
        for who in everybody:
            got = await all_commands(who, stage.channel) + await all_menus(who, said)
            each_got_a_sentence(who, got)
            for what, reply in got:
                answers.setdefault(what, []).append(reply.content)
    for what, (ann, bea, uwe, gerd) in answers.items():
        assert ann != uwe, what
        assert bea != gerd, what
    assert [message for message in stage.channel.messages if message is not said] == []
    stage.nothing_is_wrong()


@pytest.mark.parametrize("is_over", [False, True])
async def test_every_menu_on_every_kind_of_message_after_a_restart_is_answered(stage: Stage, is_over: bool) -> None:
    everybody = people(stage)
    async with stage.running():
        await open_paused(stage)
        stage.host.answer("AI-1", '!image "a lamp"\n\nlight')
        await take_turn(stage)
        await stage.channel.wait_for(lambda message: bool(message.attachments))
        heard = await everybody[1].says(stage.channel, "hello")
        hidden = await everybody[1].says(stage.channel, ".between us")
        await until(lambda: stage.room().history.entry_of_message(heard.id) and stage.panels())
        if is_over:
            await stage.ann.slash(stage.channel, "backroom stop")
            await until(lambda: stage.panels()[-1].components == [])
    stage.host.script = lambda _: "said again"
    async with stage.running():
        words = next(m for m in stage.channel.messages if m.author_name.startswith("AI-1") and not m.attachments)
        kinds = [stage.channel.messages[0], stage.panels()[-1], heard, hidden, words, last_of(stage, "AI-1")]
        asked = [(who, message) for who in everybody for message in kinds]
        for (who, _), got in zip(asked, await asyncio.gather(*(all_menus(*one) for one in asked)), strict=True):
            each_got_a_sentence(who, got)
    stage.nothing_is_wrong()


async def test_who_may_not_steer_gets_a_sentence_from_every_button_and_command_after_a_restart(stage: Stage) -> None:
    _, bea, _, gerd = people(stage)
    async with stage.running():
        await open_paused(stage)
        await until(lambda: stage.panels() and "Resume" in [one["label"] for one in buttons_of(stage.panels()[-1])])
        panel = stage.panels()[-1]
    stage.host.answer("AI-1", SLOW)
    async with stage.running():
        before = stage.room().state
        for who, needs in ((bea, "Manage Channels"), (gerd, "„Kanäle verwalten“")):
            for button in buttons_of(panel):
                reply = await who.press(panel, button["custom_id"])
                assert reply.failed is None
                assert reply.modal is not None or (reply.ephemeral and needs in reply.content), button
            each_got_a_sentence(who, await all_commands(who, stage.channel))
        state = stage.room().state
        assert (state.seats, state.phase, state.order, state.mode) == (
            before.seats,
            Phase.PAUSED,
            before.order,
            before.mode,
        )
        question = await stage.ann.press(panel, "Mute")
        assert question.message is not None
        assert selects_of(question.message)
    stage.nothing_is_wrong()


async def test_every_command_at_once_and_twice_in_an_open_room_is_answered(stage: Stage) -> None:
    async with stage.running():
        await open_paused(stage, FLASH, R1)
        stage.host.script = lambda _: "a few words"
        for got in await asyncio.gather(*(all_commands(stage.ann, stage.channel) for _ in range(2))):
            each_got_a_sentence(stage.ann, got)
        reply = await stage.ann.slash(stage.channel, "backroom stop")
        assert reply.content == "The room is over."
    stage.nothing_is_wrong()
