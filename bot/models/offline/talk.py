"""One seat's turn of talk: finds lines for a moment that fit, and that it has not said before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product, zip_longest

from bot.models.offline.chance import dice_for, in_turn
from bot.models.offline.echoes import clauses, lower_first, question_put_to
from bot.models.offline.grammar import Grammar, SlotUnknown, capitalized, gist, sentences, uncapitalized
from bot.models.offline.hearing import Hearing, Utterance
from bot.models.offline.manners import Manner
from bot.models.offline.themes import Motif, Theme, themes

_BETWEEN_SENTENCES = re.compile(r"((?<=[.!?…])\s+|(?<=[.!?…][*”»)\"])\s+)")
SHORTEST_REST_WORDS = 5
"""What is left of a line when repeated sentences fell away is said if it is at least so long."""
_SLOTS = re.compile(r"\{[^{}]*\}|\n")
LINES_A_TURN = {"body": 4, "spin": 7, "items": 4}
"""How far a voice's list of lines moves on from turn to turn; one for the others."""
STAYING_WITH_A_MOTIF = 0.66
TELLING_CHARACTERS = 9
"""So long a fixed part of a pattern is recognized when it comes again soon."""
LONGEST_STYLE_CHARACTERS = 45
LONGEST_CLAUSE_WORDS = 24
SHORT_SENTENCE_WORDS = 2
"""So short a sentence may be said again."""


