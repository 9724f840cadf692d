"""The mission's case on the page: Proximus opens this footpath, may the workshop repair it? Once by click, once by key alone."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

REPAIR_AFTER_DAYS = 3
WAIT_MS = 40_000
VERDICTS = {1: "wait", 2: "wait", 3: "wait", 4: "repair", 5: "wait", 6: "recover", 7: "wait"}
"""By golden scenario, of the whole section on the day of the page."""


@pytest.fixture
def golden(viewer_url: str, page: Page) -> dict[int, dict[str, Any]]:
    """The golden scenarios as the server names their places, each with the day on which the workshop wants to repair."""
    page.goto(viewer_url)
    status = page.request.get(f"{viewer_url}/api/v1/status").json()
    day = str(date.fromisoformat(status["today"]) + timedelta(days=REPAIR_AFTER_DAYS))
    return {one["scenario"]: {**one, "day": day} for one in status["golden"]}


@pytest.fixture
def place(golden: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """The footpath that Proximus opens."""
    return golden[1]


def open_map(page: Page, viewer_url: str, place: dict[str, Any]) -> None:
    """The map on the place, nothing asked yet; returns when everything is drawn."""
    page.goto(f"{viewer_url}/kaart?c={place['lon']},{place['lat']}&z=19&op={place['day']}")
    expect(page.locator(".kaart [role=status]")).to_contain_text("in beeld", timeout=WAIT_MS)


def test_a_click_on_the_footpath_says_wait_because_of_proximus(
    page: Page, viewer_url: str, place: dict[str, Any]
) -> None:
    open_map(page, viewer_url, place)
    page.locator(".maplibregl-canvas").click()
    verdict = page.get_by_role("status").locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    expect(verdict).to_contain_text("Wacht tot")
    expect(verdict).to_contain_text("Proximus")
    expect(page.locator(".why").first).to_contain_text("Proximus")
    expect(page.locator(".why a").first).to_have_attribute("href", re.compile("kies=werk:"))
    expect(page.get_by_text("Inplannen kan niet zonder de coördinator.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"toets=\d+\.\d+,\d+\.\d+"))


def test_danger_is_one_choice_away_and_says_make_safe(
    page: Page, viewer_url: str, place: dict[str, Any]
) -> None:
    page.goto(f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}&op={place['day']}")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    page.get_by_role("radiogroup", name="Toestand").get_by_role("radio", name="Gevaar").check()
    expect(verdict).to_have_attribute("data-verdict", "make_safe", timeout=WAIT_MS)
    expect(verdict).to_contain_text("Maak veilig")


def test_the_odd_side_of_the_same_street_is_free(
    page: Page, viewer_url: str, golden: dict[int, dict[str, Any]]
) -> None:
    place = golden[4]
    page.goto(f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}&op={place['day']}")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    expect(page.locator(".where")).to_contain_text("oneven zijde")
    sides = page.locator("input[name=side]")
    expect(sides).to_have_count(2)
    page.get_by_role("link", name="Andere plek").click()
    page.route(re.compile("/api/v1/(advice|pavements)"), lambda _: None)  # no answer comes
    page.locator(".examples a").first.click()
    expect(page.locator(".question")).to_be_visible()
    expect(sides).to_have_count(0)


def test_the_cross_hair_and_enter_ask_the_same_as_a_click(
    page: Page, viewer_url: str, place: dict[str, Any]
) -> None:
    open_map(page, viewer_url, place)
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)


def test_without_a_map_the_check_works_by_keyboard_alone(
    page: Page, viewer_url: str, place: dict[str, Any]
) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = function () { return null }")
    page.goto(f"{viewer_url}/kaart?op={place['day']}")
    expect(page.get_by_text("De kaart kan niet getekend worden.")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("/")
    page.keyboard.type(f"{place['lon']}, {place['lat']}")
    page.keyboard.press("Enter")
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    page.get_by_role("radio", name="Gewoon").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(verdict).to_have_attribute("data-verdict", "make_safe", timeout=WAIT_MS)


def test_the_first_seven_stories_are_read_by_key_on_a_phone(
    page: Page, viewer_url: str, golden: dict[int, dict[str, Any]]
) -> None:
    """Whose verdict needs no choice: of the danger of story 3 a foreman says so himself."""
    page.add_init_script("HTMLCanvasElement.prototype.getContext = function () { return null }")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{viewer_url}/kaart")
    verdict = page.locator("[data-verdict]")
    for scenario, expected in VERDICTS.items():
        page.get_by_role("link", name=golden[scenario]["title"]).press("Enter", timeout=WAIT_MS)
        expect(verdict).to_have_attribute("data-verdict", expected, timeout=WAIT_MS)
        expect(verdict).to_contain_text("Proximus" if expected != "repair" else "Herstel nu")
        page.get_by_role("link", name="Andere plek").press("Enter")
        expect(verdict).to_have_count(0)


def test_what_is_on_the_map_is_also_in_a_list(page: Page, viewer_url: str, place: dict[str, Any]) -> None:
    page.goto(f"{viewer_url}/kaart")
    page.get_by_role("link", name="Conflicten in een lijst").click()
    first = page.locator(".rows a").first
    expect(first).to_be_visible(timeout=WAIT_MS)
    name = first.locator("b").inner_text()
    first.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_focused(timeout=WAIT_MS)
    page.go_back()
    expect(page.get_by_role("heading", name="Conflicten", level=1)).to_be_visible()


def test_the_page_speaks_english_as_well(page: Page, viewer_url: str, place: dict[str, Any]) -> None:
    page.goto(f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}&op={place['day']}")
    page.get_by_role("combobox", name="Taal").select_option("en")
    expect(page.get_by_role("heading", name="May I repair here?")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("[data-verdict]")).to_contain_text("Wait until", timeout=WAIT_MS)


def test_nothing_overflows_or_complains_on_a_phone(
    page: Page, viewer_url: str, place: dict[str, Any]
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{viewer_url}/kaart?toets={place['lon']},{place['lat']}&op={place['day']}")
    expect(page.locator("[data-verdict]")).to_be_visible(timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints == []
