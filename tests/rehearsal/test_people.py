"""What people do besides talking: nicknames, replies, reactions, deletions, threads, posts in forums."""

from __future__ import annotations

import discord
import pytest
from discord.http import Route, handle_message_parameters

from bot.rehearsal import BOT_PERMISSIONS, MayNot, Permission
from bot.rehearsal.world.forums import Forum
from tests.rehearsal.client import connected
from tests.rehearsal.conftest import Stage


async def a_forum(stage: Stage) -> tuple[Forum, discord.ForumChannel]:
    forum = stage.guild.add_forum("ideas")
    await stage.bot.sees("guild_channel_create")
    place = stage.bot.get_channel(forum.id)
    assert isinstance(place, discord.ForumChannel)
    return forum, place


async def test_people_are_called_by_their_nicknames(stage: Stage) -> None:
    cara = stage.guild.add_member("Cara", nick="Captain")
    said = await cara.says(stage.channel, "ahoy")
    assert said.author_name == "Captain"
    assert (await stage.bot.sees("message"))[0].author.display_name == "Captain"
    await stage.bob.takes_nickname("Bobby")
    await cara.says(stage.channel, f"<@{stage.bob.id}>", reply_to=said)
    (heard,) = await stage.bot.sees("message", 2)
    assert [one.display_name for one in heard.mentions] == ["Bobby", "Captain"]
    with pytest.raises(MayNot):
        await stage.bob.takes_nickname("x" * 33)
    await stage.bob.takes_nickname(None)
    assert stage.bob.name == "Bob"


async def test_a_reply_pings_a_user_and_never_a_persona(stage: Stage) -> None:
    webhook = await stage.webhook()
    await webhook.send("I am a persona", username="AI-1", wait=True)
    persona = stage.channel.messages[0]
    sent = await stage.place.send("I am the bot")
    for number, (reply_to, pings, pinged) in enumerate(
        [(persona, True, 0), (stage.channel.history[sent.id], True, 1), (stage.channel.history[sent.id], False, 0)]
    ):
        await stage.ann.says(stage.channel, "hm", reply_to=reply_to, pings=pings)
        (heard,) = await stage.bot.sees("message", 3 + number)
        assert len(heard.mentions) == pinged
        assert heard.reference.resolved.id == reply_to.id
        assert heard.reference.resolved.webhook_id == reply_to.webhook_id


async def test_without_the_content_intent_a_reply_to_the_bot_is_readable_and_one_to_a_persona_is_not(
    stage: Stage,
) -> None:
    await stage.bot.close()
    async with connected(stage.rehearsal, intents=discord.Intents(guilds=True, guild_messages=True)) as bot:
        place = bot.get_channel(stage.channel.id)
        assert isinstance(place, discord.TextChannel)
        webhook = await place.create_webhook(name="Backroom")
        await webhook.send("persona", username="AI-1", wait=True)
        sent = await place.send("bot")
        await stage.ann.says(stage.channel, "to the persona", reply_to=stage.channel.messages[0])
        await stage.ann.says(stage.channel, "to the bot", reply_to=stage.channel.history[sent.id])
        assert (await bot.sees("message", 3))[0].content == ""
        assert (await bot.sees("message", 4))[0].content == "to the bot"


async def test_several_people_react_and_a_moderator_takes_reactions_away(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "nice")
    for person in (stage.ann, stage.bob):
        await person.reacts(said, "🔥")
    await stage.bob.reacts(said, "❌")
    await (await stage.place.fetch_message(said.id)).add_reaction("👀")
    (own,) = await stage.bot.sees("raw_reaction_add", 4)
    assert (own.user_id, own.message_author_id) == (stage.bot.application_id, stage.ann.id)
    assert own.member.bot
    with pytest.raises(MayNot):
        await stage.bob.removes_reaction(said, "🔥", stage.ann)
    await stage.ann.removes_reaction(said, "❌", stage.bob)
    (gone,) = await stage.bot.sees("raw_reaction_remove")
    assert (str(gone.emoji), gone.user_id) == ("❌", stage.bob.id)
    await stage.ann.clears_reactions(said, "🔥")
    assert str((await stage.bot.sees("raw_reaction_clear_emoji"))[0].emoji) == "🔥"
    await stage.ann.clears_reactions(said)
    assert (await stage.bot.sees("raw_reaction_clear"))[0].message_id == said.id
    assert said.reactions == {}


