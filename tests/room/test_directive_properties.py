"""What holds for the directive grammar whatever an AI writes."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.room.directives import Form, read_directives, without_cut_directives

ADD_AI = Form("add_ai", texts=2)
IMAGE = Form("image", texts=1)
PROMPT = Form("prompt", texts=1, cut=True)
TEMPERATURE = Form("temperature", texts=1, cut=True, number=True)
FORMS = (ADD_AI, IMAGE, PROMPT, TEMPERATURE)
PRIVATE = ("prompt", "temperature")

anything = st.text(st.characters(exclude_categories=()), max_size=200)
"""Also control characters and halves of surrogate pairs."""

TRICKY = [
    *(
        '!image "',
        "!image ",
        "!prompt '",
        "!prompt “",
        "!prompt ",
        "!prompt",
        '!add_ai "',
        "!temperature 1",
        "！prompt `",
    ),
    *(
        '"',
        "'",
        "`",
        "``",
        "```",
        "~~~",
        '"""',
        "“",
        "”",
        "‘",
        "’",
        "«",
        "»",
        "„",
        "\\",
        "\\_",
        "*",
        "**",
        "_",
        "> ",
        "- ",
    ),
    *("\n", "\n\n", "\n \n", "\r\n", " ", "<think>", "</think>", "[Ada]: ", "a", "b c", "1.4", ": ", " - ", ",", "."),
    *(
        '\n!prompt "hush"\n',
        "\n!temperature 0,7\n",
        '\n!image "a\n',
        "\n```\n",
        "\n<think>\n",
        "\n</think>\n",
        '"\n',
        "\n\u200b!",
    ),
]
tricky = st.lists(st.sampled_from(TRICKY), max_size=25).map("".join)

words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters='`"“”„«»‹›\\'))
"""Words without the marks that open or escape quotes; apostrophes and directives are among them."""
said = words.map(str.strip).filter(lambda text: any(map(str.isalnum, text)))
prose = said.filter(lambda text: not text.lstrip(" \t*_-+•.)0123456789").startswith(("!", "！", "<", "~", "◁")))
SAME = ('"', "`", '"""', "```", "'''", "'")
QUOTES = dict(zip((*SAME, *"“„«‹‘"), (*SAME, *"”“»›’"), strict=True))
quotes = st.sampled_from(sorted(QUOTES.items()))


def nonblank_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def is_in_order_within(some: list[str], everything: list[str]) -> bool:
    remaining = iter(everything)
    return all(line in remaining for line in some)


@given(anything | tricky)
def test_any_text_can_be_read_and_cut(text: str) -> None:
    for directive in read_directives(text, FORMS):
        assert 0 <= directive.start < directive.end <= len(text)
        assert len(directive.texts) <= (2 if directive.verb == "add_ai" else 1)
        assert all(words == words.strip() for words in directive.texts)
    without_cut_directives(text, FORMS)


@given(tricky)
@example('!prompt "a\n\nb"\n`\n!prompt x')
def test_no_private_directive_can_be_read_in_what_is_published(text: str) -> None:
    published = without_cut_directives(text, FORMS)
    assert not [directive for directive in read_directives(published, FORMS) if directive.verb in PRIVATE]


@given(anything | tricky)
def test_what_is_published_was_written_line_by_line_in_that_order(text: str) -> None:
    published = without_cut_directives(text, FORMS)
    assert is_in_order_within(nonblank_lines(published), nonblank_lines(text))
    if not any(directive.verb in PRIVATE for directive in read_directives(text, FORMS)):
        assert published == text


@given(anything | tricky)
def test_directives_stand_apart_and_in_order(text: str) -> None:
    place = 0
    for directive in read_directives(text, FORMS):
        assert directive.start >= place
        assert directive.start == 0 or text[directive.start - 1] == "\n"
        assert directive.end == len(text) or text[directive.end] == "\n"
        place = directive.end


@given(st.lists(prose, max_size=4), st.lists(said, min_size=1, max_size=4), quotes, st.sampled_from(["\n", "\n\n"]))
def test_every_quoted_text_on_a_line_of_its_own_is_read_back(
    paragraphs: list[str], texts: list[str], quote: tuple[str, str], between: str
) -> None:
    opening, closing = quote
    lines = [f"!prompt {opening}{text}{closing}" for text in texts]
    message = between.join([*paragraphs, *lines, *paragraphs])
    assert [directive.texts for directive in read_directives(message, FORMS)] == [
        (text,) for text in dict.fromkeys(texts)
    ]
    assert nonblank_lines(without_cut_directives(message, FORMS)) == [*paragraphs, *paragraphs]


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))).map(str.strip))
def test_any_words_in_straight_quotes_are_read_back_however_many_quotes_they_hold(text: str) -> None:
    [directive] = read_directives(f'!image "{_escaped(text)}"', FORMS)
    assert directive.texts == (text,)


def _escaped(text: str) -> str:
    """Escape quotes, and the backslashes that stand before a quote or at the end."""
    escaped, run = "", ""
    for character in text + '"':
        if character == "\\":
            run += character
        else:
            escaped += run * 2 + '\\"' if character == '"' else run + character
            run = ""
    return escaped.removesuffix('\\"')


@given(said, said, quotes, quotes)
def test_a_name_and_words_in_any_quotes_are_read_back(
    name: str, text: str, of_name: tuple[str, str], of_text: tuple[str, str]
) -> None:
    name = name.replace("'", "").replace("’", "").replace("‘", "").strip() or "Kimi K2"
    line = f"!add_ai {of_name[0]}{name}{of_name[1]} {of_text[0]}{text}{of_text[1]}"
    assert [directive.texts for directive in read_directives(line, FORMS)] == [(name, text)]


@given(said.filter(lambda text: text[0].isalpha()), said, quotes)
def test_a_directive_never_fires_in_the_middle_of_a_line(before: str, text: str, quote: tuple[str, str]) -> None:
    assert read_directives(f"{before} !prompt {quote[0]}{text}{quote[1]}", FORMS) == []


@given(said, st.sampled_from(["```", "~~~", "````", "```text"]))
def test_a_directive_never_fires_in_a_fence(text: str, fence: str) -> None:
    message = f"{fence}\n!prompt “{text}”\n{fence.removesuffix('text')}"
    assert read_directives(message, FORMS) == []
    assert without_cut_directives(message, FORMS) == message


@given(st.lists(said, min_size=2, max_size=4).map("\n".join), quotes.filter(lambda quote: quote[0] not in "'‘"))
def test_a_text_of_several_lines_is_read_back_where_it_closes(text: str, quote: tuple[str, str]) -> None:
    message = f"prose\n!prompt {quote[0]}{text}{quote[1]}\nmore prose"
    assert [directive.texts for directive in read_directives(message, FORMS)] == [(text,)]
    assert without_cut_directives(message, FORMS) == "prose\nmore prose"


@given(st.lists(prose.filter(lambda text: "'" not in text), max_size=4), st.sampled_from('"“«„`'))
def test_an_unclosed_text_takes_nothing_from_the_prose_below(paragraphs: list[str], opening: str) -> None:
    message = "\n\n".join([f"!prompt {opening}be still", *paragraphs, 'and "somebody" hears it'])
    assert [directive.texts for directive in read_directives(message, FORMS)] == [("be still",)]
    assert nonblank_lines(without_cut_directives(message, FORMS)) == [*paragraphs, 'and "somebody" hears it']
