"""What rules would have found in past years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from geo_service.analysis import backtest, dataset, engines, history, pairs
from geo_service.analysis.dataset import Dataset
from geo_service.domain.rules import changed
from geo_service.store import rules
from tests.analysis.conftest import write
from tests.scenes import FLUVIUS, PROXIMUS, TODAY, Scene

SINCE = date(TODAY.year - 5, 1, 1)
OVER: Any = {"certainty": "done"}

Past = Callable[[], Dataset]


@pytest.fixture
def scene(conn: sa.Connection) -> Scene:
    return Scene(conn)


@pytest.fixture
def past(conn: sa.Connection, tmp_path: Path) -> Past:
    """The folder with the history of five years, once the scene is set."""

    def written() -> Dataset:
        parameters = rules.load_parameters(conn)
        in_force = [rules.from_row(row) for row in rules.in_force(conn)]
        history.put_claims(conn, SINCE, parameters)
        return dataset.write(conn, tmp_path / "past", SINCE, parameters.unsure_clearance_m, in_force, SINCE)

    return written


def met(data: Dataset, rule: str) -> pa.Table:
    place = engines.Workplace(lambda: sa.create_engine("postgresql+psycopg:///"), data.folder.parent)
    table = pairs.canonical(engines.pairs_by("sedonadb", data, place))
    return table.filter(pa.compute.equal(table["rule_id"], rule))


def year_of(days: int) -> int:
    return (TODAY + timedelta(days=days)).year


def test_a_footpath_that_was_opened_after_its_repair_is_seen_in_that_year(
    scene: Scene, past: Past, tmp_path: Path
) -> None:
    scene.street()
    scene.complete(scene.repair(), on=-800)
    scene.works(PROXIMUS, days=(-400, -380), **OVER)
    assert met(write(scene.conn, tmp_path / "today", TODAY), "wasted_repair").num_rows == 0
    [row] = backtest.by_year_and_owner(met(past(), "wasted_repair"))
    assert (row["year"], row["owner"], row["meetings"], row["pairs"]) == (year_of(-400), "proximus", 1, 1)
    assert row["overlap_m2"] > 10


def test_two_sites_of_the_past_count_for_both_owners_and_once_for_the_year(scene: Scene, past: Past) -> None:
    scene.works(PROXIMUS, days=(-700, -690), **OVER)
    scene.works(FLUVIUS, days=(-695, -680), **OVER)
    table = met(past(), "works_clash")
    assert [(row["owner"], row["pairs"]) for row in backtest.by_year_and_owner(table)] == [
        ("fluvius", 1),
        ("proximus", 1),
    ]
    assert [(row["year"], row["pairs"]) for row in backtest.by_year(table)] == [(year_of(-695), 1)]


def test_a_crew_that_worked_beside_a_trench_is_seen(scene: Scene, past: Past) -> None:
    scene.street()
    scene.works(PROXIMUS, days=(-400, -380), **OVER)
    scene.complete(scene.repair(planned=(-396, -395)), on=-395)
    assert [row["owner"] for row in backtest.by_year_and_owner(met(past(), "repair_during_works"))] == [
        "proximus"
    ]


def test_what_was_over_before_the_first_day_claims_nothing(scene: Scene, past: Past) -> None:
    before = (SINCE - TODAY).days
    scene.works(PROXIMUS, days=(before - 20, before), **OVER)
    scene.works(FLUVIUS, days=(before - 10, before), **OVER)
    assert met(past(), "works_clash").num_rows == 0


def test_a_report_without_days_was_not_done_in_the_past(scene: Scene, past: Past) -> None:
    scene.street()
    scene.repair()
    scene.repair(at=(20, 1), planned=(3, 4))
    scene.works(PROXIMUS, days=(-400, -380), **OVER)
    assert met(past(), "wasted_repair").num_rows == 0


def test_works_that_were_finished_early_do_not_meet_who_came_after(scene: Scene, past: Past) -> None:
    scene.street()
    works = scene.works(PROXIMUS, days=(-400, -300), **OVER)
    scene.conn.execute(
        sa.text("UPDATE works SET finished_on = :day WHERE id = :id"),
        {"day": TODAY - timedelta(days=380), "id": works},
    )
    scene.complete(scene.repair(planned=(-340, -339)), on=-339)
    assert met(past(), "repair_during_works").num_rows == 0


def test_a_rule_is_tried_with_another_value(scene: Scene, past: Past) -> None:
    scene.street()
    scene.complete(scene.repair(), on=-800)
    scene.works(PROXIMUS, at=(0, 5), days=(-400, -380), **OVER)
    data = past()
    [rule] = [rule for rule in data.rules if rule.id == "wasted_repair"]
    wider = changed(rule, {"clearance_m": 5, "same_side": False, "blocking": False})
    assert met(replace(data, rules=(rule,)), rule.id).num_rows == 0
    assert met(replace(data, rules=(wider,)), rule.id)["distance_m"].to_pylist() == [3]


def test_nothing_found_is_an_empty_table(scene: Scene, past: Past) -> None:
    table = met(past(), "works_clash")
    assert (backtest.by_year_and_owner(table), backtest.by_year(table)) == ([], [])
