"""Direct messages: the bot writes to one person, who may not want it."""

from __future__ import annotations

import discord
import pytest

from tests.rehearsal.client import connected
from tests.rehearsal.conftest import Stage


async def test_the_bot_writes_to_a_person_alone(stage: Stage) -> None:
    user = await stage.bot.fetch_user(stage.ann.id)
    sent = await user.send("psst", embed=discord.Embed(title="a title"))
    (message,) = stage.ann.direct_messages
    assert (message.id, message.content, message.author_name) == (sent.id, "psst", "Backroom")
    assert isinstance(sent.channel, discord.DMChannel)
    assert sent.channel.recipient == user
    assert sent.guild is None
    assert stage.channel.messages == stage.bob.direct_messages == []
    assert stage.rehearsal.problems == []


async def test_what_was_written_is_read_edited_and_deleted_there(stage: Stage) -> None:
    user = await stage.bot.fetch_user(stage.ann.id)
    first = await user.send("one")
    await user.send("two")
    await first.edit(content="changed")
    await first.add_reaction("🔥")
    channel = await user.create_dm()
    assert [message.content async for message in channel.history()] == ["two", "changed"]
    assert (await channel.fetch_message(first.id)).reactions[0].me
    await first.delete()
    assert [message.content for message in stage.ann.direct_messages] == ["two"]
    assert isinstance(await stage.bot.fetch_channel(channel.id), discord.DMChannel)


async def test_a_person_who_takes_no_direct_messages_gets_none(stage: Stage) -> None:
    stage.ann.takes_direct_messages = False
    user = await stage.bot.fetch_user(stage.ann.id)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("psst")
    assert refused.value.code == 50007
    assert stage.ann.direct_messages == []


async def test_a_person_who_left_is_not_written_to_and_a_stranger_not_found(stage: Stage) -> None:
    user = await stage.bot.fetch_user(stage.bob.id)
    await user.create_dm()
    stage.guild.remove_member(stage.bob)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("psst")
    assert refused.value.code == 50007
    with pytest.raises(discord.NotFound):
        await stage.bot.fetch_user(12345678901234567)
    with pytest.raises(discord.HTTPException) as invalid:
        await stage.bot.http.start_private_message(12345678901234567)
    assert invalid.value.code == 50033


async def test_nothing_can_be_managed_among_two(stage: Stage) -> None:
    channel = await (await stage.bot.fetch_user(stage.ann.id)).create_dm()
    with pytest.raises(discord.Forbidden) as refused:
        await stage.bot.http.create_webhook(channel.id, name="Backroom")
    assert refused.value.code == 50003


async def test_events_of_direct_messages_have_an_intent_of_their_own_and_no_guild(stage: Stage) -> None:
    await (await stage.bot.fetch_user(stage.ann.id)).send("unseen")
    await stage.ann.says(stage.channel, "seen")
    assert (await stage.bot.sees("message"))[0].content == "seen"
    intents = discord.Intents(guilds=True, dm_messages=True)
    async with connected(stage.rehearsal, intents=intents) as other:
        await (await other.fetch_user(stage.ann.id)).send("told of")
        told = (await other.sees("message"))[0]
        assert (told.content, told.guild) == ("told of", None)
        channel = stage.rehearsal.world.direct_channel(stage.ann.user)
        channel.messages[0].delete()
        assert (await other.sees("raw_message_delete"))[0].guild_id is None
