"""Discord asks to wait for many minutes: nothing is tried until then, and people can see why."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import DiscordUnavailable
from bot.posting.budget import SECONDS_NOBODY_HEARS_OF, Budget
from bot.rehearsal.faults import Fault, RateLimited
from tests.end_to_end.paused_room import open_paused
from tests.end_to_end.stage import SECONDS, Stage, until
from tests.openrouter import Reply

FLASH, R1 = "Gemini 3 Flash", "DeepSeek R1"
POST = "/webhooks/{webhook_id}/{webhook_token}"
OF_CHANNEL, OF_BOT, OF_ADDRESS = RateLimited(400), RateLimited(400, scope="global"), RateLimited(3600, via=False)


@pytest.mark.parametrize("blow", [OF_CHANNEL, OF_BOT, OF_ADDRESS], ids=["a channel", "the bot", "the address"])
async def test_nothing_is_tried_before_discord_allows_it_and_status_says_how_long(
    stage: Stage, blow: RateLimited
) -> None:
    said = asyncio.Event()
    stage.host.answer("AI-1", Reply(text="never there", after=said))
    async with stage.running():
        await stage.start(FLASH, R1, rounds=0)
        room = stage.room()
        await until(lambda: stage.asked("AI-1") and not room.owes_words)
        stage.discord.faults.add(Fault(blow, "POST", POST))
        before = len(stage.discord.exchanges)
        said.set()
        await until(lambda: room.hindrance)
        for _ in range(3):
            with pytest.raises(DiscordUnavailable, match="asks to wait"):
                await room.say()
        status = await stage.ann.slash(stage.channel, "backroom status")
        assert "Discord asks to wait" in status.content
        assert [one.status for one in list(stage.discord.exchanges)[before:]].count(429) == 1


@pytest.mark.parametrize(("blow", "is_everywhere"), [(OF_CHANNEL, False), (OF_BOT, True), (OF_ADDRESS, True)])
async def test_other_channels_wait_only_where_it_is_asked_of_all(
    stage: Stage, blow: RateLimited, is_everywhere: bool
) -> None:
    said = asyncio.Event()
    other = stage.guild.add_text_channel("other")
    stage.host.answer("AI-1", Reply(text="never there", after=said), Reply(text="elsewhere"))
    async with stage.running() as bot:
        await stage.start(FLASH, R1, rounds=0)
        room = stage.room()
        await until(lambda: stage.asked("AI-1") and not room.owes_words)
        stage.discord.faults.add(Fault(blow, "POST", POST, times=1))
        said.set()
        await until(lambda: room.hindrance)
        await stage.start(FLASH, R1, rounds=0, channel=other)
        there = bot.rooms.at(other.id)
        if is_everywhere:
            await until(lambda: there.hindrance)
            assert stage.said(other) == []
        else:
            await other.wait_for(lambda m: m.content == "elsewhere")


def test_posts_are_allowed_again_when_the_moment_has_come() -> None:
    now = [0.0]
    budget = Budget(clock=lambda: now[0])
    budget.bar(1, 400)
    budget.bar(1, 10)
    for moment, seconds in ((1.0, 399), (399.5, 1)):
        now[0] = moment
        with pytest.raises(DiscordUnavailable, match=f"wait {seconds} seconds"):
            budget.check_open(1)
    budget.check_open(2)
    now[0] = 400.0
    budget.check_open(1)
    budget.bar(1, 400, everywhere=True)
    with pytest.raises(DiscordUnavailable):
        budget.check_open(2)


@pytest.mark.parametrize("is_paused", [False, True], ids=["running", "paused"])
async def test_what_discord_asks_to_wait_for_is_shown_until_the_words_appear(stage: Stage, is_paused: bool) -> None:
    said = asyncio.Event()
    async with stage.running():
        await open_paused(stage)
        room = stage.room()
        await until(lambda: stage.panels() and not room.owes_words)
        stage.host.answer("AI-1", Reply(text="said late", after=said))
        await stage.ann.slash(stage.channel, "backroom step", seat="AI-1")
        await until(lambda: len(stage.asked("AI-1")) == 2)
        if not is_paused:
            stage.host.script = lambda _: Reply(text="never said", seconds_before=60)
            await stage.ann.slash(stage.channel, "backroom resume")
        stage.discord.faults.add(Fault(RateLimited(SECONDS_NOBODY_HEARS_OF, scope="shared"), "POST", POST, times=1))
        said.set()
        await until(lambda: "wait" in stage.panels()[-1].content and room.hindrance)
        status = await stage.ann.slash(stage.channel, "backroom status")
        panel = stage.panels()[-1].content
        await stage.channel.wait_for(lambda message: message.content == "said late", seconds=SECONDS)
        await until(lambda: room.hindrance is None and "Discord asks" not in stage.panels()[-1].content)
    assert ("paused, words wait: " if is_paused else "waits: ") + "Discord asks to wait 10 seconds" in panel
    assert "Discord asks to wait 10 seconds." in status.content
    assert ("⏳ Words have been waiting since" if is_paused else "⏳ The room has been waiting since") in status.content


def test_many_short_waits_are_shown_as_well_and_forgotten_when_discord_is_left_alone() -> None:
    now = [0.0]
    budget = Budget(clock=lambda: now[0])
    for moment in range(9):
        now[0] = float(moment)
        budget.close(1, 1.0)
        assert budget.asks_to_wait(1) == ""
    now[0] = 9.0
    budget.close(1, 1.0)
    assert budget.asks_to_wait(1) == "Discord asks again and again to wait for a moment. What was said waits."
    assert budget.asks_to_wait(2) == ""
    now[0] = 1000.0
    assert budget.asks_to_wait(1) == ""
    budget.close(1, 1.0)
    assert budget.asks_to_wait(1) == ""
    budget.close(2, 30.0, asked=False)
    assert budget.asks_to_wait(2) == ""
