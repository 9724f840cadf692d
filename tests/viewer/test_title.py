"""What the page says while nobody looks at its panel: its title among other tabs, and the map before the first tile."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.serving import Service

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
NAME = "Werken & herstellingen"


def test_the_title_names_what_is_open_and_follows_it(page: Page, demo_server: Service) -> None:
    with demo_server.as_("viewer") as viewer:
        here = viewer.get("/api/v1/status").json()["golden"][0]
        repair = viewer.get("/api/v1/repairs?q=H-1004").json()["items"][0]
    page.goto(f"{demo_server.url}/kaart")
    expect(page).to_have_title(NAME, timeout=WAIT_MS)
    city = page.request.get(f"{demo_server.url}/api/v1/status").json()["city"]
    expect(page.locator("header .name")).to_have_text(f"{NAME} · {city}", timeout=WAIT_MS)
    page.goto(f"{demo_server.url}/kaart?toets={here['lon']},{here['lat']}")
    expect(page).to_have_title(re.compile(rf"^Gentsestraat [\d–]+ · {NAME}$"), timeout=WAIT_MS)
    place = page.title()
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Conflicten in een lijst").click()
    expect(page).to_have_title(f"Conflicten · {NAME}")
    assert page.evaluate("window.kept"), "the link was followed without a new page"
    page.goto(f"{demo_server.url}/kaart?kies=herstelling:{repair['id']}&toets={here['lon']},{here['lat']}")
    expect(page).to_have_title(re.compile(rf"· H-1004 · {NAME}$"), timeout=WAIT_MS)
    page.get_by_role("link", name="Terug").filter(visible=True).click()
    expect(page).to_have_title(place, timeout=WAIT_MS)


def test_a_repair_that_waits_says_so(page: Page, demo_server: Service) -> None:
    with demo_server.as_("viewer") as viewer:
        items = viewer.get("/api/v1/repairs?limit=1000").json()["items"]
    for held, text in ((True, re.compile("^Gemeld, wacht op werken$")), (False, re.compile("^Gemeld$"))):
        repair = next(one for one in items if one["held"] is held and one["status"] == "requested")
        page.goto(f"{demo_server.url}/kaart?kies=herstelling:{repair['id']}")
        expect(page.locator(".facts dd").filter(visible=True).first).to_have_text(text, timeout=WAIT_MS)


def test_the_map_says_that_it_loads_until_the_first_tile_comes(page: Page, viewer_url: str) -> None:
    page.route("**/map/live.js", lambda route: route.abort())
    page.goto(f"{viewer_url}/kaart")
    expect(page.get_by_text("De kaart komt niet binnen")).to_be_visible(timeout=WAIT_MS)
    page.unroute("**/map/live.js")
    page.route("**/map/legend.js", lambda route: route.abort())
    page.get_by_role("button", name="Probeer opnieuw").click()
    expect(page.locator(".maplibregl-canvas")).to_be_visible(timeout=WAIT_MS)
    page.unroute("**/map/legend.js")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".legend")).to_be_visible(timeout=WAIT_MS)  # it did not come in at first
    waiting: list[Route] = []
    hold = waiting.append
    page.route("**/ogc/tiles/**", lambda route: hold(route))
    with page.expect_request("**/ogc/tiles/**", timeout=WAIT_MS):
        page.goto(f"{viewer_url}/kaart")
    expect(page.get_by_text("De kaart wordt geladen")).to_be_visible()
    hold = Route.continue_
    for route in waiting:
        route.continue_()
    expect(page.get_by_text("De kaart wordt geladen")).to_be_hidden(timeout=WAIT_MS)
