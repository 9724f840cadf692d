"""Sign-in at a real OpenID provider, from the button to the session and out again, and what goes wrong there in words."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.accounts import people
from geo_service.cluster import Cluster
from geo_service.postgres import free_port
from geo_service.store import users
from tests.accounts.conftest import CLERK, visitor
from tests.serving import PATIENCE_S, Service, running

PROVIDER = Path(__file__).with_name("provider.mjs")
SECRET = "a secret of the tests"
ROLES = "admins=admin,nuts=utilities_desk,proximus=partner"


@dataclass(frozen=True)
class Town:
    """A service whose people sign in at an issuer."""

    service: Service
    issuer: str


@contextmanager
def _provider(callback_port: int) -> Iterator[str]:
    """The provider's process; its issuer."""
    port, base = free_port(), f"http://127.0.0.1:{callback_port}"
    command = ["node", str(PROVIDER), str(port), f"{base}/auth/callback", f"{base}/login"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout and "ready" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@contextmanager
def _town(cluster: Cluster, template: str, port: int, issuer: str, **settings: object) -> Iterator[Town]:
    name = f"oidc_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    asked = {
        "oidc_issuer": issuer, "oidc_client_id": "geo", "oidc_client_secret": SECRET, "oidc_roles": ROLES,
        "oidc_departments": "nuts=nutsen", "oidc_owner_groups": "proximus=proximus", **settings,
    }  # fmt: skip
    try:
        with running(url, port=port, **asked) as service:
            yield Town(service, issuer)
    finally:
        cluster.drop_database(name)


@pytest.fixture(scope="module")
def town(cluster: Cluster, template: str) -> Iterator[Town]:
    """A town with its provider."""
    port = free_port()
    with _provider(port) as issuer, _town(cluster, template, port, issuer) as found:
        yield found


def _at_the_issuer(person: httpx.Client, login: str, answer: httpx.Response) -> httpx.Response:
    """Sign in and agree at the provider's own pages; the redirect back to the callback, not followed yet."""
    for _ in range(12):
        if "location" in answer.headers:
            target = str(answer.url.join(answer.headers["location"]))
            if "/auth/callback" in target:
                return answer
            answer = person.get(target)
            continue
        form = dict(re.findall(r'name="(prompt)" value="(\w+)"', answer.text))
        action = re.search(r'action="([^"]+)"', answer.text)
        assert action, answer.text
        answer = person.post(action[1], data={**form, "login": login, "password": "x"})
    raise AssertionError("the provider never sent the person back")


def _sign_in(town: Town, person: httpx.Client, login: str, next_: str = "/kaart?z=15") -> httpx.Response:
    """What the callback answers."""
    start = person.get("/login/oidc", params={"next": next_})
    assert start.status_code == 303, start.text
    back = _at_the_issuer(person, login, start)
    return person.get(back.headers["location"])


def test_a_person_signs_in_at_the_issuer_and_gets_role_and_department_by_group(town: Town) -> None:
    with visitor(town.service) as person:
        login = person.get(person.get("/kaart?z=15").headers["location"])
        assert 'href="/login/oidc?next=%2Fkaart%3Fz%3D15' in login.text and "password" not in login.text
        answer = _sign_in(town, person, "els.nuts")
        assert (answer.status_code, answer.headers["location"]) == (303, "/kaart?z=15")
        me = person.get("/api/v1/me").json()
    assert (me["name"], me["role"], me["department"], me["email"]) == (
        "els", "utilities_desk", "nutsen", "els.nuts@example.org",
    )  # fmt: skip


def test_the_question_to_the_issuer_carries_pkce_state_and_nonce_anew_each_time(town: Town) -> None:
    with visitor(town.service) as person:
        asked = [parse_qs(urlsplit(person.get("/login/oidc").headers["location"]).query) for _ in range(2)]
    for one in asked:
        assert (one["response_type"], one["code_challenge_method"]) == (["code"], ["S256"])
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 43 and asked[0][name] != asked[1][name]


def test_a_partner_is_confined_to_its_owner_group(town: Town) -> None:
    with visitor(town.service) as person:
        _sign_in(town, person, "tom.proximus")
        assert person.get("/api/v1/me").json()["owner_group"] == "proximus"


def test_who_is_in_no_group_with_a_role_is_told_so_and_is_no_user(town: Town) -> None:
    with visitor(town.service) as person:
        answer = _sign_in(town, person, "jan.onbekend")
        assert answer.status_code == 401
        assert "Uw account hoort bij geen groep die hier een rol heeft." in answer.text
        assert "gs_session" not in person.cookies
    with db.read(town.service.engine) as conn:
        assert users.of_subject(conn, town.issuer, "jan.onbekend") is None


def test_the_answer_of_the_issuer_counts_once_and_in_its_own_browser_only(town: Town) -> None:
    with visitor(town.service) as person:
        back = _at_the_issuer(person, "els.nuts", person.get("/login/oidc")).headers["location"]
        with visitor(town.service) as thief:
            assert thief.get(back).status_code == 401
        assert person.get(back).status_code == 303
        again = person.get(back)
        assert again.status_code == 401 and "al gebruikt of duurde te lang" in again.text


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?error=access_denied&state=x"])
def test_an_answer_that_nobody_asked_for_is_refused(town: Town, query: str) -> None:
    with visitor(town.service) as person:
        assert person.get(f"/auth/callback{query}").status_code == 401


