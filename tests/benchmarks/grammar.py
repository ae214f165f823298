"""How long the directive grammar takes over 100,000 characters of the worst: `python -m tests.benchmarks.grammar`."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.room.answers import spoken_by
from bot.room.directives import Form, read_directives, without_cut_directives

CHARACTERS = 100_000
REPETITIONS = 5
FORMS = (
    Form("add_ai", texts=2),
    Form("image", texts=1),
    Form("prompt", texts=1, cut=True),
    Form("temperature", texts=1, cut=True, number=True),
)
WORST = {
    "prose": "the wire hums and nobody asks it why, so it hums on; 'what else', it says.\n\n",
    "letters": "a",
    "straight quotes": '"',
    "apostrophes": "'",
    "backticks": "`",
    "backticks apart": "` ",
    "backslashes": "\\",
    "line feeds": "\n",
    "spaces": " ",
    "stars": "*",
    "bullets": "\n-",
    "exclamation marks": "!",
    "bare directives": "!image\n",
    "unclosed directives": '!image "\n',
    "unclosed on one line": '!image "',
    "unclosed in many quotes": "!image \"\n!image “\n!image «\n!image `\n!image '\n!image „\n",
    "unclosed invitations": '!add_ai "a" "b\n',
    "triple quotes": '!prompt """\n',
    "directives closed below": '!prompt "a\nb"\n',
    "numbers": "!temperature 1\n",
    "quoted lines": 'a"\n',
    "fences": "```\n",
    "fences that never close": "```a\n",
    "shrinking tildes": "\n".join("~" * length for length in range(400, 3, -1)) + "\n",
    "opened thoughts": "<think>",
    "opened thoughts on lines": "<think>\n",
    "thoughts": "<think>a</think>\n",
    "thoughts closed in fences": "```\n</think>\n```\n",
    "code over lines": "`\n!image a\n",
    "code that never closes": "` `` a\n\n!image a\n",
    "speakers": "[AI-2]: a\n",
    "own names": "[AI-3]: ",
    "own names on lines": "AI-3:\n",
    "house lines": "[AI-2 modified their system prompt]\n",
    "open brackets": "[AI-2 (",
}


def measure() -> list[tuple[str, float]]:
    """Return what was read and the best of its runs in milliseconds."""
    return [
        (f"{of} {name}", _milliseconds(does, _sample(seed, opened)))
        for name, seed in WORST.items()
        for of, does, opened in (
            ("read", lambda text: read_directives(text, FORMS), '!image "a\n'),
            ("cut", lambda text: without_cut_directives(text, FORMS), "!prompt 'a\n"),
            ("say", lambda text: spoken_by(text, "AI-3 (Claude 3 Opus)", ["AI-2 (Kimi K2)", "Ada"]), ""),
        )
    ]


def _sample(seed: str, opened: str) -> str:
    return (opened + seed * (CHARACTERS // len(seed) + 1))[: CHARACTERS - 10] + '\n!image "b"'[:10]


def _milliseconds(does: Callable[[str], object], text: str) -> float:
    best = float("inf")
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        does(text)
        best = min(best, time.perf_counter() - start)
    return best * 1000


if __name__ == "__main__":
    for what, milliseconds in measure():
        print(f"{milliseconds:8.2f} ms  {what}")  # noqa: T201
