"""Proximus signs in: it sees its works, its cases and what it is asked, and answers; nothing of others. A second browser is the city's."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import expect

from tests.api.scenario import Street
from tests.serving import Service
from tests.viewer.conftest import OpenPage
from tests.viewer.test_cases import WAIT_MS, case_of, row

pytestmark = pytest.mark.browser
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own."""
    return Street(town, 40_000 + 300.0 * next(_places))


def test_a_partner_begins_with_its_cases_and_answers_what_it_is_asked(
    street: Street, open_as: OpenPage
) -> None:
    ours = case_of(street)
    theirs = case_of(Street(street.service, street.x + 100), owner="Fluvius")
    with street.service.as_("utilities_desk") as desk:
        asked, other = (
            desk.post("/api/v1/requests", json={"works": one["works"]["id"]}).json() for one in (ours, theirs)
        )
    page = open_as("partner", "/")
    page.wait_for_url("**/afstemming")
    expect(row(page, ours)).to_be_visible(timeout=WAIT_MS)
    expect(row(page, theirs)).to_have_count(0)
    expect(page.locator(".rail a:visible")).to_have_text([re.compile("Kaart"), re.compile("Afstemming")])
    expect(page.get_by_role("checkbox", name=re.compile("^Kies "))).to_have_count(0)

    page.get_by_role("link", name="Wacht op antwoord", exact=True).click()
    paper = page.locator(f'.paper[data-request="{asked["number"]}"]')
    expect(paper).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(f'.paper[data-request="{other["number"]}"]')).to_have_count(0)
    city = open_as("utilities_desk", f"/afstemming?dossier={ours['id']}")
    expect(city.locator(".paper[data-request]")).to_contain_text(
        "Gevraagd", timeout=WAIT_MS, ignore_case=True
    )
    paper.get_by_label("Woorden bij het antwoord").fill("met de afwerking mee")
    paper.get_by_role("button", name="Antwoord is ja").click()
    expect(paper).to_contain_text("met de afwerking mee", timeout=WAIT_MS)
    expect(city.locator(".paper[data-request]")).to_contain_text("met de afwerking mee", timeout=WAIT_MS)

    page.get_by_role("link", name="Onze werken").click()
    works = page.locator("table.register")
    expect(works).to_contain_text(ours["works"]["source_id"], timeout=WAIT_MS)
    expect(works).not_to_contain_text(theirs["works"]["source_id"])


@pytest.mark.parametrize("path", ["/overzicht", "/herstellingen", "/afstemming?lijst=claims"])
def test_a_partner_that_types_an_address_of_the_city_is_told_so(
    street: Street, open_as: OpenPage, path: str
) -> None:
    case_of(Street(street.service, street.x + 100), owner="Fluvius")
    page = open_as("partner", path)
    sentence = page.locator(".problem:visible").or_(page.get_by_text("Dit overzicht is er voor de stad"))
    expect(sentence.first).to_be_visible(timeout=WAIT_MS)
    assert "Fluvius" not in page.locator("main").inner_text()


def test_a_partner_sees_the_evidence_of_its_case_and_no_step_but_a_remark(
    street: Street, open_as: OpenPage
) -> None:
    case = case_of(street)
    page = open_as("partner", f"/afstemming?dossier={case['id']}")
    expect(page.locator(".timeline")).to_be_visible(timeout=WAIT_MS)
    for name in ("Vraag Proximus mee te nemen", "Maak claim", "Sta toe"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Wachtstand tot"))).to_have_count(0)
    expect(page.get_by_role("link", name="Dossier als PDF")).to_have_count(0)
    expect(page.get_by_role("button", name="Opmerking")).to_be_enabled()
