"""A person's own preferences belong to the account: chosen on one device, they are there on the next."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.accounts.test_walk import violations
from tests.serving import Service
from tests.viewer.conftest import OpenPage

pytestmark = pytest.mark.browser

WAIT_MS = 40_000


def test_a_language_that_was_chosen_is_that_of_the_next_device(open_as: OpenPage) -> None:
    first = open_as("coordinator", "/herstellingen")
    first.get_by_label("Taal").select_option("en", timeout=WAIT_MS)
    expect(first.locator("html")).to_have_attribute("lang", "en-GB", timeout=WAIT_MS)
    second = open_as("coordinator", "/herstellingen")
    expect(second.locator("html")).to_have_attribute("lang", "en-GB", timeout=WAIT_MS)
    expect(second.get_by_role("heading", name="Repairs", exact=True)).to_be_visible(timeout=WAIT_MS)


def test_a_language_that_cannot_be_kept_stays_and_the_bar_says_why(open_as: OpenPage) -> None:
    page = open_as("workshop", "/kaart", 360)
    choice, bar = page.get_by_label("Taal"), page.locator(".language-note")
    expect(page.locator(".bar .who")).to_be_visible(timeout=WAIT_MS)
    page.context.set_offline(True)
    choice.select_option("en", timeout=WAIT_MS)
    expect(bar).to_have_text("De taal blijft zoals ze is. Geen verbinding met de dienst.", timeout=WAIT_MS)
    expect(choice).to_have_value("nl")
    page.context.set_offline(False)
    expect(bar).to_be_hidden(timeout=WAIT_MS)  # as soon as the service answers, nothing is wrong
    page.context.clear_cookies()
    choice.select_option("en")
    expect(bar).to_contain_text("U bent afgemeld.", timeout=WAIT_MS)
    expect(choice).to_have_value("nl")
    expect(page.locator("html")).to_have_attribute("lang", "nl-BE")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


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
