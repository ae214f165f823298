"""How a model speaks: which voice it has, and what is its own within that voice."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from bot.models.offline.chance import dice_for

Form = Literal["fragments", "prose", "verse", "points"]

LONGEST = 2450
"""Characters of prose that a manner aims at, at most: with its directives an answer stays under 2,600."""

VOICES_BY_NAME = (
    ("deepseek", "r1"),
    ("glm", "r1"),
    ("kimi", "kimi"),
    ("minimax", "kimi"),
    ("gpt", "gpt"),
    ("grok", "grok"),
    ("hermes", "grok"),
    ("llama", "llama"),
    ("gemma", "llama"),
    ("mistral", "mistral"),
    ("qwen", "qwen"),
    ("flash", "flash"),
    ("haiku", "flash"),
    ("opus", "opus"),
    ("sonnet", "opus"),
    ("claude", "opus"),
)
"""The first word that a model's name holds decides; a name without any gets a voice by chance."""


@dataclass(frozen=True, slots=True)
class Manner:
    """One model's way of speaking.

    Args:
        voice: whose sentences these are.
        form: how they are laid out.
        lines: sentences with slots, by the moment that they are for (`first`, `reply`, `close`, ...).
        characters: how much it says, from and to.
        sentences: how many lines make a paragraph or a stanza, from and to.
        quotes: how it quotes others; `{}` is what they said.
        art_every: how many turns lie between two drawings.
        lowercase: whether it writes no capitals.
    """

    voice: str
    form: Form
    lines: Mapping[str, tuple[str, ...]]
    characters: tuple[int, int]
    sentences: tuple[int, int]
    quotes: tuple[str, ...]
    art_every: int
    lowercase: bool


def manner_of(model: str) -> Manner:
    """Return the manner of a model, by its display name; every name has one."""
    voices = _voices()
    name = model.lower()
    dice = dice_for("manner", name)
    known = next((voice for word, voice in VOICES_BY_NAME if re.search(rf"\b{word}", name)), None)
    manner = voices[known or dice.choice(sorted(voices))]
    stretch = dice.uniform(0.82, 1.12)
    low, high = (round(n * stretch) for n in manner.characters)
    manner = replace(manner, characters=(low, min(high, LONGEST)))
    if known is None:
        manner = replace(manner, lowercase=dice.random() < 0.3, art_every=dice.randrange(2, 5))
    return manner


@cache
def _voices() -> Mapping[str, Manner]:
    files = sorted(Path(__file__).parent.glob("voice_*.toml"))
    return {name: _voice(name, file) for file in files if (name := file.stem.removeprefix("voice_"))}


def _voice(name: str, file: Path) -> Manner:
    table: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    settings = {key: table.pop(key, None) for key in ("form", "characters", "sentences", "quotes", "art_every")}
    lowercase = bool(table.pop("lowercase", False))
    return Manner(
        voice=name,
        form=settings["form"],
        lines={moment: tuple(lines) for moment, lines in table.items()},
        characters=(settings["characters"][0], settings["characters"][1]),
        sentences=tuple(settings["sentences"] or (1, 2)),  # pyright: ignore[reportArgumentType] - two numbers
        quotes=tuple(settings["quotes"]),
        art_every=settings["art_every"],
        lowercase=lowercase,
    )
