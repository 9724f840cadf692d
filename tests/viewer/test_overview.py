"""Overzicht: each number opens the list that it counts, the board goes by street and owner, each part fails by itself."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Request, Route, expect

from tests.api.scenario import Street
from tests.serving import Service
from tests.viewer.conftest import OpenPage
from tests.viewer.test_cases import WAIT_MS, case_of

pytestmark = pytest.mark.browser
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own."""
    return Street(town, 30_000 + 200.0 * next(_places))


@pytest.fixture
def case(street: Street) -> dict[str, Any]:
    """A case in the Gentsestraat, about which Proximus is asked."""
    found = case_of(street)
    with street.service.as_("utilities_desk") as desk:
        desk.post("/api/v1/requests", json={"works": found["works"]["id"]}).raise_for_status()
    return found


def tile(page: Page, name: str) -> str:
    found = page.locator(f'[data-tile="{name}"] b')
    expect(found).to_be_visible(timeout=WAIT_MS)
    return found.inner_text()


@pytest.mark.usefixtures("case")
def test_a_coordinator_begins_here_and_each_tile_opens_its_list(town: Service, open_as: OpenPage) -> None:
    page = open_as("coordinator", "/")
    page.wait_for_url("**/overzicht")
    stake, held, waiting = (tile(page, name) for name in ("stake", "held", "waiting"))
    count = page.locator('[data-tile="stake"] small').first.inner_text().split()[0]
    page.locator('[data-tile="stake"]').click()
    listed = page.get_by_role("status").filter(has_text="Dossiers:")
    expect(listed).to_contain_text(f"{stake} op het spel", timeout=WAIT_MS)
    if count != "Eén":
        expect(listed).to_contain_text(f"Dossiers: {count},")
    page.go_back()
    page.locator('[data-tile="held"]').click(timeout=WAIT_MS)
    rows = page.locator("table.register").first.locator("tbody tr")
    expect(rows).to_have_count(int(held), timeout=WAIT_MS)
    page.goto(f"{town.url}/overzicht")
    page.locator('[data-tile="waiting"]').click(timeout=WAIT_MS)
    expect(page.locator(".paper[data-request]").first).to_be_visible(timeout=WAIT_MS)
    waits = page.locator(".paper[data-request]", has_text=re.compile("gevraagd|geen antwoord", re.IGNORECASE))
    assert waits.count() == int(waiting)


def test_the_ages_open_their_cases(case: dict[str, Any], open_as: OpenPage) -> None:
    page = open_as("coordinator", "/overzicht")
    fresh = page.locator('[data-age="0"]')
    expect(fresh).to_be_visible(timeout=WAIT_MS)
    count = int(fresh.inner_text())
    fresh.click()
    expect(page.locator(f'.rows a[data-case="{case["id"]}"]')).to_be_visible(timeout=WAIT_MS)
    assert page.locator(".rows a[data-case]").count() == count
    opened = page.get_by_label("Geopend tot en met")
    expect(opened).to_have_value(re.findall(r"tot=([\d-]+)", page.url)[0])
    opened.fill("")
    page.wait_for_url(lambda url: "tot=" not in url)
    late: list[Route] = []
    page.route("**/cases?*opportunity=true*", lambda route: late.append(route))
    page.get_by_role("link", name="Kansen").click()
    expect(page.locator(".rows a[data-case]")).to_have_count(0)
    page.get_by_role("link", name="Conflicten", exact=True).click()
    expect(page.locator(".rows a[data-case]").first).to_be_visible(timeout=WAIT_MS)
    late[0].abort()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("De lijst kan niet worden getoond")).to_be_hidden()


