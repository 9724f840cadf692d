"""Herstellingen: what a crew does now, in three taps on a phone; what works block, in words with ways on; nothing on it goes stale."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accounts.test_walk import violations
from tests.api.scenario import Street, day
from tests.serving import Service
from tests.viewer.conftest import OpenPage, build_houses, sign_in, tomorrow
from tests.viewer.test_cases import Counted

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
SOON_MS = 30_000  # how soon it is, is measured elsewhere: two cores that do more are slow
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own, with houses 76 to 82."""
    street = Street(town, 50_000 + 200.0 * next(_places))
    build_houses(street)
    return street


def job(page: Page, repair: dict[str, Any]) -> Locator:
    return page.locator(f'li.job[data-repair="{repair["number"]}"]')


def stored(street: Street, repair: dict[str, Any]) -> dict[str, Any]:
    with street.service.as_("workshop") as workshop:
        return dict(workshop.get(f"/api/v1/repairs/{repair['id']}").json())


@pytest.mark.parametrize("width", [1440, 360])
def test_a_crew_starts_and_finishes_a_repair_in_three_taps(
    street: Street, open_as: OpenPage, width: int
) -> None:
    repair = street.repair(scope="spot", along=(5, 6))
    assert street.schedule(repair, (0, 1)).status_code == 200
    page = open_as("workshop", "/herstellingen?lijst=vandaag", width)
    card = job(page, repair)
    expect(card.locator(".strip")).to_have_text("Herstel nu", timeout=WAIT_MS)
    expect(card.get_by_role("heading", name="Gentsestraat 76")).to_be_visible()
    taps = Counted(page)
    taps.click(card.get_by_role("button", name="Start"))
    taps.click(card.get_by_role("button", name="Klaar"))
    card.get_by_label("Hersteld, in m²").fill("1.5")
    card.get_by_label("Kost in euro").fill("140")
    assert violations(page) == []
    taps.click(card.get_by_role("button", name="Meld klaar"))
    expect(page.get_by_text("klaar gemeld. De nieuwe verharding is nu beschermd.")).to_be_focused(
        timeout=WAIT_MS
    )
    expect(card).to_have_count(0)
    assert taps.actions == 3
    done = stored(street, repair)
    assert (done["status"], done["finished_on"], done["finished_scope"], done["area_m2"], done["cost_eur"]) == (
        "done", day(0), "spot", 1.5, 140,
    )  # fmt: skip


def test_works_that_are_registered_elsewhere_block_a_card_and_what_was_typed_stays(
    street: Street, open_as: OpenPage
) -> None:
    repair, other = street.repair(along=(5, 15)), street.repair(along=(20, 30))
    for one in (repair, other):
        assert street.schedule(one, (0, 1)).status_code == 200
    page = open_as("workshop", "/herstellingen")
    job(page, other).get_by_role("button", name="Start").click(timeout=WAIT_MS)
    job(page, other).get_by_role("button", name="Klaar").click(timeout=WAIT_MS)
    cost = job(page, other).get_by_label("Kost in euro")
    cost.fill("275")

    street.works((0, 10), along=(4, 31))
    expect(job(page, repair).locator(".strip")).to_have_text("Geblokkeerd", timeout=SOON_MS)
    expect(job(page, repair).get_by_role("button", name="Start")).to_have_count(0)
    expect(cost).to_have_value("275")
    expect(cost).to_be_focused()


