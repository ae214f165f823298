"""What may be posted as a picture."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.errors import PictureError
from bot.images.picture import Picture
from bot.images.verify import DISCORD_UPLOAD_LIMIT_BYTES, for_models, verified
from tests.images.image_host import claims_to_be, encoded, png

LIMIT = DISCORD_UPLOAD_LIMIT_BYTES


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def noisy(side: int) -> Image.Image:
    return Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_a_sound_picture_comes_through_byte_for_byte(form: str, media_type: str) -> None:
    data = encoded(Image.new("RGB", (31, 17), "navy"), form)
    assert verified(data, LIMIT) == Picture(data, media_type, 31, 17)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO"])
def test_other_formats_are_refused(form: str) -> None:
    with pytest.raises(PictureError, match="PNG, JPEG, WebP or GIF"):
        verified(encoded(Image.new("RGB", (31, 17)), form), LIMIT)


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"not a picture" * 99])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureError):
        verified(data, LIMIT)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_picture_is_refused(form: str, share: float) -> None:
    data = encoded(noisy(64), form)
    with pytest.raises(PictureError):
        verified(data[: int(len(data) * share)], LIMIT)


@pytest.mark.parametrize("size", [(9_000, 9_000), (13_000, 13_000), (60_000, 60_000)])
def test_a_small_file_that_claims_to_be_enormous_is_not_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError):
        verified(claims_to_be(*size), LIMIT)


def test_an_animation_of_too_many_pixels_is_refused() -> None:
    frames = [Image.new("P", (4000, 4000), shade) for shade in range(12)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(PictureError, match="too large"):
        verified(data, LIMIT)


def test_an_animation_stays_one() -> None:
    frames = [Image.new("P", (20, 20), shade) for shade in range(5)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert verified(data, LIMIT).data == data


def test_a_picture_over_the_limit_is_made_smaller_until_it_fits() -> None:
    data = encoded(noisy(900), "PNG")
    limit = 120_000
    picture = verified(data, limit)
    assert len(picture.data) <= limit < len(data)
    assert picture.media_type == "image/jpeg"
    assert opened(picture.data).size == (picture.width, picture.height)


def test_a_picture_with_a_side_too_long_is_reduced_and_keeps_its_shape() -> None:
    picture = verified(png(5000, 1000), LIMIT)
    assert (picture.width, picture.height) == (4096, 819)


def test_metadata_is_gone_only_where_the_picture_was_made_anew() -> None:
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    small = encoded(noisy(100), "JPEG", exif=exif, quality=100)
    assert opened(verified(small, LIMIT).data).getexif()
    assert not opened(verified(small, len(small) - 1).data).getexif()


def test_a_turned_photograph_stands_upright_after_it_was_made_smaller() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(noisy(300).resize((300, 100)), "JPEG", exif=exif, quality=100)
    picture = verified(data, len(data) - 1)
    assert picture.height > picture.width


def test_what_cannot_be_made_small_enough_is_refused() -> None:
    with pytest.raises(PictureError, match="small enough"):
        verified(encoded(noisy(300), "PNG"), 500)


def test_models_get_a_jpeg_of_bounded_size() -> None:
    picture = verified(png(2000, 500), LIMIT)
    image = opened(for_models(picture))
    assert (image.format, image.size) == ("JPEG", (1024, 256))
    assert for_models(picture) == for_models(picture)
    assert opened(for_models(picture, 100)).size == (100, 25)


def test_a_small_picture_is_not_made_larger_for_models() -> None:
    assert opened(for_models(verified(png(40, 30), LIMIT))).size == (40, 30)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "CMYK", "I;16"])
def test_every_kind_of_color_becomes_something_models_can_see(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    data = encoded(Image.new(mode, (20, 20)), form)
    assert opened(for_models(verified(data, LIMIT))).mode == "RGB"


def test_what_is_transparent_is_white_to_models() -> None:
    data = encoded(Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "PNG")
    pixel = opened(for_models(verified(data, LIMIT))).getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


_SEEDS = [encoded(noisy(24), form) for form in ("PNG", "JPEG", "WEBP", "GIF")]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_SEEDS), st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6)), max_size=6))
def test_damage_never_raises_anything_but_a_picture_error(data: bytes, damage: list[tuple[int, bytes]]) -> None:
    for place, piece in damage:
        place %= len(data)
        data = data[:place] + piece + data[place + len(piece) :]
    try:
        picture = verified(data, LIMIT)
    except PictureError:
        return
    assert opened(picture.data).size == (picture.width, picture.height)
    assert picture.data == data or picture.media_type == "image/jpeg"
