"""ASCII art that stands unfenced in what AIs write: found, and fenced so that Discord shows it as it was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.posting.fences import FENCE, find_fences
from bot.posting.strokes import Kind, Line, read_line

ENOUGH_WEIGHT = 3.0
"""Of the lines of a drawing together: two that are surely drawn, or more that only may be."""

CAPTION_LINES = 3
LINES_BETWEEN = 3

_PROSE = Line(Kind.PROSE)
_BROKEN_FENCE = "`\u200b`\u200b`"


@dataclass(slots=True)
class _Block:
    """Neighbouring lines, `lines[start:end]`, that belong to one drawing if they are one."""

    start: int
    end: int
    weight: float
    strongest: float

    @property
    def is_art(self) -> bool:
        return self.weight >= ENOUGH_WEIGHT and self.end - self.start > 1


def fence_art(text: str) -> str:
    """Return `text` with every drawing in it that stands unfenced put into a fence of its own.

    A drawing is taken whole, with its captions, and byte for byte; the fences are lines of their own, and
    without them the text is what it was. One thing changes: three backticks in a row that would close a fence
    too early get a zero-width space between them, in a drawing and where they stand alone beside one. Prose,
    Markdown and what is fenced already stay as they are. Tables count as drawings: Discord knows no tables.
    """
    lines = text.split("\n")
    blocks = _drawings(_read(text, lines))
    if not blocks:
        return text
    stray = _stray_backticks(text)
    if stray >= 0 and text.count("\n", 0, stray) < blocks[-1].start:
        lines = (text[:stray] + _unbroken(text[stray:])).split("\n")
    fenced: list[str] = []
    at = 0
    for block in blocks:
        fenced += lines[at : block.start]
        fenced += [FENCE, *map(_unbroken, lines[block.start : block.end]), FENCE]
        at = block.end
    return "\n".join(fenced + lines[at:])


def _unbroken(line: str) -> str:
    return line.replace(FENCE, _BROKEN_FENCE)


def _stray_backticks(text: str) -> int:
    fences = find_fences(text)
    return text.find(FENCE, fences[-1].end if fences else 0)


def _read(text: str, lines: Sequence[str]) -> list[Line]:
    """Return what each line looks like; those of fenced blocks, and quotations, look like prose."""
    read = [read_line(line) for line in lines]
    line, at = 0, 0
    for fence in find_fences(text):
        line += text.count("\n", at, fence.start)
        lines_in = text.count("\n", fence.start, fence.end)
        if lines_in or any(map(str.isalnum, text[fence.body : fence.close])):
            read[line : line + lines_in + 1] = [_PROSE] * (lines_in + 1)
        line, at = line + lines_in, fence.end
    for number, words in enumerate(lines):
        if words.startswith("> ") and not words.rstrip().endswith("<"):  # which would be a mouth: > ^ <
            read[number] = _PROSE
    return read


def _drawings(lines: Sequence[Line]) -> list[_Block]:
    cores = list(_cores(lines))
    for before, block in enumerate(cores):
        floor = cores[before - 1].end if before else 0
        ceiling = cores[before + 1].start if before + 1 < len(cores) else len(lines)
        if block.is_art:
            _widen(block, lines, floor, ceiling)
    return [block for block in _merged(cores, lines) if block.is_art and not _is_torn_table(block, lines)]


def _cores(lines: Sequence[Line]) -> Iterator[_Block]:
    """Yield each run of lines from a drawn one to a drawn one, with only what belongs to a drawing between."""
    at = 0
    while at < len(lines):
        if lines[at].kind is not Kind.DRAWN:
            at += 1
            continue
        start = at
        while (following := _next_drawn(lines, at)) is not None:
            at = following
        at += 1
        drawn = [line for line in lines[start:at] if line.kind is Kind.DRAWN]
        leaning = 1.0 if len(drawn) > 2 and len({line.left for line in drawn}) > 1 else 0.0
        yield _Block(start, at, sum(line.weight for line in drawn) + leaning, max(line.weight for line in drawn))


def _next_drawn(lines: Sequence[Line], at: int) -> int | None:
    for following in range(at + 1, min(at + CAPTION_LINES + 2, len(lines))):
        line = lines[following]
        if line.kind is Kind.DRAWN:
            return following
        if line.kind is Kind.LABEL and _under_one(lines[following - 1], line):
            continue
        if line.kind is not Kind.CAPTION:
            return None
    return None


def _under_one(drawn: Line, label: Line) -> bool:
    """Whether a label at the margin stands right above or below a line that connects it."""
    return drawn.connects and drawn.left > 0 and abs(drawn.middle - label.middle) <= 1


def _widen(block: _Block, lines: Sequence[Line], floor: int, ceiling: int) -> None:
    above = [lines[at] for at in range(block.start - 1, max(floor, block.start - CAPTION_LINES - 1) - 1, -1)]
    below = [lines[at] for at in range(block.end, min(ceiling, block.end + CAPTION_LINES + 1))]
    is_tree = bool(above) and _is_root(above[0], lines[block.start])
    block.start -= 1 if is_tree else _captions(above, lines[block.start])
    block.end += _captions(below, lines[block.end - 1])


def _is_root(label: Line, branch: Line) -> bool:
    """Whether a word at the margin is what the branches below it grow from, as in a listing of folders."""
    grows = branch.talks and branch.weight >= 2 and label.left <= branch.left <= label.right
    return label.kind is Kind.LABEL and grows


def _captions(beside: Sequence[Line], edge: Line) -> int:
    """Return how many of the lines beside a drawing's edge, nearest first, belong to it."""
    taken = 0
    for line in beside:
        is_label = line.kind is Kind.LABEL and taken == 0 and _under_one(edge, line)
        if line.kind is not Kind.CAPTION and not is_label:
            break
        taken += 1
    return taken if taken <= CAPTION_LINES else 0


def _is_torn_table(block: _Block, lines: Sequence[Line]) -> bool:
    """Whether rows beside it are too wide for Discord's fences: as a whole it reads better unfenced."""
    beside = [*lines[max(0, block.start - 1) : block.start], *lines[block.end : block.end + 1]]
    return any(line.is_row for line in beside)


def _merged(blocks: Sequence[_Block], lines: Sequence[Line]) -> list[_Block]:
    """Join what only blank lines and lone marks part, when it makes one drawing."""
    merged: list[_Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and _one_drawing(last, block, lines):
            last.end = block.end
            last.weight += block.weight
            last.strongest = max(last.strongest, block.strongest)
        else:
            merged.append(block)
    return merged


def _one_drawing(upper: _Block, lower: _Block, lines: Sequence[Line]) -> bool:
    between = lines[upper.end : lower.start]
    if len(between) > LINES_BETWEEN or any(line.kind is not Kind.BLANK and not line.is_mark for line in between):
        return False
    if upper.is_art or lower.is_art:
        return min(upper.strongest, lower.strongest) >= 2 or (upper.is_art and lower.is_art)
    indented = lines[upper.start].left > 0 and lines[lower.start].left > 0
    in_lines = max(upper.end - upper.start, lower.end - lower.start) > 1
    strong = max(upper.strongest, lower.strongest) >= 2 and min(upper.strongest, lower.strongest) >= 1
    return indented and in_lines and strong and upper.weight + lower.weight >= ENOUGH_WEIGHT
