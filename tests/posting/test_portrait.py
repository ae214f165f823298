"""A portrait is the same for one name, another for another, and within Discord's limits for emojis."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.posting.portrait import portrait

MODELS = [
    "Claude 3 Opus", "Claude Opus 4.5", "Claude Sonnet 4.5", "DeepSeek R1", "DeepSeek V3.2", "GLM 4.6", "GPT-4o",
    "GPT-5", "GPT-5.1", "Gemini 2.5 Pro", "Gemini 3 Flash", "Gemini 3 Pro", "Grok 4", "Hermes 4", "Kimi K2",
    "Kimi K2 Thinking", "Llama 4 Maverick", "Mistral Large", "Phi 4", "Qwen3",
]  # fmt: skip


def opened(name: str) -> Image.Image:
    return Image.open(BytesIO(portrait(name))).convert("RGB")


def unlikeness(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures at the size of an avatar in a chat, from 0 to 255."""
    small = [picture.resize((40, 40), Image.Resampling.LANCZOS) for picture in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*small)).mean) / 3


@pytest.mark.parametrize("name", ["Kimi K2", "", " ", "静寂", "🌊", "x" * 500, "\ud800"])
def test_any_name_gets_a_small_square_png(name: str) -> None:
    data = portrait(name)
    picture = Image.open(BytesIO(data))
    assert (picture.format, picture.size) == ("PNG", (128, 128))
    assert len(data) <= 256 * 1024


def test_a_name_always_gets_the_same_face() -> None:
    assert portrait("Kimi K2") == portrait("Kimi K2")


def test_the_faces_of_twenty_models_can_be_told_apart_at_forty_pixels() -> None:
    faces = [opened(name) for name in MODELS]
    assert min(unlikeness(one, other) for at, one in enumerate(faces) for other in faces[:at]) > 12


def test_the_sign_stays_within_the_circle_that_clients_crop_to() -> None:
    for name in MODELS:
        picture = opened(name)
        edge = [
            picture.getpixel(place) for place in ((0, 0), (127, 0), (0, 127), (127, 127), (2, 64), (125, 64), (64, 125))
        ]
        assert all(isinstance(pixel, tuple) and min(pixel) < 140 for pixel in edge)


def test_models_of_one_family_share_its_colour() -> None:
    def ground(name: str) -> tuple[float, ...]:
        return tuple(opened(name).convert("HSV").getpixel((4, 64)))  # type: ignore[arg-type]

    assert abs(ground("Gemini 3 Flash")[0] - ground("Gemini 2.5 Pro")[0]) < 24
    assert abs(ground("Gemini 3 Flash")[0] - ground("Claude 3 Opus")[0]) > 60
