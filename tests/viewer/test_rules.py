"""Regels: a change is seen before it counts, counts only after its numbers are repeated, and goes back to what was."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from shapely.geometry import box as rectangle

from geo_service import db
from geo_service.store import listing
from geo_service.store.tables import pavement_sections
from tests.accounts.test_walk import violations
from tests.api.scenario import Street
from tests.serving import STREET, Service
from tests.viewer.conftest import OpenPage

pytestmark = pytest.mark.browser

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def two_sites(town: Service) -> Iterator[Service]:
    """Two owners, 4 m apart on one side of the street, on the same days."""
    with db.write(town.engine) as conn:
        for y in (0, 5):
            ground = listing.geometry_param(
                rectangle(STREET[0], STREET[1] + y, STREET[0] + 40, STREET[1] + y + 2)
            )
            row = {"source": "t", "code": str(y), "kind": "footpath", "street": "Markt", "side": "even"}
            conn.execute(sa.insert(pavement_sections).values({**row, "geom": ground}))
    street = Street(town, 0)
    street.works((30, 44))
    street.works((30, 44), owner="Fluvius", across=(5.5, 6.5))
    yield town


def rule(town: Service) -> dict[str, object]:
    with town.as_("viewer") as viewer:
        return dict(viewer.get("/api/v1/rules/works_clash").json())


def test_a_change_is_seen_repeated_made_and_put_back(two_sites: Service, open_as: OpenPage) -> None:
    page = open_as("coordinator", "/regels/works_clash")
    near = page.get_by_label("Dichter bij elkaar dan")
    expect(near).to_have_value("0", timeout=WAIT_MS)
    assert violations(page) == []
    near.fill("60")
    expect(page.get_by_text("Dichter bij elkaar dan: tussen 0 en 50 m.")).to_be_visible()
    expect(page.get_by_role("button", name="Maak actief…")).to_be_disabled()
    preview = page.get_by_role("region", name="Voor en na")
    expect(preview.locator("table:visible, .problem:visible")).to_have_count(0)
    near.fill("5")
    expect(preview.get_by_text(re.compile("^◆ 1 nieuw"))).to_be_visible(timeout=WAIT_MS)
    expect(preview.locator('tr[data-change="appear"]')).to_contain_text("Proximus × Fluvius")
    assert rule(two_sites)["clearance_m"] == 0
    assert violations(page) == []

    page.get_by_label("Waarom (voor het dossier)").fill("proef van een maand")
    page.get_by_role("button", name="Maak actief…").click()
    expect(page.get_by_text("v3 opent 1 conflicten, sluit er 0")).to_be_visible(timeout=WAIT_MS)
    assert rule(two_sites)["version"] == 2
    page.get_by_role("button", name="Maak actief", exact=True).click()
    expect(page.get_by_text(re.compile("^v3 is actief. 1 conflicten kwamen erbij"))).to_be_focused(
        timeout=WAIT_MS
    )
    assert (rule(two_sites)["version"], rule(two_sites)["clearance_m"]) == (3, 5)

    history = page.locator(".versions > li")
    expect(history.first).to_contain_text("proef van een maand", timeout=WAIT_MS)
    expect(history.first.locator("del")).to_have_text("0 m")
    page.get_by_role("button", name="Zet v2 terug").click()
    expect(near).to_have_value("0")
    expect(preview.get_by_text(re.compile("◇ 1 weg"))).to_be_visible(timeout=WAIT_MS)
    assert rule(two_sites)["clearance_m"] == 5
    page.get_by_role("button", name="Maak actief…").click()
    page.get_by_role("button", name="Maak actief", exact=True).click(timeout=WAIT_MS)
    expect(page.get_by_text(re.compile("^v4 is actief"))).to_be_focused(timeout=WAIT_MS)
    assert rule(two_sites)["clearance_m"] == 0


def test_what_is_typed_stays_when_somebody_else_was_first(two_sites: Service, open_as: OpenPage) -> None:
    page = open_as("coordinator", "/regels/works_clash")
    near, why = page.get_by_label("Dichter bij elkaar dan"), page.get_by_label("Waarom (voor het dossier)")
    near.fill("7", timeout=WAIT_MS)
    why.fill("proef van een week")
    before = rule(two_sites)
    with two_sites.as_("coordinator") as other:
        sent = {"before_days": 3, "reason": "van een ander"}
        other.put(
            "/api/v1/rules/works_clash", json=sent, headers={"If-Match": f'"{before["version"]}"'}
        ).raise_for_status()
    page.get_by_role("button", name=re.compile("^Bewaar")).click()
    page.get_by_role("button", name="Toon de nieuwe versie").click(timeout=WAIT_MS)
    expect(page.get_by_text(f"Versie {before['version'] + 1}, actief")).to_be_visible(timeout=WAIT_MS)
    expect(near).to_have_value("7")
    expect(why).to_have_value("proef van een week")
    page.get_by_role("button", name=re.compile("^Bewaar")).click()
    expect(page.get_by_text(re.compile(f"^v{before['version'] + 2} "))).to_be_focused(timeout=WAIT_MS)
    now = rule(two_sites)
    assert (now["clearance_m"], now["before_days"]) == (7, 3)


def test_a_number_of_the_city_is_an_example_until_it_is_set(two_sites: Service, open_as: OpenPage) -> None:
    page = open_as("coordinator", "/regels/parameters")
    row = page.locator('[data-parameter="relay_blocks_eur_per_m2"]')
    expect(row).to_contain_text("voorbeeldcijfer", timeout=WAIT_MS)
    expect(page.locator(".kaart")).to_be_hidden()  # the table has the whole width
    row.get_by_role("button", name=re.compile("^Pas aan")).click()
    value = page.get_by_label("Waarde")
    value.fill("20000")
    page.get_by_label("Waar het vandaan komt").fill("prijslijst 2026")
    page.evaluate("document.querySelector('.admin-form').noValidate = true")
    page.get_by_role("button", name="Bewaar en bereken opnieuw").click()
    expect(value).to_have_attribute("aria-invalid", "true", timeout=WAIT_MS)
    value.fill("135")
    page.get_by_role("button", name="Bewaar en bereken opnieuw").click()
    expect(page.get_by_text(re.compile("straatstenen is nu 135 €/m²"))).to_be_focused(timeout=WAIT_MS)
    expect(row).to_contain_text("prijslijst 2026")
    expect(row).not_to_contain_text("voorbeeldcijfer")
    assert violations(page) == []


@pytest.mark.parametrize("width", [1440, 360])
def test_others_read_with_the_reason_why_they_do_not_change(
    two_sites: Service, open_as: OpenPage, width: int
) -> None:
    page: Page = open_as("workshop", "/regels/works_clash", width)
    expect(page.get_by_text("Enkel de coördinator past regels aan.")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_label("Dichter bij elkaar dan")).to_be_disabled()
    expect(page.get_by_role("button", name=re.compile("Maak actief|Bewaar|Zet v"))).to_have_count(0)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    first = page.get_by_label("Dichter bij elkaar dan").bounding_box()
    assert first is not None
    assert first["y"] < page.viewport_size["height"], "the list of rules leaves no room for the rule"  # type: ignore[index]
