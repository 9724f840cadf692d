"""How old the truth is: always in sight, per source behind one button, and said aloud when a feed has stopped or shrunk."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.store.tables import feeds, imports
from tests.serving import Service, running

pytestmark = pytest.mark.browser

WAIT_MS = 40_000
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


@contextmanager
def city(
    cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]], *later: dict[str, Any], **shrunk: Any
) -> Iterator[Service]:
    """The demo as it came in two hours ago, with what was tried since, and with what GIPOD no longer shows."""
    name, golden = demo_template
    database = f"fresh_{uuid.uuid4().hex}"
    with running(cluster.create_database(database, name), golden=golden, demo=True) as service:
        now = datetime.now(UTC)
        with db.write(service.engine) as conn:
            conn.execute(sa.update(imports).values(finished_at=now - timedelta(hours=2)))
            for one in later:
                conn.execute(sa.insert(imports).values(status="failed", finished_at=now, **one))
            if shrunk:
                conn.execute(sa.insert(feeds).values(source="gipod", shrunk=shrunk))
        yield service
    cluster.drop_database(database)


UNREACHABLE = {
    "error": "source_unreachable",
    "message": "http://me:hush@gipod.example/items does not answer: /srv/hush",
}


@pytest.fixture(scope="module")
def failed(cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]]) -> Iterator[Service]:
    """GIPOD came in two hours ago; an attempt since then failed, as did the only one with a file of somebody."""
    rows = [
        {"source": "gipod", "report": UNREACHABLE},
        {"source": "osiris", "report": {"error": "internal_error"}},
    ]
    with city(cluster, demo_template, *rows) as service:
        yield service


@pytest.fixture(scope="module")
def shrunk(cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]]) -> Iterator[Service]:
    """GIPOD came in two hours ago, and no longer shows much of what it showed."""
    with city(cluster, demo_template, **{**SHRUNK, "vanished": 4100, "open": 9000}) as service:
        yield service


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
    expect(first.locator("td").nth(0)).to_contain_text("41 van 90 open werken of meldingen niet meer getoond")
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


WIDTHS = [(1280, 800), (360, 740)]


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_a_failed_attempt_is_a_doubt_in_the_bar_before_anybody_opens_the_dialog(
    page: Page, failed: Service, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(failed.url)
    button = page.locator(".bar .fresh")
    expect(button.locator(".dot.late")).to_be_visible(timeout=WAIT_MS)
    expect(button).to_contain_text("GIPOD: laatste poging mislukt")
    expect(page.locator(".note")).to_be_hidden()


def test_an_answer_says_of_when_its_data_are(page: Page, failed: Service) -> None:
    with failed.as_("viewer") as client:
        place = client.get("/api/v1/status").json()["golden"][0]
    with db.read(failed.engine) as conn:
        read = conn.scalar(sa.select(sa.func.max(imports.c.finished_at)).where(imports.c.status == "done"))
    page.goto(f"{failed.url}/kaart?toets={place['lon']},{place['lat']}")
    local = read.astimezone(ZoneInfo("Europe/Brussels"))
    near = "|".join(f"{local + timedelta(minutes=n):%H:%M}" for n in (-1, 0, 1))
    line = re.compile(rf"^Getoetst \d\d:\d\d op gegevens van (?:\w+ \d+ \w+ )?({near})")
    expect(page.locator(".checked")).to_have_text(line, timeout=WAIT_MS)


def test_the_dialog_says_why_an_attempt_failed_and_nothing_secret(page: Page, failed: Service) -> None:
    dialog = opened(page, failed.url)
    first = dialog.locator("tbody tr").first
    expect(first.locator("th")).to_contain_text("GIPOD onder voorbehoud")
    expect(first).to_contain_text("de bron antwoordt niet, of stuurt iets anders dan gegevens")
    expect(dialog).not_to_contain_text("hush")


def test_the_dialog_says_it_in_english_to_who_reads_english(page: Page, failed: Service) -> None:
    page.goto(failed.url)
    page.evaluate("localStorage.setItem('geo-service.language', 'en')")
    page.goto(failed.url)
    page.locator(".bar .fresh").click()
    expect(page.get_by_role("dialog")).to_contain_text("the source does not answer")


def test_a_source_that_never_came_in_is_listed_with_why_and_worries_nobody_in_the_bar(
    page: Page, failed: Service
) -> None:
    dialog = opened(page, failed.url)
    row = dialog.locator("tbody tr", has_text="osiris")
    expect(row.locator("th")).to_contain_text("osiris nooit gelukt")
    expect(row.locator(".dot.late")).to_be_visible()
    expect(row.locator("td").nth(0)).to_contain_text("nog nooit")
    expect(row.locator("td").nth(0)).to_contain_text("een fout in de dienst zelf")
    expect(row.locator("td").nth(1)).to_have_text("–")
    expect(page.locator(".sources")).to_have_text(re.compile(r"^Bronnen: GIPOD \(\w\w \d+ \w+\)$"))


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_what_a_feed_no_longer_shows_is_a_doubt_that_can_be_read_to_its_end(
    page: Page, shrunk: Service, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    dialog = opened(page, shrunk.url)
    expect(page.locator(".bar .fresh .dot.late")).to_be_attached()
    expect(page.locator(".note")).to_contain_text("4100 van 9000 open werken of meldingen")
    bar = "[...document.querySelectorAll('.bar, .bar > *, .bar .fresh *')]"
    cut = page.evaluate(f"{bar}.filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1).length")
    outside = page.evaluate(f"{bar}.filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length")
    assert (cut, outside) == (0, 0)
    expect(dialog.locator("tbody tr").first).to_contain_text("eerst bevestigen")


def test_a_feed_that_never_came_in_is_told_above_the_map(
    page: Page, cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]]
) -> None:
    name, golden = demo_template
    database = f"fresh_{uuid.uuid4().hex}"
    with running(cluster.create_database(database, name), golden=golden, demo=True) as service:
        with db.write(service.engine) as conn:
            conn.execute(sa.update(imports).values(status="failed", report=UNREACHABLE))
        page.goto(service.url)
        expect(page.locator(".note")).to_contain_text("GIPOD kwam nog nooit binnen", timeout=WAIT_MS)
    cluster.drop_database(database)
