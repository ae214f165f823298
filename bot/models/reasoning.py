"""Thinking aloud: what a local server leaves of a model's reasoning in its answer, taken out."""

from __future__ import annotations

import re

_OPENED = re.compile(r"\s*<(think|thinking|thought|reasoning)>", re.IGNORECASE)
_CLOSED_ALONE = re.compile(r"^[ \t]*</(?:think|thinking|thought|reasoning)>[ \t]*$", re.IGNORECASE | re.MULTILINE)


def without_reasoning(text: str, *, reasons: bool) -> str:
    """Return `text` without the reasoning it begins with.

    Only what stands at the very beginning is reasoning: a tag further down is something an AI writes about.
    Templates of models that reason (`reasons`) may have written the opening tag themselves, so that of the
    pair only a closing tag on a line of its own is left. Reasoning that never closes leaves nothing.
    """
    while opened := _OPENED.match(text):
        closing = re.compile(f"</{opened[1]}>", re.IGNORECASE).search(text, opened.end())
        if closing is None:
            return ""
        text = text[closing.end() :]
    if reasons and (closed := _CLOSED_ALONE.search(text)):
        text = text[closed.end() :]
    return text
