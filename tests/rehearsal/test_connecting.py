"""discord.py logs in, is ready, and stays so over dropped connections."""

from __future__ import annotations

import asyncio

import discord
import pytest
from aiohttp import ClientSession

from bot.rehearsal import Intent, Permission, RehearsalDiscord
from tests.rehearsal.client import Bot, connected, pointed_at
from tests.rehearsal.conftest import Stage


async def test_a_bot_logs_in_and_finds_its_guild_its_channel_and_its_permissions(stage: Stage) -> None:
    guild = stage.bot.get_guild(stage.guild.id)
    assert guild is not None
    assert guild.name == "The Back Room"
    assert stage.place.name == "backroom"
    permissions = stage.place.permissions_for(guild.me)
    assert permissions.manage_webhooks
    assert permissions.attach_files
    assert not permissions.manage_messages
    assert stage.rehearsal.problems == []


async def test_a_wrong_token_is_no_login(rehearsal: RehearsalDiscord) -> None:
    with pointed_at(rehearsal):
        bot = Bot()
        with pytest.raises(discord.LoginFailure):
            await bot.start("not the token")
        await bot.close()


async def test_an_intent_that_is_not_switched_on_in_the_portal_is_refused() -> None:
    async with RehearsalDiscord.open(privileged_intents=Intent.ALWAYS) as rehearsal:
        with pointed_at(rehearsal):
            bot = Bot()
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(rehearsal.token)
            await bot.close()


async def test_the_application_and_the_gateway_are_told(stage: Stage) -> None:
    info = await stage.bot.application_info()
    assert info.id == stage.bot.application_id
    assert info.flags.gateway_message_content_limited
    limits = await stage.bot.http.get_bot_gateway()
    assert str(limits[1]) == stage.rehearsal.gateway_url


async def test_what_was_missed_while_the_connection_was_cut_is_replayed_in_order(stage: Stage) -> None:
    await stage.rehearsal.gateway.drop()
    for number in range(3):
        await stage.ann.says(stage.channel, f"missed {number}")
    await stage.bot.sees("resumed")
    await stage.bot.sees("message", 3)
    assert [args[0].content for args in stage.bot.all_seen("message")] == ["missed 0", "missed 1", "missed 2"]
    assert len(stage.bot.all_seen("ready")) == 1


async def test_a_request_to_reconnect_is_followed_by_a_resume(stage: Stage) -> None:
    stage.rehearsal.gateway.ask_to_reconnect()
    await stage.bot.sees("resumed")
    await stage.ann.says(stage.channel, "still there?")
    assert (await stage.bot.sees("message"))[0].content == "still there?"


async def test_a_close_code_that_can_be_resumed_is_resumed(stage: Stage) -> None:
    await stage.rehearsal.gateway.drop(4000)
    await stage.bot.sees("resumed")


async def test_an_invalid_session_is_started_anew(stage: Stage) -> None:
    first = next(iter(stage.rehearsal.gateway.sessions))
    stage.rehearsal.gateway.invalidate(resumable=False)
    await stage.bot.sees("ready", 2)
    assert list(stage.rehearsal.gateway.sessions) != [first]
    await stage.ann.says(stage.channel, "anew")
    assert (await stage.bot.sees("message"))[0].content == "anew"


async def test_a_session_that_the_server_forgot_cannot_be_resumed(stage: Stage) -> None:
    stage.rehearsal.gateway.sessions.clear()
    await stage.rehearsal.gateway.drop()
    await stage.bot.sees("ready", 2)


async def test_heartbeats_are_acknowledged_and_none_is_taken_for_the_one_before(rehearsal: RehearsalDiscord) -> None:
    rehearsal.gateway.heartbeat_milliseconds = 500
    async with connected(rehearsal) as bot:
        await asyncio.sleep(1.2)
        assert 0 < bot.latency < 0.4


