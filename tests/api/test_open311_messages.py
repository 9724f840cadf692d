"""What a citizen adds to a report on the site where it was filed reaches those who call people back, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.open311 import CITIZEN, Site, errors, repair_of, text
from tests.api.scenario import Street
from tests.serving import Service


@pytest.fixture
def site(service: Service) -> Site:
    """A site with a key of the role reporter."""
    return Site(service)


def test_the_workshop_reads_what_was_added_and_is_alerted(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)
    before = _last_alert(street.service)

    answer = site.add(request, update_id=f"a{street.x}", media_url="https://fix.example/photo/2.jpeg")

    assert text(answer, "request_update/update_id")
    repair = repair_of(street, request)
    (message,) = repair["messages"]
    assert message["received_at"] > message["said_at"] == "2026-11-23T08:30:00Z"
    assert (message["number"], message["text"], message["status"]) == (
        request,
        "De put is dieper geworden",
        "OPEN",
    )
    assert message["reporter"] == {
        "name": "Jan Peeters-Zonderling",
        "email": CITIZEN["email"],
        "phone": CITIZEN["phone"],
        "media_url": "https://fix.example/photo/2.jpeg",
    }
    (alert,) = _alerts(street.service, before)
    assert (alert["type"], alert["departments"]) == ("repair.message_added", ["werkplaatsen"])
    assert alert["repair_id"] == repair["id"] and "dieper" not in str(alert)


def test_it_stands_nowhere_else(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)
    site.add(request, update_id=f"b{street.x}", description="Bel mevrouw Zonderling")

    assert len(site.updates(request)) == 1
    for path in (f"requests/{request}", "requests", "servicerequestupdates"):
        assert "Zonderling" not in site.get(f"{path}.json").text
    with street.service.as_("viewer") as viewer:
        id_ = repair_of(street, request)["id"]
        assert "messages" not in viewer.get(f"/api/v1/repairs/{id_}").json()


def test_a_clock_that_is_ahead_says_nothing_later_than_now(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)
    site.add(request, update_id=f"e{street.x}", updated_datetime="2999-01-01T00:00:00Z")
    (message,) = repair_of(street, request)["messages"]
    assert message["said_at"] == message["received_at"]


def test_the_same_message_again_is_one(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)
    sent = {"form": "json", "update_id_ext": f"c{street.x}", "update_id": None}

    answers = [site.add(request, **sent).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(repair_of(street, request)["messages"]) == 1
    other = site.filed(street.x + 60)
    assert errors(site.add(other, **sent)) == [(400, "update_id: was sent before, about another request")]


def test_what_is_added_to_a_double_is_read_with_the_repair_it_doubles(street: Street, site: Site) -> None:
    first, second = site.filed(street.x + 20), site.filed(street.x + 21)
    site.add(second, update_id=f"d{street.x}")
    main, double = repair_of(street, first), repair_of(street, second)
    assert main["messages"] == []

    with street.service.as_("workshop") as workshop:
        joined = workshop.post(f"/api/v1/repairs/{double['id']}/confirm-duplicate", json={"of": main["id"]})
        assert joined.status_code == 200, joined.text

    (message,) = repair_of(street, first)["messages"]
    assert message["number"] == second


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"service_request_id": None}, (400, "service_request_id: is required")),
        ({"service_request_id": "H-999999999"}, (404, "service_request_id: there is no request H-999999999")),
        ({"service_request_id": "x"}, (404, "service_request_id: there is no request x")),
        ({"description": None, "status": None}, (400, "description: is required")),
        ({"api_key": None}, (403, "api_key: is required")),
    ],
)
def test_what_cannot_be_kept_is_refused(
    street: Street, site: Site, fields: dict[str, Any], told: tuple[int, str]
) -> None:
    request = site.filed(street.x + 20)

    answer = site.add(request, update_id=None, **fields)

    assert errors(answer) == [told]
    assert repair_of(street, request)["messages"] == []


def test_a_part_that_cannot_be_kept_does_not_cost_the_message(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)

    answer = site.add(
        request,
        update_id=f"f{street.x}",
        updated_datetime="gisteren",
        media_url=["https://fix.example/1.jpg", "javascript:alert(1)", "https://fix.example/2.jpg"],
        description="a" * 4001,
    )

    notice = text(answer, "request_update/service_notice")
    for left_out in ("updated_datetime: must be written as", "media_url: must be an http", "description: at most 4000"):  # fmt: skip
        assert left_out in notice
    (message,) = repair_of(street, request)["messages"]
    assert message["text"] == "a" * 4000
    assert message["said_at"] == message["received_at"]
    assert message["reporter"]["media_url"] == ["https://fix.example/1.jpg", "https://fix.example/2.jpg"]


def test_a_repair_that_nobody_reported_takes_no_messages(street: Street, site: Site) -> None:
    ours = street.repair()

    assert errors(site.add(ours["number"], update_id=None))[0][0] == 404


def test_a_role_that_files_no_reports_adds_nothing(street: Street, site: Site) -> None:
    request = site.filed(street.x + 20)

    assert errors(site.add(request, api_key=street.service.keys["viewer"]))[0][0] == 403


def _alerts(service: Service, after: int) -> list[dict[str, Any]]:
    with service.as_("workshop") as workshop:
        return list(workshop.get("/api/v1/alerts", params={"after": after, "limit": 1000}).json()["items"])


def _last_alert(service: Service) -> int:
    found = _alerts(service, 0)
    return int(found[-1]["seq"]) if found else 0
