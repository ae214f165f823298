"""Messages, reactions, pins and threads, as discord.py writes and reads them."""

from __future__ import annotations

import io

import discord
import pytest
from discord.http import handle_message_parameters

from bot.rehearsal import BOT_PERMISSIONS, MayNot, Permission
from tests.rehearsal.client import history
from tests.rehearsal.conftest import Stage


async def test_a_person_is_heard(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "hello, machines")
    (heard,) = await stage.bot.sees("message")
    assert (heard.id, heard.content, heard.author.display_name) == (said.id, "hello, machines", "Ann")
    assert not heard.author.bot
    assert heard.channel.id == stage.channel.id
    reply = await stage.bob.says(stage.channel, "hi Ann", reply_to=said)
    (heard_reply,) = await stage.bot.sees("message", 2)
    assert heard_reply.id == reply.id
    assert heard_reply.reference.resolved.content == "hello, machines"


async def test_a_persons_file_can_be_fetched(stage: Stage) -> None:
    await stage.ann.says(stage.channel, "look", files={"note.txt": b"words"})
    (heard,) = await stage.bot.sees("message")
    assert await heard.attachments[0].read() == b"words"


async def test_the_history_is_read_in_order_and_in_pages(stage: Stage) -> None:
    said = [await stage.ann.says(stage.channel, str(number)) for number in range(120)]
    assert await history(stage.place, limit=None, oldest_first=True) == [str(number) for number in range(120)]
    assert await history(stage.place, limit=3) == ["119", "118", "117"]
    assert await history(stage.place, limit=2, after=discord.Object(said[5].id)) == ["6", "7"]
    assert await history(stage.place, limit=2, before=discord.Object(said[5].id)) == ["4", "3"]
    assert await history(stage.place, limit=3, around=discord.Object(said[5].id)) == ["6", "5", "4"]


async def test_without_the_right_to_read_history_it_is_empty_and_no_error(stage: Stage) -> None:
    await stage.ann.says(stage.channel, "before")
    stage.channel.set_bot_permissions(BOT_PERMISSIONS & ~Permission.READ_MESSAGE_HISTORY)
    assert await history(stage.place) == []
    stage.channel.give_back_bot_permissions()
    assert await history(stage.place) == ["before"]


async def test_the_bot_writes_edits_and_deletes_its_own_message(stage: Stage) -> None:
    sent = await stage.place.send("one")
    assert [message.content for message in stage.channel.messages] == ["one"]
    edited = await sent.edit(content="two")
    assert edited.content == "two"
    assert edited.edited_at is not None
    assert (await stage.bot.sees("raw_message_edit"))[0].message.content == "two"
    assert (await stage.place.fetch_message(sent.id)).content == "two"
    await sent.delete()
    assert (await stage.bot.sees("raw_message_delete"))[0].message_id == sent.id
    with pytest.raises(discord.NotFound) as gone:
        await stage.place.fetch_message(sent.id)
    assert gone.value.code == 10008


async def test_two_thousand_characters_are_the_most(stage: Stage) -> None:
    await stage.place.send("ä" * 2000)
    with pytest.raises(discord.HTTPException) as refused:
        await stage.place.send("ä" * 2001)
    assert refused.value.status == 400
    assert refused.value.code == 50035
    assert "In content: Must be 2000 or fewer in length." in refused.value.text
    assert [problem for problem in stage.rehearsal.problems if "content: Must be 2000" in problem]


async def test_nothing_to_show_is_refused(stage: Stage) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await stage.place.send("   \n ")
    assert refused.value.code == 50006


async def test_an_enforced_nonce_posts_once(stage: Stage) -> None:
    first = await stage.place.send("once", nonce="0123456789")
    second = await stage.place.send("once", nonce="0123456789")
    assert first.id == second.id
    assert len(stage.channel.messages) == 1
    await stage.place.send("once", nonce="another")
    assert len(stage.channel.messages) == 2


async def test_a_reply_refers_to_its_message(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "question")
    question = await stage.place.fetch_message(said.id)
    answer = await question.reply("answer", mention_author=False)
    assert answer.reference is not None
    assert answer.reference.message_id == said.id
    await stage.ann.deletes(said)
    with pytest.raises(discord.HTTPException) as refused:
        await question.reply("too late", mention_author=False)
    assert "message_reference" in refused.value.text


async def test_what_the_bot_may_not_do_is_forbidden(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "mine")
    with pytest.raises(discord.Forbidden) as refused:
        await (await stage.place.fetch_message(said.id)).delete()
    assert refused.value.code == 50013
    with pytest.raises(discord.Forbidden) as refused:
        await stage.bot.http.edit_message(stage.channel.id, said.id, params=handle_message_parameters("changed"))
    assert refused.value.code == 50005
    stage.channel.set_bot_permissions(Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden):
        await stage.place.send("with a file", file=discord.File(io.BytesIO(b"1"), "a.txt"))
    stage.channel.set_bot_permissions(Permission.NONE)
    with pytest.raises(discord.Forbidden) as refused:
        await stage.place.send("hidden")
    assert refused.value.code == 50001


