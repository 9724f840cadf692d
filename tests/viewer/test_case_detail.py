"""A case in full: the picture with its words, the figures with their inputs, and what goes out of the house: requests, claims, exceptions."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Route, expect

from tests.api.scenario import Street, day
from tests.serving import STREET, TO_WGS84, TODAY, Service
from tests.viewer.conftest import OpenPage, build_houses
from tests.viewer.test_cases import WAIT_MS, Counted, case_of, case_with, row, stand

pytestmark = pytest.mark.browser
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own."""
    return Street(town, 20_000 + 200.0 * next(_places))


@pytest.fixture
def case(street: Street) -> dict[str, Any]:
    """The case of three repairs that works of Proximus meet from day 30."""
    return case_of(street)


def open_case(
    open_as: OpenPage, case: dict[str, Any], role: str = "utilities_desk", width: int = 1440
) -> Page:
    page = open_as(role, f"/afstemming?dossier={case['id']}", width)
    expect(page.locator(".timeline:visible, .figures:visible").first).to_be_visible(timeout=WAIT_MS)
    return page


def test_the_picture_says_in_words_what_it_draws(case: dict[str, Any], open_as: OpenPage) -> None:
    page = open_case(open_as, case)
    words = page.locator(".timeline").get_attribute("aria-label") or ""
    for part in (
        "Onder: Proximus, GIPOD",
        "wo 23 dec tot en met di 5 jan 2027",
        "Samen: wo 23 dec tot en met di 5 jan 2027.",
        "Daartussen",
        "Vandaag is het ma 23 nov.",
        "vrij vanaf",
    ):
        assert part in words, words
    works, slack = page.locator(".timeline .hatch"), page.locator(".timeline .slack")
    clash = page.locator(".timeline .clash")
    inner, outer, both = works.bounding_box(), slack.bounding_box(), clash.bounding_box()
    assert inner and outer and both
    assert outer["x"] <= inner["x"] + 1 and outer["width"] >= inner["width"] - 1
    assert abs(both["x"] - inner["x"]) < 2 and abs(both["width"] - inner["width"]) < 3
    today = page.locator(".timeline .flag.today").bounding_box()
    assert today and today["x"] < inner["x"]


