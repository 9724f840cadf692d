"""The map of the demo city once it is drawn, and what its legend and its pixels say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Page, expect

WAIT_MS = 60_000
IN_TOWN = "c=3.2131,50.9170&z=15.4"


def drawn(page: Page, viewer_url: str, query: str = "", where: str = IN_TOWN) -> None:
    """Open the map and wait until all of it is drawn."""
    page.goto(f"{viewer_url}/kaart?{where}&{query}")
    settled(page)


def settled(page: Page) -> None:
    """The map says what is in view once it has nothing more to draw."""
    expect(page.locator(".kaart > [role=status]")).to_contain_text("in beeld", timeout=WAIT_MS)
    page.wait_for_timeout(400)  # what fades in


@contextmanager
def redrawn(page: Page) -> Iterator[None]:
    """Wait until what was done inside is drawn."""
    page.locator(".kaart > [role=status]").evaluate("one => { one.textContent = '' }")
    yield
    settled(page)


def counts(page: Page) -> dict[str, str]:
    """What the legend says lies in view, by name."""
    rows = page.locator(".legend > label")
    expect(rows.first.locator(".count")).not_to_be_empty(timeout=WAIT_MS)
    return {row.locator("span").first.inner_text(): row.locator(".count").inner_text() for row in rows.all()}


def inked(page: Page, colour: tuple[int, int, int]) -> int:
    """How many pixels of the map have (nearly) this colour."""
    over_it = (
        "document.querySelectorAll('.legend, .when, .zoom, a.mk').forEach(one => one.style.visibility = {})"
    )
    page.evaluate(over_it.format("'hidden'"))
    image = Image.open(io.BytesIO(page.locator(".maplibregl-canvas").screenshot())).convert("RGB")
    page.evaluate(over_it.format("''"))
    near = lambda one: all(abs(a - b) < 24 for a, b in zip(one, colour, strict=True))  # noqa: E731
    return sum(count for count, one in image.getcolors(1 << 24) or [] if near(one))
