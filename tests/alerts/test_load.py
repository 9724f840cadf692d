"""How much each desk hears, and how much of it asks for an action."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import load
from tests.scenes import Scene

DAY = dt.date(2026, 11, 23)
ALERT = {
    "seq": 1, "type": "conflict.opened", "data": {}, "conflict_id": uuid.uuid4(), "repair_id": None, "departments": ["nutsen"], "day": DAY,
    "case_id": None, "severity": "medium", "opportunity": False,
}  # fmt: skip


def alert(seq: int, **values: Any) -> dict[str, Any]:
    return {**ALERT, "seq": seq, **values}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"severity": "medium"}, True),
        ({"severity": "low"}, False),
        ({"severity": "low", "opportunity": True}, True),
        ({"severity": "low", "data": {"blocking": True}}, True),
        ({"type": "conflict.changed", "severity": "info"}, False),
        ({"type": "conflict.withdrawn", "severity": "critical"}, False),
        ({"type": "conflict.commented"}, False),
        ({"type": "repair.released", "severity": "info"}, True),
        ({"type": "feed.stopped", "severity": "info"}, True),
        ({"type": "feed.resumed", "severity": "info"}, False),
    ],
)
def test_what_asks_for_an_action(values: dict[str, Any], expected: bool) -> None:
    assert load.asks(alert(1, **values)) is expected


def test_a_case_is_counted_once_and_what_came_and_went_not_at_all() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    news = [
        alert(1, conflict_id=one, case_id="W"),
        alert(2, conflict_id=other, case_id="W", departments=["nutsen", "werkplaatsen"]),
        alert(3, conflict_id=uuid.UUID(int=3), case_id="X", severity="low"),
        alert(4, conflict_id=uuid.UUID(int=4), case_id="Y"),
        alert(5, conflict_id=uuid.UUID(int=4), case_id="Y", type="conflict.withdrawn"),
        alert(6, conflict_id=one, case_id="W", day=DAY + dt.timedelta(1), type="conflict.withdrawn"),
    ]
    assert list(load.loads(news)) == [
        load.DeskLoad("nutsen", DAY, alerts=5, cases=2, asking=1),
        load.DeskLoad("werkplaatsen", DAY, alerts=1, cases=1, asking=1),
        load.DeskLoad("nutsen", DAY + dt.timedelta(1), alerts=1, cases=1, asking=0),
    ]
    assert [one.row() for one in load.summaries(list(load.loads(news)))] == [
        {"department": "nutsen", "days": 2, "alerts_per_day": 3.0, "cases_per_day": 1.5, "asking_per_day": 0.5, "asking_share": 0.333},
        {"department": "werkplaatsen", "days": 1, "alerts_per_day": 1.0, "cases_per_day": 1.0, "asking_per_day": 1.0, "asking_share": 1.0},
    ]  # fmt: skip


def test_works_with_several_repairs_are_one_case_of_the_desk(database: sa.Engine) -> None:
    with db.write(database) as conn:
        scene = Scene(conn)
        for place in (5, 15, 25):
            scene.repair(at=(place, 1), scope="spot")
        scene.works(at=(0, 0.5), length_m=40, days=(30, 44))
    now = dt.datetime.now(dt.UTC)
    with db.read(database) as conn:
        loads = load.measure(
            conn, now - dt.timedelta(hours=1), now + dt.timedelta(hours=1), "Europe/Brussels"
        )
        earlier = load.measure(
            conn, now - dt.timedelta(hours=2), now - dt.timedelta(hours=1), "Europe/Brussels"
        )
    [utilities] = [one for one in loads if one.department == "nutsen"]
    assert (utilities.alerts >= 3, utilities.cases) == (True, 1)
    assert earlier == []