async def test_a_reaction_to_a_persona_names_no_author(stage: Stage) -> None:
    webhook = await stage.webhook()
    await webhook.send("I am a persona", username="AI-1", wait=True)
    await stage.bob.reacts(stage.channel.messages[0], "🔥")
    (added,) = await stage.bot.sees("raw_reaction_add")
    assert (added.message_id, added.message_author_id) == (stage.channel.messages[0].id, None)


async def test_who_may_not_be_the_first_to_react_may_join_others(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "nice")
    stage.channel.set_permissions(stage.bob.id, Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY)
    with pytest.raises(MayNot):
        await stage.bob.reacts(said, "🔥")
    await stage.ann.reacts(said, "🔥")
    await stage.bob.reacts(said, "🔥")
    assert [user.name for user in said.reactions["🔥"]] == ["Ann", "Bob"]


async def test_an_edit_is_told_with_its_mentions(stage: Stage) -> None:
    said = await stage.bob.says(stage.channel, "one")
    await stage.bob.edits(said, f"two <@{stage.ann.id}>")
    edited = (await stage.bot.sees("raw_message_edit"))[0].message
    assert (edited.content, [one.id for one in edited.mentions]) == (said.content, [stage.ann.id])
    with pytest.raises(MayNot):
        await stage.ann.edits(said, "three")


async def test_many_messages_are_deleted_at_once(stage: Stage) -> None:
    said = [await stage.bob.says(stage.channel, str(number)) for number in range(4)]
    with pytest.raises(MayNot):
        await stage.bob.deletes_together(said[:2])
    await stage.ann.deletes_together(said[:2])
    (bulk,) = await stage.bot.sees("raw_bulk_message_delete")
    assert bulk.message_ids == {message.id for message in said[:2]}
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.MANAGE_MESSAGES)
    await stage.place.delete_messages([discord.Object(message.id) for message in said[2:]])
    await stage.bot.sees("raw_bulk_message_delete", 2)
    assert stage.channel.messages == []
    assert stage.bot.all_seen("raw_message_delete") == []


async def test_managing_messages_is_no_leave_to_pin(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "important")
    message = await stage.place.fetch_message(said.id)
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.MANAGE_MESSAGES)
    with pytest.raises(discord.Forbidden):
        await message.pin()
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.PIN_MESSAGES)
    await message.pin()
    await message.unpin()


async def test_an_age_restricted_channel_says_so_everywhere(stage: Stage) -> None:
    adults = stage.guild.add_text_channel("adults", nsfw=True)
    await stage.bot.sees("guild_channel_create")
    place = stage.bot.get_channel(adults.id)
    assert isinstance(place, discord.TextChannel)
    assert place.is_nsfw()
    assert not stage.place.is_nsfw()
    assert (await stage.bot.fetch_channel(adults.id)).is_nsfw()  # type: ignore[union-attr]
    for channel, is_restricted in ((adults, True), (stage.channel, False)):
        reply = await stage.ann.slash(channel, "backroom status")
        assert reply.interaction.channel.nsfw is is_restricted
    seen = [interaction.channel.nsfw for (interaction,) in stage.bot.all_seen("interaction")]
    assert seen == [True, False]


async def test_a_person_opens_threads(stage: Stage) -> None:
    said = await stage.ann.says(stage.channel, "start")
    thread = await stage.bob.opens_thread(stage.channel, "on it", on=said)
    assert thread.id == said.id
    (opened,) = await stage.bot.sees("thread_create")
    assert (opened.id, opened.name, opened.owner_id) == (thread.id, "on it", stage.bob.id)
    with pytest.raises(MayNot):
        await stage.ann.opens_thread(stage.channel, "again", on=said)
    await stage.bob.opens_thread(stage.channel, "on nothing")
    assert stage.channel.messages[-1].author_name == "Bob"


