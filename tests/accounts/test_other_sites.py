"""A write that a cookie carries comes from a page of the service, or it is refused; whoever signs in goes on to a page of the service."""

from __future__ import annotations

import httpx
import pytest

from geo_service.api.cross_site import is_own
from geo_service.api.redirect_target import own_path
from tests.accounts.conftest import PASSWORD, account, sign_in, visitor
from tests.serving import Service


@pytest.mark.parametrize(
    ("fetch_site", "origin", "own"),
    [
        ("same-origin", "http://here:1", True),
        ("none", None, True),
        ("cross-site", "http://here:1", False),
        ("same-site", "http://here:1", False),
        ("", None, False),
        (None, "http://here:1", True),
        (None, "https://here:1", True),
        (None, "http://here:2", False),
        (None, "http://evil", False),
        (None, "http://evil/here:1", False),
        (None, "http://here:1@evil", False),
        (None, "null", False),
        (None, None, True),
    ],
)
def test_what_browsers_say_decides(fetch_site: str | None, origin: str | None, own: bool) -> None:
    assert is_own(fetch_site, origin, {"here:1"}) is own


CROSS = ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"})  # fmt: skip


def _sent(headers: dict[str, str], service: Service, token: str) -> httpx.Client:
    return httpx.Client(
        base_url=service.url, headers={**headers, "Cookie": f"gs_session={token}"}, verify=False
    )


@pytest.mark.parametrize("headers", CROSS, ids=str)
def test_another_site_writes_nothing_with_the_cookie_of_a_person(
    service: Service, headers: dict[str, str]
) -> None:
    with sign_in(service, account(service, "workshop")) as person:
        token = person.cookies["gs_session"]
        with _sent(headers, service, token) as site:
            for method, path in (("POST", "/api/v1/repairs"), ("PATCH", "/api/v1/me"), ("POST", "/logout")):
                assert site.request(method, path, json={}).status_code == 403, path
            assert site.get("/api/v1/works").status_code == 200  # which another site cannot read
        assert person.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("headers", CROSS, ids=str)
def test_another_site_signs_nobody_in(service: Service, demo: Service, headers: dict[str, str]) -> None:
    """Else a person works on in the account of an attacker."""
    email = account(service)
    answers = [
        httpx.post(f"{service.url}/login", data={"email": email, "password": PASSWORD}, headers=headers),
        httpx.post(f"{demo.url}/login/demo", data={"role": "viewer"}, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_a_key_needs_no_page(service: Service) -> None:
    with service.as_("workshop", Origin="https://evil.example") as machine:
        assert machine.post("/api/v1/repairs", json={}).status_code == 422


OWN = ["/", "/kaart", "/kaart?toets=3.2,50.9&op=2026-11-26", "/kaart?q=http://x", "/Ünïcode"]
FOREIGN = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example", "javascript:alert(1)",
    "/\t/evil.example", "/\n/evil.example", "///evil.example", "kaart", "", "/login?next=/login", "/logout", "/auth/callback",
    "/" + "a" * 3000, "/\x00",
]  # fmt: skip


@pytest.mark.parametrize("path", OWN)
def test_an_own_path_is_kept(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("path", FOREIGN)
def test_whatever_is_no_own_path_becomes_the_start_page(path: str) -> None:
    assert own_path(path) == "/"


@pytest.mark.parametrize("path", FOREIGN)
def test_nobody_is_sent_to_another_site_after_signing_in(demo: Service, path: str) -> None:
    with visitor(demo) as person:
        answer = person.post("/login/demo", params={"next": path}, data={"role": "viewer"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_deep_link_survives_signing_in(demo: Service) -> None:
    deep = "/kaart?c=3.2131,50.9170&z=15.4&periode=12w&toets=3.21,50.91"
    with visitor(demo) as person:
        answer = person.get(deep)
        assert answer.status_code == 303
        login = answer.headers["location"]
        assert login.startswith("/login?next=%2Fkaart%3F")
        assert person.get(login).status_code == 200
        answer = person.post(login.replace("/login?", "/login/demo?"), data={"role": "viewer"})
        assert answer.headers["location"] == deep
        assert person.get(deep).status_code == 200