def test_the_board_goes_by_street_by_owner_and_by_week(case: dict[str, Any], open_as: OpenPage) -> None:
    page = open_as("coordinator", "/overzicht")
    lane = page.locator(".lane", has=page.locator('[data-lane="Gentsestraat"]'))
    expect(lane.locator(".works-bar").first).to_be_visible(timeout=WAIT_MS)
    bar = lane.get_by_role("link", name=re.compile(f"Proximus, GIPOD {case['works']['source_id']}"))
    expect(bar).to_have_count(1)
    with page.expect_download() as download:
        page.locator(".board-part").get_by_role("button", name="Download als CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    number = f"GIPOD {case['works']['source_id']}"
    assert [line for line in lines if line.startswith(f"Gentsestraat;Werk;{number};Proximus;")]
    assert lines[0].startswith("Straat;Soort;Nummer;Eigenaar;Van;")
    page.locator('[data-week="2026-12-21"]').click()
    page.wait_for_url("**week=2026-12-21*")
    expect(page.get_by_role("link", name="Toon elke week")).to_be_visible(timeout=WAIT_MS)
    expect(lane).to_be_visible()
    page.keyboard.press("o")
    page.wait_for_url("**groep=eigenaar*")
    expect(page.locator('[data-lane="Proximus"]')).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("]")
    page.wait_for_url("**van=2026-12-21*")
    expect(page.get_by_text("ma 21 dec")).to_be_visible()
    of_proximus = (
        page.get_by_role("row")
        .filter(has=page.get_by_role("rowheader", name="Proximus", exact=True))
        .get_by_role("link")
    )
    of_proximus.first.click()
    page.wait_for_url("**/afstemming?eigenaar=proximus*")
    expect(page.locator(f'.rows a[data-case="{case["id"]}"]')).to_be_visible(timeout=WAIT_MS)
    page.go_back()
    of_proximus.nth(1).click(timeout=WAIT_MS)
    page.wait_for_url("**lijst=vragen*")
    expect(page.get_by_text("Enkel van Proximus.")).to_be_visible(timeout=WAIT_MS)
    with page.expect_request(lambda one: one.url.endswith("/requests?limit=500")):
        page.get_by_role("link", name="Toon elke eigenaar").click()


@pytest.mark.usefixtures("case")
def test_the_board_shows_the_weeks_of_its_head_whichever_answer_is_last(open_as: OpenPage) -> None:
    page = open_as("coordinator", "/overzicht")
    expect(page.locator(".works-bar").first).to_be_visible(timeout=WAIT_MS)
    late: list[Route] = []
    page.route("**/stats/weeks?from=2026-12-21*", lambda route: late.append(route))
    for _ in range(2):
        page.get_by_role("button", name="Vier weken verder").click()
    expect(page.locator('[data-week="2027-04-05"]')).to_be_visible(timeout=WAIT_MS)
    late[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator('[data-week="2027-04-05"]')).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390, 360])
