"""Discord's marks on a page: what they mean is shown, no word is lost, and no words of anybody become tags."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.documents import as_html
from bot.documents.marks import shown
from bot.room.entries import Joined, Reacted, Reaction, Spoke
from bot.room.kept import Happening, KeptRoom
from bot.room.posts import Post
from tests.documents.test_documents import OPENED, heard, room, turn

MARKS = ["*", "**", "***", "_", "__", "`", "``", "```", "\\", ">", "> ", ">>> ", "\n", "\n\n", " ", "é", "ö "]
"""Letters of which no language of a fence is made: a page leaves that out, as Discord does."""
HOSTILE = ["<b>", "</p>", "<script>x</script>", "<em", "&lt;", "&", '"', " onclick=x", "https://x.y/_a_", "[a](b:c)"]
WORDS = st.lists(st.sampled_from(MARKS + HOSTILE), max_size=30).map("".join)


class Page(HTMLParser):
    """Reads a page and sees to it that whatever is opened is closed, the last first."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"p", "pre", "blockquote", "strong", "em", "code"}
        assert attrs == []
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@given(WORDS)
@example("*a **b* c**")
@example("***a** b*")
@example("**_*a_***")
@example("> *a\n*b")
@example("\\``")
@example("`<b>*`*</b>*")
def test_nothing_becomes_a_tag_and_no_word_is_lost(words: str) -> None:
    def without_marks(text: str) -> str:
        return re.sub(r"[*_`\\>\s]", "", text)

    assert without_marks(Page("".join(shown(words))).text) == without_marks(words)


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("🚪 **Backroom**, *so*", "<p>🚪 <strong>Backroom</strong>, <em>so</em></p>"),
        ("***a** b* `*c*`", "<p><strong>*a</strong> b* <code>*c*</code></p>"),
        ("***both***, _one_", "<p><strong><em>both</em></strong>, <em>one</em></p>"),
        ("> The lamp\n> is on.\nso", "<blockquote><p>The lamp\nis on.</p>\n</blockquote>\n<p>so</p>"),
        ("2 * 3 * 4, a_b_c, **** and *", "<p>2 * 3 * 4, a_b_c, **** and *</p>"),
        (r"¯\\_(ツ)\_/¯ \*so\*", r"<p>¯\_(ツ)_/¯ *so*</p>"),
        ("*a\n\nb*", "<p>*a\n\nb*</p>"),
        ("https://a.b/_c_/*d*", "<p>https://a.b/_c_/*d*</p>"),
        ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
        ("```\n\n  x\n```", "<pre>\n\n  x</pre>"),
    ],
)
def test_marks_are_shown_as_in_the_channel(words: str, page: str) -> None:
    assert "".join(shown(words)) == f"{page}\n"


def test_what_people_and_the_house_say_is_shown_so_in_the_language_of_the_room() -> None:
    loved = Reacted(message=9, whose="AI-1's message", said="so", changes=(Reaction(by=1, emoji="🔥"),), entry=6)
    page = as_html(room(heard("*really?*"), *turn(1, "**so**"), loved, posts=[(4, Post("> *Offline cast*"))]))
    for part in (
        "<em>really?</em>",
        "<p><strong>so</strong></p>",
        "<blockquote><p><em>Offline cast</em></p>",
        "“<strong>",
    ):
        assert part in page
    assert '<html lang="en">' in page
    german = KeptRoom(1, [Happening(1, "2026-11-25T14:02:09+00:00", OPENED.model_copy(update={"locale": "de"}))])
    assert '<html lang="de">' in as_html(german)


def test_every_seat_has_a_colour_that_the_house_has_not() -> None:
    seats = [*(Joined(seat=seat, model="Kimi K2") for seat in (3, 4, 5))]
    page = as_html(room(*seats, *(Spoke(turn=seat, seat=seat, text="so") for seat in range(1, 6))))
    for seat in range(1, 6):
        assert f'<article class="seat{seat}">' in page
        assert f".seat{seat} {{ border-color: #" in page