async def test_opening_a_thread_needs_the_permission_and_one_of_four_durations(stage: Stage) -> None:
    with pytest.raises(discord.Forbidden):
        await stage.place.create_thread(name="deeper", type=discord.ChannelType.public_thread)
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS)
    message = await stage.place.send("on this")
    thread = await message.create_thread(name="deeper", auto_archive_duration=60)
    assert thread.auto_archive_duration == 60
    with pytest.raises(discord.HTTPException, match="auto_archive_duration"):
        await (await stage.place.send("on that")).create_thread(name="deeper", auto_archive_duration=61)  # type: ignore[arg-type]
    with pytest.raises(discord.HTTPException) as refused:
        await stage.bot.http.start_thread_without_message(thread.id, name="too deep", type=11, auto_archive_duration=60)
    assert refused.value.code == 50024


async def test_in_an_archived_thread_nothing_is_changed_until_somebody_writes(stage: Stage) -> None:
    stage.guild.set_bot_permissions(BOT_PERMISSIONS | Permission.CREATE_PUBLIC_THREADS | Permission.MANAGE_THREADS)
    thread = await stage.place.create_thread(name="deeper", type=discord.ChannelType.public_thread)
    below = await thread.send("below")
    await thread.edit(archived=True)
    for attempt in (below.edit(content="x"), below.add_reaction("🔥"), thread.join(), thread.edit(name="renamed")):
        with pytest.raises(discord.HTTPException) as refused:
            await attempt
        assert refused.value.code == 50083
    ours = stage.guild.channels[thread.id]
    with pytest.raises(MayNot):
        await stage.bob.reacts(ours.messages[0], "🔥")
    await stage.bob.says(ours, "awake")
    await below.edit(content="changed")


async def test_the_bot_opens_a_post_in_a_forum(stage: Stage) -> None:
    forum, place = await a_forum(stage)
    post = await place.create_thread(name="A room", content="first", auto_archive_duration=10080)
    assert post.message.id == post.thread.id
    assert [thread.name for thread in forum.posts] == ["A room"]
    assert [message.content for message in forum.posts[0].messages] == ["first"]
    await post.thread.send("second")
    with pytest.raises(discord.HTTPException) as refused:
        await stage.bot.http.send_message(forum.id, params=handle_message_parameters("nowhere"))
    assert refused.value.code == 50008
    stage.guild.set_bot_permissions(BOT_PERMISSIONS & ~Permission.SEND_MESSAGES)
    with pytest.raises(discord.Forbidden):
        await place.create_thread(name="Another", content="first")


async def test_a_person_opens_a_post(stage: Stage) -> None:
    forum, _ = await a_forum(stage)
    post = await stage.bob.opens_post(forum, "My idea", "listen")
    (opened,) = await stage.bot.sees("thread_create")
    assert (opened.id, opened.name, opened.parent_id) == (post.id, "My idea", forum.id)
    (heard,) = await stage.bot.sees("message")
    assert (heard.id, heard.channel.id, heard.content) == (post.id, post.id, "listen")
    with pytest.raises(MayNot):
        await stage.bob.says(forum, "nowhere")


async def test_a_webhook_posts_into_a_forum_with_a_title_or_a_post(stage: Stage) -> None:
    forum, place = await a_forum(stage)
    webhook = await place.create_webhook(name="Backroom")
    opened = await webhook.send("first", username="AI-1", thread_name="A room", wait=True)
    (post,) = forum.posts
    assert (opened.id, opened.channel.id) == (post.id, post.id)
    await webhook.send("second", username="AI-2", thread=post, wait=True)  # type: ignore[arg-type]
    assert [message.author_name for message in post.messages] == ["AI-1", "AI-2"]
    await webhook.edit_message(opened.id, content="changed", thread=discord.Object(post.id))
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send("nowhere", wait=True)
    assert refused.value.code == 220001
    own = await stage.webhook()
    with pytest.raises(discord.HTTPException) as refused:
        await own.send("x", thread_name="in a text channel", wait=True)
    assert refused.value.code == 220003


async def test_a_webhooks_post_has_not_both_a_title_and_a_place(stage: Stage) -> None:
    forum, place = await a_forum(stage)
    webhook = await place.create_webhook(name="Backroom")
    post = await stage.ann.opens_post(forum, "A", "first")
    route = Route("POST", f"/webhooks/{webhook.id}/{webhook.token}?wait=true&thread_id={post.id}")
    with pytest.raises(discord.HTTPException) as refused:
        await stage.bot.http.request(route, json={"content": "x", "thread_name": "B"})
    assert refused.value.code == 220002
