"""Every route with an id in its address, by each role, on a thing of the partner's organisation and on one of another's.

The routes are those of the OpenAPI document: one that a partner may use fails here until OWN or SHARED says what it answers.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.domain.permissions import may
from geo_service.domain.roles import ROLES
from geo_service.store import keys
from tests.api.scenario import Street
from tests.api.test_every_route import NOBODY, ROUTES, Operation, actions
from tests.serving import Service, running

API = "/api/v1"
WEBHOOK = {"channel": "webhook", "target": "http://127.0.0.1:9/"}
ID = re.compile(r"{(\w+)}")
OWN: dict[Operation, tuple[dict[str, Any] | None, int, int]] = {
    ("GET", "/works/{works_id}"): (None, 200, 404),
    ("GET", "/works/{works_id}/history"): (None, 200, 404),
    ("GET", "/conflicts/{conflict_id}"): (None, 200, 404),
    ("GET", "/cases/{case_id}"): (None, 200, 404),
    ("GET", "/requests/{request_id}"): (None, 200, 404),
    ("GET", "/subscriptions/{subscription_id}"): (None, 200, 404),
    ("GET", "/subscriptions/{subscription_id}/deliveries"): (None, 200, 404),
    ("POST", "/conflicts/{conflict_id}/comment"): ({"text": "Gezien"}, 200, 404),
    ("POST", "/cases/{case_id}/comment"): ({"text": "Gezien"}, 200, 404),
    ("POST", "/requests/{request_id}/no"): ({}, 200, 404),
    ("POST", "/requests/{request_id}/yes"): ({}, 200, 404),
    ("POST", "/requests/{request_id}/done"): ({}, 200, 404),
    ("POST", "/subscriptions/{subscription_id}/replay"): (None, 200, 404),
    ("POST", "/subscriptions/{subscription_id}/test"): (None, 200, 404),
    ("POST", "/subscriptions/{subscription_id}/rotate-secret"): (None, 200, 404),
    ("PATCH", "/subscriptions/{subscription_id}"): ({"active": False}, 200, 404),
    ("DELETE", "/subscriptions/{subscription_id}"): (None, 204, 404),
    ("DELETE", "/feeds/{link_id}"): (None, 204, 404),
}
"""By route for a partner: the body, the status for a thing of its own, and for one of another organisation."""
SHARED = {
    ("GET", "/buildings/{building_id}"),
    ("GET", "/rules/{rule_id}"),
    ("GET", "/rules/{rule_id}/versions"),
}
"""What belongs to no organisation, and everybody reads."""
OF_WHO_MADE_IT = ("subscription_id", "link_id")
"""These a partner keeps from the city too, or a person from everybody."""


@dataclass(frozen=True)
class Things:
    """The id of one thing of each kind, by the name that an address gives it: of the partner, and of another organisation."""

    own: dict[str, str]
    other: dict[str, str]


ADDRESSES = {
    operation: (operation[1].removeprefix(API), set(actions(route.dependant)))
    for operation, route in ROUTES.items()
    if ID.search(operation[1].replace(".{format}", ""))
}


@pytest.fixture(scope="module")
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """The service, which may send to this machine."""
    name = f"own_{uuid.uuid4().hex[:12]}"
    with running(cluster.create_database(name, template=template), allow_private_webhooks=True) as found:
        yield found
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def things(service: Service) -> Iterator[Things]:
    """Works of Proximus and of Fluvius, each with all that hangs on them."""
    with db.write(service.engine) as conn:
        fluvius = keys.create(conn, "fluvius", "partner", owner_group="fluvius")
    proximus = service.keys["partner"]
    street = Street(service, 90_000)
    own = _of(street, street.works((100, 114)), (5, 35), proximus)
    other = _of(street, street.works((100, 114), owner="Fluvius", along=(80, 120)), (85, 115), fluvius)
    yield Things(own, other)


def _of(street: Street, works: dict[str, Any], along: tuple[float, float], key: str) -> dict[str, str]:
    street.repair(along=along)
    service = street.service
    (conflict,) = street.conflicts(works=works["id"], rule="wasted_repair")
    with service.as_("utilities_desk") as desk:
        request = desk.post(f"{API}/requests", json={"works": works["id"]}).json()
        cases = desk.get(f"{API}/cases?limit=1000").json()["items"]
    (case,) = [one for one in cases if conflict["id"] in one["conflict_ids"]]
    with httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {key}"}) as partner:
        subscription = partner.post(f"{API}/subscriptions", json=WEBHOOK).json()
        link = partner.post(f"{API}/feeds", json={"name": "agenda"}).json()
    return {
        "works_id": works["id"], "conflict_id": conflict["id"], "case_id": case["id"], "request_id": request["id"],
        "subscription_id": subscription["id"], "link_id": link["id"],
    }  # fmt: skip


def ask(
    service: Service, role: str, operation: Operation, ids: dict[str, str], body: dict[str, Any] | None = None
) -> int:
    """The status for somebody of this role who knows the id, and read the newest version."""
    method, path = operation
    address = API + ID.sub(lambda name: ids.get(name[1], NOBODY), path)
    thing = "/".join(address.split("/")[:5])
    versions = [client_etag(service, who, thing) for who in ("admin", "partner")]
    headers = {"If-Match": next((one for one in versions if one), '"1"')}
    with (
        service.as_(role) as client,
        client.stream(method, address, headers=headers, json=body) as answer,
    ):
        return answer.status_code


def client_etag(service: Service, role: str, address: str) -> str | None:
    with service.as_(role) as client:
        return client.get(address).headers.get("ETag")


def test_every_route_that_a_partner_may_use_is_decided_on() -> None:
    for_partners = {
        (method, path.removeprefix(API))
        for (method, path), (_, needed) in ADDRESSES.items()
        if all(may("partner", action) for action in needed)
    }
    assert for_partners == OWN.keys() | SHARED


def test_a_partner_uses_what_is_its_own_and_finds_nothing_of_another(
    service: Service, things: Things
) -> None:
    order = ("GET", "POST", "PATCH", "DELETE")
    answers = {}
    for operation in sorted(OWN, key=lambda one: order.index(one[0])):
        body, *_ = OWN[operation]
        other = ask(service, "partner", operation, things.other, body)
        answers[operation] = (body, ask(service, "partner", operation, things.own, body), other)
    assert answers == OWN


def test_what_is_not_for_partners_is_refused_whoever_it_belongs_to(service: Service, things: Things) -> None:
    refused = [
        (method, path)
        for (method, _), (path, needed) in ADDRESSES.items()
        if not all(may("partner", action) for action in needed)
    ]
    wrong = [
        operation
        for operation in refused
        for ids in (things.own, things.other)
        if ask(service, "partner", operation, ids, None if operation[0] == "GET" else {}) != 403
    ]
    assert len(refused) > 50 and wrong == []


@pytest.mark.parametrize("role", [role for role in ROLES if role != "partner"])
def test_for_the_city_it_makes_no_difference_whose_it_is(service: Service, things: Things, role: str) -> None:
    reads = [
        (operation, ADDRESSES["GET", API + operation[1]][1]) for operation in OWN if operation[0] == "GET"
    ]
    for operation, needed in reads:
        expected = 403
        if all(may(role, action) for action in needed):  # type: ignore[arg-type]
            expected = 404 if any(name in operation[1] for name in OF_WHO_MADE_IT) else 200
        answers = [ask(service, role, operation, ids) for ids in (things.own, things.other)]
        assert answers == [expected, expected], operation


def test_what_a_colleague_did_is_undone_by_who_did_it_or_by_a_role_for_that(
    service: Service, things: Things
) -> None:
    with db.write(service.engine) as conn:
        key = keys.create(conn, "colleague", "workshop")
    address = f"{API}/conflicts/{things.other['conflict_id']}"

    def step(client: httpx.Client, name: str) -> int:
        etag = client.get(address).headers["ETag"]
        return client.post(f"{address}/{name}", json={}, headers={"If-Match": etag}).status_code

    file = {"file": ("page.json", b'{"type": "FeatureCollection", "features": []}')}
    colleague = httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {key}"})
    with service.as_("workshop") as workshop, service.as_("utilities_desk") as desk, colleague:
        steps = [step(workshop, "acknowledge"), step(colleague, "undo"), step(workshop, "undo")]
        asked = desk.post(f"{API}/imports", data={"source": "gipod"}, files=file).json()["id"]
        cancelled = [one.delete(f"{API}/imports/{asked}").status_code for one in (workshop, desk)]
    assert (steps, cancelled) == ([200, 403, 200], [403, 200])
