"""A room as a page: what people want to know of it, and no word of anybody's that a browser takes for more."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from bot.documents import as_html
from bot.room.entries import Answered, Heard, Joined, PictureAsked, PictureMade, Reacted, Reaction, Spoke
from bot.room.kept import Happening, KeptRoom
from bot.room.posts import Post
from tests.documents.test_documents import DRAWN, OPENED, heard, room

HOSTILE = "</p></article><script>alert(1)</script><img src=x onerror='alert(2)'>&lt;$title \"'`"
FIRE = Reaction(by=1, emoji="🔥")


class Tags(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_tells_names_moments_costs_reactions_and_what_pictures_show() -> None:
    page = as_html(
        room(
            Answered(turn=1, seat=1, text="fog", served_by="host", cost_usd=0.0125),
            Spoke(turn=1, seat=1, text=f"The fog is thick.\n{DRAWN}"),
            Reacted(message=7, whose="AI-1's message", said="The fog", changes=(FIRE,), entry=5),
            PictureAsked(picture=1, description="a buoy", seat=1),
            PictureMade(picture=1),
            heard("Slow down!"),
            posts=[(3, Post("🚪 The room is open."))],
        )
    )
    for part in (
        "<title>Room 17: Night ferry</title>",
        "Cost so far: $0.0125.",
        "<b>AI-1 (Kimi K2)</b> <span>2026-11-25 14:02 · $0.0125</span>",
        "<p>The fog is thick.</p>",
        f"<pre>\n{escape(DRAWN)}</pre>",
        "<footer>🔥 1</footer>",
        "a buoy",
        "<b>Bea</b>",
        "🚪 The room is open.",
        "The most loved lines",
    ):
        assert part in page, part


def test_no_words_of_anybody_become_part_of_a_page() -> None:
    entries = (
        OPENED.model_copy(update={"by_name": HOSTILE, "scenario": HOSTILE}),
        Joined(seat=1, model=HOSTILE),
        Answered(turn=1, seat=1, text=HOSTILE, served_by="host"),
        Spoke(turn=1, seat=1, text=f"{HOSTILE}\n```\n{HOSTILE}\n```"),
        Heard(message=5, by=2, by_name=HOSTILE, text=f"```{HOSTILE}"),
        PictureAsked(picture=1, description=HOSTILE, by_name=HOSTILE),
        PictureMade(picture=1),
        Reacted(
            message=7,
            whose=f"{HOSTILE}'s message",
            said=HOSTILE,
            changes=(Reaction(by=1, emoji=HOSTILE),),
            entry=4,
        ),
    )
    happenings = [Happening(number, "2026-11-25T14:02:09+00:00", entry) for number, entry in enumerate(entries, 1)]
    seen = Tags(as_html(KeptRoom(1, happenings, [(2, Post(HOSTILE))])))
    own = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li", "article", "header", "b"}
    assert seen.tags <= own | {"span", "pre", "div", "footer", "strong", "em", "code", "blockquote"}
    assert seen.attributes <= {"charset", "name", "content", "http-equiv", "class", "lang"}
    assert seen.text.count("<script>alert(1)</script>") >= 12
