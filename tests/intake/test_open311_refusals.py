"""A server or a request of Open311 that makes no sense costs one line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from tests.intake.conftest import Import, counts
from tests.intake.open311_server import request, root, serving
from tests.intake.test_pages import Answer, server


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


def test_a_number_of_four_hundred_digits_is_one_report_left_out(take_in: Import) -> None:
    with server(serving([request(1), request(2, lat=10**400)])) as (url, _):
        report = take_in("open311", root(url))
    assert counts(report) == {"read": 2, "created": 1, "rejected": 1}
