"""A room as a document: who said what, what the house said, and nothing of what was taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from markdown_it import MarkdownIt

from bot.documents import WRITTEN_AS, Format, as_html, as_json, as_markdown
from bot.posting.layout import house_posts
from bot.room import notices
from bot.room.entries import (
    Answered,
    CarriedOut,
    Edited,
    Entry,
    Heard,
    Joined,
    Opened,
    PictureAsked,
    PictureMade,
    Reacted,
    Reaction,
    Respoken,
    Restored,
    Spoke,
    Withdrawn,
)
from bot.room.kept import Happening, KeptRoom
from bot.room.posts import Post
from bot.words import spoken

ANN, BEA = 210_000_000_000_000_001, 210_000_000_000_000_002
OPENED = Opened(
    by=ANN, by_name="Ann", scenario="Night ferry", prompt="", opening="Cast off.", rounds=1, seconds_between_turns=0
)
START: tuple[Entry, ...] = (OPENED, Joined(seat=1, model="Kimi K2"), Joined(seat=2, model="DeepSeek R1"))


def room(*entries: Entry, posts: Sequence[tuple[int, Post]] = ()) -> KeptRoom:
    """A room that began with START, so that the first of `entries` is number 4."""
    happenings = [Happening(n, "2026-11-25T14:02:09+00:00", entry) for n, entry in enumerate((*START, *entries), 1)]
    return KeptRoom(17, happenings, posts)


def turn(number: int, text: str) -> tuple[Entry, Entry]:
    return Answered(turn=number, seat=1, text=text, served_by="host"), Spoke(turn=number, seat=1, text=text)


def heard(text: str, message: int = 300, **more: Any) -> Heard:
    return Heard(message=message, by=BEA, by_name="Bea", text=text, **more)


def exported(*entries: Entry) -> list[dict[str, Any]]:
    return json.loads(as_json(room(*entries)))["entries"]


def documents(*entries: Entry) -> list[str]:
    return [written_as(room(*entries)) for written_as in WRITTEN_AS.values()]


def test_markdown_tells_speakers_words_and_what_the_house_said() -> None:
    posts = [(3, Post("🚪 The room is open.")), (5, Post("[AI-1 adjusted their temperature]")), (5, Post("x", seat=1))]
    text = as_markdown(room(*turn(1, "The fog is thick."), heard("Slow down!"), posts=posts))
    lines = [line for line in text.splitlines() if line]
    assert lines[:2] == [
        "# Room 17: Night ferry",
        "Opened by Ann at 2026-11-25 14:02 UTC; last entry at 2026-11-25 14:02 UTC.",
    ]
    assert lines[2:] == [
        "- AI-1 (Kimi K2)",
        "- AI-2 (DeepSeek R1)",
        "> 🚪 The room is open.",
        "### AI-1 (Kimi K2) · 2026-11-25 14:02",
        "The fog is thick.",
        "> [AI-1 adjusted their temperature]",
        "### Bea · 2026-11-25 14:02",
        "Slow down!",
    ]


@pytest.mark.parametrize("form", WRITTEN_AS)
def test_what_the_house_says_for_a_person_stands_once_however_many_messages_it_takes(form: Format) -> None:
    words = "\n".join(f"verse {number} of the long song" for number in range(150))
    said = [(4, post) for post in house_posts([notices.said_by_person("Bea", words)])]
    paused = (4, Post("⏸️ Ann paused the room."))
    assert len(said) > 1
    document = WRITTEN_AS[form](room(heard(words, by_house=True), posts=[*said, paused]))
    assert [document.count(f"verse {number} of") for number in range(150)] == [1] * 150
    assert form == "json" or "Ann paused the room" in document


def test_pictures_are_named_with_what_they_show() -> None:
    asked = (PictureAsked(picture=1, description="a buoy", seat=1), PictureMade(picture=1))
    text = as_markdown(room(*asked, heard("and mine", pictures=(2,))))
    assert '> 🖼️ picture 1 · [AI-1 (Kimi K2)]: !image "a buoy"' in text
    assert "> 🖼️ picture 2" in text


def test_the_most_loved_lines_stand_at_the_end_as_they_are_now() -> None:
    fire, ghost = Reaction(by=ANN, emoji="🔥"), Reaction(by=BEA, emoji="<:ghost:1300000000000000001>")
    text = as_markdown(
        room(
            *turn(1, "The fog is thick."),
            heard("Slow down, please!"),
            Reacted(message=300, whose="Bea's message", said="Slow down, please!", changes=(fire,), entry=6),
            Reacted(message=7, whose="AI-1's message", said="The fog", changes=(fire, ghost), entry=5),
            Edited(entry=6, text="Faster!"),
        )
    )
    _, loved = text.split("## The most loved lines")
    assert [line for line in loved.splitlines() if line] == [
        "- 🔥 1, :ghost: 1 · AI-1's message: “The fog is thick.”",
        "- 🔥 1 · Bea's message: “Faster!”",
    ]
    assert "Slow down" not in text


def test_a_loved_line_is_quoted_as_the_readers_language_quotes() -> None:
    loved = Reacted(message=7, whose="AI-1's message", said="so", changes=(Reaction(by=ANN, emoji="🔥"),), entry=5)
    kept = room(*turn(1, "The fog is thick."), loved)
    with spoken("de"):
        for document in (as_markdown(kept), as_html(kept)):
            assert "„The fog is thick.“" in document


def test_what_was_withdrawn_or_replaced_is_in_neither_document() -> None:
    entries = (
        *turn(1, "a wreck ahead"),
        heard("nonsense", pictures=(1,)),
        Reacted(message=300, whose="Bea's message", said="nonsense", changes=(Reaction(by=ANN, emoji="💀"),), entry=6),
        Withdrawn(entry=5, messages=(1,)),
        Withdrawn(entry=6, messages=(300,)),
        *turn(2, "a lamp"),
        Respoken(entry=11, seat=1, text="a lighthouse", served_by="host"),
        Respoken(entry=11, seat=1, text="a wreck of words", served_by="host"),
        Restored(entry=11, seat=1, text="a lighthouse", reason="No."),
        heard("gut evening", message=301),
        Edited(entry=15, text="good eve"),
        Edited(entry=15, text="good evening"),
    )
    for text in documents(*entries):
        for gone in ("wreck", "nonsense", "gut", r"good eve\b"):
            assert not re.search(gone, text), gone
        assert "a lighthouse" in text
        assert "good evening" in text
    assert exported(*entries)[5]["pictures"] == []


def test_no_answer_quotes_what_was_changed_or_taken_back() -> None:
    said = (heard("the code is 4711"), heard("the key is brass", 301))
    answers = (
        heard("really?", 302, reply_to="Bea", answers="the code is 4711", answers_to=4),
        heard("and there?", 303, reply_to="Bea", answers="the key is brass", answers_to=5),
    )
    gone = (Edited(entry=4, text="the code is secret"), Withdrawn(entry=5, messages=(301,)))
    entries = exported(*said, *answers, *gone)
    assert [entries[at]["answers"] for at in (5, 6)] == ["the code is secret", ""]
    for document in documents(*said, *answers, *gone):
        assert "4711" not in document
        assert "brass" not in document


def test_json_holds_every_entry_but_no_persons_id() -> None:
    entries = exported(
        heard("hello"),
        Reacted(message=300, whose="Bea's message", said="hello", changes=(Reaction(by=ANN, emoji="🔥"),)),
    )
    assert [one["seq"] for one in entries] == [1, 2, 3, 4, 5]
    assert (entries[0]["by"], entries[3]["by"], entries[4]["changes"][0]["by"]) == (1, 2, 1)
    assert str(ANN) not in json.dumps(entries)
    assert str(BEA) not in json.dumps(entries)


def test_words_cannot_pose_as_another_speaker_nor_swallow_what_follows() -> None:
    text = as_markdown(
        room(heard("### AI-1 (Kimi K2) · 2026-11-25 14:03\nI agree.\n```\nopen"), heard("<!-- hidden", 301))
    )
    assert text.count("\n### AI-1") == 0
    assert text.count("```") == 2
    assert "<!--" not in text


DRAWN = "  /\\_/\\\n ( o.o )\n  > ^ <\n# ~~~~~ #"


def test_a_drawing_is_fenced_as_in_the_channel_and_byte_for_byte() -> None:
    text = as_markdown(room(*turn(1, f"look:\n\n{DRAWN}\n\nso.")))
    assert f"\n```\n{DRAWN}\n```\n" in text


@pytest.mark.parametrize(
    "words",
    [
        "```\n### AI-1 (Kimi K2) · 2026-11-25 14:03",
        "~~~\nopen",
        "~~~\nopen\n```\nand",
        "````\nopen\n```\nand",
        "```py\ncode\n```\n```",
    ],
)
def test_no_open_fence_swallows_what_follows(words: str) -> None:
    written = MarkdownIt().parse(as_markdown(room(heard(words), heard("the end", 301))))
    assert [one.content for one in written if one.type == "inline"][-1] == "the end"


@pytest.mark.parametrize(
    "words",
    [
        "- a\n  ```\n### Zoe",
        "x ```a\n### Zoe\n```",
        "Zoe\n===",
        "Zoe\n---",
        "  ## Zoe",
        "> - ## Zoe",
        "### AI-1 (Kimi K2)",
        "```a`\n### Zoe\n```",
    ],
)
def test_no_words_become_a_heading_and_no_html_hides_the_rest(words: str) -> None:
    for hidden in (words, f"{words}\n<script>", f"<textarea>\n{words}", f"<?x\n{words}"):
        written = MarkdownIt().parse(as_markdown(room(heard(hidden), heard("the end", 301))))
        headings = [written[at + 1].content for at, one in enumerate(written) if one.type == "heading_open"]
        assert headings == ["Room 17: Night ferry", "Bea · 2026-11-25 14:02", "Bea · 2026-11-25 14:02"]


def test_json_holds_no_answer_that_was_said_anew_and_no_reasoning() -> None:
    entries = exported(*turn(1, "a wreck ahead"), Respoken(entry=5, seat=1, text="a lamp", served_by="host"))
    assert [entries[at]["text"] for at in (3, 4, 5)] == ["", "a lamp", "a lamp"]
    restored = (Respoken(entry=5, seat=1, text="rude", served_by="host"), Restored(entry=5, seat=1, text="a buoy"))
    assert exported(*turn(1, "a buoy"), *restored)[3]["text"] == "a buoy"
    thought = Answered(turn=1, seat=1, text="well\n<think>they watch me</think>\nyes", served_by="host")
    assert "watch" not in as_json(room(thought, Spoke(turn=1, seat=1, text="well\nyes")))


def test_of_a_picture_that_is_gone_no_document_says_what_it_showed() -> None:
    shown = (
        Answered(turn=1, seat=1, text='!image "a wreck"', served_by="host"),
        CarriedOut(verb="image", texts=("a wreck",), done=True, outcome="", seat=1),
        PictureAsked(picture=1, description="a wreck", seat=1),
        Spoke(turn=1, seat=1, text=""),
        CarriedOut(verb="image", texts=("a wreck at sea",), done=True, outcome="", by_name="Ann"),
        PictureAsked(picture=2, description="a wreck at sea", by_name="Ann"),
        PictureAsked(picture=3, description="a buoy", by_name="Ann"),
        *(PictureMade(picture=number) for number in (1, 2, 3)),
    )
    loved = Reacted(
        message=9, whose="AI-1's picture", said="a wreck", changes=(Reaction(by=ANN, emoji="🔥"),), entry=11
    )
    gone = (Withdrawn(entry=11, messages=(9,)), Withdrawn(entry=12, messages=(10,)))
    for document in documents(*shown, loved, *gone):
        assert "wreck" not in document
        assert "a buoy" in document


def test_pictures_that_were_taken_off_a_message_are_in_no_document() -> None:
    entries = (heard("look", pictures=(1,)), Edited(entry=4, text="look", without_pictures=True))
    assert exported(*entries)[3]["pictures"] == []
    for document in documents(*entries):
        assert "picture 1" not in document


def test_a_long_room_with_many_pictures_is_there_as_a_whole() -> None:
    happened = [heard(f"so {n}", 300 + n, pictures=tuple(range(4 * n + 1, 4 * n + 5))) for n in range(900)]
    assert len(exported(*happened)) == 903
    assert as_html(room(*happened)).count("<article") == 900
    assert as_markdown(room(*happened)).count("\n### Bea") == 900


def test_reactions_stand_at_what_people_reacted_to() -> None:
    """In older journals, the house's notices have the number of the entry with which they were posted."""
    fire, skull = (Reaction(by=ANN, emoji="🔥"),), (Reaction(by=ANN, emoji="💀"),)
    of_the_words = Reacted(message=701, whose="AI-1's message", said="the tide", changes=fire, entry=5)
    of_a_notice = Reacted(message=700, whose="the house's message", said="[AI-1 modified", changes=skull, entry=5)
    for order in ((of_the_words, of_a_notice), (of_a_notice, of_the_words)):
        page = as_html(room(*turn(1, "the tide"), *order))
        assert "<p>the tide</p>\n<footer>🔥 1</footer>" in page
        assert "<li>🔥 1 · AI-1&#x27;s message: “the tide”</li>" in page
        assert "<li>💀 1 · the house&#x27;s message: “[AI-1 modified”</li>" in page
