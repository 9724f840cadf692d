"""The loader of SQL files finds the parameters that are meant, and no others; `db` runs what it loads, and nothing else runs SQL."""

import ast
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import geo_service
from geo_service import db, sql
from geo_service.domain.conflicts import GONE
from geo_service.store.tables.findings import CLAIM_COLUMNS

ROOT = Path(geo_service.__file__).parent
Write = Callable[[str], str]
Load = Callable[..., sql.Statement]

WITH_SQL_OF_THEIR_OWN = {
    "analysis/dialects.py": "rewrites a statement for other engines",
    "analysis/history.py": "sends statements by `db.pipeline`",
    "cluster.py": "creates databases, before there is one to connect to",
    "db.py": "runs the statements",
    "bench": "measures psycopg and other libraries beside the service",
    "store/tables": "declares defaults and indexes",
    "store/migrations": "changes the schema",
    "detection/run.py": "sends statements by `db.pipeline`",
    "exports/geopackage.py": "writes a GeoPackage, which is SQLite",
    "intake/formats/integrity.py": "checks a GeoPackage, which is SQLite",
    "intake/pipeline/rejections.py": "keeps the rows of a report in SQLite",
}
"""Where SQL may be written in Python or sent by psycopg itself, and why."""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes `one.sql` into a package of its own, and names that."""
    package = f"queries_{uuid.uuid4().hex}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)

    def write_file(content: str) -> str:
        (tmp_path / package / "one.sql").write_text(content)
        return package

    return write_file


@pytest.fixture
def load(write: Write) -> Load:
    """Loads what was written."""
    return lambda content, **constants: sql.statement(write(content), "one", **constants)


@pytest.mark.parametrize(
    ("content", "parameters"),
    [
        ("-- Finds :nothing\nSELECT :x", ("x",)),
        ("/* :nothing\n:here */ SELECT :x", ("x",)),
        ("SELECT ':nothing', \":nor\", :x", ("x",)),
        ("SELECT '-- :nothing', :x", ("x",)),
        ("-- it's a comment\nSELECT :x -- isn't :this", ("x",)),
        ("SELECT now()::date, CAST(:x AS date), a[1:10]", ("x",)),
        ("SELECT :x::date, :y", ("x", "y")),
    ],
)
def test_only_parameters_outside_comments_and_quotes_count(
    content: str, parameters: tuple[str, ...], load: Load
) -> None:
    assert load(content).parameters == parameters


def test_a_colon_in_quotes_reaches_the_database_as_written(conn: sa.Connection, write: Write) -> None:
    package = write("SELECT ':word' || CAST(:x AS text) AS word")
    assert db.fetch(conn, package, "one", x="!") == [{"word": ":word!"}]


def test_a_statement_numbers_its_parameters_and_replaces_constants(load: Load) -> None:
    statement = load("-- :nothing\nSELECT ':word', :b, :a, :b WHERE :all OR now()::date = :a", all="true")
    assert statement.text == "SELECT ':word', $1, $2, $1 WHERE true OR now()::date = $2"
    assert statement.values({"a": 1, "b": 2, "c": 3}) == [2, 1]


def test_what_a_statement_selects_can_go_into_a_table(load: Load) -> None:
    into = load("WITH one AS (SELECT :x AS x) SELECT x, 2 AS y FROM one").into("there", ("y", "x"))
    select = "WITH one AS (SELECT $1 AS x) SELECT x, 2 AS y FROM one"
    assert into.text == f"INSERT INTO there (y, x) SELECT y, x FROM ({select}) AS found"
    assert into.parameters == ("x",)


def test_the_statements_of_one_file_are_separated(write: Write) -> None:
    package = write("-- First; then:\nCREATE TABLE a ();\n-- and\nDROP TABLE a;\n")
    assert [one.text for one in sql.statements(package, "one")] == ["CREATE TABLE a ()", "DROP TABLE a"]


def test_a_part_of_another_room_is_included() -> None:
    live = sql.source("geo_service.store", "conflict_is_live").strip()
    assert live in sql.source("geo_service.detection", "streets_met")


def test_execute_runs_the_statements_of_a_file(conn: sa.Connection, write: Write) -> None:
    package = write("CREATE TEMP TABLE a (n integer) ON COMMIT DROP; INSERT INTO a VALUES (1), (2)")
    db.execute(conn, package, "one")
    assert conn.scalar(sa.select(sa.func.sum(sa.column("n"))).select_from(sa.table("a"))) == 3


def test_execute_counts_the_rows(conn: sa.Connection, write: Write) -> None:
    assert db.execute(conn, write("UPDATE certainties SET firm = firm"), "one") > 1


def test_only_one_file_says_which_conflicts_are_live() -> None:
    listed = re.compile(r"'expired',\s*'withdrawn'|'withdrawn',\s*'expired'")
    files = [path for path in ROOT.rglob("*.sql") if listed.search(path.read_text(encoding="utf-8"))]
    assert [path.relative_to(ROOT).as_posix() for path in files] == ["store/conflict_is_live.sql"]
    assert set(re.findall(r"'(\w+)'", files[0].read_text(encoding="utf-8"))) == set(GONE)


def other_ways(code: str) -> list[str]:
    """Each expression in `code` that runs or writes SQL otherwise than by `db`."""
    return [way for node in ast.walk(ast.parse(code)) for way in _ways(node)]


def _ways(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
        yield from (alias.name for alias in node.names if alias.name in ("text", "TextClause"))
    if not isinstance(node, ast.Call):
        return
    name = ast.unparse(node.func)
    owner, _, last = name.rpartition(".")
    if name in ("sa.text", "psycopg.connect") or last in ("exec_driver_sql", "cursor", "RawCursor"):
        yield name
    if owner == "sql" and last in ("source", "statement", "statements", "Statement"):
        yield name
    written = node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    if last in ("execute", "scalar", "scalars") and written:
        yield f"{name}('…')"


def test_all_sql_runs_by_one_way() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): ways
        for path in sorted(ROOT.rglob("*.py"))
        if not any(path.is_relative_to(ROOT / place) for place in WITH_SQL_OF_THEIR_OWN)
        and (ways := other_ways(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        'conn.execute(sa.text("SELECT 1"))',
        'conn.execute(sql.statement(PACKAGE, "one").text)',
        'conn.exec_driver_sql("ANALYZE")',
        'driver.execute("SELECT 1")',
        "driver.cursor()",
        "from sqlalchemy import text",
    ],
)
def test_another_way_is_seen(code: str) -> None:
    assert other_ways(code)


@pytest.mark.parametrize(
    "code",
    ['db.execute(conn, PACKAGE, "one", x=1)', "conn.execute(sa.select(works))", "section.text('what', 2)"],
)
def test_the_one_way_is_not_taken_for_another(code: str) -> None:
    assert other_ways(code) == []


def test_a_part_is_found_from_the_folder_of_the_file_that_names_it(write: Write, tmp_path: Path) -> None:
    package = write("SELECT (\n\\ir layers/two.sql\n)")
    (tmp_path / package / "layers").mkdir()
    (tmp_path / package / "layers" / "two.sql").write_text("SELECT :x +\n\\ir ../three.sql\n")
    (tmp_path / package / "three.sql").write_text("-- the rest\n:y\n")
    assert sql.statement(package, "one").text == "SELECT (\nSELECT $1 +\n \n$2\n)"


def test_the_columns_of_a_claim_are_those_of_its_table() -> None:
    names = sql.statement("geo_service.detection", "claim_columns").text.replace(",", " ").split()
    assert tuple(names) == CLAIM_COLUMNS