def test_what_works_block_is_refused_in_words_with_ways_on(street: Street, open_as: OpenPage) -> None:
    works = street.works((30, 44))
    repair = street.repair()
    page = open_as("workshop", "/herstellingen?lijst=wachtstand")
    card = job(page, repair)
    expect(card.locator(".job-when")).to_have_text(re.compile(r"^Vrij over \d+ dagen$"), timeout=WAIT_MS)
    card.get_by_role("button", name=re.compile("^Naar ")).click()
    free_from = card.get_by_label("Eerste dag").input_value()
    assert free_from == stored(street, repair)["until"]
    for field in ("Eerste dag", "Laatste dag"):
        card.get_by_label(field).fill(day(3))
    card.get_by_role("button", name="Plan in").click()

    refusal = card.get_by_role("alert")
    expect(refusal).to_contain_text("Inplannen kan niet: hier komen werken.")
    expect(refusal).to_contain_text("Proximus breekt")
    expect(card.get_by_label("Eerste dag")).to_have_value(day(3))
    assert violations(page) == []
    refusal.get_by_role("button", name="Vraag vrijgave").click()
    expect(page.get_by_text("uw vraag staat bij het conflict")).to_be_visible(timeout=WAIT_MS)
    conflict = street.conflicts(works=works["id"])[0]
    with street.service.as_("coordinator") as coordinator:
        events = coordinator.get(f"/api/v1/conflicts/{conflict['id']}").json()["events"]
    assert repair["number"] in events[-1]["details"]["text"]

    card.get_by_role("button", name="Maak veilig").first.click()
    expect(page.get_by_text("gevaar gemeld")).to_be_visible(timeout=WAIT_MS)
    page.goto(f"{street.service.url}/herstellingen/{repair['number']}")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "make_safe", timeout=WAIT_MS)


def test_each_way_on_of_a_refusal_can_be_taken_where_the_list_still_says_free(
    street: Street, open_as: OpenPage
) -> None:
    repair = street.repair()
    page = open_as("workshop", "/herstellingen?lijst=te-plannen")
    card = job(page, repair)
    card.get_by_role("button", name="Plan in").click(timeout=WAIT_MS)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")  # it hears nothing
    street.works((2, 10))
    for field in ("Eerste dag", "Laatste dag"):
        card.get_by_label(field).fill(day(3))
    card.get_by_role("button", name="Plan in").last.click()
    refusal = card.get_by_role("alert")
    expect(refusal).to_contain_text("Inplannen kan niet: hier komen werken.", timeout=WAIT_MS)
    expect(card.locator(".strip")).to_have_text("Herstel nu")
    refusal.get_by_role("button", name=re.compile("^Naar ")).click()
    expect(card.get_by_label("Eerste dag")).to_have_value(day(10))
    for field in ("Eerste dag", "Laatste dag"):
        card.get_by_label(field).fill(day(3))
    card.get_by_role("button", name="Plan in").last.click()
    with page.expect_response(re.compile("/comment$")):
        refusal.get_by_role("button", name="Vraag vrijgave").click(timeout=WAIT_MS)
    expect(page.get_by_text("uw vraag staat bij het conflict")).to_be_visible(timeout=WAIT_MS)


def test_a_list_that_the_service_no_longer_gives_is_provisional_and_says_why(
    street: Street, open_as: OpenPage
) -> None:
    repair = street.repair(scope="spot", along=(5, 6))
    page = open_as("workshop", "/herstellingen?lijst=te-plannen")
    strip = job(page, repair).locator(".strip")
    expect(strip).to_have_text("Herstel nu", timeout=WAIT_MS)
    sign_in(page, street.service.url, "partner")  # in another tab
    street.repair(scope="spot", along=(20, 21))
    expect(page.locator(".note:visible")).to_contain_text("Niet alles kon opnieuw gelezen worden", timeout=SOON_MS)  # fmt: skip
    expect(page.locator(".note:visible")).to_contain_text("Dat kan niet met uw rol.")
    expect(strip).to_have_text("Voorlopig: Herstel nu")
    page.request.post(f"{street.service.url}/logout")
    street.repair(scope="spot", along=(22, 23))
    expect(page.get_by_text("U bent afgemeld")).to_be_visible(timeout=SOON_MS)
    expect(strip).to_have_text("Voorlopig: Herstel nu")
    sign_in(page, street.service.url, "workshop")
    expect(strip).to_have_text("Herstel nu", timeout=SOON_MS)


