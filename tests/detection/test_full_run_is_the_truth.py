"""The full run is the truth: after any history, what was stored step by step equals a recomputation from nothing.

Histories are random, on a patch of footpath so small that nearly everything meets. After each one:
claims and live conflicts are those of an empty start; what somebody would have been told beforehand is what came true; every hold is the
advice of now; every opened conflict has its alert, in a feed without gaps.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, event, given, settings

from geo_service import db
from geo_service.coordination import advising
from geo_service.detection import run
from geo_service.store.tables import alerts, claims, conflict_events, conflicts, phase_digs, repairs
from tests.detection.histories import History, histories
from tests.detection.stored_conflicts import differences, live
from tests.scenes import Scene, unguarded

HISTORIES = int(os.environ.get("HISTORIES", "100"))
"""More of them, as before a release: `HISTORIES=5000 uv run pytest tests/detection/test_full_run_is_the_truth.py`."""
# A history is short; shrinking one takes minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


def _claims(conn: sa.Connection) -> list[Any]:
    columns = (*(c for c in claims.c if c.name not in ("id", "geom")), sa.cast(claims.c.geom, sa.Text))
    return list(conn.execute(sa.select(*columns).order_by(claims.c.kind, claims.c.origin_id)))


def _check_holds(scene: Scene) -> None:
    rows = scene.conn.execute(sa.select(repairs).where(repairs.c.deleted_at.is_(None))).mappings().all()
    advised = {
        one.repair_id: one.advice
        for one in advising.of_repairs(scene.conn, [r["id"] for r in rows], scene.today)
    }
    for row in rows:
        advice = advised.get(row["id"])
        now = (advice.blocked, advice.verdict, advice.until) if advice else (False, None, None)
        assert (row["held"], row["verdict"], row["verdict_until"]) == now, row["status"]


def _check_feed(conn: sa.Connection) -> None:
    feed = conn.execute(
        sa.select(alerts.c.seq, alerts.c.type, alerts.c.conflict_id).order_by(alerts.c.seq)
    ).all()
    assert [row.seq for row in feed] == list(range(1, len(feed) + 1))
    for kind in ("opened", "reopened", "withdrawn", "expired"):
        select = sa.select(conflict_events.c.conflict_id).where(conflict_events.c.kind == kind)
        said = [row.conflict_id for row in feed if row.type == f"conflict.{kind}"]
        assert sorted(conn.scalars(select)) == sorted(said), kind


def _check_truth(scene: Scene) -> None:
    conn = scene.conn
    stored = _claims(conn), live(conn)
    unguarded(conn, "DELETE FROM alerts", "DELETE FROM conflict_events")
    for table in (conflicts, claims, phase_digs):
        conn.execute(sa.delete(table))
    run.refresh(conn, run.EVERYTHING, scene.today)
    assert _claims(conn) == stored[0]
    assert differences(live(conn), stored[1]) == []


@pytest.fixture
def patch(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that has its scratch tables already. Each history is a transaction, rolled back: a database for each would take
    minutes, and savepoints in one long transaction leave dead rows that nobody may clear."""
    with engine.connect() as conn:
        with conn.begin():
            Scene(conn).recompute()
        yield conn


@pytest.fixture
def terms(fresh_database: str) -> Iterator[sa.Connection]:
    """The same in a database of its own, where streets ask for rest sooner and schools have terms. That is stored once: each history
    would recompute everything for it, twice."""
    own = db.create_engine_for(fresh_database)
    with own.connect() as conn:
        with conn.begin():
            scene = Scene(conn)
            scene.change_rule("accumulated_hindrance", least_count=2)
            scene.calendar("school", (0, 20), (40, 200))
        yield conn
    own.dispose()


def test_after_any_history_the_stored_conflicts_are_those_of_a_full_run(terms: sa.Connection) -> None:
    met: list[int] = []

    @settings(
        max_examples=HISTORIES, deadline=None, print_blob=True, phases=PHASES, suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(histories)
    def check(history: tuple[int, list[Any], tuple[Any, ...], list[Any]]) -> None:
        sections, places, beginning, rest = history
        with terms.begin() as transaction:
            scene = Scene(terms)
            for number in range(sections):
                scene.section((number * 8, 0), 8, 2)
            played = History(scene)
            for name, values in (*places, *beginning, *rest):
                played.play(name, values)
            _check_holds(scene)
            _check_feed(terms)
            ever = terms.scalar(sa.select(sa.func.count()).select_from(conflicts)) or 0
            _check_truth(scene)
            transaction.rollback()
        met.append(ever)
        event(f"conflicts: {min(ever, 3)}{'+' if ever > 3 else ''}")

    check()
    assert sum(number > 0 for number in met) > 0.6 * len(met), (
        "too few histories with a conflict to prove much"
    )