def test_a_case_proposes_what_the_advice_says(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    page = open_case(open_as, case)
    proposal = page.locator(".proposal")
    expect(proposal).to_contain_text("zet de herstelling in wachtstand", timeout=WAIT_MS)
    expect(proposal.get_by_role("button", name="Vraag Proximus mee te nemen")).to_be_visible()
    street.slip(case["works"], (-20, -10))
    questions: list[Route] = []
    page.route("**/api/v1/repairs/*/advice", lambda route: questions.append(route))
    page.reload()
    expect(page.locator(".figures:visible")).to_be_visible(timeout=WAIT_MS)
    expect(proposal.get_by_role("button")).to_have_count(0)
    for question in questions:
        question.continue_()
    expect(proposal).to_contain_text("Stem eerst af. Proximus zou op", timeout=WAIT_MS)
    expect(proposal.get_by_role("button", name="Vraag Proximus mee te nemen")).to_be_hidden()
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Verstuur vraag")).to_have_count(0)


def test_five_figures_stand_with_what_they_come_from(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    page = open_case(open_as, case)
    figures = page.locator(".figures > div")
    expect(figures).to_have_count(5)
    with street.service.as_("viewer") as client:
        found = client.get(f"/api/v1/cases/{case['id']}").json()["items"]
    facts = max((one["facts"] for one in found), key=lambda one: one["cost_at_risk_eur"])
    stake = figures.nth(4).inner_text().replace("\u00a0", " ")
    assert f"€ {round(facts['cost_at_risk_eur']):,}".replace(",", ".") in stake
    assert "= €" in stake and f"{facts['probability'] * 100:.0f} %" in stake
    assert "van 20 jaar levensduur" in figures.nth(2).inner_text()
    expect(page.locator(".reasons")).to_contain_text("Als de werken niet doorgaan.")
    expect(page.locator(".trail")).to_contain_text("vond dit conflict")


def test_a_case_waits_for_the_works_with_two_keys(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    page = open_as("utilities_desk", "/afstemming")
    expect(row(page, case)).to_be_visible(timeout=WAIT_MS)
    row(page, case).focus()
    person = Counted(page)
    person.press("Enter")
    hold = page.get_by_role("button", name="Wachtstand tot")
    expect(hold).to_be_enabled(timeout=WAIT_MS)
    person.press("w")
    expect(stand(page)).to_have_text("Afgesproken", timeout=WAIT_MS)
    assert person.actions <= 3
    with street.service.as_("viewer") as client:
        items = client.get(f"/api/v1/cases/{case['id']}").json()["items"]
    assert {one["agreement"]["kind"] for one in items} == {"hold_until"}
    assert {one["agreement"]["until"] for one in items} == {max(one["b"]["free_from"] for one in items)}
    expect(page.locator(".done:visible")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("u")
    expect(stand(page)).to_have_text("Open", timeout=WAIT_MS)
    page.get_by_role("button", name="Afspreken").click(timeout=WAIT_MS)
    expect(page.get_by_label("Tot", exact=True)).to_have_value(max(one["b"]["free_from"] for one in items))


@pytest.mark.parametrize("width", [1440, 390])
def test_the_desk_asks_and_keeps_the_answer(
    case: dict[str, Any], street: Street, open_as: OpenPage, width: int
) -> None:
    page = open_case(open_as, case, width=width)
    page.get_by_role("button", name="Vraag Proximus mee te nemen").click()
    page.get_by_label("Antwoord ten laatste").fill("2026-01-01")
    page.get_by_role("button", name="Verstuur vraag").click()
    refusal = page.get_by_role("alert").filter(has_text="voorbij")
    expect(refusal).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("Antwoord ten laatste").fill(day(14))
    page.get_by_label("Breedte").fill("1,5")
    page.get_by_role("button", name="Verstuur vraag").click()
    paper = page.locator(".paper[data-request]")
    expect(paper).to_contain_text("Gevraagd", timeout=WAIT_MS, ignore_case=True)
    expect(paper).to_contain_text("1,5\u00a0m")
    paper.get_by_text("Tekst van de mail").click()
    expect(paper.locator(".text-out").first).to_contain_text("H-")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    paper.get_by_label("Woorden bij het antwoord").fill("in week 10")
    paper.get_by_role("button", name="Antwoord is ja").click()
    expect(page.locator(".paper[data-request]")).to_contain_text("in week 10", timeout=WAIT_MS)
    expect(stand(page)).to_have_text("Afgesproken", timeout=WAIT_MS)
    with street.service.as_("utilities_desk") as desk:
        [kept] = desk.get("/api/v1/requests", params={"works": case["works"]["id"]}).json()["items"]
    assert (kept["state"], kept["due_on"], kept["answer_note"]) == ("yes", day(14), "in week 10")
    street.change_works(case["works"], certainty="cancelled")
    page.goto(f"{street.service.url}/afstemming?lijst=vragen")
    withdrawn = page.locator(f'.paper[data-request="{kept["number"]}"]')
    expect(withdrawn).to_contain_text("Vervallen: het werk is geannuleerd", timeout=WAIT_MS)
    expect(withdrawn.get_by_role("button", name="Antwoord is nee")).to_have_count(0)
    link = withdrawn.get_by_role("link").first
    link.focus()
    with page.expect_response("**/requests?limit=500"):
        page.evaluate("document.activeElement.dataset.mark = 'same'; dispatchEvent(new Event('online'))")
    page.wait_for_load_state("networkidle")
    expect(link).to_be_focused()
    expect(link).to_have_attribute("data-mark", "same")


def test_a_claim_is_made_and_paid_on_the_page(street: Street, open_as: OpenPage) -> None:
    works = street.works((-60, -30))
    street.change_works(works, certainty="done")
    repair = street.repair(scope="spot", along=(20, 21), across=(0.2, 0.8))
    [conflict] = street.conflicts(repair=repair["id"], rule="guarantee_applies")
    case = case_with(street.service, conflict)
    onlooker = open_case(open_as, case, "viewer")
    expect(onlooker.get_by_text("Er is nog niets verhaald.")).to_be_visible(timeout=WAIT_MS)
    expect(onlooker.get_by_role("button", name="Verhaal op Proximus")).to_have_count(0)
    page = open_case(open_as, case)
    page.get_by_role("button", name="Verhaal op Proximus").click()
    expect(page.get_by_label("Bedrag (€)")).to_be_focused()
    page.get_by_label("Bedrag (€)").fill("veel")
    page.get_by_role("button", name="Maak claim").click()
    assert "bedrag" in page.get_by_label("Bedrag (€)").evaluate("field => field.validationMessage").lower()
    expect(page.locator(".paper[data-claim]")).to_have_count(0)
    page.get_by_label("Bedrag (€)").fill("212,50")
    page.get_by_role("button", name="Maak claim").click()
    paper = page.locator(".paper[data-claim]")
    expect(paper).to_contain_text("213", timeout=WAIT_MS)
    expect(page.get_by_role("button", name="Verhaal op Proximus")).to_have_count(0)
    link = paper.get_by_role("link", name="Claim als PDF").get_attribute("href")
    assert page.request.get(f"{street.service.url}{link}").body().startswith(b"%PDF-")
    paper.get_by_role("button", name="Geweigerd").click()
    again = page.get_by_text("Nieuwe claim na weigering van V-")
    expect(again).to_be_visible(timeout=WAIT_MS)
    again.click()
    page.get_by_label("Bedrag (€)").fill("100")
    page.get_by_role("button", name="Maak claim").click()
    expect(page.locator(".paper[data-claim]")).to_have_count(2, timeout=WAIT_MS)
    expect(page.locator(".paper[data-claim]").first).to_contain_text("Vervangen door V-")
    second = page.locator(".paper[data-claim]").last
    expect(second).to_contain_text("Volgt op V-")
    second.get_by_role("button", name="Betaald").click()
    expect(second.locator(".chip")).to_have_text("betaald", timeout=WAIT_MS, ignore_case=True)
    page.goto(f"{street.service.url}/afstemming?lijst=claims")
    expect(page.locator("table.register")).to_contain_text("Proximus", timeout=WAIT_MS)


def test_a_remark_comes_with_a_letter(case: dict[str, Any], open_as: OpenPage, street: Street) -> None:
    page = open_case(open_as, case, width=390)
    page.locator("[data-step=comment]").click()
    page.get_by_label("Opmerking").fill("Brief van de aannemer")
    letter = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"no letter"}
    page.get_by_label("Bijlagen (PDF of foto)").set_input_files([letter])
    page.locator(".step-form [type=submit]:visible").click()
    expect(page.get_by_role("alert").filter(has_text="geen PDF")).to_be_visible(timeout=WAIT_MS)
    content = b"%PDF-1.7\nbrief\n%%EOF\n"
    page.get_by_label("Bijlagen (PDF of foto)").set_input_files([{**letter, "buffer": content}])
    page.locator(".step-form [type=submit]:visible").click()
    link = page.locator(".trail a.file")
    expect(link).to_have_text(re.compile(r"A-\d+ \(PDF, 1 kB\)"), timeout=WAIT_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    path = link.get_attribute("href")
    assert page.request.get(f"{street.service.url}{path}").body() == content


def test_whom_to_call_is_written_in_the_case_and_read_at_the_check(
    case: dict[str, Any], open_as: OpenPage, street: Street
) -> None:
    page = open_case(open_as, case, width=390)
    page.locator(f'[data-contacts="{case["works"]["id"]}"] summary').click()
    expect(page.get_by_text("Er is niemand opgegeven")).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("Naam", exact=True).fill("Jan Zonderling")
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_role("alert").filter(has_text="telefoonnummer of e-mailadres")).to_be_visible(
        timeout=WAIT_MS
    )
    page.get_by_label("Telefoon").fill("0470 55 44 33")
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_role("link", name="0470 55 44 33")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_label("Naam", exact=True)).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Naam", exact=True).fill("Els Elders")
    page.get_by_label("E-mail").fill("els@example.org")
    path = f"/api/v1/works/{case['works']['id']}/contacts"
    with street.service.as_("coordinator") as client:  # somebody else is first
        before = client.get(path)
        others = {"contacts": [*before.json()["contacts"], {"name": "Ad Ander", "phone": "0470 11 22 33"}]}
        client.put(path, json=others, headers={"If-Match": before.headers["etag"]}).raise_for_status()
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_text("Ad Ander", exact=True)).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_text("Els Elders", exact=True)).to_be_visible(timeout=WAIT_MS)
    lon, lat = TO_WGS84.transform(STREET[0] + street.x + 9, STREET[1] + 1)
    footpath = (
        "INSERT INTO pavement_sections (source, code, kind, street, geom) "
        "VALUES ('test', 'contacts', 'footpath', 'Gentsestraat', ST_MakeEnvelope(:west, :south, :west + 40, :south + 2, 31370))"
    )
    with street.service.engine.begin() as conn:
        conn.execute(sa.text(footpath), {"west": STREET[0] + street.x, "south": STREET[1]})
    check = open_as("workshop", f"/kaart?toets={lon:.6f},{lat:.6f}", 1440)
    people = check.locator(f'[data-contacts="{case["works"]["id"]}"]')
    people.locator("summary").click(timeout=WAIT_MS)
    expect(people.get_by_role("link", name="0470 55 44 33")).to_have_attribute(
        "href", "tel:0470554433", timeout=WAIT_MS
    )
    expect(people.get_by_role("button", name="Voeg toe")).to_have_count(0)


