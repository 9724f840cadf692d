"""Pages of the viewer belong to people who are signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, Route, expect

from geo_service.cluster import Cluster
from tests.api.scenario import Street
from tests.serving import STREET, Service, running

OpenPage = Callable[..., Page]
expect.set_options(timeout=40_000)
"""A page on a machine that does other work as well; what is there at once is seen at once."""


def sign_in(page: Page, url: str, role: str = "viewer") -> None:
    """Sign in at a demo as its person of this role, without opening the login page."""
    answer = page.request.post(f"{url}/login/demo", form={"role": role}, max_redirects=0)
    assert answer.status == 303, answer.text()


def forget_language(page: Page, url: str) -> None:
    """The demo's people serve many tests, and a language that one of them chose stays with the account."""
    answer = page.request.patch(f"{url}/api/v1/me", data={"language": None}, headers={"Origin": url})
    assert answer.status == 200, answer.text()


def tomorrow(page: Page, days: int = 1) -> None:
    """The page stays open over midnight: the service says another day from now on, and somebody looks at the page again."""

    def say(route: Route) -> None:
        status = route.fetch().json()
        status["today"] = str(date.fromisoformat(status["today"]) + timedelta(days=days))
        route.fulfill(json=status)

    page.route("**/api/v1/status", say)
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.fixture
def page(page: Page) -> Page:
    """A page of a person of the role viewer: signed in at each demo before its first visit there."""
    visit = page.goto
    signed_in: set[str] = set()

    def goto(url: str, **options: Any) -> Any:
        parts = urlsplit(url)
        service = f"{parts.scheme}://{parts.netloc}"
        if service not in signed_in:
            sign_in(page, service)
            forget_language(page, service)
            signed_in.add(service)
        return visit(url, **options)

    page.goto = goto  # type: ignore[method-assign]
    return page


@pytest.fixture(scope="module")
def town(cluster: Cluster, template: str) -> Iterator[Service]:
    """A demo without a city, on a database of its own: tests lay their own streets."""
    name = f"town_{uuid.uuid4().hex[:12]}"
    try:
        with running(cluster.create_database(name, template), demo=True) as service:
            yield service
    finally:
        cluster.drop_database(name)


@pytest.fixture
def open_as(browser: Browser, town: Service) -> Iterator[OpenPage]:
    """Opens an address of the town as the demo's person of a role, in a browser of its own."""
    with ExitStack() as contexts:

        def open_page(role: str, path: str, width: int = 1440) -> Page:
            size = {"width": width, "height": 900 if width > 760 else 844}
            context = contexts.enter_context(
                browser.new_context(locale="nl-BE", viewport=size, service_workers="block")  # type: ignore[arg-type]
            )
            page = context.new_page()
            sign_in(page, town.url, role)
            page.goto(f"{town.url}{path}")
            return page

        yield open_page


def build_houses(street: Street, numbers: tuple[str, ...] = ("76", "82")) -> None:
    """Houses along the even footpath, so that it has a name: "Gentsestraat 76–82, even zijde"."""
    insert = (
        "INSERT INTO buildings (source, source_id, street, house_number, geom) "
        "VALUES ('test', :id, 'Gentsestraat', :number, ST_MakeEnvelope(:west, :south, :west + 10, :south + 5, 31370))"
    )
    with street.service.engine.begin() as conn:
        for n, number in enumerate(numbers):
            place = {"west": STREET[0] + street.x + 5 + 15 * n, "south": STREET[1] - 6}
            conn.execute(sa.text(insert), {"id": f"{street.x}-{number}", "number": number, **place})


@pytest.fixture
def street(cluster: Cluster, template: str) -> Iterator[Street]:
    """A street in a city of its own."""
    name = f"viewer_{uuid.uuid4().hex[:12]}"
    url = cluster.create_database(name, template=template)
    try:
        with running(url, demo=True) as service:
            yield Street(service, 0)
    finally:
        cluster.drop_database(name)
