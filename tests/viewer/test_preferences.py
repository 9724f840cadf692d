"""A person's own preferences belong to the account: chosen on one device, they are there on the next."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.accounts.test_walk import violations
from tests.serving import Service
from tests.viewer.conftest import OpenPage

pytestmark = pytest.mark.browser

WAIT_MS = 20_000


def test_a_language_that_was_chosen_is_that_of_the_next_device(open_as: OpenPage) -> None:
    first = open_as("coordinator", "/herstellingen")
    first.get_by_label("Taal").select_option("en", timeout=WAIT_MS)
    expect(first.locator("html")).to_have_attribute("lang", "en-GB", timeout=WAIT_MS)
    second = open_as("coordinator", "/herstellingen")
    expect(second.locator("html")).to_have_attribute("lang", "en-GB", timeout=WAIT_MS)
    expect(second.get_by_role("heading", name="Repairs", exact=True)).to_be_visible(timeout=WAIT_MS)


def test_preferences_are_chosen_in_one_place_and_found_elsewhere(town: Service, open_as: OpenPage) -> None:
    page = open_as("workshop", "/kaart")
    page.locator(".bar .who a").click(timeout=WAIT_MS)
    expect(page.get_by_role("heading", name="Mijn voorkeuren")).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("Meldingen per e-mail").select_option("digest")
    page.get_by_role("button", name="Bewaar mijn voorkeuren").click()
    # nothing is kept that cannot be done: this service has no mail server
    expect(page.get_by_label("Meldingen per e-mail")).to_have_attribute(
        "aria-invalid", "true", timeout=WAIT_MS
    )
    page.get_by_label("Meldingen per e-mail").select_option("off")
    page.get_by_label("Taal van de pagina").select_option("en")
    page.get_by_role("button", name="Bewaar mijn voorkeuren").click()
    expect(page.get_by_role("heading", name="My preferences")).to_be_visible(timeout=WAIT_MS)
    assert violations(page) == []
    phone = open_as("workshop", "/beheer/voorkeuren", 360)
    expect(phone.get_by_label("Language of the page")).to_have_value("en", timeout=WAIT_MS)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("role", ["viewer", "partner"])
def test_everybody_has_preferences(open_as: OpenPage, role: str) -> None:
    page = open_as(role, "/beheer/voorkeuren")
    expect(page.get_by_role("button", name="Bewaar mijn voorkeuren")).to_be_visible(timeout=WAIT_MS)
