"""An open page follows what happens: works registered elsewhere, a service that goes and comes back. Danger waits for neither."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from geo_service.cluster import Cluster
from geo_service.postgres import free_port
from tests.serving import TODAY, Service, running
from tests.viewer.conftest import sign_in

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
SOON_MS = 30_000  # how soon it is, is measured elsewhere: two cores that do more are slow
"""Within which a page that is looked at must know."""
TOLD_MS = 4_500
"""Sooner than a page that must ask would know; two seconds on a machine that has nothing else to do."""
STREAM = "**/api/v1/alerts/stream**"


class City:
    """The demo on a port of its own, which can be stopped and started again."""

    def __init__(self, database_url: str, golden: list[dict[str, Any]]) -> None:
        self.places = {one["scenario"]: one for one in golden}
        self.service: Service
        self.registered: list[dict[str, Any]] = []
        self._settings = {"golden": golden, "demo": True, "port": free_port()}
        self._database_url = database_url
        self._open: AbstractContextManager[Service] | None = None

    def start(self) -> None:
        self._open = running(self._database_url, **self._settings)
        self.service = self._open.__enter__()

    def stop(self) -> None:
        if self._open:
            self._open.__exit__(None, None, None)
            self._open = None

    def check(self, page: Page, scenario: int, **query: str) -> Locator:
        """Open the check of a golden place, on the day after tomorrow; its verdict."""
        place = self.places[scenario]
        asked = {"op": str(TODAY + timedelta(days=3)), **query}
        page.goto(f"{self.service.url}/kaart?toets={place['lon']},{place['lat']}&" + "&".join(f"{k}={v}" for k, v in asked.items()))  # fmt: skip
        return page.locator("[data-verdict]")


@pytest.fixture(scope="module")
def city(cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]]) -> Iterator[City]:
    name, golden = demo_template
    database = f"live_{uuid.uuid4().hex}"
    found = City(cluster.create_database(database, name), golden)
    found.start()
    yield found
    found.stop()
    cluster.drop_database(database)


def register(city: City, scenario: int, days: tuple[int, int]) -> dict[str, Any]:
    """Works in the footpath of a golden place, by the utilities desk at its own screen."""
    lon, lat = city.places[scenario]["lon"], city.places[scenario]["lat"]
    starts, ends = (str(date.fromisoformat(str(TODAY)) + timedelta(days=offset)) for offset in days)
    ring = [[lon + dx, lat + dy] for dx, dy in ((-2e-5, -1e-5), (2e-5, -1e-5), (2e-5, 1e-5), (-2e-5, 1e-5), (-2e-5, -1e-5))]  # fmt: skip
    body = {
        "owner": "Wyre", "source_id": f"live-{uuid.uuid4()}", "title": "Glasvezel", "kind": "groundworks", "certainty": "confirmed",
        "phases": [{"starts_on": starts, "ends_on": ends, "geometry": {"type": "Polygon", "coordinates": [ring]}}],
    }  # fmt: skip
    with city.service.as_("utilities_desk") as desk:
        answer = desk.post("/api/v1/works", json=body)
    assert answer.status_code == 201, answer.text
    city.registered.append(answer.json())
    return city.registered[-1]


@pytest.fixture(autouse=True)
def as_before(city: City) -> Iterator[None]:
    """Works of one test are not there in the next."""
    yield
    for works in [*city.registered]:
        remove(city, works)


def remove(city: City, works: dict[str, Any]) -> None:
    city.registered.remove(works)
    with city.service.as_("utilities_desk") as desk:
        etag = desk.get(f"/api/v1/works/{works['id']}").headers["ETag"]
        desk.delete(f"/api/v1/works/{works['id']}", headers={"If-Match": etag})


def test_works_that_are_registered_elsewhere_change_an_open_answer_and_their_removal_changes_it_back(
    page: Page, city: City
) -> None:
    verdict = city.check(page, 4)
    expect(verdict).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    expect(page.get_by_text("Zonet gewijzigd")).to_have_count(0)

    works = register(city, 4, (20, 30))
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=TOLD_MS)
    expect(page.get_by_text(re.compile(r"Zonet gewijzigd, om \d\d:\d\d"))).to_be_visible()
    expect(verdict).to_contain_text("Wyre")
    expect(verdict.locator("s")).to_have_text("was Herstel nu")

    remove(city, works)
    expect(verdict).to_have_attribute("data-verdict", "repair", timeout=SOON_MS)


def report_elsewhere(city: City, scenario: int = 1) -> None:
    """A repair where this scenario plays: facts change, and no answer in another street."""
    place = city.places[scenario]
    body = {"category": "pothole", "scope": "spot", "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]}}  # fmt: skip
    with city.service.as_("workshop") as workshop:
        assert workshop.post("/api/v1/repairs", json=body).status_code == 201


def test_nobody_asks_while_nothing_happens_and_two_tabs_share_one_connection(page: Page, city: City) -> None:
    streams: list[Request] = []
    page.context.on("request", lambda one: streams.append(one) if "/alerts/stream" in one.url else None)
    asked: list[Request] = []
    first = city.check(page, 4)
    expect(first).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    other = page.context.new_page()
    second = city.check(other, 4)
    expect(second).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    other.wait_for_timeout(3_000)  # who begins to listen asks once more
    page.context.on("request", lambda one: asked.append(one) if one.url.endswith("/advice") else None)
    other.wait_for_timeout(11_000)
    assert (len(streams), asked) == (1, [])

    works = register(city, 4, (20, 30))
    expect(second).to_have_attribute("data-verdict", "wait", timeout=TOLD_MS)
    expect(first).to_have_attribute("data-verdict", "wait", timeout=SOON_MS)
    page.close()
    other.wait_for_timeout(1_500)
    assert len(streams) == 2
    remove(city, works)
    expect(second).to_have_attribute("data-verdict", "repair", timeout=TOLD_MS)


def test_a_page_that_nobody_tells_asks_by_itself(page: Page, city: City) -> None:
    page.route(STREAM, lambda route: route.abort())
    verdict = city.check(page, 4)
    expect(verdict).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    register(city, 4, (20, 30))
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=SOON_MS)
    page.request.post(f"{city.service.url}/logout")
    expect(verdict).to_contain_text("Voorlopig: Wacht", timeout=SOON_MS)
    sign_in(page, city.service.url)
    expect(verdict).not_to_contain_text("Voorlopig", timeout=SOON_MS)


def test_what_is_open_is_read_again_and_stays_whatever_else_fails(page: Page, city: City) -> None:
    first, second = register(city, 4, (20, 30)), register(city, 4, (40, 50))
    held: list[Route] = []
    page.route(re.compile(f"/works/{first['id']}$"), lambda route: held.append(route))
    with page.expect_request(re.compile(f"/works/{first['id']}$"), timeout=WAIT_MS):
        page.goto(f"{city.service.url}/kaart?kies=werk:{first['id']}")
    page.evaluate("url => { history.pushState(null, '', url); dispatchEvent(new PopStateEvent('popstate')) }", f"/kaart?kies=werk:{second['id']}")  # fmt: skip
    expect(page.get_by_role("heading", name="Glasvezel")).to_be_visible(timeout=WAIT_MS)
    [late] = held
    late.abort()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", name="Glasvezel")).to_be_visible()
    phase = {**second["phases"][0], "starts_on": str(TODAY + timedelta(days=60)), "ends_on": str(TODAY + timedelta(days=70))}  # fmt: skip
    with city.service.as_("utilities_desk") as desk:
        etag = desk.get(f"/api/v1/works/{second['id']}").headers["ETag"]
        names = ("geometry", "starts_on", "ends_on", "opens_surface")
        moved = {"phases": [{name: phase[name] for name in names}]}
        desk.patch(f"/api/v1/works/{second['id']}", json=moved, headers={"If-Match": etag}).raise_for_status()
    expect(page.locator(".panel")).to_contain_text("vr 22 jan 2027", timeout=SOON_MS)


def test_who_signed_in_is_asked_until_it_is_known(page: Page, city: City) -> None:
    page.route("**/api/v1/me", lambda route: route.abort())
    expect(city.check(page, 4)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".who")).to_be_hidden()
    page.unroute("**/api/v1/me")
    expect(page.locator(".who-name")).to_have_text(re.compile("Demo"), timeout=SOON_MS)


def _keeps_focus(page: Page, city: City, link: Locator) -> bool:
    """Whether the keyboard is still there after the next two answers."""
    link.focus()
    for _ in range(2):
        with page.expect_response(re.compile("/advice$"), timeout=SOON_MS):
            report_elsewhere(city, 6)
    return bool(link.evaluate("element => element === document.activeElement"))


def test_an_answer_that_stays_the_same_leaves_the_page_alone(page: Page, city: City) -> None:
    """It is asked again, but what is unfolded and where the keyboard is do not change."""
    verdict = city.check(page, 1)
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    page.locator("summary", has_text="Waaruit dit is berekend").first.click()
    link = page.get_by_role("link", name="Conflicten in een lijst")
    # On a busy machine an answer may be late, which the page says: then once more.
    assert any(_keeps_focus(page, city, link) for _ in range(3))
    assert page.locator("details.open-up").first.get_attribute("open") is not None


def test_the_day_of_the_service_counts_and_not_that_of_the_device(page: Page, city: City) -> None:
    """A device whose clock runs ahead asks about the day in the address all the same: for it that day is over."""
    days: list[str] = []
    held: list[Route] = []
    page.route("**/api/v1/status", lambda route: held.append(route))
    page.on(
        "request", lambda one: one.url.endswith("/advice") and days.append(one.post_data_json["starts_on"])
    )
    with page.expect_response(re.compile("/pavements"), timeout=WAIT_MS):
        verdict = city.check(page, 1)
    page.unroute("**/api/v1/status")
    for route in held:
        route.continue_()
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    assert set(days) == {str(TODAY + timedelta(days=3))}


def test_danger_needs_no_answer_and_the_place_stays(page: Page, city: City) -> None:
    verdict = city.check(page, 4)
    expect(verdict).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    place = page.locator(".where .place")
    name = place.inner_text()

    page.context.set_offline(True)
    page.get_by_role("radiogroup", name="Toestand").get_by_role("radio", name="Gevaar").check()
    expect(verdict).to_have_attribute("data-verdict", "make_safe", timeout=3_000)
    expect(verdict).to_have_class(re.compile("v-safe"))
    expect(verdict).to_contain_text("Maak veilig, herstel later")
    expect(place).to_have_text(name)
    expect(page.locator(".note")).to_contain_text("Dit toestel heeft geen verbinding sinds", timeout=SOON_MS)

    page.get_by_role("radiogroup", name="Toestand").get_by_role("radio", name="Gewoon").check()
    expect(page.get_by_text("De toets lukt niet.")).to_be_visible(timeout=SOON_MS)
    expect(verdict).to_have_count(0)
    expect(place).to_have_text(name)

    page.context.set_offline(False)
    expect(verdict).to_have_attribute("data-verdict", "repair", timeout=SOON_MS)
    expect(page.locator(".note")).to_be_hidden(timeout=SOON_MS)


def test_a_service_that_is_gone_is_blamed_and_no_feed_and_all_is_well_when_it_is_back(
    page: Page, city: City
) -> None:
    verdict = city.check(page, 4)
    expect(verdict).to_have_text(re.compile("^Herstel nu"), timeout=WAIT_MS)

    city.stop()
    try:
        bar = page.locator(".bar .fresh")
        expect(bar).to_contain_text(re.compile(r"De dienst antwoordt niet sinds \d\d:\d\d"), timeout=SOON_MS)
        expect(bar).not_to_contain_text("GIPOD")
        expect(page.locator(".note")).not_to_contain_text("GIPOD")
        expect(verdict).to_contain_text("Voorlopig: Herstel nu")
    finally:
        city.start()
    expect(verdict).to_have_text(re.compile("^Herstel nu"), timeout=SOON_MS)
    expect(page.locator(".note")).to_be_hidden()
    expect(bar).to_contain_text("Gegevens van")
