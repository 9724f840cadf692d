"""People act on a conflict on the page: each role its steps, in words; nothing typed is lost when somebody else was first."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geo_service.domain.lifecycle import STEPS
from tests.api.scenario import Street, day
from tests.serving import Service
from tests.viewer.conftest import OpenPage, sign_in

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
SOON_MS = 30_000  # how soon it is, is measured elsewhere: two cores that do more are slow
REASON = "De straat moet open zijn voor de wielerwedstrijd."
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own."""
    return Street(town, 200.0 * next(_places))


def conflict_of(street: Street) -> str:
    """The id of an open conflict of a repair with works."""
    street.works((30, 44))
    return str(street.conflicts(repair=street.repair()["id"])[0]["id"])


def step(service: Service, conflict_id: str, name: str, role: str = "utilities_desk", **body: Any) -> None:
    """A step by a machine of this role."""
    with service.as_(role) as client:
        etag = client.get(f"/api/v1/conflicts/{conflict_id}").headers["ETag"]
        sent = client.post(f"/api/v1/conflicts/{conflict_id}/{name}", json=body, headers={"If-Match": etag})
    assert sent.status_code == 200, sent.text


def path_of(conflict_id: str) -> str:
    return f"/kaart?kies=conflict:{conflict_id}"


def stand(page: Page) -> Any:
    """The status as the page shows it."""
    return page.locator(".panel dt:visible", has_text=re.compile("^Status$|^Stand$")).locator("+ dd")


