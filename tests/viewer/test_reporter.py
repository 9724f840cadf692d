"""The door before a reporter: who may opens it with a button and is told that the look is on record; others find no door."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from tests.accounts.test_walk import violations
from tests.api.open311 import PATH, Site
from tests.api.scenario import Street
from tests.api.test_open311_photos import picture
from tests.serving import Service
from tests.viewer.conftest import OpenPage, build_houses

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
SAID = "Put voor de deur van Jan Zonderling, bel 0470 55 44 33"
ADDED = "Nu is de put dieper, bel 0470 55 44 33"
REPORTER = {
    "name": "Jan Zonderling",
    "phone": "0470 55 44 33",
    "email": "jan@fix.example",
    "Klantnummer": "K-77",
}
_places = itertools.count()


FAILED = {"url": "https://fix.example/1.jpg", "problem": "url_private", "final": True}
AGAIN = {"url": "https://fix.example/2.jpg", "problem": "url_too_slow", "final": False}


@pytest.fixture
def street(town: Service) -> Street:
    """A piece of street of its own."""
    street = Street(town, 90_000 + 200.0 * next(_places))
    build_houses(street)
    return street


@pytest.fixture
def repair(street: Street) -> dict[str, Any]:
    """A repair with its reporter and one photo."""
    repair = street.repair(description=SAID, reporter={**REPORTER, "media_outcomes": [FAILED, AGAIN]})
    with street.service.as_("workshop") as workshop:
        path = f"/api/v1/repairs/{repair['id']}/photos"
        assert workshop.post(path, files={"photo": ("a.jpg", picture())}).status_code == 201
    return repair


def looks(service: Service, repair: dict[str, Any]) -> list[tuple[str, str]]:
    """Who looked at what of the reporter, in order."""
    trail = "SELECT who, action FROM audit WHERE thing = :thing AND action LIKE '%_seen' ORDER BY id"
    with service.engine.connect() as conn:
        return [tuple(row) for row in conn.execute(sa.text(trail), {"thing": f"repair:{repair['id']}"})]


@pytest.mark.parametrize(
    ("width", "path"), [(1440, "/herstellingen/{number}"), (360, "/kaart?kies=herstelling:{id}")]
)
def test_a_crew_sees_who_reported_and_the_look_is_on_record(
    street: Street, repair: dict[str, Any], open_as: OpenPage, width: int, path: str
) -> None:
    page = open_as("workshop", path.format(**repair), width)
    door = page.locator(".reporter")
    button = door.get_by_role("button", name="Wie meldde dit?")
    expect(button).to_be_visible(timeout=WAIT_MS)
    expect(door).to_contain_text("staat met uw naam in het logboek")
    assert looks(street.service, repair) == [] and "Zonderling" not in page.content()
    button.click()
    expect(door.get_by_role("link", name="0470 55 44 33")).to_have_attribute(
        "href", "tel:0470554433", timeout=WAIT_MS
    )
    expect(door.get_by_role("link", name="jan@fix.example")).to_have_attribute(
        "href", "mailto:jan@fix.example"
    )
    expect(door).to_contain_text("Jan Zonderling")
    expect(door).to_contain_text("K-77")
    expect(door.locator("blockquote")).to_have_text(SAID)
    expect(door).to_contain_text("https://fix.example/1.jpg: het adres ligt in een privénetwerk")
    expect(door).to_contain_text("te traag; wij proberen opnieuw")
    photo = door.get_by_role("img")
    photo.scroll_into_view_if_needed()
    expect(photo).to_have_js_property("naturalWidth", 40, timeout=WAIT_MS)
    assert violations(page) == []
    assert looks(street.service, repair) == [("Bart Demo", "reporter_seen"), ("Bart Demo", "photo_seen")]
    door.get_by_role("button", name="Verberg de melder").click()
    expect(button).to_be_focused()
    assert "Zonderling" not in page.content()


@pytest.mark.parametrize("role", ["viewer", "utilities_desk"])
def test_others_find_no_door(repair: dict[str, Any], open_as: OpenPage, role: str) -> None:
    page = open_as(role, f"/herstellingen/{repair['number']}")
    expect(page.get_by_text("Stand", exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".reporter")).to_have_count(0)


def test_a_repair_without_personal_data_has_no_door(street: Street, open_as: OpenPage) -> None:
    repair = street.repair(description="Put")
    page = open_as("workshop", f"/herstellingen/{repair['number']}")
    expect(page.get_by_text("Stand", exact=True)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".reporter")).to_have_count(0)


def test_what_citizens_added_stands_behind_the_door_with_its_photo(street: Street, open_as: OpenPage) -> None:
    site = Site(street.service)
    number = site.filed(street.x + 20)
    told = {"api_key": street.service.keys["reporter"], "service_request_id": number, "description": ADDED}
    with street.service.as_(None) as client:
        path = f"{PATH}/servicerequestupdates.json"
        assert client.post(path, data=told, files={"media": ("b.jpg", picture())}).status_code == 200
    page = open_as("workshop", f"/herstellingen/{number}")
    page.get_by_role("button", name="Wie meldde dit?").click(timeout=WAIT_MS)
    added = page.locator(".reporter div").filter(has=page.get_by_role("heading", name="Toegevoegd op"))
    expect(added.locator("blockquote").last).to_have_text(ADDED, timeout=WAIT_MS)
    expect(added.get_by_role("img")).to_have_count(1)


def test_a_session_that_ended_shows_nothing(repair: dict[str, Any], town: Service, open_as: OpenPage) -> None:
    page: Page = open_as("workshop", f"/herstellingen/{repair['number']}")
    button = page.get_by_role("button", name="Wie meldde dit?")
    expect(button).to_be_visible(timeout=WAIT_MS)
    page.request.post(f"{town.url}/logout")
    button.click()
    expect(page.locator(".reporter").get_by_role("alert")).to_be_visible(timeout=WAIT_MS)
    assert "Zonderling" not in page.content()
