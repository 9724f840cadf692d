"""The list of cases: its filters and views stand in the address, and several cases are chosen at once."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.api.scenario import Street
from tests.serving import Service
from tests.viewer.conftest import OpenPage
from tests.viewer.test_cases import WAIT_MS, case_of, cases, row

pytestmark = pytest.mark.browser
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own, with room for four cases."""
    return Street(town, 400.0 * next(_places))


@pytest.fixture
def case(street: Street) -> dict[str, Any]:
    """The case of three repairs that works of Proximus meet from day 30."""
    return case_of(street)


def test_filters_and_order_stand_in_the_address_and_a_view_is_kept(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    page = open_as("coordinator", "/afstemming?straat=Gentsestraat&sorteer=geld")
    expect(row(page, case)).to_be_visible(timeout=WAIT_MS)
    listed = page.locator(".rows a[data-case]").evaluate_all("links => links.map(link => link.dataset.case)")
    with street.service.as_("coordinator") as client:
        wanted = client.get("/api/v1/cases?undecided=true&street=Gentsestraat&sort=money&limit=200").json()[
            "items"
        ]
    assert listed == [one["id"] for one in wanted]
    name = page.get_by_label("Naam van deze weergave")
    name.fill("Gentsestraat, duurste eerst")
    page.get_by_role("button", name="Bewaar weergave").click()
    kept = page.get_by_role("link", name="Gentsestraat, duurste eerst")
    expect(kept).to_have_attribute("aria-current", "page", timeout=WAIT_MS)
    page.get_by_label("Voor wie").select_option("Nutsen")
    name.fill("Duur in de Gentsestraat")
    page.get_by_role("button", name="Bewaar weergave").click()
    expect(page.get_by_role("link", name="Duur in de Gentsestraat (Nutsen)")).to_be_visible(timeout=WAIT_MS)
    colleague = open_as("utilities_desk", "/afstemming")
    colleague.get_by_role("link", name="Duur in de Gentsestraat (Nutsen)").click(timeout=WAIT_MS)
    colleague.wait_for_url("**sorteer=geld*")
    expect(colleague.get_by_role("button", name=re.compile("Vergeet"))).to_have_count(0)
    other = open_as("coordinator", "/afstemming")
    other.get_by_role("link", name="Gentsestraat, duurste eerst").click(timeout=WAIT_MS)
    other.wait_for_url("**straat=Gentsestraat*")
    other.get_by_role("button", name="Vergeet Gentsestraat, duurste eerst").click()
    expect(other.get_by_role("link", name="Gentsestraat, duurste eerst")).to_have_count(0, timeout=WAIT_MS)
    page.goto(f"{street.service.url}/afstemming?straat=Nergensstraat")
    expect(page.get_by_text("Geen dossiers met deze keuze.")).to_be_visible(timeout=WAIT_MS)


def test_two_cases_are_settled_at_once_and_taken_back(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    other = case_of(Street(street.service, street.x + 80))
    page = open_as("utilities_desk", "/afstemming")
    for one in (case, other):
        row(page, one).locator("xpath=..").get_by_role("checkbox").check(timeout=WAIT_MS)
    steps: list[Route] = []
    page.route(re.compile(r"/cases/[^/]+/settle$"), lambda route: route.continue_() if steps else steps.append(route))  # fmt: skip
    page.get_by_role("button", name="Afronden (2)").click()
    expect(page.get_by_role("button", name="Afronden (2)")).to_be_disabled()
    with page.expect_response(
        re.compile(r"/cases\?limit"), timeout=WAIT_MS
    ):  # the list is read again meanwhile
        Street(street.service, street.x + 160).works((30, 44))
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(page.get_by_role("button", name="Afronden (2)")).to_be_disabled()
    steps[0].continue_()
    expect(page.locator(".done:visible")).to_contain_text("2 van 2", timeout=WAIT_MS)
    open_ids = {one["id"] for one in cases(street.service)}
    assert not {case["id"], other["id"]} & open_ids
    page.locator(".done:visible").get_by_role("button", name="Ongedaan maken").click()
    expect(row(page, case)).to_be_visible(timeout=WAIT_MS)
    expect(row(page, other)).to_be_visible(timeout=WAIT_MS)


def test_all_that_is_listed_is_chosen_at_once_and_nothing_else(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    """The fourth case stands in no list yet: a box for all takes three, and the key X lets them go."""
    for n in (1, 2, 3):
        case_of(Street(street.service, street.x + 80 * n))

    def three(route: Route) -> None:
        page = route.fetch().json()
        first, further = page["items"][:3], page["items"][3:]
        route.fulfill(json=page | {"items": first, "next": further[0]["id"] if further else None})

    page = open_as("utilities_desk", "/beheer/voorkeuren")
    page.route(re.compile(r"/cases\?limit=200"), three)
    page.goto(f"{street.service.url}/afstemming")
    total = len(cases(street.service))
    box = page.get_by_role("checkbox", name=f"Kies de 3 die hier staan, van {total}")
    box.check(timeout=WAIT_MS)
    expect(page.get_by_text("3 gekozen")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".rows input:checked")).to_have_count(3)
    page.locator(".rows input").first.uncheck()
    expect(box).to_have_js_property("indeterminate", True)
    expect(page.get_by_text("2 gekozen")).to_be_visible()
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("3 gekozen")).to_be_visible()
    page.keyboard.press("Shift+X")
    expect(page.locator(".rows input:checked")).to_have_count(0)
    expect(page.get_by_text("gekozen")).to_have_count(0)
    page.keyboard.press("Shift+X")
    expect(page.get_by_text("3 gekozen")).to_be_visible()
    page.get_by_role("link", name="Kansen").first.click()
    expect(page.get_by_text("gekozen")).to_have_count(0)

    reader = open_as("viewer", "/afstemming")
    expect(row(reader, case)).to_be_visible(timeout=WAIT_MS)
    reader.keyboard.press("Shift+X")
    expect(reader.get_by_text("gekozen")).to_have_count(0)


def test_the_badge_counts_what_the_first_tab_lists(
    case: dict[str, Any], street: Street, open_as: OpenPage
) -> None:
    page = open_as("utilities_desk", "/afstemming?lijst=mij")
    expect(row(page, case)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".rail .badge")).to_have_text(
        str(page.locator(".rows a[data-case]").count()), timeout=WAIT_MS
    )


def test_on_a_phone_the_place_stands_above_the_way_to_the_next_case(
    case: dict[str, Any], open_as: OpenPage
) -> None:
    page = open_as("utilities_desk", f"/afstemming?dossier={case['id']}", 360)
    expect(page.locator(".walk:visible")).to_be_visible(timeout=WAIT_MS)
    title, walk = (page.locator(part).bounding_box() for part in ("h1:visible", ".walk:visible"))
    assert title and walk and title["width"] > 300 and title["y"] + title["height"] <= walk["y"]
