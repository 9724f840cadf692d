"""What the answer proposes is done when it is chosen: a repair with its days, its hold or its danger, and the way back within reach."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.test_walk import violations
from tests.viewer.conftest import sign_in
from tests.viewer.test_live import City, city  # noqa: F401

pytestmark = pytest.mark.browser

WAIT_MS = 20_000


def repairs_of(city: City) -> dict[str, dict[str, Any]]:  # noqa: F811
    with city.service.as_("workshop") as workshop:
        return {one["number"]: one for one in workshop.get("/api/v1/repairs?limit=1000").json()["items"]}


def open_as(page: Page, city: City, role: str, scenario: int) -> None:  # noqa: F811
    city.check(page, scenario)
    sign_in(page, city.service.url, role)
    expect(city.check(page, scenario)).to_be_visible(timeout=WAIT_MS)


def test_a_foreman_puts_a_defect_on_hold_and_takes_it_back(page: Page, city: City) -> None:  # noqa: F811
    before = repairs_of(city)
    open_as(page, city, "workshop", 1)
    page.locator("[data-choice=wait]").click(timeout=WAIT_MS)
    page.get_by_label("Gebrek").select_option("loose_slab")
    page.get_by_label("Opmerking").fill("Twee tegels los")
    assert violations(page) == []
    page.get_by_role("button", name="Meld en zet in wachtstand").click()
    said = page.get_by_role("status").filter(has_text="staat in wachtstand tot")
    expect(said).to_be_focused(timeout=WAIT_MS)
    [number] = repairs_of(city).keys() - before.keys()
    repair = repairs_of(city)[number]
    assert (repair["category"], repair["description"], repair["scope"], repair["held"]) == ("loose_slab", "Twee tegels los", "section", True)  # fmt: skip
    expect(said.get_by_role("link")).to_have_attribute("href", re.compile(f"^/herstellingen/{number}"))
    said.get_by_role("button", name="Ongedaan").click()
    expect(page.get_by_text(f"{number} is weer ingetrokken.")).to_be_visible(timeout=WAIT_MS)
    assert repairs_of(city)[number]["status"] == "cancelled"


def test_what_is_free_gets_its_day_and_danger_is_told_at_once(page: Page, city: City) -> None:  # noqa: F811
    before = repairs_of(city)
    open_as(page, city, "workshop", 4)
    page.locator("[data-choice=repair_now]").click(timeout=WAIT_MS)
    page.get_by_role("button", name="Meld en plan in").click()
    expect(page.get_by_text("is ingepland op")).to_be_visible(timeout=WAIT_MS)
    [planned] = repairs_of(city).keys() - before.keys()
    assert repairs_of(city)[planned]["status"] == "scheduled"
    page.locator("[data-choice=make_safe]").click()
    page.get_by_role("button", name="Meld gevaar").click()
    expect(page.get_by_text("is gemeld als gevaar: maak veilig.")).to_be_visible(timeout=WAIT_MS)
    [danger] = repairs_of(city).keys() - before.keys() - {planned}
    assert repairs_of(city)[danger]["urgency"] == "danger"


def test_who_only_looks_sees_words_and_what_another_role_must_do_is_no_button(
    page: Page,
    city: City,  # noqa: F811
) -> None:
    expect(city.check(page, 1)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".alternatives li").first).to_be_visible()
    expect(page.locator("[data-choice]")).to_have_count(0)
    open_as(page, city, "workshop", 1)
    expect(page.locator("[data-choice=wait]")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("[data-choice=repair_anyway], [data-choice=combine]")).to_have_count(0)
