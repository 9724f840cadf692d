"""How old the truth is: always in sight, per source behind one button, and said aloud when a feed has stopped or shrunk."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.store.tables import feeds, imports
from tests.serving import Service, running

pytestmark = pytest.mark.browser

WAIT_MS = 20_000
SHRUNK = {"vanished": 41, "open": 90, "at": "2026-11-23T06:00:00+00:00"}


@pytest.fixture(scope="module")
def stopped(cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]]) -> Iterator[Service]:
    """The demo, to which GIPOD has not come for two days (the last attempt failed), and in which a long list of maps came in."""
    name, golden = demo_template
    database = f"fresh_{uuid.uuid4().hex}"
    with running(cluster.create_database(database, name), golden=golden, demo=True) as service:
        now = datetime.now(UTC)
        with db.write(service.engine) as conn:
            conn.execute(sa.update(imports).values(finished_at=now - timedelta(days=2)))
            failed = {"status": "failed", "finished_at": now, "report": {"error": "source_unreachable"}}
            conn.execute(sa.insert(imports).values(source="gipod", **failed))
            conn.execute(sa.insert(feeds).values(source="gipod", shrunk=SHRUNK))
            for source in ("grb", "grb-gbg", "grb-wbn", "een-bron-met-een-naam-die-niet-wil-breken-2026"):
                done = {"status": "done", "finished_at": now, "report": {"read": 4}}
                conn.execute(sa.insert(imports).values(source=source, **done))
        yield service
    cluster.drop_database(database)


def opened(page: Page, url: str) -> Locator:
    page.goto(url)
    button = page.locator(".bar .fresh")
    expect(button).to_be_visible(timeout=WAIT_MS)
    button.click()
    dialog = page.get_by_role("dialog", name="Hoe oud is de waarheid")
    expect(dialog).to_be_visible()
    return dialog


def test_a_feed_that_stopped_stands_first_with_what_went_wrong(page: Page, stopped: Service) -> None:
    dialog = opened(page, stopped.url)
    expect(page.locator(".note")).to_contain_text("GIPOD zwijgt sinds")
    first = dialog.locator("tbody tr").first
    expect(first.locator("th")).to_contain_text("GIPOD zwijgt")
    expect(first.locator("td").nth(0)).to_contain_text("laatste poging mislukt")
    expect(first.locator("td").nth(0)).to_contain_text("41 van 90 open werken niet meer getoond")
    expect(first.locator("td").nth(1)).to_have_text("2 dagen")
    expect(first.locator("td").nth(2)).to_have_text("elke 6 u")
    assert dialog.locator("tbody tr").count() == 5
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(".bar .fresh")).to_be_focused()


def test_on_a_phone_nothing_is_cut_off_and_each_figure_says_what_it_is(page: Page, stopped: Service) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    dialog = opened(page, stopped.url)
    expect(page.locator(".bar .fresh .short")).to_have_text("GIPOD")
    for inside in (
        "document.documentElement",
        "document.querySelector('dialog[open]')",
        "document.querySelector('.bar')",
    ):
        width = page.evaluate(f"(() => {{ const e = {inside}; return [e.scrollWidth, e.clientWidth]; }})()")
        assert width[0] <= width[1], inside
    age = dialog.locator("tbody tr").first.locator("td").nth(1)
    assert age.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Ouderdom"'


def test_while_all_is_well_the_bar_says_since_when_and_the_dialog_lists_each_source(
    page: Page, viewer_url: str
) -> None:
    dialog = opened(page, viewer_url)
    expect(page.locator(".note")).to_be_hidden()
    expect(page.locator(".bar .fresh")).to_contain_text("Gegevens van")
    expect(dialog.locator("tbody th")).to_contain_text(["GIPOD vers"])
    dialog.get_by_role("button", name="Sluiten").click()
    expect(dialog).to_be_hidden()
