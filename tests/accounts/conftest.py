"""A service with local accounts, one with the demo's, and people who visit them with a browser's manners."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from geo_service import db
from geo_service.accounts import people
from geo_service.cluster import Cluster
from geo_service.store import audit, users
from tests.serving import Service, running

PASSWORD = "een lange zin voor de test"
NEW = "een andere lange zin"
CLERK = audit.Actor(audit.COMMAND_LINE)


@pytest.fixture(scope="module")
def service(cluster: Cluster, template: str) -> Iterator[Service]:
    """The service with local accounts, on a database of its own."""
    yield from _serving(cluster, template)


@pytest.fixture(scope="module")
def demo(cluster: Cluster, template: str) -> Iterator[Service]:
    """The service with the demo's accounts, on an empty city."""
    yield from _serving(cluster, template, demo=True)


def _serving(cluster: Cluster, template: str, **settings: object) -> Iterator[Service]:
    name = f"accounts_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with running(url, **settings) as found:
            yield found
    finally:
        cluster.drop_database(name)


def visitor(service: Service, **headers: str) -> httpx.Client:
    """A person who has never been here; every request says that it comes from a page of the service."""
    sent = {"Accept-Language": "nl", "Origin": service.url, "Sec-Fetch-Site": "same-origin", **headers}
    return httpx.Client(base_url=service.url, headers=sent, timeout=30, verify=False)


def account(service: Service, role: str = "viewer", **values: str) -> str:
    """A local account with `PASSWORD`; its login."""
    email = f"{role}-{uuid.uuid4().hex[:8]}@izegem.example"
    with db.write(service.engine) as conn:
        user = people.add(conn, CLERK, name=f"Test {role}", email=email, role=role, **values)
        link = people.create_link(conn, CLERK, user, service.url)
    with visitor(service) as person:
        assert person.post(link, data={"password": PASSWORD}).status_code == 303
    return email


@contextmanager
def sign_in(service: Service, email: str, password: str = PASSWORD) -> Iterator[httpx.Client]:
    """A visitor who has signed in."""
    with visitor(service) as person:
        answer = person.post("/login", data={"email": email, "password": password})
        assert answer.status_code == 303, answer.text
        yield person


@contextmanager
def sign_in_demo(service: Service, role: str) -> Iterator[httpx.Client]:
    """A visitor who has pressed the button of a role."""
    with visitor(service) as person:
        assert person.post("/login/demo", data={"role": role}).status_code == 303
        yield person


def user_of(service: Service, email: str) -> users.User:
    """The stored user of a login."""
    with db.read(service.engine) as conn:
        return users.of_login(conn, email)


def is_in(person: httpx.Client) -> bool:
    """Whether this visitor is signed in."""
    return person.get("/api/v1/me").status_code == 200