class Talk:
    """What one seat can say in one turn; every line that it gives is said, and not given again."""

    def __init__(self, seed: int, hearing: Hearing, manner: Manner) -> None:
        self.hearing = hearing
        self.manner = manner
        self._key = (seed, hearing.label)
        self.dice = dice_for(*self._key, hearing.turns, hearing.present, hearing.last_words)
        self._said = {gist(sentence) for text in hearing.own for sentence in sentences(text)}
        self._room = "\n".join([*hearing.own, *(u.words for u in hearing.recent)]).lower()
        self._lately = "\n".join([*hearing.own[-4:], *(u.words for u in hearing.recent[-4:])]).lower()
        self._used: set[str] = set()
        self._given: Counter[str] = Counter()
        self.asked, self.other = self._addressed()
        self.motif = self._motif()
        self.near, self.far = self._themes()
        self.known = self._known()

    def line(self, moment: str) -> str | None:
        """Return a line for a moment, or None when the voice has none that is new and fits."""
        place = self.hearing.turns * LINES_A_TURN.get(moment, 1) + self._given[moment]
        order = in_turn(self.manner.lines.get(moment, ()), place, *self._key, moment)
        unused = sorted((t for t in order if t not in self._used), key=self._sounds_familiar)
        also = {"other": self.hearing.inviter or self.other} if moment == "arrive" else {}
        for whole, template in product((True, False), unused):
            if text := self._new(template, also, whole):
                self._given[moment] += 1
                self._used.add(template)
                return text
        return None

    def fill(self, template: str, **also: str) -> str:
        """Return a template of any origin with its slots filled in this turn's themes."""
        return Grammar(self.near, self.far, self.known | also, self._choose, self.dice).fill(template)

    def spelled(self, text: str) -> str:
        """Return a text with or without capitals, as the manner wants it."""
        return uncapitalized(text) if self.manner.lowercase else capitalized(text)

    def quoted(self, words: str) -> str:
        """Return somebody else's words as this manner quotes them."""
        return self.dice.choice(self.manner.quotes).format(lower_first(words))

    def _new(self, template: str, also: Mapping[str, str], whole: bool) -> str | None:
        """Fill a template. Sentences that were said before fall away, unless the line has to be `whole`."""
        try:
            text = self.fill(template, **also)
        except SlotUnknown:
            return None
        pieces = _BETWEEN_SENTENCES.split(text)
        new = [part + gap for part, gap in zip_longest(pieces[::2], pieces[1::2], fillvalue="") if self._is_new(part)]
        line = "".join(new).rstrip()
        if line != text and (whole or not line.startswith(pieces[0]) or len(line.split()) < SHORTEST_REST_WORDS):
            return None
        self._said.update(gist(sentence) for sentence in sentences(line))
        return line

    def _is_new(self, part: str) -> bool:
        """Whether no sentence in this part was said before; very short ones may be."""
        gists = [gist(sentence) for sentence in sentences(part)]
        return not any(said in self._said and len(said.split()) > SHORT_SENTENCE_WORDS for said in gists)

    def _sounds_familiar(self, template: str) -> bool:
        """Whether a line of this pattern was heard here lately."""
        fixed = max(_SLOTS.split(template), key=len).strip().lower()
        return len(fixed) >= TELLING_CHARACTERS and fixed in self._lately

    def _choose(self, phrases: Sequence[str]) -> str:
        """Pick a phrase that nobody used lately, if there is one."""
        unused = [phrase for phrase in phrases if phrase not in self._room]
        phrase = self.dice.choice(unused or list(phrases))
        self._room += "\n" + phrase
        return phrase

    def _addressed(self) -> tuple[str | None, str]:
        """Return the question that was put to this seat, if any, and whom it turns to."""
        spoke = [u for u in self.hearing.since if u.is_from_an_ai]
        for utterance in reversed(spoke):
            last = utterance is spoke[-1]
            if question := question_put_to(self.hearing.name, utterance.words, or_to_nobody=last):
                return question, utterance.name
        if spoke:
            return None, self.dice.choice([*spoke, spoke[-1], spoke[-1]]).name
        return None, self.dice.choice(self.hearing.names) if self.hearing.names else ""

    def _motif(self) -> Motif | None:
        """Return the noun that is taken up: of whom this seat turns to, or else of anybody."""
        own_words = [u.words for u in self.hearing.recent if u.name == self.other]
        heard = themes().motifs(own_words[-1:]) or themes().motifs([u.words for u in self.hearing.recent])
        heard = heard or themes().motifs([self.hearing.opening, self.hearing.invitation])
        return self.dice.choice(heard[:4]) if heard else None

    def _carried(self) -> str:
        """Return the motif as a singular noun: the one that was heard, or one that goes with it."""
        if self.motif and self.motif.is_singular:
            return self.motif.noun
        return self._choose(themes()[self.motif.theme if self.motif else self.near.name].phrases["thing"])

    def _themes(self) -> tuple[Theme, Theme]:
        """Stay with what was heard, or drift on; the other theme is this seat's own preoccupation."""
        own = in_turn(themes().names, self.hearing.turns // 2, *self._key, "themes")
        if self.motif is None:
            near = own[0]
        elif self.dice.random() < STAYING_WITH_A_MOTIF:
            near = self.motif.theme
        else:
            near = self.dice.choice(themes()[self.motif.theme].following)
        far = next(name for name in own if name != near)
        return themes()[near], themes()[far]

    def _known(self) -> dict[str, str]:
        """Return what slots stand for by themselves in this turn."""
        hearing = self.hearing
        person = next((u for u in reversed(hearing.since) if not u.is_from_an_ai), None)
        pictures = hearing.pictures()
        thirds = [name for name in hearing.names if name != self.other]
        found: dict[str, str | None] = {
            "other": self.other,
            "third": self.dice.choice(thirds) if thirds else None,
            "motif": self._carried(),
            "asked": self.quoted(self.asked) if self.asked else None,
            "echo": self._echo(person),
            "invitation": _shortened(hearing.invitation) if hearing.invitation else None,
            "new": hearing.newcomers[-1] if hearing.newcomers else None,
            "changer": hearing.changed[-1] if hearing.changed else None,
            "person": person.name if person else None,
            "painter": pictures[-1][0] if pictures else None,
            "seen": _subject(pictures[-1][1]) if pictures else None,
        }
        return {slot: value for slot, value in found.items() if value}

    def _echo(self, person: Utterance | None) -> str | None:
        """Quote a clause of whom this seat turns to, best one that holds a motif, and none quoted lately."""
        said = [person.words] if person else [u.words for u in self.hearing.recent if u.name == self.other][-1:]
        own = "\n".join(self.hearing.own).lower()
        found = [clause for text in said for clause in clauses(text) if clause.lower() not in own]
        telling = [clause for clause in found if themes().motifs([clause])]
        chosen = telling or found
        return self.quoted(self.dice.choice(chosen)) if chosen else None


def _subject(description: str) -> str:
    """Return what a picture shows, without the manner in which it shows it: what follows the first `of`."""
    start = re.search(r" of (?=\w)", description[:LONGEST_STYLE_CHARACTERS])
    return _shortened(description[start.end() :] if start else description)


def _shortened(text: str) -> str:
    """Return the beginning of a text, to quote it inside a sentence: one clause, without marks."""
    plain = re.sub(r"[\"“”*_`«»]", "", " ".join(text.split()))
    clause = re.split(r"[,.;:?!]| - |—", plain)[0].strip()
    return lower_first(" ".join(clause.split()[:LONGEST_CLAUSE_WORDS]))
