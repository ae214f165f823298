"""Faults of the gateway and of the world: dropped, silent, repeated, lost; taken, moved, deleted, given back."""

from __future__ import annotations

import discord
import pytest

from bot.rehearsal import Permission, RehearsalDiscord
from bot.rehearsal.faults import EventFault, Late, Lost, Overtaken, Twice
from bot.rehearsal.world.messages import delete_at_once
from tests.rehearsal.client import connected
from tests.rehearsal.conftest import Stage


async def heard(stage: Stage, *words: str, count: int | None = None) -> list[str]:
    """Let Ann say words, and return what the bot heard of all that was ever said."""
    for word in words:
        await stage.ann.says(stage.channel, word)
    await stage.bot.sees("message", len(words) if count is None else count)
    return [args[0].content for args in stage.bot.all_seen("message")]


async def test_an_event_may_be_lost_for_good(stage: Stage) -> None:
    stage.rehearsal.faults.add(EventFault(Lost(), "MESSAGE_CREATE", times=1))
    assert await heard(stage, "one", "two", count=1) == ["two"]
    await stage.rehearsal.gateway.drop()
    await stage.bot.sees("resumed")
    assert await heard(stage, "three", count=2) == ["two", "three"]
    assert stage.rehearsal.faults.struck[0].sentence == "An event of the gateway (MESSAGE_CREATE) is lost"


async def test_an_event_may_come_twice_late_or_after_the_next_one(stage: Stage) -> None:
    faults = stage.rehearsal.faults
    faults.add(
        EventFault(Twice(), "MESSAGE_*", times=1),
        EventFault(Late(0.2), "MESSAGE_*", times=1),
        EventFault(Overtaken(), "MESSAGE_*", skip=1, times=1),
    )
    words = ["twice", "late", "three", "overtaken", "last"]
    assert await heard(stage, *words, count=6) == ["twice", "twice", "three", "last", "overtaken", "late"]
    assert [one.kind for one in faults.struck] == ["Twice", "Late", "Overtaken"]
    assert {one.route for one in faults.struck} == {"gateway"}


async def test_a_drop_that_cannot_be_resumed_starts_a_new_session(stage: Stage) -> None:
    await stage.rehearsal.gateway.drop(4009, resumable=False)
    await stage.bot.sees("ready", 2)
    assert await heard(stage, "anew") == ["anew"]


async def test_a_client_whose_heartbeats_are_not_acknowledged_connects_anew(rehearsal: RehearsalDiscord) -> None:
    rehearsal.gateway.heartbeat_milliseconds = 100
    async with connected(rehearsal, heartbeat_timeout=0.5) as bot:
        rehearsal.gateway.acknowledges_heartbeats = False
        await bot.sees("disconnect")
        rehearsal.gateway.acknowledges_heartbeats = True
        await bot.sees("resumed")


async def test_messages_that_are_deleted_at_once_are_told_in_one_event(stage: Stage) -> None:
    said = [await stage.ann.says(stage.channel, str(number)) for number in range(3)]
    delete_at_once(stage.channel, said[:2])
    (event,) = await stage.bot.sees("raw_bulk_message_delete")
    assert event.message_ids == {said[0].id, said[1].id}
    assert [message.content for message in stage.channel.messages] == ["2"]


async def test_the_bot_deletes_many_in_one_event_too(stage: Stage) -> None:
    stage.channel.set_bot_permissions(Permission.VIEW_CHANNEL | Permission.MANAGE_MESSAGES)
    said = [await stage.ann.says(stage.channel, str(number)) for number in range(2)]
    await stage.place.delete_messages([discord.Object(message.id) for message in said])
    assert len((await stage.bot.sees("raw_bulk_message_delete"))[0].message_ids) == 2
    assert stage.channel.messages == []


async def test_a_permission_is_taken_in_a_channel_and_given_back(stage: Stage) -> None:
    stage.channel.take_bot_permissions(Permission.MANAGE_WEBHOOKS)
    await stage.bot.sees("guild_channel_update")
    assert not stage.place.permissions_for(stage.place.guild.me).manage_webhooks
    assert stage.place.permissions_for(stage.place.guild.me).send_messages
    with pytest.raises(discord.Forbidden):
        await stage.webhook()
    stage.channel.give_back_bot_permissions()
    await stage.bot.sees("guild_channel_update", 2)
    await stage.webhook()


async def test_a_permission_is_taken_in_the_guild_and_given_back(stage: Stage) -> None:
    stage.guild.take_bot_permissions(Permission.MANAGE_WEBHOOKS)
    await stage.bot.sees("guild_role_update")
    assert not stage.place.permissions_for(stage.place.guild.me).manage_webhooks
    stage.guild.give_back_bot_permissions()
    await stage.bot.sees("guild_role_update", 2)
    await stage.webhook()


async def test_a_webhook_that_is_renamed_moved_or_deleted_is_told_of(stage: Stage) -> None:
    made = await stage.webhook()
    webhook = stage.rehearsal.world.webhooks[made.id]
    await stage.bot.sees("webhooks_update")
    webhook.rename("Mine now")
    await stage.bot.sees("webhooks_update", 2)
    webhook.move(stage.guild.add_text_channel("elsewhere"))
    await stage.bot.sees("webhooks_update", 4)
    webhook.delete()
    assert (await stage.bot.sees("webhooks_update", 5))[0].name == "elsewhere"
    with pytest.raises(discord.NotFound) as gone:
        await made.send("hello")
    assert gone.value.code == 10015


async def test_a_bot_that_was_kicked_may_be_invited_again(stage: Stage) -> None:
    stage.guild.remove_bot()
    await stage.bot.sees("guild_remove")
    with pytest.raises(discord.Forbidden):
        await stage.bot.fetch_channel(stage.channel.id)
    stage.guild.invite_bot()
    await stage.bot.sees("guild_join")
    assert (await stage.bot.fetch_channel(stage.channel.id)).id == stage.channel.id


async def test_a_locked_thread_takes_no_posts_and_an_archived_one_no_changes(stage: Stage) -> None:
    thread = stage.channel.add_thread("deeper")
    place = await stage.bot.fetch_channel(thread.id)
    assert isinstance(place, discord.Thread)
    webhook = await stage.webhook()
    own = await place.send("own")
    posted = await webhook.send("persona's", thread=place, wait=True)
    thread.set_archived(archived=True, locked=True)
    assert (await stage.bot.sees("thread_update"))[1].locked
    for refused, code in (
        (place.send("more"), 160005),
        (webhook.send("more", thread=place), 160005),
        (own.edit(content="changed"), 50083),
        (own.add_reaction("🔥"), 50083),
        (webhook.edit_message(posted.id, content="changed", thread=place), 50083),
    ):
        with pytest.raises(discord.HTTPException) as refusal:
            await refused
        assert refusal.value.code == code
    thread.set_archived(archived=False, locked=False)
    await webhook.send("again", thread=place)
