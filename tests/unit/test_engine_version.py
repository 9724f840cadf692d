"""Advice of an older engine does not stay: its version goes up whenever the substance of its rooms changes, and only then."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from geo_service.detection import engine_version, recompute_scope
from geo_service.store import rules
from scripts import engine_version as script

WHAT_TO_DO = (
    "the code or SQL that makes claims, conflicts, advice or holds is another one than that of engine version {}: "
    "run `make engine-version` and commit geo_service/detection/engine_version.py; databases are then computed anew at start"
)


def test_the_version_is_that_of_the_code() -> None:
    version = engine_version.ENGINE_VERSION
    assert script.digest(version) == engine_version.SUBSTANCE, WHAT_TO_DO.format(version)


def test_each_version_has_a_digest_of_its_own() -> None:
    assert script.digest(1) != script.digest(2)


@pytest.mark.parametrize(
    "code",
    [
        "x = 1  # one",
        "\n\nx   =   1",
        '"""What it is."""\nx = 1\n"""The number."""',
    ],
)
def test_comments_docstrings_and_spaces_of_python_do_not_count(code: str) -> None:
    assert script.of_python(code) == script.of_python("x = 1")


@pytest.mark.parametrize("code", ["x = 2", "y = 1", "x: int = 1", "x = 1\nx = 1", "x = '1'"])
def test_each_value_and_name_of_python_counts(code: str) -> None:
    assert script.of_python(code) != script.of_python("x = 1")


def test_comments_and_spaces_of_sql_do_not_count() -> None:
    assert script.of_sql("-- Finds :x\nSELECT  :x /* it */\n") == script.of_sql("SELECT :x")


@pytest.mark.parametrize("text", ["SELECT :y", "SELECT :x + 1", "SELECT '-- :x'"])
def test_each_word_of_sql_counts(text: str) -> None:
    assert script.of_sql(text) != script.of_sql("SELECT :x")


def test_the_values_of_a_city_count_and_its_comments_do_not() -> None:
    assert script.of_toml("# one\na = 1\n[b]\nc = 2") == script.of_toml("a = 1\n\n[b]\nc = 2")
    assert script.of_toml("a = 2") != script.of_toml("a = 1")


@pytest.mark.parametrize("room", script.PLACES)
def test_each_room_of_the_engine_counts(room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    all_rooms = script.digest(1)
    monkeypatch.setattr(script, "PLACES", [one for one in script.PLACES if one != room])
    assert script.digest(1) != all_rooms


def test_another_version_is_another_fingerprint(conn: sa.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = rules.load_parameters(conn)
    before = recompute_scope.fingerprint(conn, parameters)
    assert recompute_scope.fingerprint(conn, parameters) == before
    monkeypatch.setattr(recompute_scope, "ENGINE_VERSION", 0)
    assert recompute_scope.fingerprint(conn, parameters) != before
