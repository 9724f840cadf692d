"""Who opens a repair sees which other reports are, or may be, of the same defect."""

import pytest
from playwright.sync_api import Page, expect

from tests.api.scenario import Street
from tests.serving import Service

pytestmark = pytest.mark.browser

WAIT_MS = 40_000


def test_a_repair_shows_its_doubles_and_what_it_is_the_double_of(street: Street, page: Page) -> None:
    first, second, third = (street.repair(scope="spot", along=(n, n + 1)) for n in (5, 6, 7))
    service: Service = street.service
    with service.as_("workshop") as workshop:
        workshop.post(f"/api/v1/repairs/{second['id']}/confirm-duplicate", json={})

    page.goto(f"{service.url}/kaart?kies=herstelling:{first['id']}")
    facts = page.locator("dl.facts")
    expect(facts).to_contain_text(
        f"Ook gemeld als{second['number']} op dezelfde plek en dag · zegt test workshop",
        timeout=WAIT_MS,
    )
    expect(facts).to_contain_text(
        f"Misschien ook gemeld als{third['number']} 1 m uit elkaar, op dezelfde dag"
    )

    facts.get_by_role("link", name=second["number"]).click()
    expect(facts).to_contain_text(f"Hetzelfde als{first['number']}", timeout=WAIT_MS)
    expect(facts).to_contain_text("Geannuleerd")
