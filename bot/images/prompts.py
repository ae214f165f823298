"""What of a description reaches an image endpoint: words, and nothing that a server would read as orders."""

from __future__ import annotations

import re

from bot.errors import PictureError
from bot.words import t

DESCRIPTION_LIMIT = 4000
"""Characters that are sent. OpenAI takes 32,000; smaller hosts far less, and no picture needs more."""

_EXTRA_ARGS = re.compile(r"<\s*sd_cpp_extra_args\s*>.*?(?:<\s*/\s*sd_cpp_extra_args\s*>|\Z)", re.I | re.S)
_EXTRA_ARGS_NAME = re.compile(r"</?\s*(?:sd_cpp_extra_args)\s*>?|sd_cpp_extra_args", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def prompt_of(description: str) -> str:
    """Return the prompt for a description: bounded, and without stable-diffusion.cpp's embedded settings.

    That server obeys JSON between `<sd_cpp_extra_args>` tags inside a prompt, whoever wrote it.

    Raises:
        PictureError: nothing is left to be painted.
    """
    prompt = _CONTROL.sub(" ", description[:DESCRIPTION_LIMIT])
    while (shorter := _EXTRA_ARGS_NAME.sub("", _EXTRA_ARGS.sub("", prompt))) != prompt:
        prompt = shorter
    if not (prompt := prompt.strip()):
        raise PictureError(t("There was nothing to paint: the description was empty."))
    return prompt
