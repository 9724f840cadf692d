"""Rules and parameters on the command line: real processes against a real database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.ops.test_cli import DAY, Shell
from tests.scenes import FLUVIUS, Scene


@pytest.fixture
def shell(fresh_database: str, tmp_path: Path) -> Iterator[Shell]:
    """A command line on a database with a wide pavement on one side, a repair and, 4 m from it, works of two owners on one spot."""
    engine = sa.create_engine(fresh_database)
    with engine.begin() as conn:
        scene = Scene(conn, date.fromisoformat(DAY))
        for y in (0, 6):
            scene.section((0, y), 20, street="Markt", side="even")
        scene.repair(planned=(3, 4))
        scene.works(at=(0, 6), width_m=2)
        scene.works(at=(0, 6), width_m=2, owner=FLUVIUS)
    engine.dispose()
    yield Shell(fresh_database, tmp_path)


def told(shell: Shell, *words: str) -> Any:
    return json.loads(shell.run(*words, "--json").stdout)


def test_a_preview_tells_what_a_change_would_do_and_stores_nothing(shell: Shell) -> None:
    before = told(shell, "rules", "list")
    seen = told(shell, "rules", "preview", "wasted_repair", "--clearance-m", "5")
    assert (seen["appear"], seen["conflicts"], seen["blocking"]) == (2, [0, 2], [0, 2])
    assert (
        "€\u00a00 → €\u00a01.016"
        in shell.run("rules", "preview", "wasted_repair", "--clearance-m", "5").stdout
    )
    assert told(shell, "rules", "list") == before


def test_a_wrong_change_is_one_line_on_stderr_with_exit_code_2(shell: Shell) -> None:
    done = shell.run("rules", "preview", "wasted_repair", "--clearance-m", "51", code=2)
    assert done.stderr.strip() == "geo-service: clearance_m: moet tussen 0 en 50 liggen"
    assert "er is geen regel nonsense" in shell.run("rules", "activate", "nonsense", code=2).stderr


def test_a_rule_is_woken_from_its_shadow(shell: Shell, fresh_database: str) -> None:
    engine = sa.create_engine(fresh_database)
    with engine.begin() as conn:
        Scene(conn, date.fromisoformat(DAY)).change_rule("works_clash", state="shadow")
    engine.dispose()
    assert told(shell, "rules", "preview", "works_clash")["appear"] == 1
    woken = told(shell, "rules", "activate", "works_clash", "--reason", "twee weken stil meegelopen")
    # a clash is told instead of the trench that the two could have shared: one alert that it is there, one that that is gone
    assert (woken["version"], woken["appear"], woken["alerts"]) == (4, 1, 2)
    (rule,) = (rule for rule in told(shell, "rules", "list") if rule["id"] == "works_clash")
    assert (rule["life"], rule["changed_by"], rule["reason"]) == (
        "active",
        "command line",
        "twee weken stil meegelopen",
    )


def test_a_parameter_is_set_with_its_source_and_counts_at_once(shell: Shell) -> None:
    before = told(shell, "rules", "preview", "wasted_repair", "--clearance-m", "5")["cost_at_risk_eur"][1]
    shell.run("parameters", "set", "relay_eur_per_m2", "60", "--source", "raamcontract 2026")
    after = told(shell, "rules", "preview", "wasted_repair", "--clearance-m", "5")["cost_at_risk_eur"][1]
    assert after == pytest.approx(before / 2, abs=0.01)
    rows = {row["name"]: row for row in told(shell, "parameters", "list")}
    assert (rows["relay_eur_per_m2"]["value"], rows["relay_eur_per_m2"]["source"]) == (
        60,
        "raamcontract 2026",
    )
    assert (rows["guarantee_months"]["value"], rows["guarantee_months"]["source"]) == (24, "default")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("relay_eur_per_m2", "10001", "tussen 0 en 10000"),
        ("relay_eur_per_m2", "-5", "tussen 0 en 10000"),
        ("relay_eur_per_m2", "nan", "“nan” is geen getal"),
        ("relay_eur_per_m2", "1.250", "kan twee dingen betekenen"),
        ("relay_eur_per_m2", "10001,50", "tussen 0 en 10000"),
        ("hold_look_ahead_days", "1.5", "geheel getal"),
        ("high_from_eur", "9000", "in die volgorde"),
        ("relay", "60", "er is geen parameter relay; er zijn: working_width_m"),
    ],
)
def test_a_number_that_cannot_be_is_refused(shell: Shell, name: str, value: str, why: str) -> None:
    assert why in shell.run("parameters", "set", name, value, "--source", "x", code=2).stderr


def test_a_number_without_a_source_is_refused(shell: Shell) -> None:
    said = "geo-service: source: zeg waar dit getal vandaan komt"
    done = shell.run("parameters", "set", "relay_eur_per_m2", "60", "--source", " ", code=2)
    assert done.stderr.strip() == said


def test_a_severity_that_does_not_exist_is_answered_with_those_that_do(shell: Shell) -> None:
    said = shell.run("rules", "preview", "wasted_repair", "--severity", "boe", code=2).stderr.strip()
    assert said == "geo-service: severity: kies uit: info, low, medium, high, critical, cost"
