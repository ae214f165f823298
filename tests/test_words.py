"""The house speaks more than one language, and every sentence of one language is there in the others."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import discord
import pytest

from bot.app import open_bot
from bot.client.translator import HouseTranslator
from bot.errors import StorageError
from bot.posting.doors import NEEDED
from bot.posting.permission_names import CREATE_POSTS, NAMES, name_of_permission
from bot.scenarios.files import read_scenarios
from bot.settings import Settings
from bot.words import ENGLISH, language_of, languages, later, names, spoken, t, translations

DISCORD_TOTAL_OF_A_COMMAND = 8_000
DISCORD_NAME_LIMIT, DISCORD_TEXT_LIMIT = 32, 100
QUOTES = {"en": ("“", "”"), "de": ("„", "“")}
CODE = re.compile(r'`[^`]*`|^!\w+(?: "[^"]*")+')
SLASH, MENU_OF_MESSAGES = 1, 3
CHECKOUT = Path(__file__).parents[1]
SOURCES = [*(CHECKOUT / "bot").rglob("*.py"), *(CHECKOUT / "cogs").rglob("*.py")]
OF_THE_DISK = [CHECKOUT / "bot" / "writing.py", *sorted((CHECKOUT / "bot" / "storage").glob("*.py"))]
TOLD_TO_NOBODY_IN_DISCORD = {
    *("database.py", "engine.py", "inspection.py", "schema.py"),
    *("_read_file", "_read_database", "_runs_already"),
    "still_shown.py",
}
"""Files and functions that speak in a terminal only, before the bot runs or beside it, or note what nobody is told."""


def sentences_said() -> set[str]:
    """What the program says through `t` or `for_asker`, or marks with `later`, and what its own scenarios are about."""
    found = {scenario.summary for scenario in read_scenarios()}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("t", "for_asker", "later")
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def sentences_unmarked(node: ast.AST) -> Iterator[str]:
    """Whole sentences below a node of a program that are neither said nor marked, and are no docstrings."""
    for child in ast.iter_child_nodes(node):
        is_marked = isinstance(child, ast.Call) and getattr(child.func, "id", "") in ("t", "for_asker", "later")
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if is_marked or is_docstring or getattr(child, "name", "") in TOLD_TO_NOBODY_IN_DISCORD:
            continue
        if re.fullmatch(r"\S+ .*\.", written := text_of(child), re.DOTALL):
            yield written
        else:
            yield from sentences_unmarked(child)


def text_of(node: ast.AST) -> str:
    """The text that a node of a program is, with … for what is put into it; nothing where it is none."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "…" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.fixture
async def commands(tmp_path: Path) -> list[dict[str, Any]]:
    """What Discord is told of the commands, in every language."""
    settings = Settings(
        _env_file=None,  # pyright: ignore[reportCallIssue]
        database_url=f"sqlite+aiosqlite:///{(tmp_path / 'backroom.sqlite3').as_posix()}",
    )
    async with open_bot(settings) as bot:
        kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
        offered = [command for kind in kinds for command in bot.tree.get_commands(type=kind)]
        return [await command.get_translated_payload(bot.tree, HouseTranslator()) for command in offered]


