"""The panel: one message that shows the room, edited sparingly, and kept through whatever happens to it."""

from __future__ import annotations

import asyncio
import random
from time import monotonic

from bot.client.panel.showing import SECONDS_BETWEEN_EDITS
from bot.rehearsal.rest.calls import Answer, Call
from bot.rehearsal.world.components import buttons_of
from bot.rehearsal.world.guilds import BOT_PERMISSIONS
from bot.rehearsal.world.messages import Message, MessageFlag
from bot.rehearsal.world.permissions import Permission
from tests.end_to_end.stage import Stage, until
from tests.openrouter import Reply

FLASH, R1, KIMI = "Gemini 3 Flash", "DeepSeek R1", "Kimi K2"
SLOW = Reply(text="too late", seconds_before=30)
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
LONG_ENOUGH_FOR_AN_EDIT = SECONDS_BETWEEN_EDITS + 3


async def panel_of(stage: Stage) -> Message:
    await until(lambda: stage.panels() and stage.panels()[-1].components)
    return stage.panels()[-1]


def edits_of(stage: Stage, message: Message) -> int:
    path = f"/channels/{message.channel.id}/messages/{message.id}"
    return sum(exchange.method == "PATCH" and exchange.path == path for exchange in stage.discord.exchanges)


def let_speak(stage: Stage, *seats: str) -> None:
    """Let seats say something new in every turn, so that nobody thinks they go in circles."""
    for seat in seats:
        chance = random.Random(seat)
        stage.host.answer(seat, *(" ".join(f"{chance.getrandbits(40):x}" for _ in range(12)) for _ in range(60)))


async def until_says(message: Message, words: str) -> None:
    await until(lambda: words in message.content)


async def test_the_panel_comes_right_after_the_opening_and_tells_how_the_room_stands(stage: Stage) -> None:
    is_there = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="!temperature 0.5\n\nhello", cost=0.0125, after=is_there))
    stage.host.answer("AI-2", SLOW)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=7)
        panel = await panel_of(stage)
        assert stage.channel.messages.index(panel) == 1
        assert panel.flags & MessageFlag.SUPPRESS_NOTIFICATIONS
        is_there.set()
        await until_says(panel, "AI-2 (DeepSeek R1)**: its model's own temperature, speaking, asked <t:")
        for part in ("running", "round 1 of 7", "$0.0125", "**AI-1 (Gemini 3 Flash)**: temperature 0.5"):
            assert part in panel.content
        labels = [button["label"] for button in buttons_of(panel)]
        assert labels == ["Pause", "Step", "Skip", "Stop", "Invite", "Mute", "Say something"]
    stage.nothing_is_wrong()


async def test_the_panel_is_pinned_where_allowed_until_the_room_is_over(stage: Stage) -> None:
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.PIN_MESSAGES)
    async with stage.running():
        await stage.start(FLASH, rounds=0, pace=600)
        panel = await panel_of(stage)
        await until(lambda: panel.pinned_at is not None)
        await until(lambda: all(message.type.name != "PIN_ADDED" for message in stage.channel.messages))
        await stage.ann.slash(stage.channel, "backroom stop")
        await until(lambda: panel.pinned_at is None)
        assert "over" in panel.content
        assert panel.components == []
    stage.nothing_is_wrong()


async def test_however_fast_a_room_is_it_edits_its_panel_no_more_often_than_it_may(stage: Stage) -> None:
    let_speak(stage, "AI-1", "AI-2", "AI-3")
    async with stage.running():
        began = monotonic()
        await stage.start(FLASH, R1, KIMI, rounds=20)
        await stage.until_over()
        panel = stage.panels()[0]
        await until(lambda: panel.components == [])
        seconds = monotonic() - began
    edits = edits_of(stage, panel)
    assert 1 <= edits <= 2 + seconds / SECONDS_BETWEEN_EDITS
    assert "over · round 20 of 20" in panel.content
    stage.nothing_is_wrong()


async def test_a_room_in_which_nothing_happens_edits_nothing(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, rounds=0, pace=600)
        panel = await panel_of(stage)
        await stage.ann.slash(stage.channel, "backroom pause")
        await until_says(panel, "paused")
        before = edits_of(stage, panel)
        await asyncio.sleep(LONG_ENOUGH_FOR_AN_EDIT)
        assert edits_of(stage, panel) == before


