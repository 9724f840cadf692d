"""Whoever opens a conflict by its address is told why it is one and what ends it, and sees it on the map."""

import pytest
from playwright.sync_api import Page, expect

from tests.serving import Service

pytestmark = pytest.mark.browser

WAIT_MS = 60_000  # beside other tests two cores draw a map slowly


def open_conflict(page: Page, service: Service, rule: str, building: str | None = None) -> None:
    """Any conflict of the rule, or the one that cuts off this building: the city has several, in no fixed order."""
    with service.as_("viewer") as viewer:
        listed = viewer.get("/api/v1/conflicts", params={"rule": rule}).json()["items"]
    found = next(one for one in listed if building in (None, (one["b"].get("building") or {}).get("name")))
    page.goto(f"{service.url}/kaart?kies=conflict:{found['id']}")
    expect(page.locator("h1", has_text=found["number"])).to_be_visible(timeout=WAIT_MS)


def test_two_owners_are_offered_one_trench_and_the_map_goes_there(page: Page, demo_server: Service) -> None:
    open_conflict(page, demo_server, "shared_trench")
    expect(page.locator(".lead", has_text="Samen openen spaart")).to_be_visible()
    expect(page.get_by_text("Als een van beide op")).to_be_visible()
    expect(page.locator(".maplibregl-canvas-container a.mk.chance", has_text="Eén sleuf")).to_be_visible(
        timeout=WAIT_MS
    )


def test_a_street_without_rest_names_all_its_works(page: Page, demo_server: Service) -> None:
    open_conflict(page, demo_server, "accumulated_hindrance")
    expect(page.locator(".lead", has_text="binnen een jaar")).to_be_visible()
    count = page.locator("dt", has_text="Aantal werken").locator("+ dd").last.inner_text()
    listed = page.locator("h2", has_text=f"{count} werken").locator("+ ul li")
    assert listed.count() == int(count) >= 4


def test_the_fire_station_is_said_to_be_cut_off(page: Page, demo_server: Service) -> None:
    open_conflict(page, demo_server, "access_blocked", "Brandweerpost")
    expect(page.locator(".lead", has_text="Brandweerpost is niet bereikbaar")).to_be_visible()


def test_an_advice_shows_the_ring_and_the_words_for_the_utility(page: Page, demo_server: Service) -> None:
    golden = page.request.get(f"{demo_server.url}/api/v1/status").json()["golden"]
    place = next(one for one in golden if one["scenario"] == 1)
    page.goto(f"{demo_server.url}/kaart?toets={place['lon']},{place['lat']}")
    request = page.locator(".citizen", has_text="Vraag aan de nutsmaatschappij")
    expect(request).to_contain_text("Proximus", timeout=WAIT_MS)
    expect(request).to_contain_text("de volle breedte herstellen: Gentsestraat voor huisnummer")
