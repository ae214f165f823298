"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings

CHECKOUT = Path(__file__).parents[1]
SOURCES = sorted([*(CHECKOUT / "bot").rglob("*.py"), *(CHECKOUT / "cogs").rglob("*.py")])
TESTS = sorted((CHECKOUT / "tests").rglob("*.py"))
LINES_IN_A_FILE = 300
LINES_IN_A_FUNCTION = 50
PATTERN_NAMES = {"utils", "util", "core", "helpers", "helper", "common", "manager", "managers", "services", "misc"}


def of(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@pytest.mark.parametrize("path", SOURCES, ids=of)
def test_a_file_says_what_it_is_for_and_stays_small(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    purpose = ast.get_docstring(tree)
    assert purpose, "the file does not say what it is for"
    assert len(text.splitlines()) <= LINES_IN_A_FILE, "a noun is missing: split the file"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < LINES_IN_A_FUNCTION, f"{node.name} does too much"


def test_the_tree_names_the_subject_and_not_the_pattern() -> None:
    assert not [of(path) for path in SOURCES if path.stem in PATTERN_NAMES or path.parent.name in PATTERN_NAMES]


def test_tests_patch_nothing() -> None:
    forbidden = re.compile(r"unittest\.mock|\bMagicMock\b|\bAsyncMock\b|monkeypatch\.setattr")
    guilty = [of(path) for path in TESTS if path != Path(__file__) and forbidden.search(path.read_text("utf-8"))]
    assert guilty == []


def test_every_setting_is_explained_and_in_the_example() -> None:
    example = (CHECKOUT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}
    assert all(field.description for field in Settings.model_fields.values())


def test_the_example_shows_the_defaults() -> None:
    shown = dict(re.findall(r"^#([A-Z_]+)=(.+)$", (CHECKOUT / ".env.example").read_text("utf-8"), re.MULTILINE))
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    for name, value in shown.items():
        assert str(defaults[name]).rstrip("/") == value, name


def test_the_locks_pin_every_dependency_and_name_no_address() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    development = (CHECKOUT / "requirements-dev.lock").read_text("utf-8")
    locked = (CHECKOUT / "requirements.lock").read_text("utf-8")
    for text in (locked, development):
        assert "://" not in text
        assert "index" not in text
        assert all(re.match(r"[\w.-]+==[\w.]+( ; .+)?$", line) for line in text.splitlines() if line)
    assert set(locked.splitlines()) <= set(development.splitlines())
    for requirement in project["project"]["dependencies"]:
        assert f"\n{_name(requirement)}==" in f"\n{locked}", requirement
    for requirement in project["dependency-groups"]["dev"]:
        assert f"\n{_name(requirement)}==" in f"\n{development}", requirement


def test_nothing_committed_names_a_package_index() -> None:
    index = "|".join(["py" + "pi\\.", "python" + "hosted", "npm" + "js", "deb\\.deb" + "ian"])
    found = subprocess.run(
        ["git", "grep", "-lE", f"https?://[a-z.]*({index})"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if found.returncode > 1:
        pytest.skip("this is no git checkout")
    assert found.stdout == ""


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement, maxsplit=1)[0].lower().replace(".", "-").replace("_", "-")


def test_a_bot_that_runs_does_not_wait_for_the_rehearsal_or_the_doctor_to_be_imported() -> None:
    program = "import sys, bot.__main__; print(*(name for name in sys.modules if name.startswith('bot.')))"
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    imported = {name.split(".")[1] for name in done.stdout.split()}
    assert "client" in imported
    assert not imported & {"rehearsal", "doctor"}