def parts_of(shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command, and everything in it that has a name: what is below it, its options and their choices."""
    yield shown
    for inside in (*shown.get("options", ()), *shown.get("choices", ())):
        yield from parts_of(inside)


def is_choice(part: dict[str, Any]) -> bool:
    return "value" in part


def is_named_by_a_word(part: dict[str, Any], language: str) -> bool:
    """Commands and options are; a choice may be, an entry of a menu never is."""
    if is_choice(part):
        return part["name"] in names(language)
    return part.get("type") != MENU_OF_MESSAGES or "description" in part


def sentences_shown(commands: list[dict[str, Any]], language: str) -> set[str]:
    """Every sentence by which Discord shows the commands."""
    parts = [part for command in commands for part in parts_of(command)]
    shown = {part["description"] for part in parts if part.get("description")}
    return shown | {part["name"] for part in parts if not is_named_by_a_word(part, language)}


def fields_of(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(sentence) if name)


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_sentence_stands_in_one_file_of_its_language(language: str) -> None:
    files = sorted((CHECKOUT / "bot" / "words" / language).glob("*.toml"))
    assert len(files) > 1
    said = [
        key for file in files for key, value in tomllib.loads(file.read_text("utf-8")).items() if isinstance(value, str)
    ]
    assert [sentence for sentence, times in Counter(said).items() if times > 1] == []


@pytest.mark.parametrize("language", sorted(languages()))
async def test_every_sentence_is_there_in_every_language(language: str, commands: list[dict[str, Any]]) -> None:
    missing = sentences_said() | sentences_shown(commands, language)
    assert sorted(missing - translations(language).keys()) == []


@pytest.mark.parametrize("path", OF_THE_DISK, ids=lambda path: path.name)
def test_what_people_may_be_told_of_the_disk_is_marked_to_be_there_in_every_language(path: Path) -> None:
    if path.name not in TOLD_TO_NOBODY_IN_DISCORD:
        assert list(sentences_unmarked(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("language", sorted(languages()))
async def test_no_language_says_what_nobody_says_in_english(language: str, commands: list[dict[str, Any]]) -> None:
    said = sentences_said() | sentences_shown(commands, language)
    assert sorted(translations(language).keys() - said) == []


@pytest.mark.parametrize("language", sorted(languages()))
async def test_every_command_option_and_choice_has_a_name(language: str, commands: list[dict[str, Any]]) -> None:
    parts = [part for command in commands for part in parts_of(command)]
    by_a_word = {part["name"] for part in parts if is_named_by_a_word(part, language)}
    assert sorted(by_a_word) == sorted(names(language))


@pytest.mark.parametrize("language", sorted(languages()))
async def test_discord_is_told_every_name_and_description(language: str, commands: list[dict[str, Any]]) -> None:
    for command in commands:
        for part in parts_of(command):
            name = part["name_localizations"][language]
            is_of_a_slash = not is_choice(part) and command["type"] == SLASH
            assert len(name) <= (DISCORD_TEXT_LIMIT if is_choice(part) else DISCORD_NAME_LIMIT), name
            assert not is_of_a_slash or re.fullmatch(r"[-_'\w]+", name), name
            assert not is_of_a_slash or name == name.lower()
            if part.get("description"):
                assert len(part["description_localizations"][language]) <= DISCORD_TEXT_LIMIT, part["description"]
            inside = [one["name_localizations"][language] for one in part.get("options", part.get("choices", ()))]
            assert len(inside) == len(set(inside)), name


async def test_a_command_in_its_longest_language_is_well_below_what_discord_takes(
    commands: list[dict[str, Any]],
) -> None:
    for command in commands:
        total = 0
        for part in parts_of(command):
            for field in ("name", "description"):
                in_all = (part.get(field) or "", *(part.get(f"{field}_localizations") or {}).values())
                total += max(map(len, in_all))
            total += len(str(part.get("value", "")))
        assert total < 0.9 * DISCORD_TOTAL_OF_A_COMMAND


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_translation_names_what_its_english_names(language: str) -> None:
    for english, said in translations(language).items():
        assert fields_of(said) == fields_of(english), english
        assert re.findall(r"`/backroom[^`]*`", said).__len__() == len(re.findall(r"`/backroom[^`]*`", english)), english


@pytest.mark.parametrize("language", sorted(languages()))
def test_sentences_quote_as_their_language_does(language: str) -> None:
    """Straight quotes are for code: what stands between backticks, and the texts of a directive."""
    sentences = [(said, language) for said in translations(language).values()]
    sentences += [(said, ENGLISH) for said in translations(language)]
    for said, spoken_in in sentences:
        opening, closing = QUOTES[spoken_in]
        outside = re.sub(rf"{opening}[^{opening}{closing}]*{closing}", "", CODE.sub("", said))
        assert set('"“”„«»').isdisjoint(outside), said
        assert "!r}" not in said, "Python quotes with straight ones"


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_permission_has_one_name_wherever_it_is_named(language: str) -> None:
    said = translations(language)
    for name in (*NAMES.values(), CREATE_POSTS):
        naming = [english for english in said if re.search(rf"\b{name}\b(?! in Threads)", english)]
        assert naming, name
        assert [english for english in naming if said[name] not in said[english]] == []


def test_every_permission_that_the_bot_needs_has_a_name_of_discords_settings() -> None:
    for flag, needed in NEEDED:
        if needed:
            assert name_of_permission(flag) in NAMES.values()
    assert name_of_permission("read_messages") == "View Channel"  # discord.py's older name of it


def test_the_house_speaks_the_language_of_a_locale_within_a_block_and_english_elsewhere() -> None:
    sentence = "The room is already over. `/backroom start` opens a new one."
    with spoken("de"):
        german = t(sentence)
        with spoken("en-GB"):
            assert t(sentence) == sentence
        assert t(sentence) == german != sentence
    assert t(sentence) == sentence


def test_what_an_error_says_is_said_with_its_values_in_the_language_of_who_is_told() -> None:
    reason = "no such table: {marks}"
    error = StorageError(later("The journal's database reports an error: {reason}.", reason=reason))
    english = f"The journal's database reports an error: {reason}."
    assert [str(error), f"{error}", t(str(error))] == [english] * 3
    with spoken("de"):
        assert str(error) == english
        assert t(str(error)) == f"Die Datenbank des Journals meldet einen Fehler: {reason}."


def test_an_unknown_locale_is_answered_in_english() -> None:
    assert language_of("de") == "de"
    assert language_of("pt-BR") == language_of("") == "en"