def test_a_state_of_this_browser_with_a_code_of_another_is_refused(town: Town) -> None:
    """What an attacker plants: PKCE holds the code to the browser that asked for it."""
    with visitor(town.service) as attacker, visitor(town.service) as person:
        stolen = _at_the_issuer(attacker, "tom.admins", attacker.get("/login/oidc")).headers["location"]
        asked = person.get("/login/oidc").headers["location"]
        code, state = (
            parse_qs(urlsplit(one).query)[name][0] for one, name in ((stolen, "code"), (asked, "state"))
        )
        answer = person.get("/auth/callback", params={"code": code, "state": state})
    assert answer.status_code == 401


def test_the_answer_of_another_issuer_is_refused(town: Town) -> None:
    with visitor(town.service) as person:
        back = _at_the_issuer(person, "els.nuts", person.get("/login/oidc")).headers["location"]
        other = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back)
        assert other != back
        answer = person.get(other)
    assert answer.status_code == 401 and "niet te vertrouwen" in answer.text


def test_who_is_disabled_here_cannot_come_in_through_the_issuer(town: Town) -> None:
    with visitor(town.service) as person:
        _sign_in(town, person, "piet.nuts")
        with db.write(town.service.engine) as conn:
            user = users.of_subject(conn, town.issuer, "piet.nuts")
            assert user
            people.disable(conn, CLERK, user)
        assert person.get("/api/v1/me").status_code == 401
        answer = _sign_in(town, person, "piet.nuts")
        assert answer.status_code == 401 and "uitgeschakeld" in answer.text


def test_userinfo_of_somebody_else_is_refused_and_the_token_counts_for_more(town: Town) -> None:
    with visitor(town.service) as person:
        assert _sign_in(town, person, "twin.nuts").status_code == 401
    with visitor(town.service) as person:
        _sign_in(town, person, "wolf.nuts")
        assert person.get("/api/v1/me").json()["role"] == "utilities_desk"


def test_a_person_has_the_name_that_the_issuer_gives_now(town: Town) -> None:
    with visitor(town.service) as person:
        _sign_in(town, person, "mia.nuts")
        with db.write(town.service.engine) as conn:
            user = users.of_subject(conn, town.issuer, "mia.nuts")
            assert user
            users.change(conn, user.id, name="Mia met haar vroegere naam")
        _sign_in(town, person, "mia.nuts")
        assert person.get("/api/v1/me").json()["name"] == "mia"


def test_signing_out_leads_to_the_issuer_with_a_hint_of_whom(town: Town) -> None:
    with visitor(town.service) as person:
        _sign_in(town, person, "els.nuts")
        answer = person.post("/logout")
        assert answer.status_code == 200 and person.get("/api/v1/me").status_code == 401
        [target] = re.findall(r'url=([^"]+)"', answer.text)
        target = target.replace("&amp;", "&")
        query = parse_qs(urlsplit(target).query)
        assert target.startswith(f"{town.issuer}/session/end")
        assert query["post_logout_redirect_uri"] == [f"{town.service.url}/login"]
        assert person.get(target).status_code == 200  # the provider accepts hint, client and address


def test_there_is_no_other_way_in(town: Town) -> None:
    with visitor(town.service) as person:
        for path, form in (
            ("/login", {"email": "a@b.c", "password": "x"}),
            ("/login/demo", {"role": "admin"}),
        ):
            assert person.post(path, data=form).status_code == 404


def test_what_went_wrong_is_in_the_audit_trail(town: Town) -> None:
    with visitor(town.service) as person:
        _sign_in(town, person, "jan.onbekend")
    with db.read(town.service.engine) as conn:
        facts = conn.scalar(
            sa.text("SELECT facts FROM audit WHERE action = 'sign_in_failed' ORDER BY id DESC LIMIT 1")
        )
    assert facts == {"key": "login.oidc.group", "why": "no group of ['onbekend'] has a role"}


def test_an_issuer_that_is_down_is_said_in_words(cluster: Cluster, template: str) -> None:
    port = free_port()
    with (
        _town(cluster, template, port, f"http://127.0.0.1:{free_port()}") as town,
        visitor(town.service) as person,
    ):
        answer = person.get("/login/oidc")
    assert answer.status_code == 502 and "antwoordt niet zoals het hoort" in answer.text


def test_an_issuer_that_calls_itself_another_is_not_believed(
    cluster: Cluster, template: str, town: Town
) -> None:
    namesake = town.issuer.replace("127.0.0.1", "localhost")
    with (
        _town(cluster, template, free_port(), namesake) as other,
        visitor(other.service) as person,
    ):
        answer = person.get("/login/oidc")
    assert "location" not in answer.headers and "niet te vertrouwen" in answer.text


def test_an_issuer_that_is_slow_makes_nobody_wait_for_long(cluster: Cluster, template: str) -> None:
    """It takes the question and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with (
            _town(cluster, template, free_port(), issuer, oidc_timeout_s=0.3) as town,
            visitor(town.service) as person,
        ):
            answer = person.get("/login/oidc", timeout=PATIENCE_S)
    assert answer.status_code == 502 and "antwoordt te traag" in answer.text


def test_an_issuer_that_drips_makes_nobody_wait_either(cluster: Cluster, template: str) -> None:
    """One byte now and then, for ever: no single read is slow."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not over.wait(0.05):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        issuer = f"http://127.0.0.1:{server.getsockname()[1]}"
        with (
            _town(cluster, template, free_port(), issuer, oidc_timeout_s=0.5) as town,
            visitor(town.service) as person,
        ):
            answer = person.get("/login/oidc", timeout=PATIENCE_S)
        over.set()
        thread.join()
    assert answer.status_code == 502 and "antwoordt te traag" in answer.text
