"""Application emojis: the faces of personas."""

from __future__ import annotations

import discord
import pytest
from aiohttp import ClientSession

from tests.rehearsal.conftest import Stage
from tests.rehearsal.test_webhooks import a_picture


async def test_an_emoji_is_made_listed_served_and_deleted(stage: Stage, session: ClientSession) -> None:
    made = await stage.bot.create_application_emoji(name="kimi_k2", image=a_picture())
    assert [emoji.id for emoji in await stage.bot.fetch_application_emojis()] == [made.id]
    async with session.get(f"{stage.rehearsal.world.address}/emojis/{made.id}.png") as served:
        assert (served.status, served.content_type) == (200, "image/png")
        assert await served.read() == a_picture()
    message = await stage.place.send("react to me")
    await message.add_reaction(made)
    assert list(stage.channel.messages[0].reactions) == [f"kimi_k2:{made.id}"]
    await made.edit(name="kimi")
    await made.delete()
    assert await stage.bot.fetch_application_emojis() == []


async def test_emojis_are_held_to_their_limits(stage: Stage) -> None:
    await stage.bot.create_application_emoji(name="one", image=a_picture())
    attempts = [
        ("one", a_picture()),
        ("a", a_picture()),
        ("no-dash", a_picture()),
        ("big", a_picture() + bytes(262144)),
    ]
    for name, image in attempts:
        with pytest.raises(discord.HTTPException) as refused:
            await stage.bot.create_application_emoji(name=name, image=image)
        assert refused.value.code == 50035