async def test_a_restart_edits_the_panel_and_posts_no_other(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, rounds=0, pace=600)
        panel = await panel_of(stage)
    stage.host.answer("AI-1", SLOW)
    async with stage.running():
        reply = await stage.ann.press(panel, "Pause")
        assert reply.content == "The room is paused."
        await until_says(panel, "paused")
        await until(lambda: "Resume" in [button["label"] for button in buttons_of(panel)])
        assert stage.panels() == [panel]
    stage.nothing_is_wrong()


async def test_a_server_that_wants_no_panels_has_none_from_then_on_until_it_wants_them_again(stage: Stage) -> None:
    stage.host.answer("AI-1", SLOW)
    owner = stage.guild.add_member("Zoe", permissions=Permission.MANAGE_GUILD)
    async with stage.running():
        await stage.start(FLASH, rounds=0)
        await panel_of(stage)
        said = await owner.slash(stage.channel, "backroom settings room", panel=False)
        assert "**Panel with buttons:** no (set here)." in said.content
        await until(lambda: stage.panels() == [])
        await owner.slash(stage.channel, "backroom settings room", panel=True)
        await panel_of(stage)
        assert len(stage.panels()) == 1
    stage.nothing_is_wrong()


async def test_a_panel_that_is_too_old_to_be_edited_is_replaced(stage: Stage) -> None:
    async def too_old(call: Call) -> Answer | None:
        if call.method == "PATCH" and call.template == MESSAGE and call.path.endswith(str(first.id)):
            refused = {"code": 30046, "message": "Maximum number of edits to messages older than 1 hour reached."}
            return Answer(400, refused)
        return None

    async with stage.running():
        await stage.start(FLASH, rounds=0, pace=600)
        first = await panel_of(stage)
        stage.discord.rest.before_effect.append(too_old)
        await stage.ann.slash(stage.channel, "backroom pause")
        await until(lambda: stage.panels() and stage.panels() != [first] and len(stage.panels()) == 1)
        (second,) = stage.panels()
        await until_says(second, "paused")
        await stage.ann.slash(stage.channel, "backroom stop")
        await until_says(second, "over")


async def test_an_edit_that_fails_is_not_repeated_soon_and_no_words_wait_for_it(stage: Stage) -> None:
    failed: list[Call] = []

    async def refuse_edits(call: Call) -> Answer | None:
        if call.method == "PATCH" and call.template == MESSAGE:
            failed.append(call)
            return Answer(403, {"code": 50013, "message": "Missing Permissions"})
        return None

    let_speak(stage, "AI-1", "AI-2")
    stage.discord.rest.before_effect.append(refuse_edits)
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0, pace=0.5)
        await until(lambda: failed)
        spoken = len(stage.words_of(f"AI-1 ({FLASH})"))
        await asyncio.sleep(LONG_ENOUGH_FOR_AN_EDIT)
        assert len(failed) == 1
        assert len(stage.words_of(f"AI-1 ({FLASH})")) > spoken + 3


async def test_a_server_can_do_without_panels(stage: Stage) -> None:
    async with stage.running() as bot:
        await bot.guild_settings.change(stage.guild.id, panel=False)
        await stage.start(FLASH, rounds=3, pace=0.5)
        await stage.until_over()
    assert stage.panels() == []


async def test_a_closed_place_leaves_its_panel_alone(stage: Stage) -> None:
    async with stage.running():
        await stage.start(FLASH, rounds=0, pace=600)
        panel = await panel_of(stage)
        await asyncio.sleep(SECONDS_BETWEEN_EDITS)
        before = edits_of(stage, panel)
        stage.channel.take_bot_permissions(Permission.SEND_MESSAGES)
        await until(lambda: stage.room().state.pause_cause == "place")
        await asyncio.sleep(2)
        assert edits_of(stage, panel) == before
        stage.channel.give_back_bot_permissions()
        await until(lambda: stage.room().state.pause_cause == "")
        await until_says(panel, "running")
    stage.nothing_is_wrong()
