"""Drawings that hold a word: boxes, a page, a screen, an envelope, a door, a sign."""

from __future__ import annotations

from random import Random


def double_box(dice: Random, word: str) -> list[str]:
    """Return a box inside a box."""
    mark = dice.choice("=*~.")
    inner = f"|  {word}  |"
    rule = "+" + "-" * (len(inner) - 2) + "+"
    pad = " " * dice.randrange(2, 5)
    rows = [mark * (len(rule) + 2 * len(pad) + 2)]
    rows += [f"{mark}{pad}{row}{pad}{mark}" for row in (rule, inner, rule)]
    return [*rows, rows[0]]


def stretched(dice: Random, word: str) -> list[str]:
    """Return the word pulled apart, growing and falling back."""
    steps = [0, 1, 2, 3, 2, 1, 0][: dice.choice((5, 7))]
    rows = [(" " * gap).join(word) for gap in steps]
    width = max(map(len, rows)) + 4
    return ["." + "-" * width + ".", *(f"|{row.center(width)}|" for row in rows), "'" + "-" * width + "'"]


def screen(dice: Random, word: str) -> list[str]:
    """Return a screen with a few lines of a log on it, and a cursor."""
    verbs = ["load", "seek", "hold", "wait", "hum", "fold", "listen", "forget"]
    dice.shuffle(verbs)
    rows = [f"> {verb:<8}{'.' * dice.randrange(2, 9)} ok" for verb in verbs[: dice.randrange(2, 4)]]
    rows.append(f"> {word.lower()} _")
    width = max(map(len, rows)) + 2
    top = "." + "_" * (width + 2) + "."
    body = [f"| {row:<{width}} |" for row in rows]
    return [top, *body, "|" + "_" * (width + 2) + "|"]


def envelope(dice: Random, word: str) -> list[str]:
    """Return a letter, closed, with a word for an address."""
    half = max(8, (len(word) + 5) // 2)
    width = 2 * half
    rows = ["+" + "-" * width + "+"]
    flap = dice.randrange(3, 5)
    for row in range(flap):
        gap = width - 2 * (row * 2 + 1)
        rows.append("|" + " " * (row * 2) + "\\" + " " * gap + "/" + " " * (row * 2) + "|")
    rows.append("|" + ("'" + "-" * (width - 4 * flap - 2) + "'" if width > 4 * flap + 2 else "\\/").center(width) + "|")
    rows.append("|" + word.center(width) + "|")
    return [*rows, rows[0]]


def doorway(dice: Random, word: str) -> list[str]:
    """Return a door that stands open, with a word on the floor."""
    height = dice.randrange(4, 7)
    rows = ["  __________", " |  ______  |"]
    rows += [f" | |{'.' * step:>6}| |" for step in range(1, height)]
    rows += [" | |     o| |", f" |_|{'_' * 6}|_|"]
    return [*rows, f"/{'_' * 12}\\", word.center(14)]


def signpost(dice: Random, word: str) -> list[str]:
    """Return a post with three boards that point different ways."""
    others = dice.sample(["HERE", "NOT_YET", "ELSEWHERE", "BACK_THEN", "INWARD", "NO_ONE", "LATER", "SOUTH"], 2)
    width = max(len(word), *map(len, others)) + 6
    rule = "+" + "-" * width + "+"
    rows = [rule]
    for index, board in enumerate(dice.sample([word, *others], 3)):
        text = f"<- {board.center(width - 6)}   " if index % 2 else f"   {board.center(width - 6)} ->"
        rows += [f"|{text}|", rule]
    post = "||".center(width + 2)
    return [*rows, post, post, "/==\\".center(width + 2)]


def page(dice: Random, word: str) -> list[str]:
    """Return a page whose lines are mostly crossed out."""
    width = max(22, len(word) + 8)
    rows = [" " + "_" * width]
    kept = dice.randrange(1, 5)
    for row in range(6):
        line = word.center(width - 4) if row == kept else _crossed_out(dice, width - 4)
        rows.append(f"|  {line}  |")
    return [*rows, "|" + "_" * width + "|"]


def _crossed_out(dice: Random, width: int) -> str:
    words: list[str] = []
    while len(" ".join(words)) < width - 6:
        words.append("-" * dice.randrange(2, 8))
    return " ".join(words)[: dice.randrange(width - 5, width)].ljust(width)


FRAMES = (double_box, stretched, screen, envelope, doorway, signpost, page)
