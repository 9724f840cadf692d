"""Reports of another Open311 server come in whole, whatever its pages, its format and its services are."""

from __future__ import annotations

import csv
import gzip
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from geo_service.cluster import Cluster
from geo_service.intake.sources import open311
from tests.api.open311 import PATH, Site
from tests.intake.conftest import Import, counts
from tests.intake.open311_server import NOW, Ask, Rows, request, root, serving
from tests.intake.test_pages import server
from tests.serving import Service, running


def test_a_request_becomes_a_repair_without_its_reporter(take_in: Import, rows: Rows) -> None:
    told = request(1, description="Put, bel 0470 55 44 33", status_notes="mail jan@example.org")

    with server(serving([told])) as (url, _):
        report = take_in("open311", root(url))

    assert counts(report) == {"read": 1, "created": 1}
    assert rows("SELECT source, source_id, category, scope, urgency, status, description FROM repairs") == [
        ("open311", "127.0.0.1/R1", "pothole", "spot", "normal", "requested", "Put, bel [tel.]")
    ]
    (kept,) = rows("SELECT raw::text FROM source_records")
    assert "Zonderling" not in kept and "55 44 33" not in kept and "jan@" not in kept


@pytest.mark.parametrize("form", ["json", "xml"])
def test_every_page_is_read_in_either_format(take_in: Import, rows: Rows, form: str) -> None:
    told = [request(n, days_ago=n / 2) for n in range(25)]

    with server(serving(told, most=10, form=form)) as (url, _):
        report = take_in("open311", root(url))
        again = take_in("open311", root(url))

    assert counts(report) == {"read": 25, "created": 25}
    assert counts(again) == {"read": 25, "unchanged": 25}


def test_a_server_without_pages_is_asked_for_fewer_days(take_in: Import) -> None:
    told = [request(n, days_ago=n / 2) for n in range(150)]

    with server(serving(told, most=20, pages=False)) as (url, _):
        report = take_in("open311", root(url))

    assert counts(report) == {"read": 150, "created": 150}


def test_a_longer_past_is_asked_for_in_windows_of_90_days(take_in: Import) -> None:
    told, seen = [request(n, days_ago=20.0 * n + 1) for n in range(20)], list[Ask]()
    start = f"{NOW - timedelta(days=400):%Y-%m-%dT%H:%M:%SZ}"

    with server(serving(told, seen=seen)) as (url, _):
        report = take_in("open311", f"{root(url)}?start_date={start}&status=open")

    assert counts(report) == {"read": 20, "created": 20}
    spans = {
        datetime.fromisoformat(one["end_date"]) - datetime.fromisoformat(one["start_date"]) for one in seen
    }
    assert max(spans) == timedelta(days=90) and {one["status"] for one in seen} == {"open"}


def test_what_the_other_server_closes_is_closed_and_the_days_are_ours(
    take_in: Import, rows: Rows, city: sa.Engine
) -> None:
    told = [request(1), request(2)]
    with server(serving(told)) as (url, _):
        take_in("open311", root(url))
    with city.begin() as conn:
        planned = "UPDATE repairs SET status = 'scheduled', planned = '[2026-09-10,2026-09-11)'"
        conn.execute(sa.text(planned))
    told[0]["status"], told[1]["description"] = "closed", "Grotere put"

    with server(serving(told)) as (url, _):
        report = take_in("open311", root(url))

    assert counts(report) == {"read": 2, "changed": 2}
    assert rows("SELECT source_id, status, description, lower(planned)::text FROM repairs ORDER BY 1") == [
        ("127.0.0.1/R1", "cancelled", "Put 1", "2026-09-10"),
        ("127.0.0.1/R2", "scheduled", "Grotere put", "2026-09-10"),
    ]


def test_reports_of_one_hole_are_suggested_as_one(take_in: Import, rows: Rows) -> None:
    told = [request(n, days_ago=10 - n, lat=50.92 + n * 0.00001) for n in range(3)]
    told.append(request(9, days_ago=1, service_code="kerb"))

    with server(serving(told)) as (url, _):
        take_in("open311", root(url))

    names = "SELECT r.source_id, main.source_id, d.status FROM duplicates d JOIN repairs r ON r.id = d.repair_id JOIN repairs main ON main.id = d.of_id ORDER BY 1"
    assert rows(names) == [(f"127.0.0.1/R{n}", "127.0.0.1/R0", "suggested") for n in (1, 2)]


@pytest.fixture
def other_city(cluster: Cluster, template: str) -> Iterator[Service]:
    """Another city, which runs this service too."""
    name = f"other_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with running(url) as service:
            yield service
    finally:
        cluster.drop_database(name)


def test_what_we_serve_ourselves_can_be_pulled(take_in: Import, rows: Rows, other_city: Service) -> None:
    site = Site(other_city)
    filed = [site.filed(20.0 * n, service_code=code) for n, code in enumerate(("pothole", "kerb", "other"))]

    report = take_in("open311", f"{other_city.url}{PATH}")

    assert counts(report) == {"read": 3, "created": 3}
    assert (
        rows("SELECT source_id, category FROM repairs ORDER BY id")
        == [
            (f"127.0.0.1/{number}", code)
            for number, code in zip(filed, ("pothole", "kerb", "other"), strict=True)
        ][::-1]
        or len(rows("SELECT 1 FROM repairs")) == 3
    )


@pytest.mark.shared
def test_half_a_year_of_boston_comes_in_with_each_refusal_explained(
    take_in: Import, rows: Rows, shared: Path
) -> None:
    told = boston(shared / "data" / "real" / "boston-311-2015" / "requests.csv.gz")
    utility = sum(one["service_name"] == "Utility Call-In" for one in told)
    start, end = "2014-12-31T00:00:00Z", "2015-07-02T00:00:00Z"

    with server(serving(told, most=1000)) as (url, _):
        report = take_in("open311", f"{root(url)}?start_date={start}&end_date={end}", mapping="boston-311")

    assert report.read == len(told) == 6712
    assert {one.code for one in report.rejections} == {"skipped"}
    assert (report.rejected, report.created) == (utility, 6712 - utility)
    closed = sum(one["status"] == "closed" and one["service_name"] != "Utility Call-In" for one in told)
    assert rows("SELECT count(*) FROM repairs WHERE status = 'cancelled'") == [closed]
    assert rows("SELECT count(*) > 0 FROM duplicates WHERE status = 'suggested'") == [True]


def boston(path: Path) -> list[dict[str, Any]]:
    """Boston's requests as its Open311 server tells them, moved to Izegem: what lies across an ocean cannot be stored in Lambert 72."""
    zone = ZoneInfo("America/New_York")

    def moment(text: str) -> str:
        return f"{datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        {
            "service_request_id": row["CASE_ENQUIRY_ID"],
            "status": row["CASE_STATUS"].lower(),
            "service_code": row["TYPE"],
            "service_name": row["TYPE"],
            "requested_datetime": moment(row["OPEN_DT"]),
            "address": row["Location"],
            "lat": float(row["LATITUDE"]) + 50.9185 - 42.3594,
            "long": float(row["LONGITUDE"]) + 3.2144 + 71.0587,
        }
        for row in rows
    ]


def test_every_file_of_services_can_be_read() -> None:
    names = {path.stem for folder in open311.FOLDERS for path in folder.glob("*.toml")}

    assert names and all(open311.load_services(name).services for name in names)
