"""Query parameters: unknown ones are refused, filters mean what they say, pages follow each other, `?crs=` goes both ways."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scenario import Street, day
from tests.serving import STREET, Service


@pytest.fixture
def street(service: Service, x: float) -> Street:
    """An empty piece of street."""
    return Street(service, x)


@pytest.mark.parametrize(
    "address",
    [
        "works?colour=red", "works?Limit=5", "repairs?kind=works", "conflicts?owner=x&sort=1", "buildings?=", "pavements?lon=3",
        "organisations?q=x", "rules?limit=1", "alerts?cursor=1", "status?x", "works.geojson?limit=5",
        "works/00000000-0000-0000-0000-000000000000?expand=all", "subscriptions?foo=1",
    ],
)  # fmt: skip
def test_an_unknown_parameter_is_named_and_never_ignored(service: Service, address: str) -> None:
    with service.as_("coordinator") as client:
        answer = client.get(f"/api/v1/{address}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    (error,) = answer.json()["errors"]
    assert error["code"] == "unknown_parameter"
    assert f"{error['field']}=" in address + "="


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=1e3", "limit"), ("limit=" + "9" * 5000, "limit"), ("cursor=rubbish", "cursor"),
        ("bbox=1,2,3", "bbox"), ("bbox=nan,nan,nan,nan", "bbox"), ("bbox=-inf,-inf,inf,inf", "bbox"), ("bbox=4,51,3,50", "bbox"),
        ("bbox=179,50,-179,51", "bbox"), ("bbox=", "bbox"), ("bbox=a,b,c,d", "bbox"), ("crs=3857", "crs"), ("crs=Lambert", "crs"),
        ("active_on=17", "active_on"), ("active_on=2026-02-30", "active_on"), ("from=2027-01-01&to=2026-01-01", "to"),
        ("status=bogus", "status"), ("q=%00", "q"), ("owner=%00", "owner"), ("q=" + "x" * 201, "q"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["works", "repairs"])
def test_a_filter_that_means_nothing_is_named(service: Service, kind: str, query: str, field: str) -> None:
    with service.as_("viewer") as viewer:
        answer = viewer.get(f"/api/v1/{kind}?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_parameter_given_twice_is_refused(service: Service) -> None:
    with service.as_("viewer") as viewer:
        answer = viewer.get("/api/v1/works?limit=1&limit=2")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "repeated_parameter")


@pytest.mark.parametrize(
    "query",
    [
        "bbox=-180,-90,180,90", "bbox=-180,-90,0,180,90,100", "bbox=0,0,250000,250000&crs=31370", "bbox=-1e300,-1e300,1e300,1e300&crs=31370",
        "from=0001-01-01&to=9999-12-31", "from=2026-01-01", "active_on=2026-12-25",
    ],
)  # fmt: skip
def test_a_wide_filter_leaves_nothing_out(street: Street, query: str) -> None:
    works = street.works((30, 44))
    with street.service.as_("viewer") as viewer:
        found = viewer.get(f"/api/v1/works?{query}&limit=1000").json()

    assert works["id"] in [item["id"] for item in found["items"]]


@pytest.mark.parametrize("query", ["active_on=9999-12-31", "active_on=0001-01-01", "bbox=0,0,0,0", "bbox=-60,-40,-50,-30"])  # fmt: skip
def test_a_filter_far_away_finds_nothing(street: Street, query: str) -> None:
    street.works((30, 44))
    with street.service.as_("viewer") as viewer:
        answer = viewer.get(f"/api/v1/works?{query}")

    assert (answer.status_code, answer.json()["total"]) == (200, 0)


def test_conflicts_are_found_by_the_days_of_both_sides(street: Street) -> None:
    street.works((30, 44))
    repair = street.repair()

    assert len(street.conflicts(repair=repair["id"], active_on=day(35))) == 1
    assert street.conflicts(repair=repair["id"], active_on=day(200)) == []


def test_pages_follow_each_other_without_a_gap_or_a_double(street: Street) -> None:
    made = {street.works((30 + n, 44), along=(n, n + 1))["id"] for n in range(5)}
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    with street.service.as_("viewer") as viewer:
        while True:
            page = viewer.get("/api/v1/works", params=query).json()
            assert len(page["items"]) <= 2
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]

    assert len(seen) == len(set(seen)) == page["total"]
    assert made <= set(seen)


def test_metres_sent_in_lambert_come_back_as_they_were(service: Service, x: float) -> None:
    left, low = STREET[0] + x, STREET[1]
    ring = [[left, low], [left + 5, low], [left + 5, low + 2], [left, low + 2], [left, low]]
    body = {"category": "kerb", "geometry": {"type": "Polygon", "coordinates": [ring]}}

    with service.as_("workshop") as client:
        made = client.post("/api/v1/repairs?crs=31370", json=body).json()
        again = client.get(f"/api/v1/repairs/{made['id']}?crs=31370").json()["geometry"]
        degrees = client.get(f"/api/v1/repairs/{made['id']}").json()["geometry"]

    assert sorted(again["coordinates"][0][:-1]) == sorted(ring[:-1])
    assert all(3 < lon < 4 and 50 < lat < 52 for lon, lat in degrees["coordinates"][0])