@pytest.mark.usefixtures("case")
def test_it_fits_and_prints(open_as: OpenPage, width: int) -> None:
    page = open_as("coordinator", "/overzicht", width)
    tile(page, "stake")
    expect(page.locator(".works-bar").first).to_be_attached(timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    bar, panel = (page.locator(one).bounding_box() or {} for one in (".bar", ".panel"))
    assert panel["y"] >= bar["y"] + bar["height"]
    page.emulate_media(media="print")
    expect(page.locator(".rail")).to_be_hidden()
    expect(page.locator('[data-tile="stake"]')).to_be_visible()


@pytest.mark.usefixtures("case")
def test_a_part_that_fails_says_so_and_the_others_stay(town: Service, open_as: OpenPage) -> None:
    page = open_as("coordinator", "/kaart")
    page.context.set_offline(False)
    page.route("**/api/v1/stats/weeks*", lambda route: route.abort())
    page.goto(f"{town.url}/overzicht")
    tile(page, "stake")
    problem = page.locator(".board-part .problem")
    expect(problem).to_contain_text("Dit deel kon niet geladen worden.", timeout=WAIT_MS)
    page.unroute("**/api/v1/stats/weeks*")
    problem.get_by_role("button").click()
    expect(page.locator(".works-bar").first).to_be_visible(timeout=WAIT_MS)


def send_files(page: Page, form: Locator) -> None:
    """Two files go, each in a body of its own; one that is refused leaves an empty field."""
    files = form.locator("details", has_text="bestanden die meegaan")
    files.locator("summary").click()
    plan: FilePayload = {
        "name": "Plan kelder.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.7\n%%EOF\n",
    }
    other: FilePayload = {**plan, "name": "Plan dak.pdf", "buffer": b"%PDF-1.7\n%\n%%EOF\n"}
    adder = files.get_by_label("Voeg bestanden toe")
    bodies: list[Request] = []
    page.on("request", lambda one: bodies.append(one) if one.url.endswith("/files") and one.method == "POST" else None)  # fmt: skip
    adder.set_input_files([plan, other])
    expect(files.get_by_role("link", name="Plan kelder")).to_be_visible(timeout=WAIT_MS)
    expect(files.locator("summary")).to_have_text("2 bestanden die meegaan")
    assert len(bodies) == 2, "one file in each: five are too much for one answer"
    adder.set_input_files([{**plan, "name": "brief.txt", "mimeType": "text/plain", "buffer": b"Geachte"}])
    expect(files.get_by_role("alert")).to_be_visible(timeout=WAIT_MS)
    expect(adder).to_have_value("")


def test_a_project_is_written_in_lines_of_fields_that_a_colleague_does_not_wipe(
    town: Service, open_as: OpenPage
) -> None:
    page = open_as("workshop", "/overzicht?lijst=projecten")
    page.get_by_role("button", name="Voeg een project toe").click(timeout=WAIT_MS)
    form = page.locator(".project-form")
    form.get_by_label("Project", exact=True).fill("Zwembad")
    form.get_by_label("Budget (€)").fill("250.000")
    form.get_by_role("button", name="Voeg een fase toe").click()
    form.get_by_label("Naam").fill("Ruwbouw; deel 2")
    form.get_by_label("Klaar").check()
    form.get_by_role("button", name="Voeg een subsidie toe").click()
    subsidy = form.locator("fieldset", has_text="Subsidies")
    subsidy.get_by_label("Naam").fill("Vlaanderen")
    subsidy.get_by_label("Bedrag (€)").fill("12.500.00")
    subsidy.get_by_label("Stand").select_option("toegekend")
    with town.as_("workshop") as colleague:
        colleague.post("/api/v1/building-projects", json={"name": "Bibliotheek"}).raise_for_status()
        with page.expect_response("**/api/v1/building-projects"):
            page.evaluate("dispatchEvent(new Event('online'))")
        form.get_by_role("button", name="Bewaar project").click()  # refused: that is no amount
        expect(form.get_by_label("Naam").first).to_have_value("Ruwbouw; deel 2")
        subsidy.get_by_label("Bedrag (€)").fill("12.500")
        form.get_by_role("button", name="Bewaar project").click()
        expect(page.get_by_role("button", name="Zwembad")).to_be_visible(timeout=WAIT_MS)
        expect(page.get_by_role("button", name="Bibliotheek")).to_be_visible()
        stored = colleague.get("/api/v1/building-projects").json()["items"][-1]
        assert (stored["budget_eur"], [one["name"] for one in stored["phases"]]) == (
            250_000,
            ["Ruwbouw; deel 2"],
        )
        assert [(one["amount_eur"], one["state"]) for one in stored["subsidies"]] == [(12_500, "granted")]
        page.get_by_role("button", name="Zwembad").click()
        people = form.locator("details", has_text="Mensen van dit project")
        people.locator("summary").click()
        people.get_by_label("Naam").fill("Els Elders")
        people.get_by_label("Rol").fill("architect")
        people.get_by_label("Telefoon").fill("0470 11 22 33")
        people.get_by_role("button", name="Voeg toe").click()
        expect(people.get_by_text("(architect)")).to_be_visible(timeout=WAIT_MS)
        send_files(page, form)
        remove = form.get_by_role("button", name="Verwijder project")
        remove.click()
        path = f"/api/v1/building-projects/{stored['id']}"
        body = {name: stored[name] for name in ("name", "phases")}
        colleague.put(path, json=body, headers={"If-Match": f'"{stored["version"]}"'}).raise_for_status()
        form.get_by_role("button", name="Ja, verwijder Zwembad voorgoed").click()
        expect(form.get_by_role("alert")).to_be_visible(timeout=WAIT_MS)
        assert colleague.get(path).status_code == 200
