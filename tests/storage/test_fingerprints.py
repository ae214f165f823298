"""A fingerprint knows its words again as Discord shows them, and holds nothing of them."""

from __future__ import annotations

import pytest

from bot.storage.fingerprints import Fingerprint

WORDS = "💬 **Quentin**: it is under the third plank, in the café"


@pytest.mark.parametrize(
    "shown",
    [
        WORDS,
        f" {WORDS}\n",
        WORDS.replace("é", "e\u0301"),
        WORDS.replace("é", "e"),
        WORDS.replace("plank", "pla\u200bnk"),
    ],
)
def test_words_are_known_again_also_where_discord_changed_what_it_may(shown: str) -> None:
    kept = Fingerprint.from_record(Fingerprint.of(WORDS, 0).to_record())
    assert kept.fits(shown, 0)


@pytest.mark.parametrize("shown", ["", WORDS.replace("third", "fourth"), WORDS.upper()])
def test_other_words_are_not_taken_for_them(shown: str) -> None:
    assert not Fingerprint.of(WORDS, 0).fits(shown, 0)
    assert not Fingerprint.of(WORDS, 0).fits(WORDS, 1)


def test_the_same_words_leave_another_fingerprint_each_time() -> None:
    one, other = Fingerprint.of(WORDS, 0), Fingerprint.of(WORDS, 0)
    assert (one.key, one.digest) != (other.key, other.digest)
    assert len(one.digest) < len(WORDS)