def button(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


def test_the_table_of_steps_is_that_of_the_service(town: Service, open_as: OpenPage) -> None:
    page = open_as("viewer", "/kaart")
    module = "/viewer/static/js/screens/decision/steps.js"
    on_page = page.evaluate(f"import('{module}').then(({{STEPS}}) => STEPS)")
    assert {one["name"]: set(one["sources"]) for one in on_page} == {
        name: set(one.sources) for name, one in STEPS.items()
    }


@pytest.mark.parametrize("width", [1440, 390])
def test_a_desk_acknowledges_agrees_and_takes_it_back(street: Street, open_as: OpenPage, width: int) -> None:
    page = open_as("utilities_desk", path_of(conflict_of(street)), width)
    expect(stand(page)).to_have_text("Open", timeout=WAIT_MS)
    unread = re.compile(r"/conflicts/[^/]+$")
    page.route(unread, lambda route: route.abort())
    button(page, "Kennisnemen").click()
    taken = page.get_by_role("status").filter(has_text="Kennisgenomen.")
    expect(taken).to_be_focused(timeout=WAIT_MS)
    expect(page.locator(".decision .problem")).to_be_hidden()
    page.unroute(unread)
    taken.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".trail li").first).to_contain_text("ongedaan", timeout=WAIT_MS)
    button(page, "Kennisnemen").click()
    expect(stand(page)).to_have_text("Kennisgenomen", timeout=WAIT_MS)

    button(page, "Afspreken").click()
    expect(page.get_by_label("Tot", exact=True)).to_have_value(day(44))
    page.get_by_label("De werken schuiven op").check()
    page.get_by_label("Tot", exact=True).fill("")
    page.get_by_label("Nota (mag leeg blijven)").fill("Proximus komt in maart")
    button(page, "Leg afspraak vast").click()
    expect(stand(page)).to_have_text("Afgesproken", timeout=WAIT_MS)
    done = page.get_by_role("status").filter(has_text="Afgesproken.")
    expect(done).to_be_visible()
    expect(page.locator(".facts", has_text="De werken schuiven op (Proximus komt in maart)")).to_be_visible()

    done.get_by_role("button", name="Ongedaan maken").click()
    expect(stand(page)).to_have_text("Kennisgenomen", timeout=WAIT_MS)
    expect(page.locator(".trail li").first).to_contain_text("Els Demo maakte de vorige stap ongedaan")
    expect(page.locator(".trail li").first).to_contain_text(re.compile("Afgesproken → Kennisgenomen"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_workshop_sees_who_may_agree_and_what_it_cannot_use_is_no_button(
    street: Street, open_as: OpenPage
) -> None:
    page = open_as("workshop", path_of(conflict_of(street)))
    expect(button(page, "Kennisnemen")).to_be_enabled(timeout=WAIT_MS)
    for name in ("Afspreken", "Afronden", "Risico aanvaarden"):
        expect(button(page, name)).to_be_disabled()
        assert button(page, name).evaluate("element => getComputedStyle(element).cursor") == "not-allowed"
    limits = page.locator(".decision .small:visible")
    expect(limits).to_contain_text("Afspreken, Afronden: dat kan enkel dienst nutsen of coördinator.")
    expect(limits).to_contain_text("Risico aanvaarden: dat kan enkel coördinator.")
    page.keyboard.press("e")
    expect(stand(page)).to_have_text("Open")


def test_the_coordinator_accepts_a_risk_with_a_reason_of_some_length(
    street: Street, open_as: OpenPage
) -> None:
    page = open_as("coordinator", path_of(conflict_of(street)))
    button(page, "Risico aanvaarden").click(timeout=WAIT_MS)
    reason = page.get_by_label("Waarom aanvaardt u dit risico?")
    reason.fill("moet")
    page.keyboard.press("Escape")
    expect(reason).to_have_value("moet")
    page.locator(".panel h1:visible").click()
    page.keyboard.press("Escape")
    expect(reason).to_have_value("moet")
    reason.fill("moet              ")
    button(page, "Aanvaard het risico").click()
    refusal = page.get_by_role("alert").filter(has_text="zeg waarom, in minstens 15 tekens")
    expect(refusal).to_be_visible(timeout=WAIT_MS)
    expect(reason).to_have_value("moet              ")

    reason.fill(REASON)
    button(page, "Aanvaard het risico").click()
    expect(stand(page)).to_have_text("Aanvaard risico", timeout=WAIT_MS)
    expect(refusal).to_be_hidden()
    expect(page.locator(".trail li").first).to_contain_text(REASON)


def test_of_two_people_the_second_sees_what_the_first_did_and_keeps_what_was_typed(
    street: Street, open_as: OpenPage
) -> None:
    path = path_of(conflict_of(street))
    first, second = (open_as(role, path) for role in ("utilities_desk", "coordinator"))
    button(second, "Afspreken").click(timeout=WAIT_MS)
    second.get_by_label("Nota (mag leeg blijven)").fill("na de kermis")
    # Until it is sent, the second page hears nothing.
    second.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
    button(first, "Kennisnemen").click(timeout=WAIT_MS)
    expect(stand(first)).to_have_text("Kennisgenomen", timeout=WAIT_MS)

    button(second, "Leg afspraak vast").click()
    refusal = second.get_by_role("alert").filter(has_text="Intussen veranderd.")
    expect(refusal).to_contain_text("Els Demo nam kennis", timeout=WAIT_MS)
    expect(refusal).to_contain_text("Wat u invulde, staat er nog.")
    expect(second.get_by_label("Nota (mag leeg blijven)")).to_have_value("na de kermis")
    button(second, "Leg afspraak vast").click()
    expect(stand(second)).to_have_text("Afgesproken", timeout=WAIT_MS)


def test_an_agreement_that_the_facts_broke_is_to_be_judged_again(street: Street, open_as: OpenPage) -> None:
    works = street.works((30, 44))
    conflict_id = str(street.conflicts(repair=street.repair()["id"])[0]["id"])
    step(street.service, conflict_id, "agree", kind="works_move")
    street.slip(works, (40, 54))
    page = open_as("utilities_desk", path_of(conflict_id))
    again = page.locator(".again")
    expect(again).to_contain_text(
        "Te herbeoordelen. Afgesproken was: De werken schuiven op.", timeout=WAIT_MS
    )
    expect(again).to_contain_text(
        re.compile(
            r"Sindsdien veranderd: begin was wo 23 dec → za 2 jan 2027; einde was di 5 jan 2027 → vr 15 jan 2027"
        )
    )


def test_a_conflict_that_somebody_else_assigns_shows_it(street: Street, open_as: OpenPage) -> None:
    conflict_id = conflict_of(street)
    page = open_as("workshop", path_of(conflict_id))
    expect(button(page, "Kennisnemen")).to_be_enabled(timeout=WAIT_MS)
    button(page, "Opmerking").click()
    page.locator(".decision").get_by_label("Opmerking").fill("Ik bel Proximus")
    step(street.service, conflict_id, "assign", department="werkplaatsen", person="Bart", due_on=day(3))
    news = page.get_by_role("status").filter(has_text="Zonet gewijzigd")
    expect(news).to_contain_text(
        "wees toe: dienst Werkplaatsen; persoon Bart; laatste dag do 26 nov", timeout=SOON_MS
    )
    expect(page.locator(".decision").get_by_label("Opmerking")).to_have_value("Ik bel Proximus")
    expect(page.locator(".decision").get_by_label("Opmerking")).to_be_focused()
    button(page, "Bewaar opmerking").click()
    expect(page.locator(".trail li").first).to_contain_text("Ik bel Proximus", timeout=WAIT_MS)


def test_a_session_that_ended_and_a_service_that_is_away_lose_nothing(
    street: Street, open_as: OpenPage
) -> None:
    page = open_as("utilities_desk", path_of(conflict_of(street)))
    button(page, "Opmerking").click(timeout=WAIT_MS)
    page.locator(".decision").get_by_label("Opmerking").fill("Gebeld")
    page.context.set_offline(True)
    button(page, "Bewaar opmerking").click()
    refusal = page.locator(".decision").get_by_role("alert")
    expect(refusal).to_contain_text("Wat u invulde, staat er nog.", timeout=WAIT_MS)
    page.context.set_offline(False)

    page.request.post(f"{street.service.url}/logout")
    button(page, "Bewaar opmerking").click()
    expect(refusal).to_contain_text("U bent afgemeld", timeout=WAIT_MS)
    sign_in(page, street.service.url, "utilities_desk")
    button(page, "Bewaar opmerking").click()
    expect(page.locator(".trail li").first).to_contain_text("Gebeld", timeout=WAIT_MS)
