"""Every model gets one face, uploaded once; no failure of Discord's makes anybody wait or lose a word."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
from io import BytesIO
from typing import Any

import discord
import pytest
import simcord
from discord.ext import commands
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.posting.faces import Faces, emoji_name


def simulated_discord() -> Any:
    return simcord.run(commands.Bot("!", intents=discord.Intents.default()))


def uploads(env: Any) -> list[Any]:
    return [request for request in env.http_requests if request.method == "POST" and request.path.endswith("/emojis")]


def listings(env: Any) -> list[Any]:
    return [request for request in env.http_requests if request.method == "GET" and request.path.endswith("/emojis")]


async def test_a_face_is_uploaded_once_and_its_address_stays() -> None:
    async with simulated_discord() as env:
        faces = Faces(env.bot)
        address = await faces.face_of("Kimi K2")
        assert re.fullmatch(r"https://cdn\.discordapp\.com/emojis/\d+\.png", address or "")
        assert await faces.face_of("Kimi K2") == address
        (upload,) = uploads(env)
        assert upload.json["name"] == emoji_name("Kimi K2")
        picture = Image.open(BytesIO(base64.b64decode(upload.json["image"].split(",")[1])))
        assert (picture.format, picture.size) == ("PNG", (128, 128))


async def test_fifty_who_ask_at_once_share_one_upload() -> None:
    async with simulated_discord() as env:
        faces = Faces(env.bot)
        addresses = await asyncio.gather(*(faces.face_of("DeepSeek R1") for _ in range(50)))
        assert len(set(addresses)) == 1
        assert addresses[0] is not None
        assert len(uploads(env)) == len(listings(env)) == 1


async def test_different_models_have_different_faces_and_one_listing() -> None:
    async with simulated_discord() as env:
        faces = Faces(env.bot)
        models = [f"Model {number}" for number in range(8)]
        addresses = await asyncio.gather(*map(faces.face_of, models))
        assert len(set(addresses)) == len(uploads(env)) == 8
        assert len(listings(env)) == 1


async def test_a_face_of_an_earlier_run_is_found_again() -> None:
    async with simulated_discord() as env:
        address = await Faces(env.bot).face_of("Gemini 3 Flash")
        assert await Faces(env.bot).face_of("Gemini 3 Flash") == address
        assert len(uploads(env)) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_when_discord_declines_there_is_no_face_and_one_warning(
    method: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with simulated_discord() as env:
        caplog.set_level(logging.WARNING, "bot.posting.faces")
        env.inject_error(method, "/applications/*/emojis", status=403, times=None)
        faces = Faces(env.bot)
        assert await asyncio.gather(*(faces.face_of(model) for model in ("A", "B", "A"))) == [None] * 3
        asked = len(env.http_requests)
        assert await faces.face_of("C") is None
        assert len(env.http_requests) == asked, "it asked again at once"
        assert [record.name for record in caplog.records].count("bot.posting.faces") == 1


async def test_after_a_while_it_is_tried_again() -> None:
    async with simulated_discord() as env:
        env.inject_error("POST", "/applications/*/emojis", status=403, times=1)
        faces = Faces(env.bot, seconds_before_another_try=0)
        assert await faces.face_of("Claude 3 Opus") is None
        assert await faces.face_of("Claude 3 Opus") is not None


async def test_one_who_stops_waiting_does_not_stop_the_others() -> None:
    async with simulated_discord() as env:
        faces = Faces(env.bot)
        impatient = asyncio.create_task(faces.face_of("GPT"))
        patient = asyncio.create_task(faces.face_of("GPT"))
        await asyncio.sleep(0)
        impatient.cancel()
        assert await patient is not None
        assert len(uploads(env)) == 1


async def test_closing_gives_up_what_is_under_way() -> None:
    async with simulated_discord() as env:
        faces = Faces(env.bot)
        asking = asyncio.create_task(faces.face_of("GLM"))
        await asyncio.sleep(0)
        await faces.close()
        assert await asking is None


async def test_nobody_has_no_face() -> None:
    async with simulated_discord() as env:
        assert await Faces(env.bot).face_of("") is None
        assert not uploads(env)


@given(st.text())
def test_an_emojis_name_is_one_that_discord_accepts(model: str) -> None:
    assert re.fullmatch(r"\w{2,32}", emoji_name(model), re.ASCII)


@given(st.lists(st.text(), unique=True, max_size=20))
def test_no_two_models_share_an_emoji(models: list[str]) -> None:
    assert len(set(map(emoji_name, models))) == len(models)
