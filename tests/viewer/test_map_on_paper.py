"""The map on paper: one sheet of the size that was chosen, which says what it shows, of whom, and from which sources."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.accounts.test_walk import violations
from tests.viewer.map_scenes import drawn
from tests.viewer.test_background import with_background_of_others

pytestmark = pytest.mark.browser

DRAWN_MS = 60_000
POINTS = {"a4-landscape": (842, 595), "a3-portrait": (842, 1191)}


def test_the_map_fits_the_sheet_and_says_what_it_shows(page: Page, viewer_url: str) -> None:
    page.route(re.compile("/kaart"), with_background_of_others)
    drawn(page, viewer_url, "eigenaar=proximus&lagen=open,conf", where="c=3.2131,50.9170&z=15")
    page.get_by_role("button", name="Kaart op papier").click()
    sheet = page.locator(".map-sheet")
    for paper, (wide, high) in POINTS.items():
        page.get_by_label("Papier", exact=True).select_option(paper)
        expect(page.locator(f".map-sheet.{paper} img")).to_be_visible(timeout=DRAWN_MS)
        document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx((wide, high), abs=1)
        words = document[0].get_textpage().get_text_bounded()
        for expected in (
            "Izegem",
            "Proximus · Alle diensten · 12 weken · afgedrukt op",
            "Openbraak (",
            "Bronnen: GIPOD (",
        ):
            assert expected in words, (paper, words)
        assert "Photo" not in words, "the background is off"
        assert "Herstelling" not in words and "Kaart op papier" not in words
    on_sheet = sheet.locator(".legend-rows li", has_text="Openbraak (").inner_text()
    assert int(on_sheet.split("(")[1].rstrip(")")) > 0
    bar = sheet.locator(".scale").evaluate("e => e.offsetWidth / e.parentElement.offsetWidth")
    assert 0.02 < bar < 0.3
    assert violations(page) == []
    page.get_by_role("button", name="Sluiten").click()
    expect(page.locator("#kaart-afdruk")).to_have_count(0)
