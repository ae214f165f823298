"""Taking stretches out of a text so that no hole remains."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` without the spans, which are in order and apart. What is not cut stays byte for byte.

    Only the blank lines around a cut go: of those before and behind it the longer row stays, none at either end
    of the text. Lines are never joined, nor are paragraphs that a cut of several paragraphs kept apart.
    """
    cuts = list(spans)
    if not cuts:
        return text
    edges = [0, *(edge for cut in cuts for edge in cut), len(text)]
    kept = [text[start:end] for start, end in pairwise(edges)]
    return "".join(_joined(kept))


def trimmed(text: str) -> str:
    """Return `text` without the blank lines at its ends; its first line keeps its leading spaces."""
    return _split_tail(_split_head(text)[1])[0]


def _joined(kept: list[str]) -> list[str]:
    """Join what is kept (even places) of what was cut (odd places)."""
    joined: list[str] = []
    gap = ""
    for index in range(0, len(kept), 2):
        head, rest = _split_head(kept[index]) if index else ("", kept[index])
        gap = _wider(gap, head, kept[index - 1] if index else "")
        if not rest.strip() and (index or len(kept) > 1):
            continue
        core, tail = _split_tail(rest) if index < len(kept) - 1 else (rest, "")
        joined += [gap, core] if joined else [core]
        gap = tail
    return joined


def _wider(before: str, behind: str, cut: str) -> str:
    """Return the longer of two rows of line feeds: at least a blank line where the cut held one."""
    gap = before if before.count("\n") >= behind.count("\n") else behind
    if gap == "\n" and any(not line.strip() for line in cut.split("\n")[1:-1]):
        return "\n\n"
    return gap


def _split_head(text: str) -> tuple[str, str]:
    """Split off the blank lines that a text begins with."""
    words = text.lstrip()
    if not words:
        return text, ""
    start = text.rfind("\n", 0, len(text) - len(words)) + 1
    return text[:start], text[start:]


def _split_tail(text: str) -> tuple[str, str]:
    """Split off the last line's end and the blank lines behind it."""
    end = text.find("\n", len(text.rstrip()))
    return (text, "") if end == -1 else (text[:end], text[end:])
