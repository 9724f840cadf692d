"""Scopes of keys: what each lets through, and that every route has its own."""

from __future__ import annotations

import pytest

from geo_service.api import route_scopes
from geo_service.api.route_scopes import need
from geo_service.domain.errors import InvalidInput
from geo_service.domain.scopes import SCOPES, Need, allow, check
from scripts.openapi_types import document

WORKS, EDIT_WORKS = Need(("works",)), Need(("works",), "write")
TILE = Need(("works", "repairs"))
KEYS = Need(None)


@pytest.mark.parametrize(
    ("scopes", "wanted", "allowed"),
    [
        ({"*"}, EDIT_WORKS, True),
        ({"*"}, KEYS, True),
        ({"*:read"}, WORKS, True),
        ({"*:read"}, EDIT_WORKS, False),
        ({"*:read"}, KEYS, False),
        ({"works:read"}, WORKS, True),
        ({"works:read"}, EDIT_WORKS, False),
        ({"works:write"}, WORKS, True),
        ({"works:write"}, EDIT_WORKS, True),
        ({"repairs:write"}, WORKS, False),
        ({"works:read"}, TILE, False),
        ({"works:read", "repairs:write"}, TILE, True),
        (set(SCOPES) - {"*"}, KEYS, False),
        (set(), WORKS, False),
    ],
)
def test_a_key_does_what_its_scopes_name(scopes: set[str], wanted: Need, allowed: bool) -> None:
    assert allow(scopes, wanted) is allowed


def test_scopes_are_those_of_the_table_and_at_least_one() -> None:
    assert check(["works:write", "works:read", "works:read"]) == ("works:read", "works:write")
    for wrong in ([], ["works"], ["*", "keys:write"], ["users:read"]):
        with pytest.raises(InvalidInput):
            check(wrong)


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "/api/v1/works", WORKS),
        ("GET", "/api/v1/works.parquet", WORKS),
        ("PATCH", "/api/v1/works/1", EDIT_WORKS),
        ("DELETE", "/api/v1/works/1", EDIT_WORKS),
        ("POST", "/api/v1/advice", Need(("advice",))),
        ("POST", "/api/v1/rules/r/preview", Need(("rules",))),
        ("PUT", "/api/v1/rules/r", Need(("rules",), "write")),
        ("POST", "/api/v1/subscriptions", Need(("alerts",), "write")),
        ("GET", "/api/v1/me", None),
        ("GET", "/api/v1/keys", Need(None)),
        ("POST", "/api/v1/users", Need(None, "write")),
        ("GET", "/api/v1/new-route", Need(None)),
        ("GET", "/elsewhere/works", Need(None)),
        ("GET", "/ogc/tiles", Need(("works", "repairs", "conflicts", "reference"))),
        ("GET", "/ogc/collections/works/tiles/WebMercatorQuad/1/2/3.mvt", WORKS),
        ("GET", "/ogc/tiles/WebMercatorQuad/1/2/3.mvt", Need(("works", "repairs", "conflicts", "reference"))),
    ],
)
def test_a_route_needs_the_scope_of_its_path(method: str, path: str, wanted: Need | None) -> None:
    assert need(method, path) == wanted


def test_a_scope_is_decided_for_every_route_of_the_document() -> None:
    words = {
        path.removeprefix(route_scopes.API).partition("/")[0].partition(".")[0]
        for path in document()["paths"]
        if path.startswith(route_scopes.API)
    }
    decided = {*route_scopes.RESOURCES, *route_scopes.OPEN_WORDS, *route_scopes.WITHOUT_LIMIT}
    assert words == decided
    assert {
        scope
        for path, methods in document()["paths"].items()
        for method in methods
        if (found := need(method.upper(), path)) and found.resources
        for scope in found.words()
    } == {scope for scope in SCOPES if not scope.startswith("*")}
