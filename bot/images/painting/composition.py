"""From words to a picture: which sky, land, figures and weather a description asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw, ImageFont

from bot.images.painting.canvas import SIDE, dice_for, finished
from bot.images.painting.figures import FIGURES
from bot.images.painting.landmarks import LANDMARKS
from bot.images.painting.lands import LANDS
from bot.images.painting.palette import Palette, palette_of, words_of
from bot.images.painting.skies import SKIES
from bot.images.painting.weathers import WEATHERS

_Layer = Callable[[Image.Image, Palette, Random], Image.Image]

MARK = "offline painter"
_MARK_SIZE_PIXELS = 15

_SKY_WORDS: Mapping[str, str] = {
    "nebula": "nebula star stars starry space cosmos cosmic galaxy universe constellation void infinite orbit",
    "dusk": "dusk dawn sunset sunrise evening morning horizon summer autumn honey amber golden warm desert sky",
    "storm": "storm cloud thunder lightning winter weather fog mist smoke gale tempest wind",
    "aurora": "aurora arctic north polar curtain veil night midnight ice frozen",
    "streams": "data stream code binary matrix server signal cascade cascading falling hall archive terminal",
}
_LAND_WORDS: Mapping[str, str] = {
    "sea": "sea ocean tide wave water lake harbor harbour shore beach coast river island ship boat sail pier buoy",
    "mountains": "mountain mountains peak summit valley ridge hill cliff canyon glacier landscape",
    "forest": "forest wood woods grove pine fir moss jungle garden leaf leaves",
    "city": "city tower skyline building street metropolis town rooftop window skyscraper station neon",
    "plain": "grid plain floor desert field road track rails railway horizon corridor dune vector geometric",
}
_FIGURE_WORDS: Mapping[str, str] = {
    "network": "network neural node synapse graph web connection constellation lattice thread weave mesh",
    "bubble": "bubble soap sphere globe orb drop droplet lens pearl marble planet",
    "eye": "eye iris pupil gaze watching witness seeing",
    "face": "face portrait head humanoid human mask figure woman man ghost android robot voice",
    "spiral": "spiral galaxy whirl vortex swirl swirling helix shell fractal",
    "labyrinth": "labyrinth maze map archive library compass corridor fingerprint",
    "clock": "clock hour hourglass time timepiece metronome pendulum gear wheel calendar",
    "rings": "ripple ring echo sound music song choir tuning fork bell wavelength interference radio resonance",
    "moon": "moon lunar moonlight moonlit eclipse",
    "sun": "sun solar sunset sunrise dawn",
    "lighthouse": "lighthouse beacon lamp lantern tower",
    "boat": "boat ship sail canoe vessel ferry raft",
    "tree": "tree oak root orchard branch seed willow bough",
    "door": "door doorway gate threshold room house hallway keyhole stair staircase letter envelope",
    "circuit": "circuit chip processor silicon board machine computer electronic motherboard",
    "flower": "flower petal lotus bloom blossom garden hummingbird butterfly wing",
    "birds": "bird crow swallow flock heron starling gull owl feather migration",
}
_WEATHER_WORDS: Mapping[str, str] = {
    "rain": "rain rainy drizzle downpour raining",
    "snow": "snow dust flake frost pollen particle ash spark winter",
    "fire": "fire flame burning embers blaze furnace bonfire torch",
    "glitch": "glitch pixel pixelated corrupted static noise artifact fragmented quantized compression",
    "fracture": "mirror shattered fracture broken cracked shard fragment splinter glass prism",
}
_USUAL_LAND: Mapping[str, str] = {
    "lighthouse": "sea",
    "boat": "sea",
    "birds": "mountains",
    "door": "plain",
    "sun": "sea",
    "moon": "sea",
}
_STANDS_ALONE = frozenset({"eye", "face", "circuit", "labyrinth", "spiral", "flower", "tree"})
_BEHIND_THE_LAND = frozenset({"sun", "moon"})


@dataclass(frozen=True, slots=True)
class Composition:
    """What is painted, from back to front."""

    sky: str
    land: str | None
    figures: tuple[str, ...]
    weather: str | None


def composed(description: str, dice: Random) -> Composition:
    """Choose what to paint: what the words name, first named first, and by chance where they name nothing."""
    words = words_of(description)
    figures = _named(words, _FIGURE_WORDS)[:2]
    land = next(iter(_named(words, _LAND_WORDS)), None)
    weather = next(iter(_named(words, _WEATHER_WORDS)), None)
    sky = next(iter(_named(words, _SKY_WORDS)), None)
    if not figures and not land:
        figures = [dice.choice(sorted(_FIGURE_WORDS))]
    if figures and figures[0] in _STANDS_ALONE:
        land, figures = None, figures[:1] + [f for f in figures[1:] if f in ("network", "birds")]
    elif land is None and figures:
        land = _USUAL_LAND.get(figures[0])
    return Composition(sky or _fitting_sky(land, dice), land, tuple(figures), weather)


def painting(description: str, seed: int) -> Image.Image:
    """Paint a description: the same picture for the same words and seed. Takes about half a second."""
    words = " ".join(description.split())
    dice = dice_for("painting", seed, words)
    palette = palette_of(words, dice)
    composition = composed(words, dice)
    canvas = SKIES[composition.sky](palette, dice)
    for layer in _layers(composition):
        canvas = layer(canvas, palette, dice)
    return _marked(finished(canvas, dice))


def _layers(composition: Composition) -> Iterable[_Layer]:
    figures = {**FIGURES, **LANDMARKS}
    yield from (figures[name] for name in composition.figures if name in _BEHIND_THE_LAND)
    if composition.land:
        yield LANDS[composition.land]
    yield from (figures[name] for name in composition.figures if name not in _BEHIND_THE_LAND)
    if composition.weather:
        yield WEATHERS[composition.weather]


def _named(words: Sequence[str], meanings: Mapping[str, str]) -> list[str]:
    """Return what the words mean, in the order in which it is first named."""
    places = {word: place for place, word in reversed(list(enumerate(words)))}
    first = {
        name: min((places[w] for w in means.split() if w in places), default=-1) for name, means in meanings.items()
    }
    return sorted((name for name, place in first.items() if place >= 0), key=first.__getitem__)


def _fitting_sky(land: str | None, dice: Random) -> str:
    if land in ("sea", "mountains", "city"):
        return dice.choice(("dusk", "dusk", "nebula", "storm", "aurora"))
    if land == "forest":
        return dice.choice(("dusk", "aurora", "storm"))
    return dice.choice(("nebula", "nebula", "streams", "storm", "dusk"))


def _marked(canvas: Image.Image) -> Image.Image:
    """Say in a corner who painted this."""
    font = ImageFont.load_default(_MARK_SIZE_PIXELS)
    layer = Image.new("L", canvas.size)
    ImageDraw.Draw(layer).text((SIDE - 14, SIDE - 12), MARK, fill=118, font=font, anchor="rs")
    return Image.composite(Image.new("RGB", canvas.size, (255, 255, 255)), canvas, layer)
