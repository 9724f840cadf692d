"""The loader of SQL files hands SQLAlchemy the parameters that are meant, and no others."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo_service import sql

Queries = Callable[[str], sa.TextClause]


@pytest.fixture
def queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queries:
    """Writes a statement into a package of its own and loads it from there."""
    package = f"queries_{uuid.uuid4().hex}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def load(content: str) -> sa.TextClause:
        (tmp_path / package / "one.sql").write_text(content)
        return sql.load(package, "one")

    return load


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