def test_works_may_open_protected_ground_for_a_reason(street: Street, open_as: OpenPage) -> None:
    build_houses(street)
    repair = street.repair(along=(0, 40))
    street.complete(repair, on=-30)
    street.complete(street.repair(along=(60, 90)), on=-20)
    street.works((30, 44))
    [conflict] = [one for one in street.conflicts(repair=repair["id"]) if one["moratorium"]]
    page = open_case(open_as, case_with(street.service, conflict))
    until = date.fromisoformat(conflict["a"]["claim"]["moratorium_until"]) - timedelta(days=1)
    last_day = re.compile(rf"\b{until.day} \w+ {until.year}")
    expect(page.get_by_text("beschermd tot en met")).to_contain_text(last_day)
    page.emulate_media(media="print")
    expect(page.locator(".kaart")).to_be_hidden()
    assert page.evaluate("document.body.scrollHeight >= document.querySelector('.panel').scrollHeight")
    page.emulate_media(media="screen")
    page.get_by_label("Reden van de uitzondering").select_option("Nieuwe aansluiting")
    page.get_by_role("button", name="Sta toe").click()
    expect(page.locator(".paper", has_text="Reden van de uitzondering")).to_have_count(0, timeout=WAIT_MS)
    with street.service.as_("viewer") as client:
        assert client.get(f"/api/v1/conflicts/{conflict['id']}").json()["status"] == "accepted_risk"
    page.goto(f"{street.service.url}/afstemming?lijst=sperperiode")
    expect(page.locator("table.register")).to_contain_text(repair["number"], timeout=WAIT_MS)
    with page.expect_request(lambda request: "/protections?limit=500&from=1900" in request.url):
        page.get_by_role("link", name="Toon ook wat voorbij is").click()
    with page.expect_request(lambda request: f"/protections?limit=500&from={TODAY}" in request.url):
        page.get_by_role("link", name="Toon enkel wat nog geldt of komt").click()
    expect(page.get_by_role("row").filter(has_text=repair["number"])).to_contain_text(last_day)
    page.route(
        "**/protections?limit=500*", lambda route: route.continue_(url=route.request.url.replace("500", "1"))
    )
    page.reload()
    expect(page.get_by_text(re.compile(r"de eerste 1 van \d+"))).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Toon meer").click()
    expect(page.locator("table.register tbody tr")).to_have_count(2, timeout=WAIT_MS)
