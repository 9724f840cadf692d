"""Weekplan: a foreman reads why each repair has its day, gives it that day with one tap, and takes that back."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accounts.test_walk import violations
from tests.api.scenario import Street
from tests.serving import Service
from tests.viewer.conftest import OpenPage, build_houses

pytestmark = pytest.mark.browser

WAIT_MS = 60_000
_places = itertools.count()


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own, with houses 76 to 82."""
    street = Street(town, 90_000 + 200.0 * next(_places))
    build_houses(street)
    return street


def row(page: Page, repair: dict[str, Any]) -> Locator:
    return page.locator(f'li.plan-line[data-repair="{repair["number"]}"]')


def stored(street: Street, repair: dict[str, Any]) -> dict[str, Any]:
    with street.service.as_("workshop") as client:
        return dict(client.get(f"/api/v1/repairs/{repair['id']}").json())


@pytest.mark.parametrize("width", [1440, 360])
def test_a_foreman_accepts_a_line_and_takes_it_back(street: Street, open_as: OpenPage, width: int) -> None:
    repair = street.repair(scope="spot", along=(5, 6), urgency="high")
    page = open_as("workshop", "/herstellingen", width)
    page.get_by_role("link", name="Weekplan").click(timeout=WAIT_MS)
    line = row(page, repair)
    expect(line).to_contain_text("Dringend: klaar tegen", timeout=WAIT_MS)
    expect(line.get_by_role("heading")).to_contain_text("Gentsestraat 76")
    expect(page).to_have_title(re.compile("^Weekplan · "))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    crew = (
        line.locator("xpath=ancestor::div[@class='crew']").get_by_role("heading", level=3).first.inner_text()
    )
    own, other = ("1", "2") if crew.startswith("Ploeg 1") else ("2", "1")
    page.locator("#plan-ploeg").select_option(label=f"Ploeg {other}")
    expect(line).to_have_count(0)
    expect(page).to_have_url(re.compile(f"ploeg=ploeg-{other}"))
    page.locator("#plan-ploeg").select_option(label=f"Ploeg {own}")
    line.get_by_role("button", name="Plan in").click()
    expect(line.get_by_role("status")).to_contain_text("Ingepland op", timeout=WAIT_MS)
    now = stored(street, repair)
    assert (now["status"], now["team"] in ("ploeg-1", "ploeg-2")) == ("scheduled", True)
    line.get_by_role("button", name="Maak ongedaan").click()
    expect(line.get_by_role("button", name="Plan in")).to_be_visible(timeout=WAIT_MS)
    assert (stored(street, repair)["status"], stored(street, repair)["team"]) == ("requested", None)
    line.get_by_role("button", name="Plan in").click()
    expect(line.get_by_role("status")).to_contain_text("Ingepland op", timeout=WAIT_MS)
    assert stored(street, repair)["status"] == "scheduled", "after undoing, its version is the new one"


def test_works_that_came_in_since_refuse_the_line_in_words_and_what_waits_is_named(
    street: Street, open_as: OpenPage
) -> None:
    repair, waiting = street.repair(along=(5, 15)), street.repair(along=(60, 65))
    street.works((30, 44), along=(58, 70))
    page = open_as("workshop", "/herstellingen?lijst=weekplan")
    expect(row(page, waiting)).to_contain_text("Wacht tot", timeout=WAIT_MS)
    expect(row(page, waiting).get_by_role("button")).to_have_count(0)
    street.works((25, 30), along=(0, 20))
    row(page, repair).get_by_role("button", name="Plan in").click()
    expect(row(page, repair).get_by_role("alert")).to_have_text(
        re.compile("Inplannen kan niet|staat intussen op versie"), timeout=WAIT_MS
    )
    assert stored(street, repair)["status"] == "requested"


def test_who_only_reads_sees_the_plan_without_buttons(street: Street, open_as: OpenPage) -> None:
    repair = street.repair(scope="spot", along=(5, 6))
    page = open_as("viewer", "/herstellingen?lijst=weekplan", 390)
    expect(row(page, repair)).to_be_visible(timeout=WAIT_MS)
    expect(row(page, repair).get_by_role("button")).to_have_count(0)
