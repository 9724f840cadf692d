"""Reports of another Open311 server come in whole, whatever its pages, its format and its services are."""

from __future__ import annotations

import csv
import gzip
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from geo_service.cluster import Cluster
from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.sources import open311
from tests.api.open311 import PATH, Site
from tests.intake.conftest import Import, counts
from tests.intake.test_pages import Answer, server
from tests.serving import Service, running

NOW = datetime.now(UTC)
Rows = Callable[[str], list[Any]]
Ask = dict[str, str]


def request(number: int, *, days_ago: float = 1, **more: Any) -> dict[str, Any]:
    fields = {
        "service_request_id": f"R{number}",
        "status": "open",
        "service_code": "pothole",
        "service_name": "Put",
        "description": f"Put {number}",
        "requested_datetime": f"{NOW - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}",
        "lat": 50.92 + number * 0.0001,
        "long": 3.21,
        "first_name": "Zonderling",
    } | more
    return {name: value for name, value in fields.items() if value is not None}


def serving(
    requests: list[dict[str, Any]],
    *,
    most: int = 1000,
    pages: bool = True,
    form: str = "json",
    seen: list[Ask] | None = None,
) -> Callable[[str, int], Answer]:
    """A server with these requests, which shows at most so many at once, in one format."""

    def script(path: str, _: int) -> Answer:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if seen is not None:
            seen.append(query)
        if not parts.path.endswith(f"/open311/v2/requests.{form}"):
            return 404, "text/html", b"not here"
        inside = [
            one for one in requests if query["start_date"] <= one["requested_datetime"] <= query["end_date"]
        ]
        skip = (int(query.get("page", "1")) - 1) * most if pages else 0
        shown = inside[skip : skip + most]
        return (
            (200, "application/json", json.dumps(shown).encode())
            if form == "json"
            else (200, "text/xml", xml(shown))
        )

    return script


def xml(requests: list[dict[str, Any]]) -> bytes:
    root = ElementTree.Element("service_requests")
    for one in requests:
        element = ElementTree.SubElement(root, "request")
        for name, value in one.items():
            ElementTree.SubElement(element, name).text = str(value)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def root(url: str) -> str:
    """Where `server` listens, without the path it has for pages of features."""
    return url.removesuffix("/collections/INNAME/items") + "/open311/v2"


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


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"service_code": "trees", "service_name": "Bomen"}, "service_unknown"),
        ({"status": "in behandeling"}, "status_unknown"),
        ({"requested_datetime": "2026-99-01"}, "date_invalid"),
        ({"lat": None}, "place_missing"),
        ({"lat": "north"}, "geometry_malformed"),
        ({"lat": 42.36, "long": -71.06}, "geometry_outside_region"),
        ({"service_request_id": None}, "id_missing"),
        ({"service_request_id": "x" * 600}, "too_long"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_request_that_cannot_be_used_has_its_reason(
    take_in: Import, wrong: dict[str, Any], code: str
) -> None:
    def script(path: str, asked: int) -> Answer:
        shown = [request(1), request(2, **wrong)] if asked == 0 else []
        return 200, "application/json", json.dumps(shown).encode()

    with server(script) as (url, _):
        report = take_in("open311", root(url))

    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}
    assert [one.code for one in report.rejections] == [code]


BOMB = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><service_requests><request><service_request_id>&b;</service_request_id></request></service_requests>'


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, "text/html", b"<html>Onderhoud</html>"), "a page for people, as text/html"),
        ((200, "application/json", b'{"error": "x"}'), "no list of requests"),
        ((200, "application/json", b'[{"service_request_id": '), "no complete JSON (24 bytes)"),
        (
            (403, "application/json", b'[{"code": 403, "description": "key needed"}]'),
            "403 Forbidden (key needed)",
        ),
    ],
    ids=["html", "object", "cut off", "refused"],
)
def test_a_server_that_makes_no_sense_costs_one_line(take_in: Import, answer: Answer, reason: str) -> None:
    with server(lambda _path, _asked: answer) as (url, _), pytest.raises(SourceUnreachable) as refused:
        take_in("open311", f"{root(url)}/requests.json")

    assert reason in str(refused.value) and "\n" not in str(refused.value)


def test_an_entity_bomb_is_no_xml(take_in: Import) -> None:
    with (
        server(lambda _path, _asked: (200, "text/xml", BOMB)) as (url, _),
        pytest.raises(SourceUnreachable, match="answers XML, as text/xml: no service_requests"),
    ):
        take_in("open311", f"{root(url)}/requests.xml")


@pytest.mark.parametrize(
    ("origin", "mapping", "field"),
    [
        (None, None, "origin"),
        ("requests.json", None, "origin"),
        ("http://127.0.0.1:1?start_date=yesterday", None, "origin"),
        ("http://127.0.0.1:1", "nowhere", "mapping"),
    ],
)
def test_wrong_use_is_told(take_in: Import, origin: str | None, mapping: str | None, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        take_in("open311", origin, mapping=mapping)

    assert refused.value.errors[0].field == field


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


def test_a_number_of_four_hundred_digits_is_one_report_left_out(take_in: Import) -> None:
    with server(serving([request(1), request(2, lat=10**400)])) as (url, _):
        report = take_in("open311", root(url))
    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}
