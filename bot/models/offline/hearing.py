"""What a seat has heard, read from the messages that any model would be sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.room import notices
from bot.room.messages import Message

OWN_TURNS_REMEMBERED = 24
"""How many of its own last messages a seat takes care not to repeat."""
OTHERS_REMEMBERED = 8

_YOU_ARE = re.compile(r"You are (AI-(\d+))(?: \(([^)\n]*)\))?")
_SEAT = re.compile(r"\bAI-\d+ \([^)\n]+\)")
_INVITED = re.compile(r"You were invited(?: by (AI-\d+)[^:\n]*)? with these words: (.+)")
_SPEAKER = re.compile(r"^\[([^\[\]\n]{1,100})\]: ?", re.MULTILINE)
_HOUSE = re.compile(r"^\[[^\n]*\]$", re.MULTILINE)
_CHANGED = re.compile(r"^\[(AI-\d+) (?:modified|adjusted) their (?:system prompt|temperature)\]$", re.MULTILINE)
_REFUSED = re.compile(r"^\[Your !(\w+) was refused: ([^\n]*)\]$|^Maximum of \d+ AIs already reached", re.MULTILINE)
_ADD_AI = re.compile(r'^\W*!add_ai\W*["“]([^"”\n]+)["”]', re.MULTILINE | re.IGNORECASE)
_PICTURE_ASKED = re.compile(r'^\W*!image\W*["“]([^\n]+?)["”]?\s*$', re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Utterance:
    """What somebody said: an AI (`AI-2 (Gemini 3 Flash)`) or a person (their name)."""

    speaker: str
    words: str

    @property
    def name(self) -> str:
        """`AI-2`, or a person's name."""
        return self.speaker.split(" (")[0]

    @property
    def is_from_an_ai(self) -> bool:
        """Whether a seat said it."""
        return _SEAT.fullmatch(self.speaker) is not None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a seat knows when it is asked to speak.

    Args:
        name: its own, such as `AI-3`.
        number: 3.
        present: the other seats, as `AI-1 (Gemini 3 Flash)`, by number.
        turns: how often it has spoken.
        since: what others said since it last did, pictures apart: they come when they are ready.
        recent: what others said last, oldest first.
        own: its own last messages, oldest first.
        spoken_for: names of models that sit or were invited.
    """

    label: str
    name: str
    number: int
    present: tuple[str, ...]
    turns: int
    invitation: str
    inviter: str
    opening: str
    since: tuple[Utterance, ...]
    recent: tuple[Utterance, ...]
    own: tuple[str, ...]
    newcomers: tuple[str, ...]
    changed: tuple[str, ...]
    refused: tuple[str, ...]
    refused_verbs: tuple[str, ...]
    spoken_for: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The other seats without their models: `AI-1`."""
        return tuple(label.split(" (")[0] for label in self.present)

    @property
    def last_words(self) -> str:
        """All that was heard since it last spoke, in one text."""
        return "\n".join([self.opening, *(f"{u.speaker}: {u.words}" for u in self.since), *self.refused])

    def pictures(self) -> list[tuple[str, str]]:
        """Return who asked for which picture since it last spoke."""
        return [(u.name, found) for u in self.since for found in _PICTURE_ASKED.findall(u.words)]


def heard(messages: Sequence[Message]) -> Hearing:
    """Read what a seat knows from its system message and the room's history."""
    system = messages[0].words if messages and messages[0].role == "system" else ""
    label, name, number = _identity(system)
    users = [message.words for message in messages if message.role == "user"]
    own = [message.words for message in messages if message.role == "assistant"]
    last_own = max((i for i, message in enumerate(messages) if message.role == "assistant"), default=0)
    lately = "\n\n".join(message.words for message in messages[last_own:] if message.role == "user")
    before = _utterances("\n\n".join(users[-OWN_TURNS_REMEMBERED:]))
    since = tuple(_utterances(lately))
    invited = _INVITED.search(system)
    seats = set(_SEAT.findall(system.split("\n\n!", 1)[0])) | {u.speaker for u in before if u.is_from_an_ai}
    seats.discard(label)
    forgotten = any(notices.EARLIER_WORDS in text for text in users[:1])
    spoken_before = {u.speaker for u in before[: max(0, len(before) - len(since))]}
    return Hearing(
        label=label,
        name=name,
        number=number,
        present=tuple(sorted((s for s in seats if not s.startswith("AI-9 (Name)")), key=_seat_number)),
        turns=max(2, len(own)) if forgotten else len(own),
        invitation=invited.group(2).strip() if invited else "",
        inviter=(invited.group(1) or "") if invited else "",
        opening=_opening(users[0]) if users else "",
        since=since,
        recent=tuple(before[-OTHERS_REMEMBERED:]),
        own=tuple(own[-OWN_TURNS_REMEMBERED:]),
        newcomers=tuple(u.name for u in since if own and u.is_from_an_ai and u.speaker not in spoken_before),
        changed=tuple(dict.fromkeys(_CHANGED.findall(lately))),
        refused=tuple(match.group(0) for match in _REFUSED.finditer(lately)),
        refused_verbs=tuple(match.group(1) or "add_ai" for match in _REFUSED.finditer(lately)),
        spoken_for=frozenset(_models({label, *seats}) | set(_ADD_AI.findall("\n".join([*users, *own])))),
    )


def _identity(system: str) -> tuple[str, str, int]:
    """Return `AI-3 (Claude 3 Opus)`, `AI-3` and 3."""
    found = _YOU_ARE.search(system)
    if not found:
        return "AI-1", "AI-1", 1
    name, number, model = found.groups()
    return (f"{name} ({model})" if model else name), name, int(number)


def _utterances(text: str) -> list[Utterance]:
    """Cut a user's message into who said what; the house and finished pictures are left out."""
    starts = list(_SPEAKER.finditer(text))
    ends = [*(start.start() for start in starts[1:]), len(text)]
    said: list[Utterance] = []
    for start, end in zip(starts, ends, strict=False):
        words = _HOUSE.sub("", text[start.end() : end]).strip()
        is_picture = words.lower().startswith("!image") and "\n" not in words
        if words and not is_picture:
            said.append(Utterance(start.group(1), words))
    return said


def _opening(first: str) -> str:
    """Return what stood in the room before anybody spoke."""
    start = _SPEAKER.search(first)
    return _HOUSE.sub("", first[: start.start()] if start else first).strip()


def _models(labels: set[str]) -> set[str]:
    return {label.partition(" (")[2].rstrip(")") for label in labels if " (" in label}


def _seat_number(label: str) -> int:
    return int(label.split(" (")[0].removeprefix("AI-"))
