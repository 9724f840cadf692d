"""What people with bad intentions send around signing in: keys in addresses, addresses of elsewhere, headers without end."""

from __future__ import annotations

import re
import socket
import time
from urllib.parse import urlsplit

import pytest

from scripts.openapi_types import document
from tests.accounts.conftest import PASSWORD, account, visitor
from tests.serving import Service

ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/%2F/evil.example/..//evil.example", "javascript:alert(1)",
    "/\t/evil.example", "http:evil.example", "https:///evil.example", "/@evil.example\r\nLocation: https://evil.example",
)  # fmt: skip


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "token", "authorization"])
def test_a_key_in_the_address_opens_nothing(service: Service, name: str) -> None:
    key = service.keys["admin"]
    with service.as_(None) as client:
        assert client.get("/api/v1/works", params={name: key}).status_code in (400, 401)
        assert client.get("/api/v1/works", params={name: f"Bearer {key}"}).status_code in (400, 401)
    with service.as_("admin") as client:
        assert client.get("/api/v1/works", params={name: key}).json()["code"] == "invalid_input"


def test_no_body_takes_a_field_that_it_does_not_name() -> None:
    """A role, an owner or an id that somebody adds to a body is refused, whatever the route (mass assignment)."""
    found = document()
    schemas = found["components"]["schemas"]
    bodies = {
        name: schemas.get(body["$ref"].rpartition("/")[2]) if "$ref" in body else body
        for path, operations in found["paths"].items()
        for method, operation in operations.items()
        for name in [f"{method} {path}"]
        if (
            body := operation.get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            .get("schema")
        )
    }
    assert len(bodies) > 30
    assert [name for name, body in bodies.items() if body.get("additionalProperties") is not False] == []


def test_who_signs_in_is_asked_for_nothing_but_login_and_password(service: Service) -> None:
    with visitor(service) as person:
        page = person.get("/login?next=/kaart").text
    assert set(re.findall(r'<input[^>]* name="(\w+)"', page)) - {"next"} == {"email", "password"}


@pytest.mark.parametrize("there", ELSEWHERE)
def test_signing_in_leads_nowhere_else(service: Service, there: str) -> None:
    email = account(service)
    with visitor(service) as person:
        page = person.get("/login", params={"next": there})
        assert 'value="https:' not in page.text and 'value="//' not in page.text
        answer = person.post("/login", data={"email": email, "password": PASSWORD, "next": there})
    assert answer.status_code == 303
    place = urlsplit(answer.headers["Location"].replace("\\", "/"))
    assert (place.scheme, place.netloc) == ("", "") and not place.path.startswith("//")


@pytest.mark.parametrize(
    "line",
    [
        b"X-Long: " + b"x" * 200_000,
        b"Authorization: Bearer gs_" + b"x" * 200_000,
        b"Cookie: gs_session=" + b"x" * 200_000,
        b"\r\n".join(b"X-%d: y" % n for n in range(20_000)),
    ],
    ids=["long", "key", "cookie", "many"],
)
def test_headers_without_end_are_refused_and_the_service_goes_on(service: Service, line: bytes) -> None:
    port = int(service.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            connection.sendall(b"GET /api/v1/works HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n")
            answer = connection.recv(200)
        except ConnectionError:
            answer = b""
    assert not answer or answer.split()[1] in (b"400", b"401", b"431")
    with service.as_("viewer") as client:
        assert client.get("/api/v1/works").status_code == 200


def test_a_cookie_is_read_in_the_time_of_its_length(service: Service) -> None:
    """Python's own reader takes eleven seconds of the whole service for this one, before it knows who sends it."""
    email = account(service)
    with visitor(service) as person:
        person.post("/login", data={"email": email, "password": PASSWORD})
        session = person.cookies["gs_session"]
    quoted = '"' + '\\"' * 20_000 + '"'
    with service.as_(None) as client:
        start = time.process_time()  # of the service too, which runs in this process
        refused = client.get("/api/v1/me", headers={"Cookie": f"gs_session={quoted}; gs_signin={quoted}"})
        assert time.process_time() - start < 1
        welcome = client.get(
            "/api/v1/me", headers={"Cookie": f'other={quoted[:200]}; gs_session={session}; last="x"'}
        )
    assert (refused.status_code, welcome.status_code) == (401, 200)
