"""What the sources of the portal look like, whoever wrote them. Each failure says what to do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL = sorted((ROOT / "portal").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
MOST_LINES = {"portal": 400, "tests": 500}
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_VIEW = 25
# Names that say nothing: such a file collects what nobody could place.
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers", "core", "shared"}
ROUTE = re.compile(r"\.(?:route|get|post)\(")
OTHER_CLOCKS = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time|utcnow)\(")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_stay_small_enough_to_read_in_one_go():
    too_long = [
        f"{name(path)} has {lines} lines"
        for path in PORTAL + TESTS
        if (lines := len(path.read_text().splitlines())) >= MOST_LINES[path.relative_to(ROOT).parts[0]]
    ]
    assert too_long == [], "split by a noun of the business, such as waiting_list.py"


def functions(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Every function, its number of lines without docstring and decorators, and whether it is a view."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            is_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and ast.get_docstring(node)
            doc = (first.end_lineno or 0) - first.lineno + 1 if is_doc else 0
            is_view = any(ROUTE.search(ast.unparse(decorator)) for decorator in node.decorator_list)
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - doc, is_view


def test_functions_fit_on_a_screen():
    too_long = [
        f"{name(path)}: {function} has {lines} lines"
        for path in PORTAL
        for function, lines, is_view in functions(path)
        if lines > (MOST_LINES_OF_A_VIEW if is_view else MOST_LINES_OF_A_FUNCTION)
    ]
    assert too_long == [], "give a part of it a name of its own; of a view, the business belongs in the domain"


def test_modules_are_named_for_what_they_hold():
    nameless = [name(path) for path in PORTAL + TESTS if {path.stem, path.parent.name} & NAMELESS]
    assert nameless == []


def test_there_is_one_clock():
    others = [
        f"{name(path)}:{number}: {line.strip()}"
        for path in PORTAL
        if name(path) != "portal/clock.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if OTHER_CLOCKS.search(line)
    ]
    assert others == [], "take the time as an argument; routes and the worker ask portal.clock"


def test_every_package_says_what_it_is():
    silent = [
        name(path)
        for path in PORTAL
        if path.name == "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == [], "begin the package with a docstring: what it is for"


def test_commands_do_not_commit():
    """One commit per command, in transaction(), so that commands compose."""
    committing = [
        f"{name(path)}:{number}"
        for path in PORTAL
        if "domain" in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.commit\(|\.rollback\(", line)
    ]
    assert committing == [], "the route, the CLI or the worker commits, with transaction()"


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK"])
def test_nothing_is_left_for_later(word: str):
    marked = re.compile(rf"#.*\b{word}\b")
    found = [name(path) for path in PORTAL if marked.search(path.read_text())]
    assert found == []
