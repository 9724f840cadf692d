"""Who may see which row, once in Python and once in SQL: both say the same of a row of each sort, to each reader."""

from __future__ import annotations

import itertools
import uuid
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from shapely import box

from geo_service import sql
from geo_service.domain.conflicts import GONE, STATUSES
from geo_service.store import listing, organisations, visibility
from geo_service.store import tables as t

PARTIES = (None, "proximus", "fluvius", "aquafin")
READER = "CROSS JOIN (SELECT CAST(:party AS text) AS party) reader"
GROUND = box(80_000, 190_000, 80_010, 190_010)


def by_sql(conn: sa.Connection, select: str, part: str, party: str | None) -> set[uuid.UUID]:
    statement = f"SELECT {select} {READER} WHERE {sql.source('geo_service.store', part)}"
    return set(conn.scalars(sa.text(statement), {"party": party}))


def add(conn: sa.Connection, table: sa.Table, **row: Any) -> uuid.UUID:
    added: uuid.UUID = conn.execute(sa.insert(table).values(row).returning(table.c.id)).scalar_one()
    return added


@pytest.fixture
def owners(conn: sa.Connection) -> dict[str, uuid.UUID]:
    """The organisations whose records there are; Aquafin has none."""
    return organisations.ensure(conn, {"Proximus", "Fluvius", "Aquafin"})


@pytest.mark.parametrize("party", PARTIES)
def test_works(conn: sa.Connection, owners: dict[str, uuid.UUID], party: str | None) -> None:
    for n, (owner, deleted, certainty) in enumerate(
        itertools.product(("Proximus", "Fluvius"), (None, sa.func.now()), ("confirmed", "done", "cancelled"))
    ):
        add(conn, t.works, source="test", source_id=str(n), owner_id=owners[owner], title="", kind="works", certainty=certainty,
            deleted_at=deleted)  # fmt: skip
    visible = (
        sa.select(t.works.c.id)
        .join(t.organisations, t.organisations.c.id == t.works.c.owner_id)
        .where(visibility.of_works(party))
    )
    found = set(conn.scalars(visible))
    assert found == by_sql(
        conn, "w.id FROM works w JOIN organisations o ON o.id = w.owner_id", "visible_works", party
    )
    assert len(found) == {None: 6, "proximus": 3, "fluvius": 3, "aquafin": 0}[party]


@pytest.mark.parametrize("party", PARTIES)
def test_repairs(conn: sa.Connection, owners: dict[str, uuid.UUID], party: str | None) -> None:
    for deleted, status in itertools.product((None, sa.func.now()), ("requested", "done", "cancelled")):
        add(conn, t.repairs, owner_id=owners["Aquafin"], category="kerb", scope="spot", urgency="normal", status=status,
            geom=listing.geometry_param(GROUND), deleted_at=deleted,
            finished_on=date(2026, 11, 1) if status == "done" else None)  # fmt: skip
    found = set(conn.scalars(sa.select(t.repairs.c.id).where(visibility.of_repairs(party))))
    assert found == by_sql(conn, "r.id FROM repairs r", "visible_repairs", party)
    assert len(found) == (3 if party is None else 0)


@pytest.fixture
def _conflicts(conn: sa.Connection) -> None:
    sides = (("proximus", "fluvius"), ("proximus", "proximus"), (None, "fluvius"), (None, None))
    for shadow, status, (a, b) in itertools.product((False, True), STATUSES, sides):
        add(conn, t.conflicts, rule_id="wasted_repair", rule_version=1, shadow=shadow, status=status, a_kind="investment", b_kind="opening",
            a_origin_id=uuid.uuid4(), b_origin_id=uuid.uuid4(), a={"owner_group": a}, b={"owner_group": b}, works_ids=[], severity="low",
            opportunity=False, blocking=False, facts={}, geom=listing.geometry_param(GROUND))  # fmt: skip


@pytest.mark.usefixtures("_conflicts")
@pytest.mark.parametrize("party", PARTIES)
def test_conflicts(conn: sa.Connection, party: str | None) -> None:
    id_, n = t.conflicts.c.id, len(STATUSES)
    found = set(conn.scalars(sa.select(id_).where(visibility.of_conflicts(party))))
    one = set(conn.scalars(sa.select(id_).where(visibility.of_one_conflict(party))))
    assert found == by_sql(conn, "c.id FROM conflicts c", "visible_conflicts", party)
    assert len(found) == {None: 4 * n, "proximus": 2 * n, "fluvius": 2 * n, "aquafin": 0}[party]
    assert one == found if party else len(one) == 8 * n


@pytest.mark.usefixtures("_conflicts")
def test_conflicts_that_are_gone(conn: sa.Connection) -> None:
    status = t.conflicts.c.status
    live = set(conn.scalars(sa.select(t.conflicts.c.id).where(visibility.in_status(None))))
    assert live == by_sql(conn, "c.id FROM conflicts c", "conflict_is_live", None)
    assert set(conn.scalars(sa.select(status).where(visibility.in_status(None)))) == {*STATUSES} - {*GONE}
    assert set(conn.scalars(sa.select(status).where(visibility.in_status("expired")))) == {"expired"}
