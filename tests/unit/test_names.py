"""Names are nouns of the field: no participle stands where a reader needs to know of what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import geo_service

ROOT = Path(geo_service.__file__).parent
ROOMS = (
    "accounts", "alerts", "analysis", "api", "bench", "cli", "coordination", "demo", "detection", "domain", "intake", "ogc", "open311", "presentation", "store",
)  # fmt: skip
WORDS = {"asked", "found", "given", "known", "life", "manners", "spoken", "told", "whole"}
OUTSIDE = {
    "asked_by", "asked_by_id", "life", "life_days", "life_years", "whole_street", "relay_whole_share", "spot_life_years", "section_life_years",
    "natural_stone_life_years", "asphalt_life_years",
}  # fmt: skip
"""Names of fields, columns, facts and parameters that others read."""
TERMS = {"_whole_street"}
"""Works that are drawn over the whole street."""


def names_in(source: str) -> Iterator[str]:
    """The names that a module gives to classes, functions, parameters and variables."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def unclear(names: Iterator[str]) -> list[str]:
    return [one for one in names if WORDS & set(one.lower().split("_")) and one not in OUTSIDE | TERMS]


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_is_a_participle(room: str) -> None:
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in sorted((ROOT / room).rglob("*.py"))
        if (names := unclear(iter([path.stem])) + unclear(names_in(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    ["found = 1", "def told(): ...", "class Asked: ...", "def f(known): ...", "for given in (): ..."],
)
def test_a_participle_is_seen_wherever_it_names_something(source: str) -> None:
    assert len(unclear(names_in(source))) == 1
