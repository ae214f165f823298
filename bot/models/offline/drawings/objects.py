"""Drawings of single things: a tower, an hourglass, a clock, a tree, a diamond, a lamp."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random


def tower(dice: Random, word: str) -> list[str]:
    """Return a tower with some of its windows lit."""
    floors, columns = dice.randrange(5, 9), dice.randrange(3, 5)
    width = columns * 4 + 1
    rows = ["|".center(width), "/^\\".center(width), "." + "_" * (width - 2) + "."]
    for _ in range(floors):
        rows.append("|" + "|".join(f" {dice.choice('#. .')} " for _ in range(columns)) + "|")
        rows.append("|" + "|".join("___" for _ in range(columns)) + "|")
    wide = max(width, len(word))
    return [*(row.center(wide).rstrip() for row in rows), word.center(wide)]


def hourglass(dice: Random, word: str) -> list[str]:
    """Return an hourglass; how much has run through is a matter of chance."""
    half = dice.randrange(4, 6)
    full = dice.randrange(1, half)
    width = 2 * half + 3
    rows = ["_" * width]
    for row in range(half):
        filling = (":" if row >= full else " ") * (2 * (half - row) - 1)
        rows.append(" " * row + " \\" + filling + "/")
    rows.append(" " * (half + 1) + "|")
    for row in reversed(range(half)):
        inside = 2 * (half - row) - 1
        filling = ":" * inside if row < full else ".".center(inside)
        rows.append(" " * row + " /" + filling + "\\")
    return [*rows, "=" * width, word.center(width)]


def clock(dice: Random, word: str) -> list[str]:
    """Return a round clock face with two hands."""
    grid = [[" "] * 25 for _ in range(13)]
    for mark in range(12):
        angle = mark * pi / 6 - pi / 2
        grid[round(6 + sin(angle) * 6)][round(12 + cos(angle) * 12)] = "o" if mark % 3 == 0 else "."
    for length, sign in ((3.2, "#"), (4.8, "*")):
        angle = dice.randrange(12) * pi / 6 - pi / 2
        for step in range(1, round(length) + 1):
            grid[round(6 + sin(angle) * step)][round(12 + cos(angle) * step * 2)] = sign
    grid[6][12] = "@"
    rule = "+" + "-" * 29 + "+"
    return [rule, *(f"|  {''.join(row)}  |" for row in grid), rule, word.center(31)]


def tree(dice: Random, word: str) -> list[str]:
    """Return a fir with lights in it, and what is under it."""
    height = dice.randrange(6, 10)
    width = 2 * height + 1
    rows = ["*".center(width)]
    for row in range(1, height):
        needles = "".join(dice.choice("*+o'''....") for _ in range(2 * row - 1))
        rows.append(("/" + needles + "\\").center(width))
    rows += ["|||".center(width), "~" * width]
    return [*rows, word.center(width)]


def diamond(dice: Random, word: str) -> list[str]:
    """Return nested diamonds around a core."""
    size = dice.randrange(4, 7)
    core = dice.choice("o*+@.")
    rows: list[str] = []
    for row in range(-size, size + 1):
        reach = size - abs(row)
        left = "".join(_facet(row, column, core) for column in range(-reach, 0))
        right = "".join(_facet(row, column, core) for column in range(1, reach + 1))
        middle = core if abs(row) % 2 == 0 else "|"
        rows.append(" " * (size - reach) + left + middle + right)
    return [*rows, word.center(2 * size + 1)]


def _facet(row: int, column: int, core: str) -> str:
    if (abs(row) + abs(column)) % 2:
        return " "
    if row == 0:
        return core
    return "/" if (row < 0) == (column < 0) else "\\"


def lantern(dice: Random, word: str) -> list[str]:
    """Return a hanging lantern with light on both sides."""
    reach = dice.randrange(3, 6)
    flame = dice.choice("*&%@")
    rows = [" " * (2 * reach + 5) + "|", " " * (2 * reach + 3) + "._|_."]
    for row in range(5):
        rays = " ".join("-" * reach if row in (2,) else "." * max(1, reach - abs(row - 2)) for _ in range(2))
        left = rays.rjust(2 * reach + 2)
        core = f"|{flame if row == 2 else ' ' if row in (0, 4) else chr(39)}|"
        rows.append(left + " " + core.center(3) + " " + rays[::-1])
    rows.append(" " * (2 * reach + 3) + "'-=-'")
    return [*rows, word.center(4 * reach + 11)]


def stairs(dice: Random, word: str) -> list[str]:
    """Return a stair, one letter of the word on every step."""
    letters = [letter for letter in word if letter != " "][:10] or ["."]
    step = dice.randrange(3, 5)
    rows = [" " * (index * step) + f"|{letter}" + "_" * (step - 1) for index, letter in enumerate(letters)]
    return [" " + "_" * (step - 1), *rows, " " * (len(letters) * step) + "|"]


OBJECTS = (tower, hourglass, clock, tree, diamond, lantern, stairs)