def test_the_days_that_are_left_are_one_fewer_when_the_day_begins(street: Street, open_as: OpenPage) -> None:
    street.works((30, 44))
    repair = street.repair()
    page = open_as("workshop", "/herstellingen?lijst=wachtstand")
    left = job(page, repair).locator(".job-when")
    expect(left).to_have_text(re.compile(r"^Vrij over \d+ dagen$"), timeout=WAIT_MS)
    days = int(left.inner_text().split()[2])
    tomorrow(page)
    expect(left).to_have_text(f"Vrij over {days - 1} dagen", timeout=SOON_MS)


def test_a_link_to_one_repair_names_its_place_and_follows_it(street: Street, open_as: OpenPage) -> None:
    repair = street.repair(along=(5, 35))
    page = open_as("viewer", f"/herstellingen/{repair['number']}", 390)
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "repair", timeout=WAIT_MS)
    expect(page).to_have_title(re.compile("^Gentsestraat 76–82 · "))
    expect(page.locator("[data-step]")).to_have_count(0)
    street.works((20, 30))
    expect(verdict).to_have_attribute("data-verdict", "wait", timeout=SOON_MS)
    expect(verdict.locator("s")).to_contain_text("Herstel nu")
    assert violations(page) == []
    page.get_by_role("link", name="Naar de lijst").click()
    expect(page).to_have_url(re.compile("/herstellingen$"))
    expect(page).to_have_title(re.compile("^Herstellingen · "))
    expect(job(page, repair)).to_be_visible(timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_desk_goes_through_the_list_by_keyboard_and_the_first_step_is_a_key(
    street: Street, open_as: OpenPage
) -> None:
    repair = street.repair(scope="spot", along=(5, 6), urgency="danger")
    complaints: list[str] = []
    page = open_as("coordinator", "/herstellingen?lijst=te-plannen")
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    expect(job(page, repair)).to_be_visible(timeout=WAIT_MS)
    first = page.locator("li.job:visible").first
    page.keyboard.press("j")
    expect(first.get_by_role("link")).to_be_focused()
    page.keyboard.press("s")
    expect(first.get_by_label("Eerste dag")).to_be_focused()
    page.get_by_label("Taal").select_option("en")
    expect(page.get_by_role("heading", name="Repairs", exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(job(page, repair).get_by_role("button", name="Plan")).to_be_visible(timeout=WAIT_MS)
    assert violations(page) == []
    assert complaints == []
    street.repair(scope="spot", along=(25, 26))
    page.route(
        "**/worklist?limit=1000", lambda route: route.continue_(url=route.request.url.replace("1000", "1"))
    )
    page.reload()
    expect(page.get_by_text(re.compile(r"The first 1 of \d+ repairs\."))).to_be_visible(timeout=WAIT_MS)


def test_a_list_of_several_pages_says_so_shows_all_on_request_and_its_file_has_all(
    street: Street, open_as: OpenPage
) -> None:
    for n in (0, 1):
        street.repair(along=(6 * n, 6 * n + 2))
    page = open_as("workshop", "/beheer/voorkeuren")
    small = lambda route: route.continue_(url=route.request.url.replace("limit=1000", "limit=1"))  # noqa: E731
    page.route(re.compile(r"/worklist\?limit=1000"), small)
    page.goto(f"{street.service.url}/herstellingen")
    with street.service.as_("workshop") as workshop:
        total = workshop.get("/api/v1/worklist").json()["total"]
    expect(page.get_by_text(f"De eerste 1 van {total} herstellingen.")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("li.job")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download als CSV").click(timeout=WAIT_MS)
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == total + 1
    page.get_by_role("button", name=f"Toon alle {total}").click()
    expect(page.locator("li.job")).to_have_count(total, timeout=WAIT_MS)
    expect(page.get_by_text("De eerste 1 van")).to_have_count(0)
    expect(page.get_by_text("Getoetst om")).to_be_focused()


def test_who_may_not_see_repairs_reads_so(street: Street, open_as: OpenPage) -> None:
    page = open_as("partner", "/herstellingen")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("De lijst kon niet geladen worden", timeout=WAIT_MS)  # fmt: skip
