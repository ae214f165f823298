"""What is read as a directive, what its texts are, and what is left of a message after the private ones are cut."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.room.directives import Directive, Form, number_in, read_directives, without_cut_directives

FORMS = (
    Form("add_ai", texts=2),
    Form("image", texts=1),
    Form("prompt", texts=1, cut=True),
    Form("temperature", texts=1, cut=True, number=True),
)
TRANSCRIPT = Path(__file__).parents[2] / ".." / "shared" / "reference" / "transcript.txt"


def read(text: str) -> list[tuple[str, ...]]:
    return [(directive.verb, *directive.texts) for directive in read_directives(text, FORMS)]


def public(text: str) -> str:
    return without_cut_directives(text, FORMS)


@pytest.mark.parametrize(
    "line",
    [
        '!image "a lamp"',
        '   !image "a lamp"',
        '\t!image "a lamp"',
        '\u200b!image "a lamp"',
        '- !image "a lamp"',
        '* !image "a lamp"',
        '+ !image "a lamp"',
        '• !image "a lamp"',
        '1. !image "a lamp"',
        '12) !image "a lamp"',
        '- 2. **!image "a lamp"**',
        '**!image "a lamp"**',
        '*!image "a lamp"*',
        '_!image "a lamp"_',
        '***!image*** "a lamp"',
        '**!image:** "a lamp"',
        '__!image__ "a lamp"',
        '!image *"a lamp"*',
        "**!image a lamp**",
        "__!image a lamp__",
        '!IMAGE "a lamp"',
        '!Image "a lamp"',
        '！image "a lamp"',
        "!image a lamp",
        "!image    a lamp   ",
        "!image a lamp\r",
    ],
)
def test_a_directive_begins_a_line_behind_spaces_bullets_and_emphasis(line: str) -> None:
    assert read(f"before\n{line}\nafter") == [("image", "a lamp")]


@pytest.mark.parametrize("separator", ["", " ", ":", ": ", " : ", "=", " = ", ",", ", ", "-", " - ", " — ", " – "])
def test_separators_before_a_quoted_text_are_stepped_over(separator: str) -> None:
    assert read(f'!image{separator}"a lamp"') == [("image", "a lamp")]
    assert read(f'!add_ai{separator}"Kimi K2"{separator}"come in"') == [("add_ai", "Kimi K2", "come in")]


@pytest.mark.parametrize("separator", [" ", ":", "=", ", ", "-", " - "])
def test_separators_before_an_unquoted_text_are_stepped_over(separator: str) -> None:
    assert read(f"!image{separator}a lamp") == [("image", "a lamp")]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        *zip("\"'`“‘„‚«»‹›「『”’", "\"'`”’“‘»«›‹」』”’", strict=True),
        ("„", "”"),
        ('"""', '"""'),
        ("'''", "'''"),
        ("```", "```"),
        ("``", "``"),
        ('"', "”"),
        ("“", '"'),
        ("'", "’"),
        ("‘", "'"),
    ],
)
def test_every_style_of_quote_is_read(opening: str, closing: str) -> None:
    assert read(f"!image {opening}a lamp{closing}") == [("image", "a lamp")]
    assert read(f"!add_ai {opening}Kimi K2{closing} {opening}come in{closing}") == [("add_ai", "Kimi K2", "come in")]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("!image 'it doesn't rain'", "it doesn't rain"),
        ("!image ‘it doesn’t rain’", "it doesn’t rain"),
        ('!image "it doesn\'t rain"', "it doesn't rain"),
        ('!image "a "small" lamp"', 'a "small" lamp'),
        ("!image “a “small” lamp”", "a “small” lamp"),
        ("!image «a «small» lamp»", "a «small» lamp"),
        (r'!image "a \"small\" lamp"', 'a "small" lamp'),
        (r'!image "a lamp on C:\\"', "a lamp on C:\\"),
        (r'!image "a slash \ in it"', r"a slash \ in it"),
        (r'!image "ends with a word \"so\""', 'ends with a word "so"'),
        ('!image "a lamp, a wire; why? — because"', "a lamp, a wire; why? — because"),
        ('!image "a lamp".', "a lamp"),
        ('!image "a lamp" (please)', "a lamp"),
        ("!image 'a lamp that doesn't burn", "a lamp that doesn't burn"),
    ],
)
def test_the_last_matching_quote_of_the_line_closes_a_text(line: str, text: str) -> None:
    assert read(line) == [("image", text)]


def test_an_unclosed_text_ends_with_its_line() -> None:
    text = '!image "a lamp\n\nand "nobody" sees it\n\nhe asks: "why?"\n\n!add_ai "Kimi K2" "come'
    assert read(text) == [("image", "a lamp"), ("add_ai", "Kimi K2", "come")]


def test_an_unclosed_text_takes_no_quotation_of_several_lines_below() -> None:
    assert read('!image "a lamp\n\nit said "i am\nhere" and left') == [("image", "a lamp")]


def test_an_unclosed_text_takes_no_directive_below() -> None:
    assert read('!image "a lamp\n!image "a wire\n!image "a door"') == [
        ("image", "a lamp"),
        ("image", "a wire"),
        ("image", "a door"),
    ]


@pytest.mark.parametrize(("opening", "closing"), ['""', "“”", "«»", "``", "''", "‘’", ('"""', '"""'), ("```", "```")])
def test_a_text_runs_over_several_lines_when_it_closes(opening: str, closing: str) -> None:
    text = f"!prompt {opening}first\n  second, it's\nthird{closing}.\nprose"
    assert read(text) == [("prompt", "first\n  second, it's\nthird")]
    assert public(text) == "prose"


def test_a_text_of_several_paragraphs_is_read_whole() -> None:
    text = '!prompt "first\n\nthe "second" one\n\nthird"\n\nprose'
    assert read(text) == [("prompt", 'first\n\nthe "second" one\n\nthird')]
    assert public(text) == "prose"


def test_inner_quotes_on_the_first_line_do_not_close_a_text_that_goes_on() -> None:
    text = '!prompt "be the "gap" in things\nand keep it"\nprose'
    assert read(text) == [("prompt", 'be the "gap" in things\nand keep it')]
    assert public(text) == "prose"


def test_single_quotes_do_not_reach_over_a_blank_line() -> None:
    assert read("!image 'a lamp\n\nthe dogs'\n!image 'a wire\nand a door'") == [
        ("image", "a lamp"),
        ("image", "a wire\nand a door"),
    ]


def test_a_quoted_text_may_stand_on_the_next_line() -> None:
    text = '!prompt:\n"be still"\nprose'
    assert read(text) == [("prompt", "be still")]
    assert public(text) == "prose"


def test_prose_on_the_next_line_is_no_text() -> None:
    assert read('!prompt\n"be still" he said, and "go"') == [("prompt",)]
    assert read("!image\na lamp") == [("image",)]


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ('!add_ai "Claude 3 Opus" "it\'s "late" here"', ("Claude 3 Opus", 'it\'s "late" here')),
        ('!add_ai Claude 3 Opus "come in"', ("Claude 3 Opus", "come in")),
        ("!add_ai Claude 3 Opus 'don't wait'", ("Claude 3 Opus", "don't wait")),
        ('!add_ai **Claude 3 Opus**: "come in"', ("Claude 3 Opus", "come in")),
        ("!add_ai Kimi K2", ("Kimi K2",)),
        ("!add_ai Sonnet's O'Brien", ("Sonnet's O'Brien",)),
        ('!add_ai "Kimi K2"', ("Kimi K2",)),
        ('!add_ai "Kimi K2" come in', ("Kimi K2", "come in")),
        ('!add_ai "Kimi K2", come in', ("Kimi K2", "come in")),
        ("!add_ai 'Kimi K2' “come in”", ("Kimi K2", "come in")),
        ('!add_ai "Kimi K2', ("Kimi K2",)),
        ('!add_ai "Kimi K2" "come\nin"', ("Kimi K2", "come\nin")),
        ('!add_ai "" "come in"', ("", "come in")),
        ("!add_ai", ()),
        ("!add_ai ...", ("...",)),
        ('add it: !add_ai "Kimi K2"', None),
        ('!add\\_ai "Kimi K2" "come in"', ("Kimi K2", "come in")),
    ],
)
def test_an_invitation_has_a_name_and_words(line: str, texts: tuple[str, ...] | None) -> None:
    assert read(line) == ([] if texts is None else [("add_ai", *texts)])


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("1.4", "1.4"),
        ("0,7", "0.7"),
        ("1.4.", "1.4"),
        ("1,4,", "1.4"),
        (".5", "0.5"),
        ("2", "2"),
        ("2.", "2"),
        ("+1", "1"),
        ("-1", "-1"),
        ("= -0,5", "-0.5"),
        ("−1", "-1"),
        ("- 1", "1"),
        (": 1.2", "1.2"),
        ('"1.2"', "1.2"),
        ("**1.2**", "1.2"),
        ("1.4 because it is cold", "1.4"),
        ("X", "X"),
        ("warm.", "warm"),
        ("2nd", "2nd"),
        ("1.2.3", "1.2.3"),
        ("1.2-1.6", "1.2-1.6"),
        ("1/2", "1/2"),
    ],
)
def test_a_number_is_read_or_left_to_be_refused(words: str, number: str) -> None:
    assert read(f"!temperature {words}\nprose") == [("temperature", number)]
    assert public(f"!temperature {words}\nprose") == "prose"
    assert number_in(" " + words) == (number,)


def test_a_dash_right_behind_the_verb_is_no_sign() -> None:
    assert read("!temperature-1.4") == [("temperature", "1.4")]


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("!image", ()),
        ("!image:", ()),
        ("!image ...", ()),
        ('!image ""', ("",)),
        ("!image ''", ("",)),
        ('!image "  "', ("",)),
        ("!temperature", ()),
        ("!temperature ?", ()),
        ("!prompt", ()),
    ],
)
def test_a_malformed_directive_is_returned_for_its_refusal(line: str, texts: tuple[str, ...]) -> None:
    assert [directive.texts for directive in read_directives(f"{line}\n\nprose", FORMS)] == [texts]


@pytest.mark.parametrize(
    "text",
    [
        'i would !image "a lamp"',
        '\\!image "a lamp"',
        '!imagery "a lamp"',
        '!images "a lamp"',
        '!img "a lamp"',
        "!image's power is gone",
        "!image’s power is gone",
        "!prompt/!image are words",
        "!image.png",
        '! image "a lamp"',
        '`!image "a lamp"`',
        '``!image "a lamp"``',
        'so `!image "a lamp"` it is',
        'so `this\n!image "a lamp"\nis` code',
        '`\n!image "a lamp"\n`',
        '> !image "a lamp"',
        '  > !image "a lamp"',
        '>!image "a lamp"',
        '[AI-2 (Kimi K2)]: !image "a lamp"',
        '[Ada]: !image "a lamp"',
        '```\n!image "a lamp"\n```',
        '```text\n!image "a lamp"\n```',
        '  ```\n  !image "a lamp"\n  ```',
        '````\n```\n!image "a lamp"\n````',
        '~~~\n!image "a lamp"\n~~~',
        '~~~ text\n!image "a lamp"\n~~~',
        '~~~~~\n!image "a lamp"\n~~~~~',
        '```\n!image "a lamp"',
        '~~~\n!image "a lamp"',
        'see: ```\n!image "a lamp"\n```',
        '```\n!image "a lamp" ```',
        '<think>\n!image "a lamp"\n</think>',
        '<think>!image "a lamp"\n!image "a wire"</think>',
        '<THINKING>\n!image "a lamp"\n</THINKING>',
        'so <think>\n!image "a lamp"\n</think>',
        '<think>\n!image "a lamp"',
        '!image "a lamp"\n</think>',
        'hm\n!image "a lamp"\nso be it.</think>prose',
        '<think>\n```\n</think>\n```\n!image "a lamp"\n```',
    ],
)
def test_nothing_fires_inside_code_quotations_reasoning_or_a_sentence(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "before",
    [
        "```\nart\n```",
        "```\nart```",
        "```\n~~~\n```",
        "~~~\n```\n~~~",
        "say ```this``` aloud",
        "stray ``` marks",
        "~~~~~~~~\n a wave\n",
        "<think>hm</think>",
        "<think>\nhm\n</think>",
        "between <think> and </think> we live",
        "`<think>` is a word",
        "> <think>\n",
        "```\n<think>\n```",
        "```\n</think>\n```",
        "a ` stray mark\n\nand a paragraph",
        "a ` stray mark",
        "`paired` marks `too`",
        r" \`-._.-'",
    ],
)
def test_what_is_over_hides_nothing_below(before: str) -> None:
    assert read(f'{before}\n!image "a lamp"') == [("image", "a lamp")]


def test_a_text_in_backticks_is_quoted_and_no_code() -> None:
    assert read("!image `a lamp`\n!image ```a wire```\n") == [("image", "a lamp"), ("image", "a wire")]


def test_backticks_inside_a_directive_open_no_code_for_the_next() -> None:
    assert read('!image "the ` mark"\n!image "the other ` mark"') == [
        ("image", "the ` mark"),
        ("image", "the other ` mark"),
    ]


def test_a_text_in_a_fence_behind_the_verb_is_read_whole() -> None:
    text = "!prompt ```\nbe still\n```\nprose\n!image `a lamp`"
    assert read(text) == [("prompt", "be still"), ("image", "a lamp")]


@pytest.mark.parametrize(
    "text",
    [
        '!prompt "write !image "a lamp" when it is late"',
        '!prompt "write\n!image "a lamp"\nwhen it is late"',
        "!prompt “write\n!image “a lamp”\nwhen it is late”",
        "!prompt «write\n!image «a lamp»\nwhen it is late»",
        '!prompt """write\n!image "a lamp"\nwhen it is late"""',
        "!prompt 'write\n!image \"a lamp\"\nwhen it is late'",
    ],
)
def test_nothing_fires_inside_the_text_of_another_directive(text: str) -> None:
    assert [directive.verb for directive in read_directives(text, FORMS)] == ["prompt"]
    assert public(text) == ""


def test_directives_come_in_the_order_of_the_text() -> None:
    text = 'one\n!temperature 1\n\n!image "a"\ntwo\n!prompt "b"\n!add_ai "c" "d"\n!image "e"'
    assert [verb for verb, *_ in read(text)] == ["temperature", "image", "prompt", "add_ai", "image"]


def test_the_same_directive_twice_is_returned_once() -> None:
    assert read('!image "a"\n!IMAGE: a\n!image "b"\n!temperature 1.0\n!temperature 1,0') == [
        ("image", "a"),
        ("image", "b"),
        ("temperature", "1.0"),
    ]


def test_a_directive_knows_its_lines() -> None:
    text = 'prose\n  - **!prompt "a\nb"** \nmore'
    [directive] = read_directives(text, FORMS)
    assert directive == Directive("prompt", ("a\nb",), 6, text.index("\nmore"))


def test_the_grammar_knows_only_the_forms_that_it_is_given() -> None:
    assert read_directives('!image "a"\n!sing "b"', [Form("sing", texts=1)]) == [Directive("sing", ("b",), 11, 20)]
    assert read_directives('!image "a"', []) == []


def test_private_lines_are_cut_and_no_hole_remains() -> None:
    text = 'one\n\n!prompt "a"\n\n!temperature 1.2\n\ntwo\n!image "b"\n!prompt "c"\nthree\n\n\n!prompt "a"'
    assert public(text) == 'one\n\ntwo\n!image "b"\nthree'


def test_the_wider_of_two_gaps_stays() -> None:
    assert public('one\n\n\n!prompt "a"\n\ntwo') == "one\n\n\ntwo"
    assert public('one\n!prompt "a"\n\ntwo') == "one\n\ntwo"


def test_art_keeps_its_leading_spaces_and_its_blank_lines() -> None:
    art = "   /\\\n  /  \\\n\n  base  \n"
    assert public(f'!prompt "a"\n\n{art}') == art
    assert public(f'{art}\n\n!prompt "a"') == art.rstrip("\n")


def test_what_holds_nothing_private_stays_byte_for_byte() -> None:
    text = '\n\n  a \r\n\t\n!image "b"\n\\!prompt "c"\n\n\n'
    assert public(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "!prompt hush",
        '!prompt "hush',
        '!prompt "hush" and hush again',
        '!prompt "hush" "hush"',
        "!prompt [hush]",
        '- **!PROMPT: "hush"**',
        "！prompt «hush»",
        "!temperature hush",
        "!temperature 1.4 hush",
        '!prompt\n"hush"',
        "!prompt ```\nhush\n```",
    ],
)
def test_no_private_text_is_ever_read_by_others(line: str) -> None:
    assert public(f"one\n{line}\ntwo\n\n{line}\n") == "one\ntwo"


def test_a_message_of_nothing_but_private_lines_is_empty() -> None:
    assert public('!prompt "a"\n\n!temperature 1\n') == ""


@pytest.mark.skipif(not TRANSCRIPT.exists(), reason="the reference transcript is not beside this checkout")
def test_every_directive_of_the_reference_transcript_is_read() -> None:
    """The notices quote directives behind a name, which is talk; the messages hold them on lines of their own."""
    transcript = TRANSCRIPT.read_text(encoding="utf-8")
    messages = re.split(r"^AI-\d \(.*\) $", transcript, flags=re.MULTILINE)[1:]
    read_in = [Counter(directive.verb for directive in read_directives(said, FORMS)) for said in messages]
    assert read_in == [
        {"add_ai": 1, "image": 1},
        {"add_ai": 1},
        {},
        {},
        {"add_ai": 1, "image": 1},
        {"add_ai": 1, "image": 2},
        {"image": 1},
        {"image": 1},
        {"image": 1},
    ]
    assert all(without_cut_directives(said, FORMS) == said for said in messages)


@pytest.mark.skipif(not TRANSCRIPT.exists(), reason="the reference transcript is not beside this checkout")
def test_every_private_line_of_the_reference_transcript_can_be_read_and_cut() -> None:
    transcript = TRANSCRIPT.read_text(encoding="utf-8")
    issued = "\n\n".join(re.findall(r"^\S+ \[AI-\d\]: (!.+)$", transcript, re.MULTILINE))
    counted = Counter(directive.verb for directive in read_directives(issued, FORMS))
    assert counted == {"add_ai": 3, "prompt": 3, "temperature": 2}
    assert all(
        len(directive.texts) == (2 if directive.verb == "add_ai" else 1) for directive in read_directives(issued, FORMS)
    )
    assert not re.search(r"!(prompt|temperature)", public(issued))
