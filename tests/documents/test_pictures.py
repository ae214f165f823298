"""Pictures in documents: what one shows stands once beside its number, and nowhere when it was taken back."""

from __future__ import annotations

import pytest

from bot.documents import WRITTEN_AS, Format, as_html, as_markdown
from bot.room import notices
from bot.room.entries import Answered, CarriedOut, Entry, PictureAsked, PictureMade, Reacted, Reaction, Spoke, Withdrawn
from bot.room.posts import Post
from tests.documents.test_documents import ANN, room

SHOWN = "Bob in his bath, crying, with a duck on his head and a candle at his feet"
LABEL = "AI-1 (Kimi K2)"
ASKED_BY_ANN = PictureAsked(picture=1, description=SHOWN, by_name="Ann")
SKULL = (Reaction(by=ANN, emoji="💀"),)


def asked_by_an_ai(words: str) -> tuple[Entry, ...]:
    """A turn in which a picture was asked for, the last entry of which is number 7."""
    return (
        Answered(turn=1, seat=1, text=f'look\n!image "{SHOWN}"', served_by="host"),
        CarriedOut(verb="image", texts=(SHOWN,), done=True, outcome="", seat=1),
        PictureAsked(picture=1, description=SHOWN, seat=1),
        Spoke(turn=1, seat=1, text=words),
    )


@pytest.mark.parametrize("form", WRITTEN_AS)
def test_what_a_persons_picture_showed_is_gone_with_it(form: Format) -> None:
    posts = [
        (4, Post(notices.image_asked("Ann", SHOWN))),
        (5, Post(f"🎨 Ann created an image\n[Ann]: {SHOWN}")),  # what a long description needs a message of its own for
        (5, Post(notices.image_created("Ann", SHOWN), picture=1, alt_text=SHOWN)),
    ]
    made = (ASKED_BY_ANN, PictureMade(picture=1))
    loved = Reacted(message=700, whose="the house's message", said=posts[0][1].text[:80], changes=SKULL)
    assert "Bob" in WRITTEN_AS[form](room(*made, loved, posts=posts))
    assert "Bob" not in WRITTEN_AS[form](room(*made, loved, Withdrawn(entry=5, messages=(900,)), posts=posts))


@pytest.mark.parametrize("form", WRITTEN_AS)
def test_of_an_ais_picture_that_is_gone_only_its_words_in_the_channel_are_left(form: Format) -> None:
    posts = [(7, Post(f"[AI-1 modified their system prompt]\n{notices.image_asked(LABEL, SHOWN)}"))]
    gone = (PictureMade(picture=1), Withdrawn(entry=8, messages=(900,)))
    document = WRITTEN_AS[form](room(*asked_by_an_ai("look"), *gone, posts=posts))
    assert "Bob" not in document
    assert "look" in document
    standing = WRITTEN_AS[form](room(*asked_by_an_ai(f'look\n!image "{SHOWN}"'), *gone, posts=posts))
    assert standing.count("Bob") == 1


@pytest.mark.parametrize("words", ["look", f'look\n!image "{SHOWN}"'])
def test_what_a_picture_shows_stands_once(words: str) -> None:
    posts = [(7, Post(f"[AI-1 modified their system prompt]\n{notices.image_asked(LABEL, SHOWN)}"))]
    happened = room(*asked_by_an_ai(words), PictureMade(picture=1), posts=posts)
    for document in (as_markdown(happened), as_html(happened)):
        assert document.count("Bob in his bath") == 1
        assert f"🖼️ picture 1 · {LABEL}" in document or f"🖼️ picture 1 · [{LABEL}]: !image " in document
        assert "[AI-1 modified their system prompt]" in document


def test_of_a_picture_that_is_still_being_made_the_house_says_so() -> None:
    posts = [(4, Post(notices.image_asked("Ann", SHOWN)))]
    assert "(generating...)" in as_markdown(room(ASKED_BY_ANN, posts=posts))


def test_what_the_house_says_of_a_turn_stands_below_its_words() -> None:
    text = as_markdown(room(*asked_by_an_ai("look"), posts=[(7, Post("[AI-1 modified their system prompt]"))]))
    assert text.index("look") < text.index("[AI-1 modified")
