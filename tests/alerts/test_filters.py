"""Which conflicts a subscription hears of: a hit and a near miss for each filter."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.alerts import subscriptions
from geo_service.alerts.feed import AlertDraft
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
    tell(AlertDraft("conflict.opened", ("nutsen",), conflict_id=conflict))
    assert heard(database) is expected


@pytest.fixture
def ground(database: sa.Engine) -> dict[str, str]:
    """A centre line and a façade 10 m beside the conflict, others 40 m away, and a footpath under it that belongs to a third street."""
    here = "ST_Transform(ST_SetSRID(ST_MakePoint(3.2136, 50.9145), 4326), 31370)"
    ids = {}
    with db.write(database) as conn:
        for name, away in (("Roeselaarsestraat", 10), ("Melkmarkt", 40)):
            line = f"ST_Translate(ST_MakeLine(ST_Translate({here}, -50, 0), ST_Translate({here}, 50, 0)), 0, {away})"
            conn.execute(sa.text(f"INSERT INTO streets (source, name, geom) VALUES ('t', '{name}', {line})"))
            house = f"ST_Expand(ST_Translate({here}, 0, {away + 5}), 4)"
            insert = f"INSERT INTO buildings (source, source_id, name, geom) VALUES ('t', '{name}', '{name}', {house}) RETURNING id"
            ids[name] = str(conn.scalar(sa.text(insert)))
        section = f"INSERT INTO pavement_sections (source, code, kind, street, geom) VALUES ('t', '1', 'footpath', 'Kruispunt', ST_Expand({here}, 2))"
        conn.execute(sa.text(section))
    return ids


@pytest.mark.parametrize(
    ("streets", "expected"),
    [
        (["Roeselaarsestraat"], True),
        (["ROESELAARSESTRAAT", "Melkmarkt"], True),
        (["Melkmarkt"], False),
        (["Kruispunt"], True),
        (["Nergens"], False),
    ],
)
def test_a_street_is_heard_of_by_its_ground(
    database: sa.Engine,
    conflict: uuid.UUID,
    ground: Any,
    subscribe: Any,
    tell: Any,
    streets: list[str],
    expected: bool,
) -> None:
    subscribe("https://desk.example/", streets=streets)
    tell(
        AlertDraft("conflict.opened", ("nutsen",), conflict_id=conflict),
        AlertDraft("feed.stopped", ("nutsen",)),
    )
    assert heard(database) is expected


@pytest.mark.parametrize(("name", "expected"), [("Roeselaarsestraat", True), ("Melkmarkt", False)])
def test_a_building_is_heard_of_by_what_comes_near(
    database: sa.Engine,
    conflict: uuid.UUID,
    ground: Any,
    subscribe: Any,
    tell: Any,
    name: str,
    expected: bool,
) -> None:
    subscribe("https://desk.example/", buildings=[ground[name]])
    tell(
        AlertDraft("conflict.opened", ("nutsen",), conflict_id=conflict),
        AlertDraft("feed.stopped", ("nutsen",)),
    )
    assert heard(database) is expected


def test_a_building_that_a_conflict_is_about_is_heard_of_wherever_it_stands(
    database: sa.Engine, conflict: uuid.UUID, ground: Any, subscribe: Any, tell: Any
) -> None:
    subscribe("https://desk.example/", buildings=[ground["Melkmarkt"]])
    with db.write(database) as conn:
        conn.execute(sa.update(conflicts).values(building_id=uuid.UUID(ground["Melkmarkt"])))
    tell(AlertDraft("conflict.opened", ("nutsen",), conflict_id=conflict))
    assert heard(database)


@pytest.mark.parametrize(("group", "expected"), [("proximus", True), ("aquafin", False)])
def test_a_partner_hears_of_its_own_works_only(
    database: sa.Engine, conflict: uuid.UUID, tell: Any, group: str, expected: bool
) -> None:
    with db.write(database) as conn:
        partner = subscriptions.Subscriber(group)
        subscriptions.create(conn, partner, subscriptions.SubscriptionDraft("https://partner.example/"))
    tell(AlertDraft("conflict.opened", conflict_id=conflict))
    assert heard(database) is expected


def test_a_shadow_conflict_is_told_to_nobody(
    database: sa.Engine, conflict: uuid.UUID, subscribe: Any, tell: Any
) -> None:
    with db.write(database) as conn:
        conn.execute(sa.update(conflicts).values(shadow=True))
    subscribe("https://desk.example/")
    tell(AlertDraft("conflict.opened", conflict_id=conflict))
    assert not heard(database)


def test_what_was_told_before_a_subscription_began_is_not_told_to_it(
    database: sa.Engine, subscribe: Any, tell: Any
) -> None:
    tell(AlertDraft("repair.held"))
    known = subscribe("https://desk.example/")
    [second] = tell(AlertDraft("repair.released"))
    with db.read(database) as conn:
        assert list(conn.scalars(sa.select(deliveries.c.alert_seq))) == [second]

    with db.write(database) as conn:  # it begins later than the next alert
        conn.execute(sa.update(table).where(table.c.id == known["id"]).values(after_seq=second + 1))
    _, fourth = tell(AlertDraft("repair.held")) + tell(AlertDraft("repair.released"))
    with db.read(database) as conn:
        told = conn.scalars(sa.select(deliveries.c.alert_seq).order_by(deliveries.c.alert_seq))
        assert list(told) == [second, fourth]


def test_who_switches_on_again_hears_what_is_new_and_begins_without_a_problem(
    database: sa.Engine, subscribe: Any, tell: Any
) -> None:
    known = subscribe("https://desk.example/")

    def change(**values: Any) -> sa.RowMapping:
        with db.write(database) as conn:
            version = subscriptions.get(conn, subscriptions.CITY, known["id"])["version"]
            return subscriptions.change(conn, subscriptions.CITY, known["id"], version, **values)

    change(active=False)
    with db.write(database) as conn:
        conn.execute(sa.update(table).values(problem="550 no such user", problem_at=sa.func.now(), bounces=3))
    [missed] = tell(AlertDraft("repair.held"))
    assert change(active=True)["problem"] is None
    with db.write(database) as conn:
        stored = conn.execute(sa.select(table.c.after_seq, table.c.bounces)).one()
        assert tuple(stored) == (missed, 0)
        conn.execute(sa.update(table).values(problem="550 no such user", problem_at=sa.func.now()))
    assert change(active=True)["problem"] is not None  # it was on already
