"""Who may write through OGC API, and how a GIS hears of it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from geo_service import db
from geo_service.domain.permissions import PERMISSIONS
from geo_service.domain.roles import ROLES
from geo_service.store import keys
from tests.api.gis import REPAIRS, WORKS, drawn, read, repair_feature, send, works_feature
from tests.api.scenario import Street

READ_ONLY = ("phases", "updated_at", "owner_group")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_it_may_over_our_own_api(street: Street, role: str) -> None:
    for path, feature, action, needed in (
        (WORKS, works_feature(street), "write works", ("POST", "PUT", "PATCH", "DELETE")), (REPAIRS, repair_feature(street), "write repairs", ("POST", "PUT", "PATCH")),
    ):  # fmt: skip
        may = role in PERMISSIONS[action]  # type: ignore[index]
        reads = role in PERMISSIONS["read repairs" if path == REPAIRS else "read"]
        methods = send(street, "OPTIONS", path, role=role)
        assert methods.status_code == (200 if reads else 403)
        assert ("POST" in methods.headers.get("Allow", "")) == may
        answer = send(street, "POST", path, feature, role)
        assert answer.status_code == (201 if may else 403)
        one = urlsplit(answer.headers["Location"]).path if may else drawn(street, path)["path"]
        allowed = send(street, "OPTIONS", one, role=role).headers.get("Allow", "").split(", ")
        assert [name for name in needed[1:] if name in allowed] == (list(needed[1:]) if may else [])
        for method, body in (("PUT", feature), ("PATCH", {"properties": {"remark": "let op"}})):
            changed = send(
                street,
                method,
                one,
                body,
                role,
                **{"If-Match": send(street, "GET", one, role="viewer").headers["ETag"]},
            )
            assert changed.status_code == (200 if may else 403), changed.text


def test_a_key_writes_the_collections_of_its_scopes(street: Street) -> None:
    works = drawn(street)
    with db.write(street.service.engine) as conn:
        reading = keys.create(conn, "reads works", "utilities_desk", scopes=["works:read"])
        writing = keys.create(conn, "writes works", "admin", scopes=["works:write", "repairs:read"])
    for key, path, status, may in (
        (reading, WORKS, 403, False),
        (writing, WORKS, 201, True),
        (writing, REPAIRS, 403, False),
    ):
        with street.service.as_(None, Authorization=f"Bearer {key}") as client:
            feature = works_feature(street) if path == WORKS else repair_feature(street)
            assert client.post(path, json=feature).status_code == status
            assert ("POST" in client.options(path).headers["Allow"]) == may
    with street.service.as_(None, Authorization=f"Bearer {reading}") as client:
        assert client.delete(works["path"], headers={"If-Match": works["etag"]}).status_code == 403


def test_a_partner_changes_nothing_not_even_its_own(street: Street) -> None:
    mine, other = drawn(street), drawn(street, body=works_feature(street, owner="Fluvius"))
    with street.service.as_("partner") as partner:
        assert partner.get(mine["path"]).headers["ETag"] == mine["etag"]
        assert partner.get(other["path"]).status_code == 404
        for works in (mine, other):
            headers = {"If-Match": works["etag"]}
            assert (
                partner.patch(works["path"], json={"properties": {"title": "x"}}, headers=headers).status_code
                == 403
            )
            assert partner.delete(works["path"], headers=headers).status_code == 403
        assert partner.options(mine["path"]).headers["Allow"] == "GET, HEAD, OPTIONS"


def test_what_cannot_be_changed_says_what_can_be_done(street: Street) -> None:
    for path in (
        "/ogc/collections/conflicts/items",
        "/ogc/collections/phases/items",
        "/ogc/collections/buildings/items",
    ):
        answer = send(street, "POST", path, works_feature(street), "admin")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
        assert send(street, "OPTIONS", path, role="admin").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_the_schema_says_what_can_only_be_read(street: Street) -> None:
    properties = read(street, "/ogc/collections/works/schema")["properties"]
    assert {name for name in READ_ONLY if properties[name].get("readOnly")} == set(READ_ONLY)
    assert not properties["title"].get("readOnly") and not properties["source_id"].get("readOnly")
    queryables = read(street, "/ogc/collections/works/queryables")["properties"]
    assert not [name for name, one in queryables.items() if "readOnly" in one]
