"""Drawing on the map: the ground is checked as it was drawn, its link shows the same, and what cannot be checked is said in words."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect
from pyproj import Transformer
from shapely import Polygon

from tests.accounts.test_walk import violations
from tests.serving import Service
from tests.viewer.map_scenes import WAIT_MS, drawn

pytestmark = pytest.mark.browser

TO_LAMBERT = Transformer.from_crs(4326, 31370, always_xy=True)


def proximus(service: Service) -> tuple[float, float]:
    """Where Proximus opens the footpath."""
    with service.as_("viewer") as viewer:
        here = next(one for one in viewer.get("/api/v1/status").json()["golden"] if one["scenario"] == 1)
    return here["lon"], here["lat"]


def drawn_ground(url: str) -> Polygon:
    """The area in an address, in the storage CRS."""
    [text] = re.findall(r"toets=vlak:([\d.,_-]+)", unquote(url))
    corners = [tuple(map(float, corner.split(","))) for corner in text.split("_")]
    return Polygon([TO_LAMBERT.transform(lon, lat) for lon, lat in corners])


def number_before(unit: str, words: str) -> float:
    return float(re.search(rf"([\d.,]+)\s{unit}(?!\w|²)", words)[1].replace(".", "").replace(",", "."))  # type: ignore[index]


def test_an_area_is_measured_checked_and_shared_by_its_address(page: Page, demo_server: Service) -> None:
    lon, lat = proximus(demo_server)
    drawn(page, demo_server.url, where=f"c={lon},{lat}&z=19")
    page.get_by_role("button", name="Teken of meet").click()
    bar = page.get_by_role("region", name="Teken of meet op de kaart")
    said = bar.locator("output")
    expect(said).to_contain_text("Tik de hoeken aan", timeout=WAIT_MS)
    canvas = page.locator(".maplibregl-canvas")
    box = canvas.bounding_box()
    assert box
    for x, y in ((-60, -20), (60, -20), (-60, 20), (60, 20)):
        canvas.click(position={"x": box["width"] / 2 + x, "y": box["height"] / 2 + y}, force=True)
    expect(said).to_contain_text("kruist zichzelf")
    check = bar.get_by_role("button", name="Toets deze plek")
    expect(check).to_be_disabled()
    for _ in range(2):
        page.keyboard.press("Backspace")
    for x, y in ((60, 20), (-60, 20)):
        canvas.click(position={"x": box["width"] / 2 + x, "y": box["height"] / 2 + y}, force=True)
    expect(said).to_contain_text("4 punten · ")
    words = said.inner_text()
    assert violations(page) == []
    check.click()
    expect(page).to_have_url(re.compile("toets=vlak:"))
    assert "teken=" not in page.url
    ground = drawn_ground(page.url)
    assert number_before("m²", words) == pytest.approx(ground.area, rel=0.003)
    assert number_before("m", words) == pytest.approx(ground.length, rel=0.003)
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    told = verdict.inner_text()
    with page.expect_request("**/api/v1/advice") as asked:
        page.goto(page.url)
    assert (asked.value.post_data_json["scope"], asked.value.post_data_json["geometry"]["type"]) == (
        "area",
        "Polygon",
    )
    expect(verdict).to_have_text(told, timeout=WAIT_MS, use_inner_text=True)


def test_a_line_is_drawn_by_key_alone(page: Page, demo_server: Service) -> None:
    lon, lat = proximus(demo_server)
    drawn(page, demo_server.url, "teken=lijn", where=f"c={lon},{lat}&z=19")
    said = page.locator(".sketch output")
    expect(said).to_contain_text("Tik de hoeken aan", timeout=WAIT_MS)
    expect(page.locator(".maplibregl-canvas")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said).to_have_text("1 punt")
    before = page.url
    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(before)
    page.keyboard.press("Enter")
    expect(said).to_have_text(re.compile(r"^2 punten · [\d,]+\sm$"))
    page.get_by_role("button", name="Toets deze plek").click()
    expect(page.locator(".where")).to_contain_text("Getekende lijn van", timeout=WAIT_MS)
    page.get_by_role("link", name="Teken de plek zelf").click()
    expect(said).to_contain_text("2 punten", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    expect(page.locator(".sketch")).to_be_hidden()
    expect(page).to_have_url(re.compile("toets=lijn:"))


REFUSALS = {
    "vlak:3.5,50.9_3.6,50.9_3.6,50.91": "Wat u tekende ligt buiten Izegem.",
    "vlak:3.2,50.9_3.23,50.9_3.23,50.93_3.2,50.93": "7 km² is meer dan 1 km²",
    "vlak:3.2": "De tekening in deze link is niet leesbaar.",
}


def test_what_cannot_be_checked_is_said_and_ground_without_a_section_is_checked(
    page: Page, viewer_url: str
) -> None:
    for place, words in REFUSALS.items():
        page.goto(f"{viewer_url}/kaart?toets={place}")
        expect(page.locator(".panel").get_by_role("alert").filter(has_text=words)).to_be_visible(
            timeout=WAIT_MS
        )
        expect(page.locator(".panel .place")).to_have_text("Getekende zone")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{viewer_url}/kaart?toets=vlak:3.19,50.9107_3.1901,50.9107_3.1901,50.9108")
    expect(page.locator(".where")).to_contain_text("Hier ligt geen gekend verhardingsvak", timeout=WAIT_MS)
    expect(page.locator("[data-verdict]")).to_be_visible()
    page.get_by_role("button", name="Teken of meet").click()
    expect(page.get_by_role("button", name="Toets deze plek")).to_be_enabled(timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
