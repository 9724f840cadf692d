"""What the answers of every route say to a browser: load nothing, frame nothing, guess nothing, tell nobody, come by TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.api.test_every_route import NOBODY, ROUTES, VALUES
from tests.serving import Service, running

PAGES = ("/", "/docs", "/login", "/viewer/static/index.html", "/ogc", "/ogc/collections/works", "/nowhere")
"""What people open, beside the operations of the OpenAPI document."""
META = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


@pytest.fixture
def secure(fresh_database: str) -> Iterator[Service]:
    """The service as it stands behind TLS."""
    with running(fresh_database, base_url="https://werf.example") as found:
        yield found


def faults(headers: dict[str, str], page: str) -> list[str]:
    """The headers that are missing or too wide; `page`: the text of the answer when it is HTML."""
    policy = headers.get("content-security-policy", "")
    declared = META.findall(page)
    whole = "; ".join([policy, *declared])
    wanted = {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
        "permissions-policy": "geolocation=(self), camera=(), microphone=(), display-capture=(), payment=(), usb=()",
    }
    found = [name for name, value in wanted.items() if headers.get(name) != value]
    if "frame-ancestors 'none'" not in policy:
        found.append("frames")
    if (page or "json" in headers["content-type"]) and "default-src 'none'" not in whole:
        found.append("no policy of what is loaded")
    if {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(whole.replace(";", " ").split()):
        found.append("inline")
    return found


def test_every_route_and_page_sends_them(secure: Service) -> None:
    asked = {
        (method, re.sub(r"{(\w+)}", lambda name: VALUES.get(name[1], NOBODY), path))
        for method, path in ROUTES
    }
    asked |= {("GET", path) for path in PAGES}
    wrong = {}
    with secure.as_("admin", Accept="text/html") as client:
        for method, path in sorted(asked):
            with client.stream(method, path, follow_redirects=False) as answer:
                is_page = "text/html" in answer.headers.get("content-type", "")
                page = answer.read().decode() if is_page else ""
                if found := faults(dict(answer.headers), page):
                    wrong[method, path] = (answer.status_code, found)
    assert len(asked) > len(ROUTES) > 130
    assert wrong == {}


def test_without_tls_no_browser_is_told_to_come_by_it(service: Service) -> None:
    with service.as_("viewer") as client:
        assert "strict-transport-security" not in client.get("/api/v1/works").headers
