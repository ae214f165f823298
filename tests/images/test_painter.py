"""The offline painter."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageStat

from bot.images.painter import Painter
from bot.images.painting.canvas import dice_for
from bot.images.painting.composition import composed
from bot.images.painting.figures import FIGURES
from bot.images.painting.landmarks import LANDMARKS
from bot.images.painting.lands import LANDS
from bot.images.painting.palette import palette_of
from bot.images.painting.skies import SKIES
from bot.images.painting.weathers import WEATHERS
from bot.images.verify import DISCORD_UPLOAD_LIMIT_BYTES, verified


async def painted(description: str, seed: int = 0) -> Image.Image:
    picture = await Painter(seed).make(description)
    return Image.open(BytesIO(picture.data)).convert("RGB")


async def test_a_painting_is_a_sound_picture_that_costs_nothing() -> None:
    picture = await Painter().make("a lighthouse over a night sea")
    checked = verified(picture.data, DISCORD_UPLOAD_LIMIT_BYTES)
    assert checked.data == picture.data
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 768, 768)
    assert picture.cost_usd == 0.0


async def test_the_same_words_and_seed_give_the_same_picture() -> None:
    one, again = await Painter(3).make("an old clock"), await Painter(3).make("an old clock")
    assert one == again


async def test_another_seed_or_other_words_give_another_picture() -> None:
    pictures = {(await Painter(seed).make(words)).data for seed in (1, 2) for words in ("an old clock", "a new clock")}
    assert len(pictures) == 4


@pytest.mark.parametrize(
    "description",
    [
        "a web of synapses glowing in a violet galaxy",
        "rain on the window of a night train, orange city lights",
        "a shattered mirror in a violet forest",
        "a labyrinth burning slowly",
        "a humanoid face of green code, glitching",
        "qwertz uiop",
        "",
        "é \x00 🌊 " * 400,
    ],
)
async def test_no_painting_is_empty_or_flat(description: str) -> None:
    statistics = ImageStat.Stat((await painted(description)).convert("L"))
    low, high = statistics.extrema[0]
    assert statistics.stddev[0] > 12
    assert high - low > 120


@pytest.mark.parametrize(
    ("description", "layers"),
    [
        ("a lighthouse over the sea", {"lighthouse", "sea"}),
        ("stars over the towers of a city", {"nebula", "city"}),
        ("a broken mirror in the woods", {"fracture", "forest"}),
        ("rain on mountains", {"rain", "mountains"}),
        ("an eye", {"eye"}),
        ("a maze", {"labyrinth"}),
        ("moonlight on a lake", {"moon", "sea"}),
        ("flames around a door", {"fire", "door"}),
        ("a corrupted portrait", {"glitch", "face"}),
    ],
)
def test_words_choose_what_is_painted(description: str, layers: set[str]) -> None:
    chosen = composed(description, dice_for(1))
    assert layers <= {chosen.sky, chosen.land, chosen.weather, *chosen.figures}


def test_words_that_name_nothing_still_choose_something() -> None:
    chosen = {composed(words, dice_for(words)) for words in map(str, range(60))}
    assert len(chosen) > 10


def test_colors_that_are_named_are_in_the_palette() -> None:
    palette = palette_of("a crimson boat under a teal sky", dice_for(0))
    assert palette.accent == (198, 30, 66)
    assert palette.haze[2] > palette.haze[0]


def test_there_are_many_layers_to_choose_from() -> None:
    assert len(SKIES) * len(LANDS) >= 25
    assert len(FIGURES) + len(LANDMARKS) >= 12
    assert len(WEATHERS) >= 5


@pytest.mark.parametrize("name", sorted({**SKIES, **LANDS, **FIGURES, **LANDMARKS, **WEATHERS}))
def test_every_layer_paints_for_any_seed(name: str) -> None:
    for seed in range(2):
        dice = dice_for(name, seed)
        palette = palette_of(name, dice)
        canvas = SKIES.get(name, SKIES["dusk"])(palette, dice)
        layer = {**LANDS, **FIGURES, **LANDMARKS, **WEATHERS}.get(name)
        assert (layer(canvas, palette, dice) if layer else canvas).size == (768, 768)
