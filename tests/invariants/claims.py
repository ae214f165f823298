"""The claims, each with its name: what is held against the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from tests.invariants.asking import strange_answers, wrong_requests
from tests.invariants.evidence import Evidence, Moment
from tests.invariants.forgetting import unforgotten_words
from tests.invariants.money import wrong_costs
from tests.invariants.panels import wrong_panels
from tests.invariants.people import kept_in_spite_of_people, wrong_hearing, wrong_reactions
from tests.invariants.pictures import pictures_made_too_often, wrong_pictures
from tests.invariants.posts import disordered_messages, strayed_posts, unsaid_words, wrong_messages
from tests.invariants.refusals import unadmitted_refusals
from tests.invariants.turns import wrong_turns

Claim = Callable[[Evidence, Moment], Iterable[str]]

CLAIMS: Mapping[str, Claim] = {
    "every message that people saw is in the outbox once, and the other way round": wrong_messages,
    "words appear in order, and the parts of one message together": disordered_messages,
    "what was spoken is what was posted": unsaid_words,
    "what is said belongs to the entry that says it": strayed_posts,
    "no turn is skipped, taken twice or taken out of turn": wrong_turns,
    "whoever is asked has the word and all that is theirs": wrong_requests,
    "an answer is written down once": strange_answers,
    "a room has cost what its entries cost": wrong_costs,
    "a picture is posted once, for whom it was asked": wrong_pictures,
    "a picture is made once more at most": pictures_made_too_often,
    "words that Discord declined are said to be missing": unadmitted_refusals,
    "a room has one panel, which shows whether it goes on": wrong_panels,
    "people are heard once, as they spoke": wrong_hearing,
    "how people react is known as it stands": wrong_reactions,
    "what people take back or take away is gone": kept_in_spite_of_people,
    "who is forgotten is nowhere": unforgotten_words,
}


def violations(evidence: Evidence, moment: Moment) -> list[str]:
    """Return a sentence for every violation of any claim."""
    return [sentence for claim in CLAIMS.values() for sentence in claim(evidence, moment)]
