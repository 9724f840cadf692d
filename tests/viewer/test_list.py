"""The list of conflicts and one of them, in a city whose conflicts each test makes."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.api.scenario import Street

pytestmark = pytest.mark.browser

WAIT_MS = 40_000


def test_a_repair_that_meets_several_works_is_lost_once(street: Street, page: Page) -> None:
    """Of each repair the largest amount counts; those of two repairs add up."""
    other = Street(street.service, 200)
    for days in ((60, 70), (120, 130)):
        street.works(days)
    street.repair()
    other.works((60, 70), owner="Fluvius")
    other.repair()
    risks: dict[str, list[float]] = {}
    for one in street.conflicts(opportunity=False):
        if repair := one["a"]["repair"] or one["b"]["repair"]:
            risks.setdefault(repair["id"], []).append(one["facts"]["cost_at_risk_eur"])
    assert sorted(len([euro for euro in euros if euro > 0]) for euros in risks.values()) == [1, 2]

    page.goto(f"{street.service.url}/kaart?lijst=conflicten")
    head = page.locator(".panel p[role=status]").filter(visible=True)
    expect(head).to_contain_text("op het spel bij 2 herstellingen", timeout=WAIT_MS)
    euro = re.search(r"€\s*([\d.]+) op het spel", head.inner_text())
    assert euro is not None
    assert abs(int(euro[1].replace(".", "")) - sum(max(euros) for euros in risks.values())) <= 1


def test_markers_on_one_spot_stand_above_each_other(street: Street, page: Page) -> None:
    for days in ((60, 70), (120, 130)):
        street.works(days)
    street.repair()
    lon, lat = street.conflicts(opportunity=False)[0]["geometry"]["coordinates"][0][0]
    page.goto(f"{street.service.url}/kaart?c={lon},{lat}&z=18&periode=6m")
    markers = page.locator("a.mk.conf")
    expect(markers).to_have_count(len(street.conflicts(opportunity=False)), timeout=WAIT_MS)
    boxes = sorted(markers.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())"), key=lambda box: box["top"])  # fmt: skip
    assert len(boxes) > 1
    assert all(upper["bottom"] <= lower["top"] for upper, lower in itertools.pairwise(boxes))


def test_a_conflict_says_until_when_works_may_still_take_the_ground(street: Street, page: Page) -> None:
    street.works((60, 70), certainty="planned")
    [conflict] = street.conflicts(repair=street.repair()["id"], opportunity=False)
    assert conflict["b"]["free_from"] > conflict["b"]["ends_on"]
    page.goto(f"{street.service.url}/kaart?kies=conflict:{conflict['id']}")
    expect(page.get_by_text("met speling vrij vanaf")).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize(("zoom", "away", "goes"), [(13, 0, True), (17, 0, False), (17, 0.02, True)])
def test_the_map_goes_to_what_is_opened_when_it_is_small_or_out_of_view(
    street: Street, page: Page, zoom: float, away: float, goes: bool
) -> None:
    street.works((60, 70))
    [conflict] = street.conflicts(repair=street.repair()["id"], opportunity=False)
    lon, lat = conflict["geometry"]["coordinates"][0][0]
    page.goto(f"{street.service.url}/kaart?c={lon + away},{lat}&z={zoom}&kies=conflict:{conflict['id']}")
    expect(page.locator("h1", has_text=conflict["number"])).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".kaart > [role=status]")).to_contain_text("conflicten in beeld: 1", timeout=WAIT_MS)
    if goes:
        expect(page).to_have_url(re.compile(r"z=18"), timeout=WAIT_MS)
    else:
        expect(page).to_have_url(re.compile(r"z=17(&|$)"))
