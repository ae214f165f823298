"""Drawings of places: mountains, a lighthouse, a city, a bridge, stars, a window, a room with chairs."""

from __future__ import annotations

from itertools import pairwise
from random import Random


def mountains(dice: Random, word: str) -> list[str]:
    """Return a range of mountains, drawn line by line from their heights."""
    height, width = 7, 44
    grid = [[" "] * width for _ in range(height)]
    for peak in sorted(dice.sample(range(5, width - 5, 6), 4), key=lambda _: dice.random()):
        top = dice.randrange(0, 4)
        for row in range(top, height):
            for x in range(max(0, peak - row + top), min(width, peak + row - top + 2)):
                grid[row][x] = " "
            _put(grid, row, peak - row + top, "/")
            _put(grid, row, peak + row - top + 1, "\\")
    return [*("".join(row) for row in grid), "_" * width, word.center(width)]


def _put(grid: list[list[str]], row: int, x: int, sign: str) -> None:
    if 0 <= x < len(grid[row]):
        grid[row][x] = sign


def lighthouse(dice: Random, word: str) -> list[str]:
    """Return a lighthouse whose beam goes to one side."""
    beam, height = dice.randrange(8, 16), dice.randrange(4, 7)
    rows = ["     .-.", "    _|_|_", f"    |[o]|{' -' * (beam // 2)}", f"    |___|{'  -' * (beam // 3)}"]
    for row in range(height):
        stripe = "###" if row % 2 else "   "
        rows.append(f"    |{stripe}|")
    sea = "~^" * (6 + beam // 2)
    return [*rows, " __/     \\__", sea, "  " + word]


def skyline(dice: Random, word: str) -> list[str]:
    """Return a city by night."""
    blocks = [(dice.randrange(2, 8), dice.randrange(3, 6)) for _ in range(7)]
    rows: list[str] = []
    for level in range(8, -1, -1):
        row = ""
        for height, width in blocks:
            if level > height:
                row += " " * (width + 2)
            elif level == height:
                row += " " + "_" * width + " "
            else:
                row += "|" + "".join(dice.choice("  .:") for _ in range(width)) + "|"
        rows.append(row)
    width = sum(w + 2 for _, w in blocks)
    return [*rows, "=" * width, word.center(width)]


def bridge(dice: Random, word: str) -> list[str]:
    """Return a hanging bridge between two towers."""
    span = 2 * dice.randrange(8, 13)
    rows = ["   |" + " " * span + "|", "   |" + " " * span + "|"]
    depth = 3
    for row in range(depth):
        gap = span - 2 * (2 * row + 1) - 2
        cable = " " * (2 * row + 1) + "\\" + " " * gap + "/" + " " * (2 * row + 1)
        rows.append(
            "  /|" + cable + "|\\" if row == 0 else " / |" + cable + "| \\" if row == 1 else "/  |" + cable + "|  \\"
        )
    rows.append("=" * 4 + "=" * span + "=" * 4)
    return [*rows, "   |" + word.center(span) + "|", "~~~|" + "~" * span + "|~~~"]


def constellation(dice: Random, word: str) -> list[str]:
    """Return a few stars that somebody joined with dots."""
    width, height = 38, 9
    grid = [[" "] * width for _ in range(height)]
    stars = [(dice.randrange(2, width - 2), dice.randrange(height)) for _ in range(6)]
    for (x1, y1), (x2, y2) in pairwise(stars):
        steps = max(abs(x2 - x1) // 3, abs(y2 - y1), 1)
        for step in range(1, steps):
            grid[round(y1 + (y2 - y1) * step / steps)][round(x1 + (x2 - x1) * step / steps)] = "."
    for x, y in stars:
        grid[y][x] = dice.choice("*+O")
    rule = "+" + "-" * (width + 2) + "+"
    return [rule, *(f"| {''.join(row)} |" for row in grid), rule, word.center(width + 4)]


def window(dice: Random, word: str) -> list[str]:
    """Return a window with weather in two of its panes."""
    weather = dice.choice((" '. ", " * .", "/ / ", " ~ ~"))
    pane = len(weather) * 2
    rows = ["_" * (2 * pane + 3)]
    for half in range(2):
        for _ in range(3):
            left = "".join(dice.choice(weather) for _ in range(pane)) if half == 0 else " " * pane
            right = "".join(dice.choice(weather) for _ in range(pane)) if half == 1 else " " * pane
            rows.append(f"|{left}|{right}|")
        rows.append("|" + "_" * pane + "|" + "_" * pane + "|")
    return [*rows, word.center(2 * pane + 3)]


def chairs(dice: Random, word: str) -> list[str]:
    """Return a table with five chairs; one of them is turned."""
    turned = dice.randrange(5)
    backs = [" |_" if seat != turned else "_| " for seat in range(5)]
    legs = [" | |" if seat != turned else "| | " for seat in range(5)]
    width = 5 * 6
    return [
        "   ".join(backs).center(width),
        "  ".join(legs).center(width),
        "." + "-" * (width - 2) + ".",
        "|" + word.center(width - 2) + "|",
        "'" + "-" * (width - 2) + "'",
        ("|" + " " * (width - 8) + "|").center(width),
    ]


PLACES = (mountains, lighthouse, skyline, bridge, constellation, window, chairs)
