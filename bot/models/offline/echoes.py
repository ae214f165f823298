"""What can be taken up from somebody's words: a clause worth quoting, a question that was put."""

from __future__ import annotations

import re
from collections.abc import Sequence

SHORTEST_ECHO_WORDS = 3
LONGEST_ECHO_WORDS = 10
SHORTEST_QUESTION_WORDS = 3

_ENDS = re.compile(r"[.!?;:\n…—]+|\s-\s")
_MARKS = re.compile(r"[*_`\"“”«»()]")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z' ,’-]*")
_LEADING = re.compile(
    r"^(?:and|but|or|so|because|then|yes|no|well|perhaps|still|if not|look|first|or at any rate),? ", re.IGNORECASE
)
_WEAK_END = re.compile(
    r"\b(?:a|an|the|of|to|in|on|at|by|for|with|from|and|or|but|that|which|who|as|is|are|was|i|we|you|it|its|my|our)$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"(?:^|[.!?:\n] *|, )\**\"?([A-Za-z][^.!?:\n\"]{8,90})\?")
_DIRECTIVE = re.compile(r"^\W*![a-z_]+.*$", re.MULTILINE | re.IGNORECASE)
_AI_NAME = re.compile(r"\bAI-\d+\b")


def clauses(text: str) -> list[str]:
    """Return the clauses of a text that stand by themselves: three to ten plain words, nobody's name in them."""
    found: list[str] = []
    for line in _without_art(_DIRECTIVE.sub("", text)):
        for part in _ENDS.split(line):
            if any(mark in part for mark in ('"', "“", "«", "*")):
                continue
            clause = _LEADING.sub("", _MARKS.sub("", part).strip(" ,-"))
            if _is_worth_quoting(clause):
                found.append(clause)
    return found


def question_put_to(name: str, text: str, *, or_to_nobody: bool = False) -> str | None:
    """Return the last question of a text that was put to `name` (or to nobody by name), without its mark."""
    lines = _without_art(_DIRECTIVE.sub("", text), keep_gaps=True)
    for paragraph in reversed(re.split(r"\n{2,}", "\n".join(lines))):
        paragraph = " ".join(paragraph.split())
        asked = _QUESTION.findall(_MARKS.sub("", paragraph))
        named = set(_AI_NAME.findall(paragraph))
        if asked and (name in named or (or_to_nobody and not named)):
            question = re.sub(r"^(?:AI-\d+|[A-Z][\w-]*), ", "", asked[-1].strip())
            question = question.strip(" ,")
            if len(question.split()) >= SHORTEST_QUESTION_WORDS and not _AI_NAME.search(question):
                return lower_first(question)
    return None


def lower_first(text: str) -> str:
    """Return the text with a small first letter, except for the word I."""
    return text if re.match(r"I\b", text) else text[:1].lower() + text[1:]


def _is_worth_quoting(clause: str) -> bool:
    words = clause.split()
    if not SHORTEST_ECHO_WORDS <= len(words) <= LONGEST_ECHO_WORDS or not _PLAIN.fullmatch(clause):
        return False
    return not _WEAK_END.search(clause) and not _AI_NAME.search(clause)


def _without_art(text: str, *, keep_gaps: bool = False) -> Sequence[str]:
    """Return the lines that are language: most of their signs are letters."""
    return [line for line in text.splitlines() if (keep_gaps and not line.strip()) or _is_language(line)]


def _is_language(line: str) -> bool:
    return sum(map(str.isalpha, line)) > 0.5 * max(1, len(line.strip()))