async def test_unknown_places_are_not_found(stage: Stage) -> None:
    with pytest.raises(discord.NotFound) as unknown:
        await stage.bot.fetch_channel(123456789012345678)
    assert unknown.value.code == 10003
    with pytest.raises(discord.NotFound) as unknown:
        await stage.bot.fetch_guild(123456789012345678)
    assert unknown.value.code == 10004


async def test_reactions_come_and_go(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "nice")
    await stage.bob.reacts(said, "🔥")
    (added,) = await stage.bot.sees("raw_reaction_add")
    assert (str(added.emoji), added.user_id, added.message_id) == ("🔥", stage.bob.id, said.id)
    assert added.member.display_name == "Bob"
    assert added.message_author_id == stage.ann.id
    await stage.bob.unreacts(said, "🔥")
    assert (await stage.bot.sees("raw_reaction_remove"))[0].user_id == stage.bob.id
    message = await stage.place.fetch_message(said.id)
    await message.add_reaction("👀")
    assert [user.name for user in said.reactions["👀"]] == ["Backroom"]
    again = await stage.place.fetch_message(said.id)
    assert [(str(reaction.emoji), reaction.count, reaction.me) for reaction in again.reactions] == [("👀", 1, True)]
    assert [user.id async for user in again.reactions[0].users()] == [stage.bot.application_id]
    await message.remove_reaction("👀", stage.place.guild.me)
    assert said.reactions == {}


async def test_reactions_have_their_limits(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "nice")
    message = await stage.place.fetch_message(said.id)
    with pytest.raises(discord.HTTPException) as refused:
        await message.add_reaction("no emoji")
    assert refused.value.code == 10014
    for number in range(20):
        await stage.bob.reacts(said, chr(0x1F600 + number))
    with pytest.raises(discord.HTTPException) as refused:
        await message.add_reaction("🔥")
    assert refused.value.code == 30010


async def test_pins_need_their_own_permission(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "important")
    message = await stage.place.fetch_message(said.id)
    with pytest.raises(discord.Forbidden):
        await message.pin()
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.PIN_MESSAGES)
    await message.pin()
    assert [pinned.id async for pinned in stage.place.pins()] == [said.id]
    await message.unpin()
    assert [pinned.id async for pinned in stage.place.pins()] == []


async def test_people_are_held_to_their_permissions_too(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "mine")
    with pytest.raises(MayNot):
        await stage.bob.deletes(said)
    await stage.ann.deletes(said)
    assert (await stage.bot.sees("raw_message_delete"))[0].message_id == said.id


async def test_a_thread_is_opened_written_to_and_closed(stage: Stage) -> None:
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS | Permission.MANAGE_THREADS)
    thread = await stage.place.create_thread(name="deeper", type=discord.ChannelType.public_thread)
    await thread.send("below")
    ours = stage.guild.channels[thread.id]
    assert [message.content for message in ours.messages] == ["below"]
    active = await stage.place.guild.active_threads()
    assert [one.id for one in active] == [thread.id]
    await thread.edit(archived=True, locked=True)
    with pytest.raises(discord.HTTPException) as refused:
        await thread.send("too late")
    assert refused.value.code == 160005
    await thread.delete()
    await stage.bot.sees("raw_thread_delete")


async def test_a_thread_on_a_message_takes_its_id(stage: Stage) -> None:
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS)
    message = await stage.place.send("start")
    thread = await message.create_thread(name="on it")
    assert thread.id == message.id
    with pytest.raises(discord.HTTPException) as refused:
        await message.create_thread(name="again")
    assert refused.value.code == 160004


async def test_mentions_ping_only_where_they_are_let(stage: Stage) -> None:
    await stage.place.send(f"<@{stage.ann.id}> @everyone")
    assert stage.channel.messages[-1].mentions.users == []
    assert stage.rehearsal.problems == []
    await stage.place.send(f"<@{stage.ann.id}> `@everyone`", allowed_mentions=discord.AllowedMentions.all())
    assert [user.name for user in stage.channel.messages[-1].mentions.users] == ["Ann"]
    assert not stage.channel.messages[-1].mentions.everyone
    assert "may ping" in stage.rehearsal.problems[-1]


async def test_waiting_for_what_does_not_come_shows_the_channel(stage: Stage) -> None:
    await stage.ann.says(stage.channel, "only this")
    assert (await stage.channel.wait_for(lambda message: "only" in message.content)).author_name == "Ann"
    with pytest.raises(TimeoutError, match="only this"):
        await stage.channel.wait_for_messages(2, seconds=0.05)
