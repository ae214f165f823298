"""Personas: webhooks made, posted through, found and lost, as discord.py does it."""

from __future__ import annotations

import asyncio
import io

import discord
import pytest
from aiohttp import ClientSession
from PIL import Image

from bot.rehearsal import BOT_PERMISSIONS, Permission
from tests.rehearsal.conftest import Stage


def a_picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "PNG")
    return data.getvalue()


async def test_one_webhook_speaks_for_many_personas(stage: Stage) -> None:
    webhook = await stage.webhook()
    assert webhook.token is not None
    assert len(webhook.token) == 68
    posted = await webhook.send("hello", username="AI-1 (Kimi K2)", avatar_url="https://example.org/1.png", wait=True)
    await webhook.send("hi", username="AI-2 (Claude 3 Opus)")
    messages = await stage.channel.wait_for_messages(2)
    assert [message.author_name for message in messages] == ["AI-1 (Kimi K2)", "AI-2 (Claude 3 Opus)"]
    assert messages[0].id == posted.id
    assert messages[0].webhook_id == webhook.id
    assert messages[0].author.avatar_url == "https://example.org/1.png"
    (seen,) = await stage.bot.sees("message")
    assert seen.webhook_id == webhook.id
    assert seen.author.id == webhook.id
    assert seen.author.bot
    assert seen.application_id == stage.bot.application_id
    assert stage.rehearsal.problems == []


async def test_a_picture_is_posted_with_its_description(stage: Stage) -> None:
    webhook = await stage.webhook()
    file = discord.File(io.BytesIO(a_picture()), "a picture.png", description="a teal field")
    posted = await webhook.send("look", file=file, username="AI-1", wait=True)
    attachment = stage.channel.messages[0].attachments[0]
    assert (attachment.filename, attachment.description) == ("a_picture.png", "a teal field")
    assert (attachment.width, attachment.height, attachment.content_type) == (40, 30, "image/png")
    assert attachment.data == a_picture()
    assert await posted.attachments[0].read() == a_picture()
    assert posted.attachments[0].url.startswith(stage.rehearsal.world.address)


async def test_a_post_is_edited_fetched_and_deleted(stage: Stage) -> None:
    webhook = await stage.webhook()
    posted = await webhook.send("one", wait=True)
    with_file = await posted.add_files(discord.File(io.BytesIO(b"x"), "a.txt"))
    assert [attachment.filename for attachment in with_file.attachments] == ["a.txt"]
    edited = await webhook.edit_message(posted.id, content="two", attachments=[])
    assert edited.content == "two"
    assert edited.attachments == []
    assert (await webhook.fetch_message(posted.id)).content == "two"
    await webhook.delete_message(posted.id)
    assert stage.channel.messages == []
    with pytest.raises(discord.NotFound) as gone:
        await webhook.fetch_message(posted.id)
    assert gone.value.code == 10008


async def test_a_post_goes_to_a_thread_of_the_channel(stage: Stage) -> None:
    webhook = await stage.webhook()
    thread = stage.channel.add_thread("deeper")
    await webhook.send("below", thread=discord.Object(thread.id), username="AI-1", wait=True)
    assert [message.content for message in thread.messages] == ["below"]
    assert stage.channel.messages == []
    thread.set_archived(archived=True)
    await webhook.send("opened again", thread=discord.Object(thread.id), wait=True)
    assert not thread.is_archived
    thread.set_archived(archived=True, locked=True)
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send("locked", thread=discord.Object(thread.id), wait=True)
    assert refused.value.code == 160005
    elsewhere = stage.guild.add_text_channel("elsewhere").add_thread("not here")
    with pytest.raises(discord.NotFound) as unknown:
        await webhook.send("lost", thread=discord.Object(elsewhere.id), wait=True)
    assert unknown.value.code == 10003


@pytest.mark.parametrize(
    "name",
    ["Clyde", "AI-1 (Declyded)", "Discord Bot", "everyone", "Here", "x" * 81, "\u200b"],
)
async def test_names_that_discord_refuses_are_refused(stage: Stage, name: str) -> None:
    webhook = await stage.webhook()
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send("hello", username=name, wait=True)
    assert (refused.value.status, refused.value.code) == (400, 50035)
    assert "In username:" in refused.value.text
    with pytest.raises(discord.HTTPException):
        await stage.place.create_webhook(name=name)
    assert stage.channel.messages == []


async def test_names_of_eighty_characters_and_harmless_ones_are_taken(stage: Stage) -> None:
    webhook = await stage.webhook()
    for name in ("x" * 80, "groundsphere", "AI-3 (Claude 3 Opus)", "  two   spaces "):
        await webhook.send("hello", username=name, wait=True)
    assert stage.channel.messages[-1].author_name == "two spaces"


async def test_a_channel_takes_fifteen_webhooks(stage: Stage) -> None:
    for number in range(15):
        stage.rehearsal.world.add_webhook(stage.channel, f"hook {number}", creator=stage.ann.user)
    with pytest.raises(discord.HTTPException) as refused:
        await stage.webhook()
    assert refused.value.code == 30007
    assert len(await stage.place.webhooks()) == 15


