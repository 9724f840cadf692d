"""More than anybody draws: a province, an outline of thousands of corners, five hundred works on one spot. Each gets a clear answer,
in the reader's language, naming the field; what is sound is taken."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import httpx
import pytest
from shapely import Polygon, box

from geo_service import db
from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.domain import geometry
from geo_service.domain.period import Period
from geo_service.domain.works import Phase, Works
from geo_service.store import locks
from geo_service.store import works_batch as store
from tests.api.scenario import Street, day
from tests.serving import STREET, TODAY, Service

REASON = "The mayor wants it done before the fair"


def wheel(corners: int, radius_m: float, teeth_m: float = 0) -> dict[str, Any]:
    """A circle of so many corners, every second one further out by `teeth_m`."""
    return geometry.to_geojson(Polygon(_around(corners, radius_m, teeth_m)))


def scribble(corners: int) -> dict[str, Any]:
    """An odd number of corners on a circle, each joined to the one opposite: every edge crosses nearly all others."""
    around = _around(corners, radius_m=50)
    return geometry.to_geojson(Polygon([around[n * (corners // 2) % corners] for n in range(corners)]))


def _around(corners: int, radius_m: float, teeth_m: float = 0) -> list[tuple[float, float]]:
    turns = [(2 * math.pi * n / corners, radius_m + teeth_m * (n % 2)) for n in range(corners)]
    return [(STREET[0] + r * math.cos(turn), STREET[1] + 5_000 + r * math.sin(turn)) for turn, r in turns]


def square(side_m: float) -> dict[str, Any]:
    return geometry.to_geojson(box(STREET[0], STREET[1], STREET[0] + side_m, STREET[1] + side_m))


def works(service: Service, ground: dict[str, Any], language: str = "nl") -> httpx.Response:
    phase = {"geometry": ground, "starts_on": day(30), "ends_on": day(44)}
    body = {"owner": "Proximus", "title": "Te veel", "kind": "groundworks", "phases": [phase]}
    with service.as_("utilities_desk", **{"Accept-Language": language}) as client:
        return client.post("/api/v1/works", json=body)


def told(answer: httpx.Response) -> list[tuple[str, str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["field"], error["code"], error["message"]) for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("nl", "3.600 km² is meer dan 250 km²: teken de grond waar gewerkt wordt, desnoods in meer fasen"),
        ("en", "3,600 km² is more than 250 km²: draw the ground where the work is done, in several phases if need be"),
    ],
)  # fmt: skip
def test_works_as_large_as_a_province_are_refused(service: Service, language: str, message: str) -> None:
    answer = works(service, square(60_000), language)

    assert told(answer) == [("phases[0].geometry", "geometry_area_too_large", message)]
    assert answer.json()["detail"] == f"phases[0].geometry: {message}"


def test_a_repair_is_never_larger_than_a_square_kilometre(service: Service) -> None:
    with service.as_("workshop") as client:
        body = {"category": "other", "scope": "area", "geometry": square(1_100)}
        asked = [client.post(f"/api/v1/{path}", json=body) for path in ("repairs", "advice")]

    assert [told(answer)[0][:2] for answer in asked] == [("geometry", "geometry_area_too_large")] * 2


def test_an_outline_of_a_thousand_corners_is_taken_as_drawn(service: Service) -> None:
    answer = works(service, wheel(1_000, radius_m=100, teeth_m=20))

    assert answer.status_code == 201
    assert len(answer.json()["phases"][0]["geometry"]["coordinates"][0]) >= 1_000


def test_of_ten_thousand_corners_those_that_mean_something_are_kept(service: Service) -> None:
    answer = works(service, wheel(10_000, radius_m=50))

    assert answer.status_code == 201
    assert 50 < len(answer.json()["phases"][0]["geometry"]["coordinates"][0]) < 500


def test_ten_thousand_corners_that_all_mean_something_are_refused(service: Service) -> None:
    answer = works(service, wheel(10_000, radius_m=200, teeth_m=50))

    message = "de omtrek heeft 10.001 hoeken, meer dan 5.000: teken hem minder fijn"
    assert told(answer) == [("phases[0].geometry", "geometry_too_detailed", message)]


def test_ten_thousand_corners_that_cross_each_other_are_refused(service: Service) -> None:
    [(field, code, message)] = told(works(service, scribble(10_001)))

    assert (field, code) == ("phases[0].geometry", "geometry_self_crossing")
    assert message.startswith("de omtrek kruist zichzelf bij 3.")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"clearance_m": 1e9}, "moet tussen 0 en 50 liggen"),
        ({"clearance_m": -1}, "moet tussen 0 en 50 liggen"),
        ({"before_days": 3_651}, "moet tussen 0 en 3.650 liggen"),
        ({"least_share": 1.5}, "moet tussen 0 en 1 liggen"),
    ],
    ids=str,
)
def test_a_number_of_a_rule_that_nobody_means_is_refused(
    service: Service, wrong: dict[str, Any], message: str
) -> None:
    with service.as_("coordinator") as client:
        etag = client.get("/api/v1/rules/wasted_repair").headers["ETag"]
        answers = [
            client.put("/api/v1/rules/wasted_repair", json=wrong, headers={"If-Match": etag}),
            client.post("/api/v1/rules/wasted_repair/preview", json=wrong),
        ]

    assert [told(answer) for answer in answers] == [[(*wrong, "out_of_range", message)]] * 2


def test_a_repair_under_five_hundred_works_is_blocked_by_name_and_scheduled_on_record(
    service: Service, street: Street
) -> None:
    with db.write(service.engine) as conn:
        locks.claims_writer(conn)
        crowd = [_one_of_many(street, number) for number in range(500)]
        saved = store.save(conn, crowd, observed_on=TODAY)
        changes.record(conn, Subject(works_ids=[one.id for one in saved]), TODAY)
    repair = street.repair(along=(0, 10))

    blocked = street.schedule(repair, (3, 4))
    accepted = street.schedule(repair, (3, 4), role="coordinator", override_reason=REASON)

    assert (blocked.status_code, blocked.json()["code"]) == (409, "blocked_by_works")
    found = {works_id for one in blocked.json()["conflicts"] for works_id in _works_of(one)}
    assert len(found & {str(one.id) for one in saved}) > 50
    assert (accepted.status_code, accepted.json()["held"]) == (200, False)


def _one_of_many(street: Street, number: int) -> Works:
    """Every other day for a thousand days, on the same ten metres."""
    starts = TODAY + timedelta(days=10 + 2 * number)
    x, y = STREET[0] + street.x, STREET[1]
    phase = Phase("1", box(x, y, x + 10, y + 2), Period(starts, starts + timedelta(days=1)), True)
    return Works(
        "crowd", f"{street.x} {number}", "Proximus", "Aansluiting", "groundworks", "confirmed", (phase,)
    )


def _works_of(conflict: dict[str, Any]) -> list[str]:
    works = conflict["b"]["works"]
    return [works["id"]] if works else []
