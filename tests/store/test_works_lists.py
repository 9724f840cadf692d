"""Lists of works: narrowed, paged, and by ground and days of one phase."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.city import load as load_city
from geo_service.store import listing, organisations, works
from geo_service.store.tables import works as works_table
from tests.store.works_scenes import TODAY, ground, phase, save, trench


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["1", "2", "3"]),
        ({"owner": "proximus area 2.1"}, ["1", "3"]),
        ({"owner": "fluvius"}, ["2"]),
        ({"party": "fluvius", "owner": "Proximus Area 2.1"}, []),
        ({"status": "indicative"}, ["3"]),
        ({"kind": "event"}, []),
        ({"source": "osiris"}, ["2"]),
        ({"q": "KORTE winkel"}, ["2"]),
        ({"q": "100%"}, []),
        ({"active_on": TODAY + timedelta(days=30)}, ["1"]),
        ({"active_on": TODAY + timedelta(days=40)}, ["2"]),
    ],
)
def test_a_list_is_narrowed_by(conn: sa.Connection, asked: dict[str, Any], found: list[str]) -> None:
    organisations.add_groups(conn, load_city().owner_groups, "Stad Izegem")
    save(
        conn,
        trench("1", phase(30, 10)),
        trench("2", phase(40, 10), source="osiris", owner="Fluvius Antwerpen", title="Korte Winkelstraat"),
        trench("3", phase(90, 10), certainty="indicative"),
    )
    assert sorted(row["source_id"] for row in works.find(conn, listing.Window(), **asked).rows) == found


def test_ground_and_days_are_met_by_one_phase(conn: sa.Connection) -> None:
    save(conn, trench("1", phase(10, key="a", at=0), phase(60, key="b", at=100)))
    from_on, until_on = TODAY + timedelta(days=55), TODAY + timedelta(days=65)

    def total(at: float) -> int:
        return works.find(conn, listing.Window(bbox=ground(at), from_on=from_on, until_on=until_on)).total

    assert (total(0), total(100)) == (0, 1)


def test_an_owner_is_found_by_id_too(conn: sa.Connection) -> None:
    [saved] = save(conn, trench("1"))
    owner_id = conn.scalar(sa.select(works_table.c.owner_id).where(works_table.c.id == saved.id))
    assert works.find(conn, listing.Window(), owner=str(owner_id)).total == 1


def test_pages_follow_each_other_without_repeats(conn: sa.Connection) -> None:
    save(conn, *(trench(str(n)) for n in range(5)))
    seen, after = [], None
    while True:
        page = works.find(conn, listing.Window(limit=2, after=after))
        assert page.total == 5
        seen += [row["source_id"] for row in page.rows]
        if (after := page.next) is None:
            break
    assert sorted(seen) == ["0", "1", "2", "3", "4"]
