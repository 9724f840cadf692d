"""What a person sees and presses: the colour and the words of each verdict, keys, what the map draws for a period and a legend."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from geo_service.domain.advice import Verdict
from tests.serving import TODAY, Service
from tests.viewer.map_scenes import WAIT_MS, counts, drawn, inked, redrawn

pytestmark = pytest.mark.browser

WORKS_ORANGE = (179, 75, 0)
CONFLICT_MAGENTA = (168, 15, 99)

# Each verdict: where it is given in the demo (a golden scenario, or a repair that got it), its class, its surface and how its words begin.
FACES = {
    "repair": (4, "v-repair", "rgb(0, 102, 79)", r"Herstel nu"),
    "make_safe": (3, "v-safe", "rgb(178, 58, 12)", r"Maak veilig, herstel later"),
    "wait": (1, "v-wait", "rgb(246, 189, 59)", r"Wacht tot "),
    "combine": (None, "v-combine", "rgb(86, 58, 150)", r"Combineer met "),
    "recover": (6, "v-recover", "rgb(7, 90, 117)", r"Verhaal op "),
    "coordinate": (15, "v-coord", "rgb(255, 255, 255)", r"Stem eerst af"),
}


@pytest.mark.parametrize("verdict", FACES)
def test_each_verdict_has_its_own_words_class_and_surface(
    page: Page, demo_server: Service, verdict: str
) -> None:
    scenario, look, surface, words = FACES[verdict]
    with demo_server.as_("viewer") as viewer:
        if scenario is None:
            repairs = viewer.get("/api/v1/repairs?limit=1000").json()["items"]
            lon, lat = next(one["geometry"]["coordinates"] for one in repairs if one["verdict"] == verdict)
        else:
            golden = viewer.get("/api/v1/status").json()["golden"]
            lon, lat = next((one["lon"], one["lat"]) for one in golden if one["scenario"] == scenario)
    danger = "&toestand=gevaar" if verdict == "make_safe" else ""
    page.goto(f"{demo_server.url}/kaart?toets={lon},{lat}&op={TODAY}{danger}")
    card = page.locator(".verdict")
    expect(card).to_have_attribute("data-verdict", verdict, timeout=WAIT_MS)
    expect(card).to_have_class(f"verdict {look}")
    expect(card).to_have_css("background-color", surface)
    expect(card.locator("strong")).to_have_text(re.compile(f"^{words}"))


def test_there_is_a_face_for_every_verdict() -> None:
    assert set(FACES) == set(Verdict.__args__)
    assert len({look for _, look, _, _ in FACES.values()}) == len(FACES)


def test_the_map_draws_the_works_of_the_period_only(page: Page, viewer_url: str) -> None:
    drawn(page, viewer_url, "periode=vandaag&lagen=open,inname")
    today, ink = int(counts(page)["Openbraak"]), inked(page, WORKS_ORANGE)
    drawn(page, viewer_url, "periode=6m&lagen=open,inname")
    half_a_year, more_ink = int(counts(page)["Openbraak"]), inked(page, WORKS_ORANGE)
    assert 0 < today < half_a_year
    assert 0 < ink < more_ink


def test_a_key_chooses_the_period_on_the_map(page: Page, viewer_url: str) -> None:
    drawn(page, viewer_url, "lagen=open,inname")
    seen = {}
    words = {"today": "vandaag", "4w": "4w", "12w": "12w", "6m": "6m"}
    for key, (period, word) in enumerate(words.items(), start=1):
        page.locator("h1").first.focus()
        with redrawn(page):
            page.keyboard.press(str(key))
            expect(page).to_have_url(re.compile(f"periode={word}(&|$)"))
            expect(page.locator(f"input[name=period][value='{period}']")).to_be_checked()
        seen[period] = int(counts(page)["Openbraak"])
    assert seen["today"] <= seen["4w"] <= seen["12w"] <= seen["6m"]
    assert seen["today"] < seen["6m"]


@pytest.mark.parametrize(("key", "focused"), [("t", ".panel h1"), ("/", "#zoek"), ("l", ".legend summary")])
def test_a_key_brings_the_focus_where_it_says(page: Page, viewer_url: str, key: str, focused: str) -> None:
    page.goto(f"{viewer_url}/kaart")
    expect(page.locator(".examples")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".legend summary")).to_be_visible(timeout=WAIT_MS)
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press(key)
    expect(page.locator(focused).first).to_be_focused()


def test_keys_work_on_a_choice_and_escape_keeps_the_focus_in_the_panel(
    page: Page, demo_server: Service
) -> None:
    with demo_server.as_("viewer") as viewer:
        here = viewer.get("/api/v1/status").json()["golden"][0]
    page.goto(f"{demo_server.url}/kaart?toets={here['lon']},{here['lat']}")
    page.get_by_role("radio", name="Gewoon").focus(timeout=WAIT_MS)
    page.keyboard.press("4")
    expect(page).to_have_url(re.compile("periode=6m"))
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("toets="))
    expect(page.locator("h1:focus")).to_be_visible()


def test_the_title_keeps_the_keyboard_while_the_service_is_asked_how_it_is(
    page: Page, viewer_url: str
) -> None:
    page.clock.install()
    page.goto(f"{viewer_url}/kaart")
    expect(page.locator(".examples")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".legend summary")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("t")
    expect(page.locator(".panel h1")).to_be_focused()
    with page.expect_response(re.compile("/api/v1/status")):
        page.clock.fast_forward("02:00")
    page.wait_for_timeout(500)
    expect(page.locator(".panel h1").first).to_be_focused()


def test_a_key_in_a_field_is_a_letter(page: Page, viewer_url: str) -> None:
    page.goto(f"{viewer_url}/kaart")
    page.locator("#zoek").click()
    page.keyboard.type("t4")
    expect(page.locator("#zoek")).to_have_value("t4")
    expect(page.locator("#zoek")).to_be_focused()
    assert "periode" not in page.url


@pytest.mark.parametrize(
    ("layer", "name", "colour"),
    [("open", "Openbraak", WORKS_ORANGE), ("conf", "Conflict", CONFLICT_MAGENTA)],
)
def test_what_the_legend_switches_off_is_gone_from_the_map(
    page: Page, viewer_url: str, layer: str, name: str, colour: tuple[int, int, int]
) -> None:
    drawn(page, viewer_url, f"lagen={layer},toeg&periode=6m")
    box = page.locator(".legend > label", has_text=name).locator("input")
    there = counts(page)[name]
    assert int(there) > 0
    before = inked(page, colour)
    with redrawn(page):
        box.uncheck()
    assert inked(page, colour) < 0.02 * before
    assert counts(page)[name] == there
    with redrawn(page):
        box.check()
    assert inked(page, colour) > 0.8 * before


def test_the_legend_counts_the_same_from_afar(page: Page, viewer_url: str, demo_server: Service) -> None:
    """What is smaller than a pixel is drawn and counted too; what is drawn from nearer only says so."""
    drawn(page, viewer_url, "periode=6m", where="c=3.2131,50.9170&z=12.2")
    with demo_server.as_("viewer") as viewer:
        repairs = viewer.get("/api/v1/repairs?limit=1000").json()["items"]
        conflicts = viewer.get("/api/v1/conflicts?limit=1000").json()["items"]
    live = [one for one in repairs if one["status"] not in ("done", "cancelled")]
    told = counts(page)
    assert int(told["Herstelling"]) == len(live)
    assert int(told["Conflict"]) == len([one for one in conflicts if not one["opportunity"]])
    assert int(told["Kans"]) == len([one for one in conflicts if one["opportunity"]])
    assert told["Garantie op sleuf"] == "dichterbij"


@pytest.mark.parametrize(
    ("width", "height"), [(390, 844), (360, 740), (320, 640), (844, 390), (720, 450), (1280, 800)]
)
def test_the_verdict_is_seen_without_scrolling(
    page: Page, demo_server: Service, width: int, height: int
) -> None:
    """On phones, on a phone on its side, and on a page at twice its size."""
    with demo_server.as_("viewer") as viewer:
        golden = viewer.get("/api/v1/status").json()["golden"]
    lon, lat = next((one["lon"], one["lat"]) for one in golden if one["scenario"] == 1)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{demo_server.url}/kaart?toets={lon},{lat}&op={TODAY}")
    card = page.locator(".verdict")
    expect(card).to_have_attribute("data-verdict", "wait", timeout=WAIT_MS)
    expect(page.locator(".why").first).to_be_visible(timeout=WAIT_MS)
    bottom = "() => document.querySelector('.verdict').getBoundingClientRect().bottom"
    tabs = "() => { const rail = document.querySelector('.rail').getBoundingClientRect(); return rail.width > innerWidth / 2 ? rail.top : innerHeight }"
    assert page.evaluate(bottom) <= page.evaluate(tabs)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    fold = page.get_by_role("button", name=re.compile("wijzig$"))
    if fold.is_visible():
        fold.click()
        expect(page.locator(".form")).to_be_visible()
        assert page.evaluate(bottom) <= page.evaluate(tabs)
    time_ = page.locator(".bar .fresh")
    assert time_.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert time_.locator("> :last-child").evaluate(LINES_OF_TEXT) == 1


LINES_OF_TEXT = (
    "e => Math.round(e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight))"
)


def test_my_place_is_drawn_and_says_how_sure_it_is(page: Page, demo_server: Service) -> None:
    with demo_server.as_("viewer") as viewer:
        golden = viewer.get("/api/v1/status").json()["golden"]
    here = next(one for one in golden if one["scenario"] == 1)
    place = {"longitude": here["lon"], "latitude": here["lat"]}
    drawn(page, demo_server.url)
    said = page.locator(".found:visible")
    page.context.clear_permissions()
    page.get_by_role("button", name="Mijn plaats").click()
    expect(said).to_have_text("Uw plaats is niet beschikbaar. Zoek een adres.", timeout=WAIT_MS)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({**place, "accuracy": 30})
    page.get_by_role("button", name="Mijn plaats").click()
    expect(said).to_have_text("Uw plaats is maar tot op 30 m zeker. Zoek een adres.", timeout=WAIT_MS)
    page.context.set_geolocation({**place, "accuracy": 6})
    page.get_by_role("button", name="Mijn plaats").click()
    expect(page.locator(".verdict")).to_be_visible(timeout=WAIT_MS)
    expect(said).to_have_count(0)
    dot = page.get_by_role("img", name="U bent hier")
    expect(dot).to_be_visible()
    expect(dot).to_have_css("width", "16px")
    expect(page.get_by_text("Uw plaats is op 6 m nauwkeurig")).to_be_visible()