async def test_managing_webhooks_needs_the_permission_and_posting_does_not(stage: Stage) -> None:
    webhook = await stage.webhook()
    stage.channel.set_bot_permissions(BOT_PERMISSIONS & ~Permission.MANAGE_WEBHOOKS & ~Permission.SEND_MESSAGES)
    for attempt in (stage.place.webhooks(), stage.place.create_webhook(name="another"), webhook.delete(reason=None)):
        with pytest.raises(discord.Forbidden) as refused:
            await attempt
        assert refused.value.code == 50013
    await webhook.send("still here", wait=True)
    assert (await stage.bot.fetch_webhook(webhook.id)).name == "Backroom"


async def test_a_webhook_that_a_moderator_deleted_is_unknown(stage: Stage) -> None:
    webhook = await stage.webhook()
    await stage.bot.sees("webhooks_update")
    await stage.ann.deletes(stage.channel.webhooks[webhook.id])
    assert (await stage.bot.sees("webhooks_update", 2))[0].id == stage.channel.id
    with pytest.raises(discord.NotFound) as unknown:
        await webhook.send("anyone?", wait=True)
    assert unknown.value.code == 10015


async def test_a_wrong_token_opens_nothing(stage: Stage, session: ClientSession) -> None:
    webhook = await stage.webhook()
    forged = discord.Webhook.partial(webhook.id, "x" * 68, session=session)
    with pytest.raises(discord.HTTPException) as refused:
        await forged.send("hello", wait=True)
    assert (refused.value.status, refused.value.code) == (401, 50027)


async def test_a_webhook_is_renamed_and_moved(stage: Stage) -> None:
    webhook = await stage.webhook()
    other = stage.guild.add_text_channel("other")
    await stage.bot.sees("guild_channel_create")
    renamed = await webhook.edit(name="House")
    assert renamed.name == "House"
    moved = await webhook.edit(channel=stage.bot.get_channel(other.id))
    assert moved.channel_id == other.id
    await webhook.send("over here", wait=True)
    assert [message.content for message in other.messages] == ["over here"]
    assert (await webhook.fetch(prefer_auth=False)).name == "House"
    await webhook.delete(prefer_auth=False)
    assert other.webhooks == {}


@pytest.mark.parametrize(
    ("embed", "field"),
    [
        (discord.Embed(title="x" * 257), "embeds.0.title"),
        (discord.Embed(description="x" * 4097), "embeds.0.description"),
        (discord.Embed(url="ftp://example.org"), "embeds.0.url"),
    ],
)
async def test_embeds_are_held_to_their_limits(stage: Stage, embed: discord.Embed, field: str) -> None:
    webhook = await stage.webhook()
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send(embed=embed, wait=True)
    assert f"In {field}:" in refused.value.text


async def test_the_embeds_of_a_message_are_counted_together(stage: Stage) -> None:
    webhook = await stage.webhook()
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send(embeds=[discord.Embed(description="x" * 3001)] * 2, wait=True)
    assert "6000" in refused.value.text
    await webhook.send(embeds=[discord.Embed(description="x" * 3000)] * 2, wait=True)


async def test_files_are_held_to_their_limits(stage: Stage) -> None:
    webhook = await stage.webhook()
    too_large = discord.File(io.BytesIO(bytes(10 * 1024 * 1024 + 1)), "large.bin")
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send(file=too_large, wait=True)
    assert refused.value.code == 50045
    wordy = discord.File(io.BytesIO(b"x"), "a.png", description="x" * 1025)
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send(file=wordy, wait=True)
    assert "attachments.0.description" in refused.value.text
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send(files=[discord.File(io.BytesIO(b"x"), f"{n}.txt") for n in range(11)], wait=True)
    assert refused.value.code == 30015


async def test_half_a_surrogate_pair_is_no_text(stage: Stage) -> None:
    webhook = await stage.webhook()
    with pytest.raises(discord.HTTPException) as refused:
        await webhook.send("\ud83d", wait=True)
    assert refused.value.code == 50109


async def test_enforced_limits_answer_with_a_429_that_discord_py_waits_for(stage: Stage) -> None:
    webhook = await stage.webhook()
    stage.rehearsal.limits.are_enforced = True
    for number in range(7):
        await webhook.send(str(number), wait=True)
    assert [message.content for message in stage.channel.messages] == [str(number) for number in range(7)]


async def test_the_sixth_post_within_two_seconds_is_refused_when_nobody_waits(
    stage: Stage, session: ClientSession
) -> None:
    webhook = await stage.webhook()
    stage.rehearsal.limits.are_enforced = True
    url = f"{stage.rehearsal.api_url}/webhooks/{webhook.id}/{webhook.token}"
    body = {"content": "hi", "allowed_mentions": {"parse": []}}

    async def post() -> tuple[int, dict[str, str]]:
        async with session.post(url, json=body) as response:
            return response.status, dict(response.headers)

    answers = await asyncio.gather(*(post() for _ in range(6)))
    assert sorted(status for status, _ in answers) == [204] * 5 + [429]
    headers = next(headers for status, headers in answers if status == 429)
    assert headers["Via"]
    assert headers["Content-Type"] == "application/json"
    assert float(headers["X-RateLimit-Reset-After"]) <= 2
    assert headers["X-RateLimit-Remaining"] == "0"
    assert stage.rehearsal.problems == []
