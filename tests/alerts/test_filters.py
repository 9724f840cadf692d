"""Which conflicts a subscription hears of: a hit and a near miss for each filter."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import subscriptions
from geo_service.alerts.feed import Alert
from geo_service.store.tables import conflicts, deliveries
from geo_service.store.tables import subscriptions as table

IZEGEM = [[3.20, 50.90], [3.24, 50.90], [3.24, 50.93], [3.20, 50.93], [3.20, 50.90]]
ELSEWHERE = [[3.30, 50.90], [3.34, 50.90], [3.34, 50.93], [3.30, 50.93], [3.30, 50.90]]


def polygon(ring: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def conflict(database: sa.Engine) -> uuid.UUID:
    """A high `works_clash` between Proximus and Fluvius in the middle of Izegem."""
    place = "ST_Transform(ST_SetSRID(ST_MakePoint(3.2136, 50.9145), 4326), 31370)"
    row = {
        "rule_id": "works_clash", "rule_version": 1, "shadow": False, "severity": "high", "opportunity": False, "blocking": False,
        "a_kind": "opening", "a_origin_id": uuid.uuid4(), "a": {"owner_group": "proximus"},
        "b_kind": "opening", "b_origin_id": uuid.uuid4(), "b": {"owner_group": "fluvius"},
        "works_ids": [], "facts": {}, "geom": sa.text(place),
    }  # fmt: skip
    with db.write(database) as conn:
        return conn.execute(sa.insert(conflicts).values(row).returning(conflicts.c.id)).scalar_one()


def heard(engine: sa.Engine) -> bool:
    with db.read(engine) as conn:
        return bool(conn.scalar(sa.select(sa.func.count()).select_from(deliveries)))


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ({}, True),
        ({"types": ["conflict.opened"]}, True),
        ({"types": ["conflict.expired"]}, False),
        ({"rules": ["works_clash", "wasted_repair"]}, True),
        ({"rules": ["wasted_repair"]}, False),
        ({"severities": ["high"]}, True),
        ({"severities": ["critical"]}, False),
        ({"owners": ["fluvius"]}, True),
        ({"owners": ["aquafin"]}, False),
        ({"departments": ["nutsen"]}, True),
        ({"departments": ["werkplaatsen"]}, False),
        ({"area": polygon(IZEGEM)}, True),
        ({"area": polygon(ELSEWHERE)}, False),
        ({"severities": ["high"], "owners": ["aquafin"]}, False),
    ],
)
def test_a_filter_lets_through_what_it_names(
    database: sa.Engine,
    conflict: uuid.UUID,
    subscribe: Any,
    tell: Any,
    filter_: dict[str, Any],
    expected: bool,
) -> None:
    subscribe("https://desk.example/", **filter_)
    tell(Alert("conflict.opened", ("nutsen",), conflict_id=conflict))
    assert heard(database) is expected


@pytest.mark.parametrize(("group", "expected"), [("proximus", True), ("aquafin", False)])
def test_a_partner_hears_of_its_own_works_only(
    database: sa.Engine, conflict: uuid.UUID, tell: Any, group: str, expected: bool
) -> None:
    with db.write(database) as conn:
        partner = subscriptions.Subscriber(group)
        subscriptions.create(conn, partner, subscriptions.SubscriptionDraft("https://partner.example/"))
    tell(Alert("conflict.opened", conflict_id=conflict))
    assert heard(database) is expected


def test_a_shadow_conflict_is_told_to_nobody(
    database: sa.Engine, conflict: uuid.UUID, subscribe: Any, tell: Any
) -> None:
    with db.write(database) as conn:
        conn.execute(sa.update(conflicts).values(shadow=True))
    subscribe("https://desk.example/")
    tell(Alert("conflict.opened", conflict_id=conflict))
    assert not heard(database)


def test_what_was_told_before_a_subscription_began_is_not_told_to_it(
    database: sa.Engine, subscribe: Any, tell: Any
) -> None:
    tell(Alert("repair.held"))
    known = subscribe("https://desk.example/")
    [second] = tell(Alert("repair.released"))
    with db.read(database) as conn:
        assert list(conn.scalars(sa.select(deliveries.c.alert_seq))) == [second]

    with db.write(database) as conn:  # it begins later than the next alert
        conn.execute(sa.update(table).where(table.c.id == known["id"]).values(after_seq=second + 1))
    _, fourth = tell(Alert("repair.held")) + tell(Alert("repair.released"))
    with db.read(database) as conn:
        told = conn.scalars(sa.select(deliveries.c.alert_seq).order_by(deliveries.c.alert_seq))
        assert list(told) == [second, fourth]
