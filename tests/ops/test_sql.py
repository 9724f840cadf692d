"""The loader of SQL files hands SQLAlchemy the parameters that are meant, and no others."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo_service import sql

Queries = Callable[[str], sa.TextClause]
Write = Callable[[str], str]
Bare = Callable[..., sql.Bare]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes `one.sql` into a package of its own, and names that."""
    package = f"queries_{uuid.uuid4().hex}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def written(content: str) -> str:
        (tmp_path / package / "one.sql").write_text(content)
        return package

    return written


@pytest.fixture
def queries(write: Write) -> Queries:
    """Loads what was written."""
    return lambda content: sql.load(write(content), "one")


@pytest.fixture
def bare(write: Write) -> Bare:
    """The same as PostgreSQL takes it."""
    return lambda content, **fixed: sql.bare(write(content), "one", **fixed)


@pytest.mark.parametrize(
    ("content", "parameters"),
    [
        ("-- Finds :nothing\nSELECT :x", {"x"}),
        ("/* :nothing\n:here */ SELECT :x", {"x"}),
        ("SELECT ':nothing', \":nor\", :x", {"x"}),
        ("SELECT '-- :nothing', :x", {"x"}),
        ("-- it's a comment\nSELECT :x -- isn't :this", {"x"}),
        ("SELECT now()::date, CAST(:x AS date)", {"x"}),
    ],
)
def test_only_parameters_outside_comments_and_quotes_count(
    content: str, parameters: set[str], queries: Queries
) -> None:
    assert set(queries(content).compile().params) == parameters


def test_a_parameter_that_sqlalchemy_would_not_see_is_refused(queries: Queries) -> None:
    with pytest.raises(ValueError, match="write CAST"):
        queries("SELECT :x::date")


def test_a_colon_in_quotes_reaches_the_database_as_written(conn: sa.Connection, queries: Queries) -> None:
    assert conn.execute(queries("SELECT ':word' || CAST(:x AS text)"), {"x": "!"}).scalar() == ":word!"


def test_a_bare_statement_numbers_its_parameters_and_fixes_those_that_are_known(bare: Bare) -> None:
    statement = bare("-- :nothing\nSELECT ':word', :b, :a, :b WHERE :all OR now()::date = :a", all="true")
    assert statement.text == "SELECT ':word', $1, $2, $1 WHERE true OR now()::date = $2"
    assert statement.values({"a": 1, "b": 2, "c": 3}) == [2, 1]


def test_what_a_bare_statement_selects_can_go_into_a_table(bare: Bare) -> None:
    into = bare("WITH one AS (SELECT :x AS x) SELECT x FROM one").into("there", ("x",))
    assert into.text == "INSERT INTO there (x) WITH one AS (SELECT $1 AS x) SELECT x FROM one"
    assert into.names == ("x",)


def test_statements_of_one_file_are_told_apart(write: Write) -> None:
    package = write("-- First; then:\nCREATE TABLE a ();\n-- and\nDROP TABLE a;\n")
    assert [one.text for one in sql.statements(package, "one")] == ["CREATE TABLE a ()", "DROP TABLE a"]
