"""Drawings that are rules carried out: a labyrinth, a spiral, waves, a signal, rain, a weave."""

from __future__ import annotations

from math import sin
from random import Random


def labyrinth(dice: Random, word: str) -> list[str]:
    """Return a labyrinth that can be walked from one side to the other."""
    columns, rows = dice.randrange(8, 12), dice.randrange(4, 6)
    right, down = _carved(dice, columns, rows)
    lines = ["+" + "---+" * columns]
    for y in range(rows):
        cells = "".join(
            "    " if (x, y) in right or (x, y) == (columns - 1, rows - 1) else "   |" for x in range(columns)
        )
        lines.append((" " if y == 0 else "|") + cells)
        lines.append("+" + "".join("   +" if (x, y) in down else "---+" for x in range(columns)))
    return [*lines, word.center(columns * 4 + 1)]


_Cells = set[tuple[int, int]]


def _carved(dice: Random, columns: int, rows: int) -> tuple[_Cells, _Cells]:
    """Walk everywhere once: return the cells that are open to the right, and those open below."""
    right: _Cells = set()
    down: _Cells = set()
    seen, path = {(0, 0)}, [(0, 0)]
    while path:
        x, y = path[-1]
        beside = [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
        free = [c for c in beside if 0 <= c[0] < columns and 0 <= c[1] < rows and c not in seen]
        if not free:
            path.pop()
            continue
        following = dice.choice(free)
        (right if following[1] == y else down).add(min((x, y), following))
        seen.add(following)
        path.append(following)
    return right, down


def spiral(dice: Random, word: str) -> list[str]:
    """Return a square spiral; the first letter of the word is at its heart."""
    turns = dice.randrange(3, 5)
    size = 4 * turns + 1
    grid = [[" "] * size for _ in range(size)]
    low, high, x, y = 0, size - 1, 0, 0
    grid[0][0] = "+"
    while high - low >= 2:
        for dx, dy, end in ((1, 0, high), (0, 1, high), (-1, 0, low), (0, -1, low + 2)):
            while (x if dx else y) != end:
                x, y = x + dx, y + dy
                grid[y][x] = "-" if dx else "|"
            grid[y][x] = "+"
        low, high = low + 2, high - 2
        if high - low >= 2:
            x += 1
            grid[y][x] = "-"
            x += 1
            grid[y][x] = "+"
    grid[size // 2][size // 2] = word[:1] or "o"
    return [*(" ".join(row) for row in grid), word.center(2 * size - 1)]


def waves(dice: Random, word: str) -> list[str]:
    """Return a moon over waves that come nearer."""
    width = dice.randrange(34, 44)
    moon = dice.randrange(4, width - 8)
    rows = [" " * moon + " _", " " * moon + "( )", " " * moon + " '"]
    for row in range(4):
        length, phase = 4 + row * 2, dice.random() * 6
        rows.append("".join("~" if sin(x / length * 3 + phase) > 0.1 - row * 0.15 else " " for x in range(width)))
    return [*rows, word.center(width)]


def signal(dice: Random, word: str) -> list[str]:
    """Return bars of a signal that rises and falls, over a line with a name."""
    height, width = 6, dice.randrange(26, 38)
    levels: list[float] = []
    level = dice.uniform(1, height)
    for _ in range(width):
        level = min(height, max(0.0, level + dice.uniform(-1.6, 1.6)))
        levels.append(level)
    rows = ["".join("|" if value > line else " " for value in levels) for line in range(height - 1, -1, -1)]
    return [
        *(f": {row}" for row in rows),
        ":" + "_" * (width + 1),
        f"{word}_{dice.randrange(20, 400)}_HZ".center(width),
    ]


def rain(dice: Random, word: str) -> list[str]:
    """Return rain that falls on a word and leaves a puddle."""
    width = max(28, len(word) + 12)
    rows = ["".join(dice.choice("/ ' .  .    ") for _ in range(width)) for _ in range(dice.randrange(4, 7))]
    return [*rows, word.center(width), "(".rjust(width // 5) + "_." * (width // 3) + ")"]


def weave(dice: Random, word: str) -> list[str]:
    """Return a woven band that opens around the word."""
    pairs = dice.choice(("\\/", "/\\", "<>"))
    width = 2 * max(12, (len(word) + 8) // 2)
    band = pairs * (width // 2)
    shifted = band[1:] + band[0]
    side = (width - len(word) - 4) // 2
    middle = f"{band[:side]}  {word}  {band[-(width - side - len(word) - 4) :]}"
    return [band, shifted, middle, shifted, band]


def circuit(dice: Random, word: str) -> list[str]:
    """Return paths on a board that end in a chip with the word on it."""
    label = f"[ {word} ]"
    rows: list[str] = []
    for row in range(7):
        left, right = dice.randrange(3, 10), dice.randrange(3, 10)
        if row == 3:
            rows.append("o" + "-" * 11 + label + "-" * 11 + "o")
            continue
        gap = len(label) + 20 - left - right
        join = "+" if row % 2 else "|"
        rows.append(
            "o" + "-" * left + join + " " * gap + join + "-" * right + "o"
            if row % 2
            else " " + " " * left + join + " " * gap + join
        )
    return rows


PATTERNS = (labyrinth, spiral, waves, signal, rain, weave, circuit)
