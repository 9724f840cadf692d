"""A server or a request of Open311 that makes no sense costs one line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.base_maps.addresses import AddressBook
from geo_service.intake.records import Record
from geo_service.intake.sources.open311 import Open311, Services
from tests.intake.conftest import Import, counts
from tests.intake.open311_server import request, root, serving
from tests.intake.reading import IZEGEM
from tests.intake.test_pages import Answer, server


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"service_code": "trees", "service_name": "Bomen"}, "service_unknown"),
        ({"status": None}, "status_unknown"),
        ({"lat": None}, "place_missing"),
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


def test_a_number_of_four_hundred_digits_is_one_report_left_out(take_in: Import) -> None:
    with server(serving([request(1), request(2, lat=10**400)])) as (url, _):
        report = take_in("open311", root(url))
    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}


@pytest.fixture
def source() -> Open311:
    server = Open311(
        "https://311.example.org/open311/v2", Services(status={"Wacht op boom": "closed"}), "Stad Izegem", IZEGEM,
        now=datetime(2026, 11, 30, 12, tzinfo=UTC),
    )  # fmt: skip
    server._addresses = AddressBook.of([("Gentsestraat", "12", False, shapely.Point(68_700, 179_100).wkb)])
    return server


def built(source: Open311, **says: Any) -> Any:
    """The repair of one request, or the reason why there is none."""
    record = source._record(1, request(1, **says))
    assert isinstance(record, Record)
    [result] = source.build([[record]])
    return result.item or result.rejections[0].code


@pytest.mark.parametrize(
    ("word", "closed", "unknown"),
    [
        ("reopened", False, 0), ("in behandeling", False, 0), ("pending", False, 0), ("Duplicate", True, 0), ("afgehandeld", True, 0),
        ("wacht op boom", True, 0), ("quux", False, 1),
    ],
)  # fmt: skip
def test_no_status_loses_a_report(source: Open311, word: str, closed: bool, unknown: int) -> None:
    assert built(source, status=word).closed is closed
    assert source.remarks.unknown_words == ({"request_status": {word: 1}} if unknown else {})


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("0001-01-01T00:00:00Z", "date_too_early"), ("2036-11-20T08:00:00Z", "date_in_future"), ("2026-99-01", "date_invalid"),
        ("2026-11-20 10:00:00 UTC", None), ("2026-11-30T18:00:00Z", None),
    ],
)  # fmt: skip
def test_the_moment_of_a_report_is_read_as_in_any_file(source: Open311, when: str, code: str | None) -> None:
    found = built(source, requested_datetime=when)
    assert (found if isinstance(found, str) else None) == code


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ({"lat": "50,9208", "long": "3,2176"}, "POINT"), ({"lat": "north"}, "number_invalid"),
        ({"lat": None, "long": None, "address": "Gentsestraat 12"}, "POINT (68700 179100)"),
        ({"lat": "", "long": "", "address": "Gentsestraat 13"}, "address_unknown"),
        ({"lat": None, "long": None, "address": "ergens"}, "address_invalid"), ({"lat": None, "address": None}, "place_missing"),
    ],
)  # fmt: skip
def test_a_report_lies_at_its_coordinates_or_else_at_its_address(
    source: Open311, says: dict[str, Any], outcome: str
) -> None:
    found = built(source, **says)
    assert (found if isinstance(found, str) else found.geometry.wkt).startswith(outcome)
