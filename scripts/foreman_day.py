"""Plays a foreman's day by phone on a running demo, from report to finished repair with no network in the middle, as pictures in docs/viewer.

    geo-service demo &
    .venv/bin/python scripts/foreman_day.py http://127.0.0.1:8000

It files and finishes repairs of that demo: `make demo-reset` brings them back.
"""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "viewer"
WAIT_MS = 120_000
PHONE = {"width": 390, "height": 844}
COLOURS = 64
"""Of each picture: it stays below 60 kB."""
TAKEN = "caches.open('tiles').then(c => c.keys()).then(keys => keys.length > 3)"
"""The tiles are what a phone takes along last."""


@dataclass
class Album:
    """The pictures of one day, numbered."""

    page: Page
    taken: int = 0

    def take(self, name: str) -> None:
        self.taken += 1
        picture = Image.open(io.BytesIO(self.page.screenshot(animations="disabled")))
        file = TARGET / f"ploegbaas-{self.taken}-{name}.png"
        picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)


def photo() -> dict[str, str | bytes]:
    """What a camera may have seen."""
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "#8899aa").save(content, "JPEG")
    return {"name": "put.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def report(page: Page, url: str, album: Album) -> None:
    """From the map to a repair that is filed."""
    page.goto(f"{url}/kaart")
    page.get_by_role("link", name="Overkant van de straat: vrij").click()
    page.locator("[data-verdict=repair]").wait_for()
    page.locator(".maplibregl-canvas").wait_for()
    album.take("mag-het-hier")
    page.get_by_role("button", name="Meld dit gebrek").first.click()
    page.locator(".step-form input[type=file]").set_input_files(photo())  # type: ignore[arg-type]
    page.get_by_label("Opmerking").fill("Twee tegels los")
    page.get_by_label("Opmerking").scroll_into_view_if_needed()
    album.take("melding-met-foto")
    page.locator(".step-form").get_by_role("button", name="Meld dit gebrek").click()
    page.get_by_role("status").filter(has_text="H-").first.wait_for()
    album.take("gemeld")


def repair(page: Page, url: str, album: Album) -> None:
    """Start and finish a repair of today, the second half without network."""
    page.goto(f"{url}/herstellingen?lijst=vandaag")
    card = page.locator("li.job", has=page.get_by_role("button", name="Start")).first
    number = card.get_attribute("data-repair")
    card = page.locator(f'li.job[data-repair="{number}"]')
    page.wait_for_timeout(10_000)  # the phone takes along what it needs without network
    while not page.evaluate(TAKEN):
        page.wait_for_timeout(500)
    album.take("daglijst")
    card.get_by_role("button", name="Start").click()
    card.get_by_role("button", name="Klaar", exact=True).wait_for()
    page.context.set_offline(True)
    card.get_by_role("button", name="Klaar", exact=True).click()
    card.get_by_label("Kost in euro").fill("140")
    card.get_by_label("Kost in euro").scroll_into_view_if_needed()
    album.take("klaar")
    card.get_by_role("button", name="Meld klaar").click()
    card.locator(".waiting .entry").first.wait_for()
    card.scroll_into_view_if_needed()
    album.take("zonder-netwerk")
    page.context.set_offline(False)
    card.wait_for(state="detached")
    album.take("verstuurd")


def main(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        context = browser.new_context(locale="nl-BE", viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
        context.set_default_timeout(WAIT_MS)
        origin = {"Origin": url}
        context.request.post(f"{url}/login/demo", form={"role": "workshop"}, headers=origin, max_redirects=0)
        page = context.new_page()
        album = Album(page)
        report(page, url, album)
        repair(page, url, album)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
