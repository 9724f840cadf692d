"""Names are nouns of the field: no participle stands where a reader needs to know of what."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import geo_service

ROOT = Path(geo_service.__file__).parent
MIGRATIONS = ROOT / "store" / "migrations"
ALONE = {"joined", "listed", "named", "observed", "stored", "wanted"}
"""Words that name nothing when they stand alone: stored what?"""
WORDS = {"asked", "found", "given", "known", "learnt", "life", "manners", "said", "spoken", "told", "whole"}
OUTSIDE = {
    "asked_by", "asked_by_id", "learnt_on", "said_at", "life", "life_days", "life_years", "whole_street", "relay_whole_share", "spot_life_years", "section_life_years",
    "natural_stone_life_years", "asphalt_life_years",
}  # fmt: skip
"""Names of fields, columns, facts and parameters that others read."""
TERMS = {"_whole_street", "SPOT_LIFE_DAYS", "RELAY_LIFE_DAYS", "LEARNT_CERTAINTIES"}
"""Works that are drawn over the whole street; how long a surface lasts."""

# `WITH name AS (`, `, name (columns) AS MATERIALIZED (`; and `(SELECT …) name`, where `) AS name` is a column
COMMON_TABLE = re.compile(
    r"(?:\bWITH(?:\s+RECURSIVE)?|,)\s*(\w+)(?:\s*\([^()]*\))?\s+AS\s+(?:(?:NOT\s+)?MATERIALIZED\s+)?\("
)
DERIVED_TABLE = re.compile(r"\)\s+([a-z_]+)\b")


def names_in(source: str) -> Iterator[str]:
    """The names that a module gives to classes, functions, parameters, variables, attributes and context variables."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "ContextVar":
            yield ast.literal_eval(node.args[0])


def tables_in(statement: str) -> list[str]:
    """The names that a statement gives to its steps and derived tables."""
    text = re.sub(r"--.*", "", statement)
    return [*COMMON_TABLE.findall(text), *DERIVED_TABLE.findall(text)]


def unclear(names: Iterable[str]) -> list[str]:
    return [one for one in names if WORDS & set(one.lower().split("_")) and one not in OUTSIDE | TERMS]


def rooms() -> list[str]:
    return sorted({path.relative_to(ROOT).parts[0] for path in ROOT.rglob("*.py")})


def incomplete(source: str) -> list[str]:
    """The functions and classes that have one of `ALONE` for their whole name."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, definitions))
    return [node.name for node in nodes if node.name.lower().strip("_") in ALONE]


def test_no_function_or_class_has_only_a_participle_for_a_name() -> None:
    scripts = ROOT.parent / "scripts"
    paths = [*ROOT.rglob("*.py"), *scripts.rglob("*.py")]
    found = {path.name: names for path in paths if (names := incomplete(path.read_text(encoding="utf-8")))}
    assert found == {}
    assert incomplete("class A:\n    def stored(self): ...") == ["stored"]
    assert incomplete("def stored_rows(): ...") == []


@pytest.mark.parametrize("room", rooms())
def test_no_name_is_a_participle(room: str) -> None:
    place = ROOT / room
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in sorted(place.rglob("*.py") if place.is_dir() else [place])
        if MIGRATIONS not in path.parents
        if (names := unclear([path.stem, *names_in(path.read_text(encoding="utf-8"))]))
    }
    assert found == {}


def test_no_step_of_a_statement_is_a_participle() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in sorted(ROOT.rglob("*.sql"))
        if (names := unclear([path.stem, *tables_in(path.read_text(encoding="utf-8"))]))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "found = 1",
        "def told(): ...",
        "class Asked: ...",
        "def f(known): ...",
        "for given in (): ...",
        "self.asked = 1",
        "x = ContextVar('manners')",
    ],
)
def test_a_participle_is_seen_wherever_it_names_something(source: str) -> None:
    assert len(unclear(names_in(source))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "WITH asked AS (SELECT 1) SELECT 1",
        "WITH a AS (SELECT 1), told (id, n) AS MATERIALIZED (SELECT 1, 2) SELECT 1",
        "SELECT 1 FROM (SELECT 2) told",
    ],
)
def test_a_participle_is_seen_wherever_it_names_rows(statement: str) -> None:
    assert unclear(tables_in(statement)) != []


def test_columns_and_comments_of_a_statement_may_say_anything() -> None:
    assert unclear(tables_in("-- ) told\nSELECT count(*) AS asked FROM works")) == []
