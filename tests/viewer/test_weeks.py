"""Week by week on the map: the bars and words beside what the API counts, the whole map in the chosen week, one step back in the history."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.serving import TODAY, Service
from tests.viewer.conftest import tomorrow
from tests.viewer.map_scenes import WAIT_MS, counts, drawn, redrawn, settled

pytestmark = pytest.mark.browser

WHOLE_CITY = "c=3.2131,50.9170&z=12.2"
MONDAY = TODAY - timedelta(days=TODAY.weekday())


def open_in_week(service: Service, monday: date, owner: str | None = None) -> set[str]:
    """The ids of the works of which a phase touches the week: cancelled ones never, and those that are done in weeks that are over."""
    gone = ("cancelled",) if monday < MONDAY else ("done", "cancelled")
    first, next_monday = monday.isoformat(), (monday + timedelta(days=7)).isoformat()
    with service.as_("viewer") as viewer:
        query = {"limit": 1000, **({"owner": owner} if owner else {})}
        items = viewer.get("/api/v1/works", params=query).json()["items"]
    return {
        works["id"]
        for works in items
        if works["certainty"] not in gone
        for phase in works["phases"]
        if (phase["starts_on"] or "0000") < next_monday and (phase["ends_on"] or "9999") > first
    }


def test_a_week_says_and_shows_the_works_that_are_open_in_it(page: Page, demo_server: Service) -> None:
    drawn(page, demo_server.url, "lagen=open,inname,conf", WHOLE_CITY)
    slider = page.get_by_role("slider", name="Week op de kaart")
    expect(slider).to_have_value("0")
    for n in (1, 2):
        monday = MONDAY + timedelta(days=7 * n)
        with redrawn(page):
            slider.press("ArrowRight")
            expect(page).to_have_url(re.compile(f"week={monday}"))
        works = open_in_week(demo_server, monday)
        expect(page.locator(".weeks output")).to_contain_text(f": {len(works)} werken open in beeld")
        expect(slider).to_have_attribute("aria-valuetext", re.compile(f": {len(works)} werken"))
        expect(page.locator("input[name=period]:checked")).to_have_count(0)
        seen = counts(page)
        assert max(int(seen["Openbraak"]), int(seen["Inname, niets open"])) <= len(works)
        assert int(seen["Openbraak"]) + int(seen["Inname, niets open"]) >= len(works)
    page.go_back()
    expect(page).not_to_have_url(re.compile("week="))
    expect(page.get_by_role("button", name="Alle weken")).to_be_hidden()
    expect(page.locator("input[name=period][value='12w']")).to_be_checked()


def test_the_weeks_begin_with_this_one_also_after_a_week(page: Page, demo_server: Service) -> None:
    drawn(page, demo_server.url, "lagen=open,inname,conf", WHOLE_CITY)
    period = page.locator("input[name=period][value=today]")
    with redrawn(page):
        period.check()
    before = counts(page)
    with redrawn(page):
        tomorrow(page, 7)
    assert counts(page) != before
    page.get_by_role("slider", name="Week op de kaart").press("ArrowRight")
    expect(page).to_have_url(re.compile(f"week={MONDAY + timedelta(days=14)}"), timeout=WAIT_MS)


def test_a_period_ends_the_week_and_play_goes_on_to_the_next(page: Page, demo_server: Service) -> None:
    drawn(page, demo_server.url, f"week={MONDAY + timedelta(days=70)}")
    page.get_by_role("button", name="Speel de weken af").click()
    expect(page).to_have_url(re.compile(f"week={MONDAY + timedelta(days=77)}"), timeout=WAIT_MS)
    page.get_by_role("button", name="Stop").click()
    page.locator("input[name=period][value='4w']").check(force=True)
    expect(page).to_have_url(re.compile("periode=4w"))
    assert "week=" not in page.url
    expect(page.get_by_role("slider", name="Week op de kaart")).to_have_value("0")


def test_in_another_week_the_conflicts_of_this_one_are_gone(page: Page, demo_server: Service) -> None:
    drawn(page, demo_server.url, f"lagen=conf&week={MONDAY}")
    now = int(counts(page)["Conflict"])
    drawn(page, demo_server.url, f"lagen=conf&week={MONDAY + timedelta(days=7 * 70)}")
    assert 0 <= int(counts(page)["Conflict"]) < now


def test_a_week_that_is_none_is_as_if_it_was_not_there(page: Page, demo_server: Service) -> None:
    drawn(page, demo_server.url, "week=later")
    expect(page.locator("input[name=period][value='12w']")).to_be_checked()


def test_any_day_means_its_week_and_one_button_shows_all_of_them_again(
    page: Page, demo_server: Service
) -> None:
    seen = []
    for day in (MONDAY + timedelta(days=7), MONDAY + timedelta(days=10)):
        drawn(page, demo_server.url, f"lagen=open,inname&week={day}", "c=3.2131,50.9170&z=15")
        seen.append((page.locator(".weeks output").inner_text(), counts(page)))
    assert seen[0] == seen[1]
    [(words, legend)] = seen[:1]
    most = int(legend["Openbraak"]) + int(legend["Inname, niets open"])
    assert 0 < int(re.search(r": (\d+) werk", words)[1]) <= most  # type: ignore[index]
    page.get_by_role("button", name="Alle weken").click()
    expect(page).not_to_have_url(re.compile("week="))
    expect(page.locator("input[name=period][value='12w']")).to_be_checked()


def test_from_afar_a_week_shows_its_own_conflicts_only(page: Page, demo_server: Service) -> None:
    drawn(page, demo_server.url, "lagen=conf", "c=3.2131,50.9170&z=13")
    every = int(counts(page)["Conflict"])
    drawn(
        page, demo_server.url, f"lagen=conf&week={MONDAY + timedelta(days=7 * 70)}", "c=3.2131,50.9170&z=13"
    )
    assert int(counts(page)["Conflict"]) < every


def test_playing_ends_when_something_else_is_opened_and_a_search_stays_open(
    page: Page, demo_server: Service
) -> None:
    drawn(page, demo_server.url)
    page.get_by_role("button", name="Speel de weken af").click()
    page.locator("#zoek").fill("Gentsestraat")
    expect(page.locator(".hits a").first).to_be_visible(timeout=WAIT_MS)
    page.wait_for_timeout(2000)
    expect(page.locator(".hits a").first).to_be_visible()
    page.locator("#zoek").press("Escape")
    page.get_by_role("link", name="Conflicten in een lijst").click()
    expect(page.get_by_role("button", name="Speel de weken af")).to_be_visible(timeout=WAIT_MS)


def test_a_week_that_is_over_and_an_owner_show_the_works_that_were_open_then(
    page: Page, demo_server: Service
) -> None:
    monday = next(
        one
        for n in range(1, 20)
        if len(open_in_week(demo_server, one := MONDAY - timedelta(days=7 * n), "proximus")) > 0
    )
    drawn(page, demo_server.url, f"week={monday}", WHOLE_CITY)
    words = page.locator(".weeks output")
    every = open_in_week(demo_server, monday)
    expect(words).to_contain_text(re.compile(f": {len(every)} werk(en)? open in beeld"))
    assert int(page.get_by_role("slider", name="Week op de kaart").input_value()) < 0
    with redrawn(page):
        page.get_by_label("Werken van", exact=True).select_option("proximus")
    expect(page).to_have_url(re.compile(r"eigenaar=proximus"))
    own = open_in_week(demo_server, monday, "proximus")
    expect(words).to_contain_text(re.compile(f": {len(own)} werk(en)? open in beeld"), timeout=WAIT_MS)
    seen = counts(page)
    assert max(int(seen["Openbraak"]), int(seen["Inname, niets open"])) <= len(own)
    with redrawn(page):
        page.get_by_role("button", name="Toon weer alles").click()
    assert "eigenaar=" not in page.url
    expect(words).to_contain_text(re.compile(f": {len(every)} werk(en)? open in beeld"), timeout=WAIT_MS)


def test_a_department_and_an_owner_that_nobody_knows(page: Page, demo_server: Service) -> None:
    """The first has what concerns it; the second is put out of the address, and the map is whole."""
    drawn(page, demo_server.url, "", WHOLE_CITY)
    every = counts(page)
    drawn(page, demo_server.url, "dienst=patrimonium&eigenaar=nobody-at-all", WHOLE_CITY)
    expect(page).not_to_have_url(re.compile("eigenaar="), timeout=WAIT_MS)
    expect(page.get_by_label("Dienst", exact=True)).to_have_value("patrimonium")
    expect(page.locator(".legend > label", has_text="Herstelling").locator(".count")).to_have_text(
        "0", timeout=WAIT_MS
    )
    assert 0 < int(counts(page)["Conflict"]) < int(every["Conflict"])


@pytest.mark.parametrize("answers", ["before", "while"])
def test_after_tiles_that_failed_others_are_drawn_all_the_same(
    page: Page, demo_server: Service, answers: str
) -> None:
    """The tiles of the first address fail `before` others are wanted, or `while` these are."""
    late: list[Route] = []
    page.route(
        "**/*.mvt", lambda route: late.append(route) if answers == "while" else route.fulfill(status=503)
    )
    failed = page.expect_response if answers == "before" else page.expect_request
    with failed(re.compile(r"\.mvt$"), timeout=WAIT_MS):
        page.goto(f"{demo_server.url}/kaart?{WHOLE_CITY}")
    choice = page.get_by_label("Werken van", exact=True)
    expect(choice).to_be_visible(timeout=WAIT_MS)
    if answers == "before":
        settled(page)
    choice.select_option("proximus")
    expect(page).to_have_url(re.compile("eigenaar=proximus"))
    for route in late:
        route.fulfill(status=503)
    openings = page.locator(".legend > label", has_text="Openbraak").locator(".count")
    expect(openings).to_have_text(re.compile("[1-9]"), timeout=WAIT_MS)
