"""Code and reasoning in an AI's words: the stretches in which nothing is read as anything else."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

TILDES_OF_AN_OPEN_FENCE = 3
"""A longer row of tildes is a wave or a rule of ASCII art, and fences only what stands before its like."""

_BLANK_LINE = re.compile(r"\n[ \t\r]*+\n")
_CODE_MARKS = (re.compile(r"(?<![`\\])`(?!`)"), re.compile(r"(?<![`\\])``(?!`)"))
_BACKTICKS = re.compile(
    r"^(?![ \t]*+>)(?P<before>(?:[^`\n]++|`{1,2}+(?!`))*+)(?P<marks>`{3,}+)(?P<info>[^`\n]*+)$", re.MULTILINE
)
_TILDES = re.compile(r"^(?P<before>[ \t]*+)(?P<marks>~{3,}+)(?P<info>[ \t]*+[\w+#.-]*+[ \t\r]*+)$", re.MULTILINE)
_TAG = re.compile(
    r"(?P<begins>(?:^|(?<=/think[>▷])|(?<=/thinking>)|(?<=/thought>)|(?<=/reasoning>))[ \t\ufeff]*+)?"
    r"[<◁](?P<closes>/)?(?:think(?:ing)?|thought|reasoning)[>▷](?P<ends>[ \t\r]*+$)?",
    re.MULTILINE | re.IGNORECASE,
)


class Block(NamedTuple):
    """A fence or a piece of reasoning: from its opening mark to behind its closing one, or to the end."""

    start: int
    end: int
    is_thought: bool
    is_closed: bool


class Blocks:
    """The fences and the reasoning of a text, asked for from the front, so that none is found inside another.

    A fence is a line of three or more backticks, or of three tildes, with at most a word behind them; words may
    stand before the backticks where the fence is closed, and before the closing ones. Reasoning begins with a tag
    that begins its line, or ends it and is closed; and all is reasoning that stands before a lone closing tag.
    """

    def __init__(self, text: str) -> None:
        fences = [*_fences(text, _BACKTICKS, "```"), *_fences(text, _TILDES, "~~~")]
        tags = list(_TAG.finditer(text)) if "<" in text or "◁" in text else []
        self._thought_until = 0
        self._use(fences)
        if tags:
            lone = self._end_of_lone_thought(text, tags)
            self._use(fences + _thoughts(text, tags))
            self._thought_until = lone

    def first_from(self, place: int) -> Block | None:
        """Return the first block that opens at `place` or behind it."""
        if place < self._thought_until:
            return Block(place, self._thought_until, is_thought=True, is_closed=True)
        index = bisect_left(self._starts, place)
        return self._blocks[index] if index < len(self._blocks) else None

    def past(self, place: int, target: int) -> int:
        """Return where the last block ends that opens between `place` and `target`, or `place` if none does."""
        if not self._blocks and not self._thought_until:
            return place
        while (block := self.first_from(place)) and block.start <= target and place <= target:
            place = block.end
        return place

    def _use(self, blocks: list[Block]) -> None:
        self._blocks = sorted(blocks)
        self._starts = [block.start for block in self._blocks]

    def _end_of_lone_thought(self, text: str, tags: list[re.Match[str]]) -> int:
        """Return the end of the first closing tag if no opening one is before it and it is not merely mentioned."""
        fence: Block | None = None
        for tag in tags:
            if not tag["closes"]:
                return 0
            while (behind := self.first_from(fence.end if fence else 0)) and behind.start < tag.start():
                fence = behind
            is_in_fence = fence is not None and fence.is_closed and tag.start() < fence.end
            if not is_in_fence and _stands_alone(text, tag):
                return tag.end()
        return 0


def end_of_code(text: str, start: int, line: int) -> int | None:
    """Return where the inline code ends within which the line at `line` begins, or None if it begins in none.

    Inline code runs over lines within one paragraph, and is looked for from `start`. Backticks pair up within
    their line first: what opens is the odd one of a line, what closes is the odd one of a later line.
    """
    if text.find("`", start, line) == -1:
        return None
    before = _BLANK_LINE.split(text[start:line])[-1]
    for mark in _CODE_MARKS:
        if len(mark.findall(before)) % 2 and (end := _odd_line(text, line, mark)) is not None:
            return end
    return None


def _odd_line(text: str, start: int, mark: re.Pattern[str]) -> int | None:
    """Return the end of the first line of the paragraph that holds an odd number of marks."""
    while start <= len(text):
        line_end = line_end_from(text, start)
        if len(mark.findall(text, start, line_end)) % 2:
            return line_end
        if not text[start:line_end].strip():
            return None
        start = line_end + 1
    return None


def line_end_from(text: str, place: int) -> int:
    """Return where the line of `place` ends, before its line feed."""
    end = text.find("\n", place)
    return len(text) if end == -1 else end


def _stands_alone(text: str, tag: re.Match[str]) -> bool:
    """Whether a closing tag ends or begins its line or follows a sentence, and so is not just spoken of."""
    follows = text[tag.start() - 1 : tag.start()]
    return tag["begins"] is not None or tag["ends"] is not None or follows in (".", "!", "?", "…")


def _thoughts(text: str, tags: list[re.Match[str]]) -> list[Block]:
    blocks: list[Block] = []
    closing: int | None = None
    for tag in reversed(tags):
        if tag["closes"]:
            closing = tag.end() - len(tag["ends"] or "")
        elif closing is not None and (tag["begins"] is not None or tag["ends"] is not None):
            blocks.append(Block(tag.start(), closing, is_thought=True, is_closed=True))
        elif closing is None and tag["begins"] is not None:
            blocks.append(Block(tag.start(), len(text), is_thought=True, is_closed=False))
    return blocks


def _fences(text: str, line: re.Pattern[str], mark: str) -> list[Block]:
    """Return a block for every line that opens a fence if it is not inside another; in linear time.

    `ends` holds where the closing lines behind the present one end, each longer and farther than the next.
    """
    blocks: list[Block] = []
    lengths: list[int] = []
    ends: list[int] = []
    found = list(line.finditer(text)) if mark in text else []
    for fence in reversed(found):
        length, info = len(fence["marks"]), fence["info"].strip()
        nearest = bisect_right(lengths, -length) - 1
        if nearest >= 0 and _may_open(fence, info):
            blocks.append(Block(fence.start("marks"), ends[nearest], is_thought=False, is_closed=True))
        elif nearest < 0 and _may_stay_open(fence, mark):
            blocks.append(Block(fence.start("marks"), len(text), is_thought=False, is_closed=False))
        if not info:
            while lengths and lengths[-1] >= -length:
                lengths.pop()
                ends.pop()
            lengths.append(-length)
            ends.append(fence.end())
    return blocks


def _may_open(fence: re.Match[str], info: str) -> bool:
    return not fence["before"].strip() or not info or info.isalnum()


def _may_stay_open(fence: re.Match[str], mark: str) -> bool:
    is_row = mark == "~~~" and len(fence["marks"]) > TILDES_OF_AN_OPEN_FENCE
    return not fence["before"].strip() and not is_row
