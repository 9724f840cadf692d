"""Reliability on the command line: real processes against a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo_service.store import rules
from geo_service.store.tables import parameters
from tests.detection.test_reliability import held_for, played
from tests.ops.test_cli import DAY, Shell
from tests.ops.test_cli_rules import told
from tests.scenes import PROXIMUS, Scene


@pytest.fixture
def shell(fresh_database: str, tmp_path: Path) -> Iterator[Shell]:
    """A command line on a database in which Proximus slipped by forty days ten times, and holds a repair by new works."""
    engine = sa.create_engine(fresh_database)
    with engine.begin() as conn:
        scene = Scene(conn, date.fromisoformat(DAY) - timedelta(days=60))
        scene.street()
        rules.set_parameter(conn, "learn_reliability", 0, "nothing is learnt before a test asks for it")
        played(scene, PROXIMUS, moved_to=(10, 60), number=10)
        held_for(scene, PROXIMUS, 0)
        conn.execute(sa.delete(parameters))
    engine.dispose()
    yield Shell(fresh_database, tmp_path)


def test_what_is_learnt_counts_at_once_and_is_shown_with_its_basis(shell: Shell) -> None:
    everyone = told(shell, "reliability", "list")
    assert {(row["owner_group"], row["origin"]) for row in everyone} == {(None, "default")}
    done = told(shell, "reliability", "learn")
    assert (done["owner_groups"], done["changed"]) == (1, done["rows"])
    assert done["alerts"] > 0
    rows = {(row["owner_group"], row["certainty"]): row for row in told(shell, "reliability", "list")}
    own = rows["proximus", "planned"]
    # all owners (10 × 40 + 20 × 5) ÷ 30 = 17, and of Proximus (10 × 40 + 20 × 17) ÷ 30 = 25
    assert (own["slack_after_days"], own["origin"], own["learnt_on"]) == (25, "learnt", DAY)
    assert own["basis"]["slack_after_days"] == {"works": 10, "own": 40, "towards": 17}


def test_figures_are_fixed_with_their_source_and_released(shell: Shell) -> None:
    source = ("--source", "overleg 12 november")
    fixed = told(shell, "reliability", "fix", "proximus", "planned", "--after", "30", *source)
    assert (fixed["slack_after_days"], fixed["probability"]) == (30, 0.85)
    assert fixed["alerts"] > 0
    listed = shell.run("reliability", "list", "--owner", "proximus").stdout
    assert ["proximus", "planned", "-0", "+30", "0.85"] in [line.split()[:5] for line in listed.splitlines()]
    assert "overleg 12" in " ".join(listed.split())
    back = told(shell, "reliability", "release", "proximus", "planned")
    assert back["slack_after_days"] == 25


def test_wrong_use_is_one_line_with_exit_code_2(shell: Shell) -> None:
    done = shell.run("reliability", "fix", "all", "done", "--after", "3", "--source", "x", code=2)
    words = "certainty: kies uit: indicative, planned, confirmed, in_progress"
    assert done.stderr.strip() == f"geo-service: {words}"
    done = shell.run("reliability", "fix", "all", "planned", "--after", "3", "--source", " ", code=2)
    assert done.stderr.strip() == "geo-service: source: zeg waar dit getal vandaan komt"
    done = shell.run("reliability", "release", "nobody", "planned", code=2)
    assert done.stderr.strip() == "geo-service: er is niets vastgelegd voor nobody, planned"
