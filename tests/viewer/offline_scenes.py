"""A town with streets to repair and a phone of its workshop, for the tests of the page without network."""

from __future__ import annotations

import io
import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from geo_service.cluster import Cluster
from geo_service.postgres import free_port
from tests import browsers
from tests.api.scenario import Street
from tests.serving import Service, running
from tests.viewer.conftest import build_houses, sign_in

WAIT_MS = 90_000
_places = itertools.count()


class Town:
    """A demo without a city, which goes and comes back."""

    def __init__(self, database_url: str) -> None:
        self.service: Service
        self._settings: dict[str, Any] = {"demo": True, "port": free_port()}
        self._database_url = database_url
        self._open: AbstractContextManager[Service] | None = None

    def start(self) -> None:
        if not self._open:
            self._open = running(self._database_url, **self._settings)
            self.service = self._open.__enter__()

    def stop(self) -> None:
        if self._open:
            self._open.__exit__(None, None, None)
            self._open = None


@pytest.fixture(scope="module")
def place(cluster: Cluster, template: str) -> Iterator[Town]:
    name = f"offline_{uuid.uuid4().hex[:12]}"
    town = Town(cluster.create_database(name, template))
    town.start()
    yield town
    town.stop()
    cluster.drop_database(name)


@pytest.fixture
def street(place: Town) -> Street:
    place.start()
    street = Street(place.service, 70_000 + 200.0 * next(_places))
    build_houses(street)
    return street


Phone = Callable[..., BrowserContext]


@pytest.fixture
def phone(browser: Browser, tmp_path: Path) -> Iterator[Phone]:
    """A phone, which can be switched off and on again: what it stored is still there."""
    open_ones: list[BrowserContext] = []

    def switch_on(width: int = 390) -> BrowserContext:
        context = browser.browser_type.launch_persistent_context(
            str(tmp_path / "phone"),
            executable_path=browsers.program(browser.browser_type),
            args=browsers.ARGUMENTS,
            locale="nl-BE",
            viewport={"width": width, "height": 844},
        )
        open_ones.append(context)
        return context

    yield switch_on
    for context in open_ones:
        context.close()


def job(page: Page, repair: dict[str, Any]) -> Locator:
    return page.locator(f'li.job[data-repair="{repair["number"]}"]')


def stored(street: Street, repair: dict[str, Any]) -> dict[str, Any]:
    with street.service.as_("workshop") as workshop:
        return dict(workshop.get(f"/api/v1/repairs/{repair['id']}").json())


def photos(street: Street, repair: dict[str, Any]) -> int:
    with street.service.engine.connect() as conn:
        count = sa.text("SELECT count(*) FROM photos WHERE repair_id = :id")
        return int(conn.execute(count, {"id": repair["id"]}).scalar_one())


def picture() -> dict[str, Any]:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "#8899aa").save(content, "JPEG")
    return {"name": "put.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def planned(street: Street, **fields: Any) -> dict[str, Any]:
    repair = street.repair(scope="spot", along=(5, 6), **fields)
    assert street.schedule(repair, (0, 1)).status_code == 200
    return repair


def until(page: Page, script: str) -> None:
    """Wait until the page answers with true (`wait_for_function` would need `eval`)."""
    end = time.monotonic() + WAIT_MS / 1000
    while not page.evaluate(script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(200)


def open_list(context: BrowserContext, street: Street, role: str = "workshop") -> Page:
    """The list of the day, once the phone holds what it needs without network."""
    page = context.new_page()
    sign_in(page, street.service.url, role)
    page.goto(f"{street.service.url}/herstellingen")
    until(page, "navigator.serviceWorker.controller !== null")
    until(page, TAKEN)
    return page


EMPTY = """new Promise(resolve => indexedDB.open('geo-service').onsuccess = event => {
    const count = event.target.result.transaction('outbox').objectStore('outbox').count();
    count.onsuccess = () => resolve(count.result === 0);
})"""
"""Whether nothing waits on the phone."""
TAKEN = "caches.open('tiles').then(c => c.keys()).then(keys => keys.length > 3)"
"""The tiles are what a phone takes along last."""


def start_offline(context: BrowserContext, street: Street, repair: dict[str, Any]) -> Page:
    page = open_list(context, street)
    context.set_offline(True)
    job(page, repair).get_by_role("button", name="Start").click()
    expect(job(page, repair).locator(".waiting .entry")).to_have_count(1, timeout=WAIT_MS)
    return page


def finish(card: Locator, cost: str) -> None:
    card.get_by_role("button", name="Klaar", exact=True).click()
    card.get_by_label("Kost in euro").fill(cost)
    card.get_by_role("button", name="Meld klaar").click()