async def test_content_is_withheld_without_the_intent() -> None:
    intents = discord.Intents(guilds=True, guild_messages=True)
    async with RehearsalDiscord.open() as rehearsal:
        guild = rehearsal.add_guild("G")
        channel = guild.add_text_channel("c")
        ann = guild.add_member("Ann")
        async with connected(rehearsal, intents=intents) as bot:
            await ann.says(channel, "secret")
            assert (await bot.sees("message"))[0].content == ""
            await ann.says(channel, f"hello <@{rehearsal.world.application.bot.id}>")
            assert (await bot.sees("message", 2))[0].content.startswith("hello")


async def test_events_of_a_channel_that_the_bot_may_not_see_are_not_sent(stage: Stage) -> None:
    hidden = stage.guild.add_text_channel("hidden")
    hidden.set_bot_permissions(Permission.NONE)
    await stage.ann.says(hidden, "psst")
    await stage.ann.says(stage.channel, "aloud")
    assert (await stage.bot.sees("message"))[0].content == "aloud"


async def test_joining_and_leaving_guilds_is_told(stage: Stage) -> None:
    other = stage.rehearsal.add_guild("Other", bot_permissions=None)
    other.invite_bot()
    assert (await stage.bot.sees("guild_join"))[0].id == other.id
    other.remove_bot()
    assert (await stage.bot.sees("guild_remove"))[0].id == other.id
    stage.guild.set_available(available=False)
    await stage.bot.sees("guild_unavailable")
    stage.guild.set_available(available=True)
    await stage.bot.sees("guild_available", 2)


async def test_a_changed_permission_reaches_the_bot(stage: Stage) -> None:
    assert stage.place.guild.me is not None
    stage.guild.set_bot_permissions(Permission.VIEW_CHANNEL)
    await stage.bot.sees("guild_role_update")
    assert not stage.place.permissions_for(stage.place.guild.me).manage_webhooks
    stage.channel.set_bot_permissions(Permission.VIEW_CHANNEL | Permission.MANAGE_WEBHOOKS)
    await stage.bot.sees("guild_channel_update")
    assert stage.place.permissions_for(stage.place.guild.me).manage_webhooks
    assert not stage.place.permissions_for(stage.place.guild.me).send_messages


async def test_channels_that_come_and_go_are_told(stage: Stage) -> None:
    channel = stage.guild.add_text_channel("new")
    assert (await stage.bot.sees("guild_channel_create"))[0].id == channel.id
    thread = channel.add_thread("deeper")
    assert (await stage.bot.sees("thread_create"))[0].id == thread.id
    channel.delete()
    assert (await stage.bot.sees("guild_channel_delete"))[0].id == channel.id
    assert stage.rehearsal.world.channel(thread.id) is None


async def test_members_are_told_when_asked_for(stage: Stage) -> None:
    guild = stage.bot.get_guild(stage.guild.id)
    assert guild is not None
    found = await guild.query_members("an", limit=5)
    assert [member.display_name for member in found] == ["Ann"]


async def test_a_client_that_does_not_identify_is_closed(rehearsal: RehearsalDiscord) -> None:
    async with ClientSession() as session, session.ws_connect(rehearsal.gateway_url + "/?v=10&encoding=json") as socket:
        hello = await socket.receive_json()
        assert hello["op"] == 10
        assert hello["d"]["heartbeat_interval"] > 0
        await socket.send_json({"op": 3, "d": {}})
        await socket.receive()
        assert socket.close_code == 4003


async def test_a_private_thread_is_seen_once_the_bot_is_added(stage: Stage) -> None:
    thread = stage.channel.add_thread("behind closed doors", is_private=True)
    await stage.bob.says(stage.channel, "outside")
    await stage.bot.sees("message")
    assert stage.bot.all_seen("thread_create") == stage.bot.all_seen("thread_join") == []
    thread.join(stage.rehearsal.world.application.bot.id)
    assert (await stage.bot.sees("thread_join"))[0].id == thread.id
