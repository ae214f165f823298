"""The claims, each with its name: what is held against the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tests.invariants.asking import strange_answers, wrong_requests
from tests.invariants.evidence import Evidence, Moment
from tests.invariants.money import wrong_costs
from tests.invariants.pictures import pictures_made_too_often, wrong_pictures
from tests.invariants.posts import disordered_messages, unsaid_words, wrong_messages
from tests.invariants.turns import wrong_turns

Claim = Callable[[Evidence, Moment], Iterable[str]]

CLAIMS: Mapping[str, Claim] = {
    "every message that people saw is in the outbox once, and the other way round": wrong_messages,
    "words appear in order, and the parts of one message together": disordered_messages,
    "what was spoken is what was posted": unsaid_words,
    "no turn is skipped, taken twice or taken out of turn": wrong_turns,
    "whoever is asked has the word and all that is theirs": wrong_requests,
    "an answer is written down once": strange_answers,
    "a room has cost what its entries cost": wrong_costs,
    "a picture is posted once, for whom it was asked": wrong_pictures,
    "a picture is made once more at most": pictures_made_too_often,
}


def violations(evidence: Evidence, moment: Moment) -> list[str]:
    """Return a sentence for every violation of any claim."""
    return [sentence for claim in CLAIMS.values() for sentence in claim(evidence, moment)]
