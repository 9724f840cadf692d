"""Every route by every role: whoever the table of permissions admits gets past the door, and nobody else.

The routes are those of the OpenAPI document, so a new route is here as soon as it exists, and has to name its action.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from geo_service.api import app as apps
from geo_service.api import status
from geo_service.api.deps import Requirement
from geo_service.api.identity import SignedIn, signed_in
from geo_service.domain.permissions import PERMISSIONS, Action, Thing, can
from geo_service.domain.roles import ROLES
from geo_service.store import keys
from scripts.openapi_types import document
from tests.serving import Service

NOBODY = "00000000-0000-0000-0000-000000000000"
VALUES = {"rule_id": "no_rule", "format": "geojson"}
OPEN = {("GET", "/api/v1/status"), ("GET", "/health/live"), ("GET", "/health/ready")}
"""What everybody reads, without a key: nothing personal."""
FOR_PEOPLE = {("PATCH", "/api/v1/me")}
"""What no key may do, whatever its role: a person changes what is its own."""
API = [*((router, "/api/v1") for router in apps.RESOURCES), (status.health, "")]

Operation = tuple[str, str]


def operations() -> set[Operation]:
    """Method and path of each operation of the OpenAPI document."""
    return {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}


def routes(routers: Iterable[tuple[APIRouter, str]]) -> dict[Operation, APIRoute]:
    return {
        (method, prefix + route.path): route
        for router, prefix in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    }


def actions(dependant: Dependant) -> Iterator[Action]:
    """What a route requires, itself or by what it depends on. Signing in is for those who may read."""
    if isinstance(dependant.call, Requirement):
        yield dependant.call.action
    if dependant.call is signed_in:
        yield "read"
    for one in dependant.dependencies:
        yield from actions(one)


def undecided(found: dict[Operation, APIRoute]) -> set[Operation]:
    """Operations without a permission of their own: reads that need no sign-in, and writes that need nothing else."""
    required = {operation: set(actions(route.dependant)) for operation, route in found.items()}
    return {
        (method, path)
        for (method, path), needed in required.items()
        if not (needed if method == "GET" else needed - {"read"})
    }


ROUTES = routes(API)


def test_every_operation_of_the_document_has_an_action_or_is_open_to_all() -> None:
    assert operations() == set(ROUTES)
    assert undecided(ROUTES) == OPEN


def test_a_new_route_without_an_action_is_noticed() -> None:
    router = APIRouter()

    @router.get("/secrets")
    def read() -> None: ...

    @router.post("/secrets")
    def write(who: SignedIn) -> None: ...

    @router.get("/names")
    def names(who: SignedIn) -> None: ...

    @router.put("/names")
    def rename(who: Annotated[keys.Principal, Depends(Requirement("write works"))]) -> None: ...

    assert undecided(routes([(router, "")])) == {("GET", "/secrets"), ("POST", "/secrets")}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), sorted(set(ROUTES) - OPEN))
def test_a_route_is_for_the_roles_of_its_actions_only(
    service: Service, method: str, path: str, role: str
) -> None:
    needed = set(actions(ROUTES[method, path].dependant))
    address = re.sub(r"{(\w+)}", lambda name: VALUES.get(name[1], NOBODY), path)
    body = (
        {} if method == "GET" else {"json": {}}
    )  # empty, and ids of nothing: past the door it is 404 or 422
    headers = {"If-Match": '"1"', "Accept-Language": "en"}
    with (
        service.as_(role) as client,
        client.stream(method, address, headers=headers, **body) as answer,  # type: ignore[arg-type]
    ):
        admitted = all(role in PERMISSIONS[action] for action in needed)
        if admitted and (method, path) in FOR_PEOPLE:
            answer.read()
            assert (answer.status_code, answer.json()["detail"]) == (
                403,
                "a key has no language or preferences",
            )
        elif admitted:
            assert answer.status_code in ((200, 404, 422) if method == "GET" else (404, 415, 422))
        else:
            answer.read()
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
            assert role in answer.json()["detail"]


@pytest.mark.parametrize("path", sorted(path for method, path in OPEN))
def test_what_is_open_to_all_needs_no_key(service: Service, path: str) -> None:
    with service.as_(None) as client:
        assert client.get(path).status_code == 200


def test_a_thing_of_somebody_else_needs_more_than_one_of_ones_own() -> None:
    an = keys.Principal("an", "workshop", user_id=UUID(int=1))
    assert can(an, "cancel import", Thing(author=an.id))
    assert not can(an, "cancel import", Thing(author=f"key:{UUID(int=1)}"))
    assert not can(an, "cancel import", Thing(author="an"))
    assert not can(an, "cancel import", Thing())
    assert not can(
        keys.Principal("an", "workshop", user_id=UUID(int=2)), "cancel import", Thing(author=an.id)
    )
    assert can(keys.Principal("cy", "utilities_desk"), "cancel import", Thing(author=an.id))
    partner = keys.Principal("dee", "partner", "proximus")
    assert can(partner, "read", Thing(owner_groups=frozenset({"fluvius", "proximus"})))
    assert not can(partner, "read", Thing(owner_groups=frozenset({"fluvius"})))
    assert can(an, "read", Thing(owner_groups=frozenset({"fluvius"})))
