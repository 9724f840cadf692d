"""A person's way in and out in a real browser, and the pages of signing in as axe and a phone see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from geo_service import db
from geo_service.accounts import people
from tests.accounts.conftest import CLERK, PASSWORD, account
from tests.serving import Service

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (1440, 390, 360)


def violations(page: Page) -> list[str]:
    """What axe finds wrong, by rule and element."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.fixture
def scriptless(browser: Browser) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    with browser.new_context(locale="nl-BE", java_script_enabled=False) as context:
        yield context.new_page()


def test_from_a_deep_link_by_the_demos_button_to_the_same_page_and_out(demo: Service, page: Page) -> None:
    deep = f"{demo.url}/kaart?c=3.2131,50.9170&z=15.4&periode=12w"
    page.goto(deep)
    expect(page).to_have_url(re.compile(r"/login\?next="))
    page.get_by_role("button", name="Ploegbaas werkplaatsen").click()
    expect(page).to_have_url(re.compile(r"/kaart\?c=3\.2131,50\.917\d*&z=15\.4\d*&periode=12w$"))
    who = page.locator(".bar .who")
    expect(who).to_contain_text("Bart Demo", timeout=WAIT_MS)
    expect(who).to_contain_text("Werkplaatsen")
    page.get_by_role("button", name="Meld af").click()
    expect(page).to_have_url(re.compile(r"/login\?uit=1$"))
    expect(page.get_by_role("status")).to_have_text("U bent afgemeld.")
    page.goto(deep)
    expect(page.get_by_role("heading", name="Aanmelden")).to_be_visible()


def test_a_session_that_ends_leaves_what_was_typed(demo: Service, page: Page) -> None:
    page.goto(f"{demo.url}/kaart")
    page.get_by_role("button", name="Kijker").click()
    expect(page.locator(".bar .who")).to_contain_text("Mia Demo", timeout=WAIT_MS)
    page.request.post(f"{demo.url}/logout")

    page.locator("#zoek").fill("Gentsestraat 104")
    note = page.get_by_role("alert")
    expect(note).to_have_text("U bent afgemeld. Meld u aan; uw invoer blijft staan.", timeout=WAIT_MS)
    with page.context.expect_page() as opened:
        note.get_by_role("link", name="Meld u aan").click()
    opened.value.get_by_role("button", name="Kijker").click()
    expect(opened.value.locator(".bar .who")).to_contain_text("Mia Demo", timeout=WAIT_MS)
    opened.value.close()
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(note).to_be_hidden(timeout=WAIT_MS)
    expect(page.locator("#zoek")).to_have_value("Gentsestraat 104")


def test_signing_in_needs_no_script_and_takes_what_a_password_manager_fills_in(
    service: Service, scriptless: Page
) -> None:
    email = account(service, "workshop")
    scriptless.goto(f"{service.url}/kaart?z=15")
    for name, kind in (("E-mailadres", "username"), ("Wachtwoord", "current-password")):
        expect(scriptless.get_by_label(name)).to_have_attribute("autocomplete", kind)
    scriptless.get_by_label("E-mailadres").fill(email)
    scriptless.get_by_label("Wachtwoord").fill("niet dit wachtwoord")
    scriptless.get_by_role("button", name="Meld aan").click()
    expect(scriptless.get_by_role("alert")).to_have_text("Het e-mailadres of het wachtwoord klopt niet.")
    expect(scriptless.get_by_label("E-mailadres")).to_have_value(email)
    scriptless.get_by_label("Wachtwoord").fill(PASSWORD)
    scriptless.get_by_role("button", name="Meld aan").click()
    expect(scriptless).to_have_url(f"{service.url}/kaart?z=15")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_signing_in_are_whole_and_axe_finds_nothing(
    service: Service, demo: Service, page: Page, width: int
) -> None:
    with db.write(service.engine) as conn:
        email = f"anneleen.vandenbroucke-{width}@dienstpubliekdomein.izegem.example"
        user = people.add(conn, CLERK, name="Anneleen Vandenbroucke", email=email, role="viewer")
        link = people.create_link(conn, CLERK, user, service.url)
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.set_viewport_size({"width": width, "height": 800})
    for address in (
        f"{demo.url}/login",
        f"{demo.url}/login?taal=en",
        f"{service.url}/login",
        f"{service.url}/login?uit=1",
        link,
    ):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    assert complaints == []


def test_the_language_of_the_page_is_the_readers_choice(demo: Service, page: Page) -> None:
    page.goto(f"{demo.url}/login?next=%2Fkaart%3Fz%3D15")
    page.get_by_role("link", name="EN").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    page.get_by_role("button", name="Coordinator").click()
    expect(page).to_have_url(re.compile(r"/kaart\?z=15"))


@pytest.mark.parametrize("width", [1440, 1024, 820, 390, 360])
def test_the_bar_holds_the_longest_name_of_the_demo_and_leaves_room_to_search(
    demo: Service, page: Page, width: int
) -> None:
    page.goto(f"{demo.url}/kaart")
    page.get_by_role("button", name="Partner Proximus").click()
    expect(page.locator(".bar .who")).to_contain_text("Tom Demo (Proximus)", timeout=WAIT_MS)
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    right = page.locator(".bar select").bounding_box()
    assert right and right["x"] + right["width"] <= width
    if width > 760:
        field = page.locator(".search input").bounding_box()
        assert field and field["width"] >= 140
    expect(page.get_by_role("button", name="Meld af")).to_be_visible()
