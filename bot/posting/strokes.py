"""How much a single line of text looks drawn rather than written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import product

_DRAWN = frozenset("/\\|_-=+*#~^<>(){}[]'`\".,:;°@%&$·•¯´¨¸¬¦‾∙∘⌐⌒∧∨╱╲／＼｜＿￣（）・☆★✦✧✶✷✸✹❀❁˙˚ˍ˜")
_DOTS = frozenset(".,·•・˙")
_QUOTES = frozenset("'\":;`")
_CONNECTORS = frozenset("|│┃║↓↑▼▲vV^")
_BORDERS = "|│║┃┆┊¦｜"
_SIDES = _BORDERS + "/\\(){}[]<>:!"
_FACING = frozenset({*map("".join, product(_BORDERS + "/\\", repeat=2)), "()", ")(", "<>", "[]", "{}", "::", "!!"})
_LETTERS_THAT_DRAW = frozenset("oOvVuUwWTYXx")

_PROSE = re.compile(
    r"""\s*(?:
        [-*+•‣◦●○■□▪▫◆◇▶▸►★☆✦✧·–—→⇒➤]\s+(?:\[.\]\s+)?[*_`"'“‘(]*\w[^|/\\│─]*$   # a list's item
      | (?:<?[-=]+>|<[-=]+|>>>?)\s+\w                # an arrow that points at words
      | `[^`]+`$                                     # code in a line
      | \[.?\]\s+\w                                  # a task's box
      | \w{1,4}[.)]\s+[*_`"'“‘(]*\w                  # a numbered item
      | \#{1,6}\s+[*_`"'“‘(]*\w | -\#\s                         # a heading
      | [\W_]{0,6}[!！]\w                             # a directive
      | </?[A-Za-z][^<>]*>$ | <\|\w+\|>$             # a tag
      | [\[(<{（]?[^\W_]+(?:[_'’-][^\W_]+)*[)\]}>）.:]*$  # a word, a number, a footnote
      | [:;=8][-^'o]?[)(DPp|*3]+$                    # a smile
      | [*_~(\["'“‘<]*[.…!?·]+(?:\s[.…!?·]+)*[*_~)\]"'”’>]*$  # a silence
      | (?:[.\-]{1,6}|/)(?:\s(?:[.\-]{1,6}|/))+$     # Morse code
      | [{}()\[\];,]+(?:\s\\)?$ | \$+$               # what closes code or encloses a formula
    )""",
    re.VERBOSE,
)
_MATHS = re.compile(
    r"[\w)\]}'²³]\s+(?:=|≈|≠|≤|≥|:=|==|<=|>=|\+=)\s+[\w(\[{\\√∑∫∂'\"+-]|\w\^[\w({]|\d\s*[+*×÷]\s*\d|\\[a-z]{3,}\b|\)\s*[{;]$|://|\$\$"
)
_WRITTEN = re.compile(r"(?:[*_~`\"'“‘(\[]*[^\W_][\w'’-]*[*_~`\"'”’)\].,:;!?…]*(?:\s+|$))+$")
_BRANCH = re.compile(r"[\s|│┃]*(?:[├└┣┗╠╚╰][─━═╴ ]|[|+`'\\]--)")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-{2,}:?\s*\|\s*$")
_TABLE_ROW = re.compile(r"[^|\s][^|\n]* \| \S|\|.*\S.*\|$")
_MOSTLY = 0.65
"""The part of a line's visible characters that has to be drawn; a line of prose or code seldom comes to a half."""

_WIDEST = 120
"""Columns: Discord wraps what is wider, and then it is neither a drawing nor a table that can be read."""

_FLOW = re.compile(r"[\])}|]\s*<?[-=─]+>?\s*[\[({|]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_GAP = re.compile(r"\s{2,}")
_SENTENCE_END = re.compile(r"[.,:;!?…。，：！？][\"'”’*_)]*$")


class Kind(Enum):
    """What a line is to a drawing."""

    BLANK = auto()
    PROSE = auto()
    LABEL = auto()
    CAPTION = auto()
    DRAWN = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it may stand in a drawing: `weight` is how sure it is to be drawn, `left` and `right` in columns."""

    kind: Kind
    weight: float = 0.0
    left: int = 0
    right: int = 0
    talks: bool = False
    is_row: bool = False
    connects: bool = False

    @property
    def is_mark(self) -> bool:
        """Whether it holds a mark or two without a word, such as an eye."""
        return self.kind is Kind.CAPTION and not self.talks

    @property
    def middle(self) -> float:
        """The column of its middle."""
        return (self.left + self.right) / 2


def read_line(text: str) -> Line:
    """Return what `text`, one line without its end, looks like by itself."""
    expanded = text.expandtabs(4).rstrip()
    body = expanded.lstrip()
    if not body:
        return Line(Kind.BLANK)
    left = len(expanded) - len(body)
    talks = bool(_WORD.search(body))
    weight = 0.0 if len(expanded) > _WIDEST else _weight(expanded, body, left)
    kind = Kind.DRAWN if weight else _kind_beside(body, left, talks)
    is_row = len(body) > 1 and body[0] == body[-1] == "|"
    return Line(kind, weight, left, len(expanded) - 1, talks, is_row, body in _CONNECTORS)


def _weight(line: str, body: str, left: int) -> float:
    """Return 2 for what is surely drawn, 1 or 0.5 for what may be, 0 for what is written; a table's rule is 3."""
    if _TABLE_RULE.match(line):
        return 3.0
    if _BRANCH.match(line):
        return 2.0
    if body in _CONNECTORS and left >= 2:
        return 1.0
    if _MATHS.search(body) or _PROSE.match(body) or _WRITTEN.match(body):
        return _weight_of_letters(body, left)
    ink = "".join(body.split())
    strokes = [character for character in ink if _draws(character)]
    if _is_framed(body):
        return 2.0 if len(strokes) >= _MOSTLY * len(ink) and len(strokes) > 3 else 1.0
    if _is_mostly_drawn(body) or _is_mostly_blocks(ink):
        return _weight_of_strokes(body, ink, strokes)
    beside = _weight_beside_words(body)
    return beside or _weight_of_letters(body, left) or (0.5 if _FLOW.search(body) or _TABLE_ROW.match(body) else 0.0)


def _weight_of_strokes(body: str, ink: str, strokes: list[str]) -> float:
    kinds = set(strokes)
    if len(kinds) > 1:
        return 2.0 if len(ink) > 2 else 1.0
    if kinds <= _DOTS:
        return 1.0 if _GAP.search(body) else 0.5 if len(ink) >= 8 else 0.0
    if kinds <= _QUOTES and len(ink) < 4:
        return 0.0
    return 0.5 if len(ink) < 5 else 1.0 if len(ink) < 12 else 1.5


def _weight_of_letters(body: str, left: int) -> float:
    """Weigh a line drawn with one letter or two, such as a wall of X."""
    rows = body.split()
    if len(set("".join(rows))) > 2 or not all(len(set(row)) == 1 and row.isalnum() for row in rows):
        return 0.0
    spread = _GAP.search(body) or (left and any(len(row) > 1 for row in rows))
    return 0.0 if not spread else 1.0 if len(body) >= 5 else 0.5


def _weight_beside_words(body: str) -> float:
    """Weigh a drawing's line that has a few words beside it."""
    first = next((at for at, character in enumerate(body) if character.isalnum()), len(body))
    chunks = [body[:first].rstrip(), body[first:]] if body[:first].endswith(" ") else _GAP.split(body)
    talking = [chunk for chunk in chunks if _WORD.search(chunk)]
    drawn = " ".join(chunk for chunk in chunks if chunk not in talking)
    if len(talking) > 1 or any(len(chunk.split()) > 5 for chunk in talking) or not _is_mostly_drawn(drawn):
        return 0.0
    kinds = {character for character in drawn if _draws(character)} - _DOTS
    return 1.0 if kinds and (len(kinds) > 1 or _GAP.search(drawn)) else 0.0


def _is_mostly_drawn(text: str) -> bool:
    ink = "".join(text.split())
    return bool(ink) and sum(map(_draws, ink)) + _drawing_letters(text) >= _MOSTLY * len(ink)


def _is_mostly_blocks(ink: str) -> bool:
    blocks = sum(map(_is_block, ink))
    return blocks >= 3 and blocks >= 0.4 * len(ink)


def _kind_beside(body: str, left: int, talks: bool) -> Kind:
    words = len(body.split())
    if not talks and len(body) <= 60 and not _MATHS.search(body):
        return Kind.CAPTION
    if len(body) > 40 or words > 5 or (_PROSE.match(body) and not body.isupper() and words > 1):
        return Kind.PROSE
    if left >= 2 and not (words > 2 and _SENTENCE_END.search(body)):
        return Kind.CAPTION
    return Kind.LABEL if words <= 3 and not _SENTENCE_END.search(body) else Kind.PROSE


def _is_framed(body: str) -> bool:
    if len(body) < 3 or body[0] not in _SIDES or body[-1] not in _SIDES or body.startswith("||"):
        return False
    inside = body[1:-1]
    if _WORD.search(inside) and body[0] + body[-1] not in _FACING:
        return False
    if body[0] in _BORDERS and body[-1] in _BORDERS:
        return not inside.strip() or inside[0] in " _-=/\\(<:." or inside[-1] in " _-=/\\)>:."
    return bool(_GAP.match(inside) or _GAP.search(inside, len(inside) - 2))


def _draws(character: str) -> bool:
    return character in _DRAWN or _is_block(character)


def _is_block(character: str) -> bool:
    """Whether it is a piece of a drawing and nothing else: boxes, blocks, shapes, Braille, arrows."""
    return (
        "\u2500" <= character <= "\u25ff"
        or "\u2800" <= character <= "\u28ff"
        or "\u2190" <= character <= "\u2199"
        or "\u239b" <= character <= "\u23bd"
        or "\U0001fb00" <= character <= "\U0001fbff"
    )


def _drawing_letters(body: str) -> int:
    """Count the letters that stand alone as an eye or a leaf does, and those in rows of four or more."""
    alone = sum(
        character in _LETTERS_THAT_DRAW and not body[at - 1 : at].isalnum() and not body[at + 1 : at + 2].isalnum()
        for at, character in enumerate(body)
    )
    return alone + sum(len(row[0]) for row in re.finditer(r"([^\W\d_])\1{3,}", body))
