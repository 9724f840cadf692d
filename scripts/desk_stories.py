"""Plays days at the desk on a running demo, counts each click and key, and photographs the states that nobody hopes for, into docs/viewer.

    geo-service demo &
    .venv/bin/python scripts/desk_stories.py http://127.0.0.1:8000

It settles cases of that demo: `make demo-reset` brings them back.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Route, sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "viewer"
WAIT_MS = 60_000
LONG = "Samenwerkingsverband nutsvoorzieningen Midden-West-Vlaanderen"
HEAD = "# Clicks at the desk\n\nWritten by `scripts/desk_stories.py`, which plays each story on the demo.\n\n| Story | Clicks and keys | By hand |\n| --- | --: | --- |\n"


@dataclass
class Story:
    """What somebody does, action by action."""

    name: str
    page: Page
    actions: list[str] = field(default_factory=list)

    def click(self, target: Locator, words: str) -> None:
        target.click(timeout=WAIT_MS)
        self.actions.append(words)

    def line(self) -> str:
        runs = [(words, len(list(run))) for words, run in groupby(self.actions)]
        said = " · ".join(words if count == 1 else f"{words} ({count}×)" for words, count in runs)
        return f"| {self.name} | {len(self.actions)} | {said} |\n"


def opened(browser: Browser, url: str, role: str, path: str) -> Page:
    """A page of the demo's person of a role."""
    context = browser.new_context(
        locale="nl-BE", viewport={"width": 1440, "height": 900}, service_workers="block"
    )
    context.set_default_timeout(WAIT_MS)
    context.request.post(f"{url}/login/demo", form={"role": role}, headers={"Origin": url}, max_redirects=0)
    page = context.new_page()
    page.goto(url + path)
    return page


def routine(page: Page) -> Story:
    story = Story("One routine case: settle it", page)
    story.click(page.locator(".rows a[data-case]").first, "the first case")
    story.click(page.get_by_role("button", name="Afronden", exact=True), "Afronden")
    page.get_by_role("status").filter(has_text="Afgerond.").first.wait_for()
    return story


def morning(page: Page) -> Story:
    """Everything that is new since yesterday, until nothing is left to decide."""
    page.locator(".rows a[data-case]").first.wait_for()
    count = page.locator(".rows .choose").count()
    story = Story(f"A coordinator's morning: {count} cases to an empty inbox", page)
    story.click(page.get_by_role("checkbox", name=f"Kies alle {count}"), f"Kies alle {count}")
    story.click(page.get_by_role("button", name=f"Afronden ({count})"), "Afronden")
    page.get_by_text("Niets te beslissen").or_(page.locator(".done:visible")).first.wait_for(
        timeout=10 * WAIT_MS
    )
    return story


def meeting(page: Page) -> Story:
    story = Story("The monthly meeting with the utilities: agenda, and its list", page)
    with page.expect_download() as download:
        story.click(page.get_by_role("button", name="Download als CSV").first, "Download als CSV")
    download.value.path()
    with page.context.expect_page():
        story.click(page.locator('a[href="/api/v1/papers/meeting"]'), "the agenda as PDF")
    return story


STORIES: tuple[tuple[str, str, Callable[[Page], Story]], ...] = (
    ("coordinator", "/afstemming", routine),
    ("coordinator", "/overzicht", meeting),
    ("coordinator", "/afstemming", morning),
)


def gone(route: Route) -> None:
    route.abort()


def stale(route: Route) -> None:
    """The feed has been silent for days."""
    status = route.fetch().json()
    for source in status["sources"]:
        source |= {"age_seconds": 400_000, "state": "silent"}
    route.fulfill(json=status)


def long_texts(route: Route) -> None:
    """An owner of sixty characters and a street that does not end."""
    page = route.fetch().json()
    for one in page["items"]:
        one["owners"] = [LONG, LONG]
        if one["place"]:
            one["place"]["street"] = "Burgemeester-Vandenbogaerde-de-Terbrugge-en-Rumbeeksesteenweg"
    route.fulfill(body=json.dumps(page), content_type="application/json")


STATES: tuple[tuple[str, str, str, Callable[[Route], None] | None], ...] = (
    ("leeg", "/afstemming?straat=Nergensstraat", "", None),
    ("dienst-weg", "/afstemming", "**/api/v1/cases?*", gone),
    ("bron-zwijgt", "/afstemming", "**/api/v1/status", stale),
    ("lange-teksten", "/afstemming", "**/api/v1/cases?*", long_texts),
)


def photograph(browser: Browser, url: str) -> None:
    for name, path, pattern, answer in STATES:
        page = opened(browser, url, "coordinator", "/beheer/voorkeuren")
        if answer:
            page.route(pattern, answer)
        page.goto(url + path)
        page.locator(".panel h1:visible").wait_for()
        page.wait_for_timeout(3000)
        page.screenshot(path=TARGET / f"toestand-{name}.png")
        page.context.close()
    page = opened(browser, url, "coordinator", "/beheer/abonnementen")
    page.locator("summary", has_text="Maak een abonnement").click()
    page.get_by_label("Naar wie of waar").fill("meldkamer@izegem.example")
    page.context.clear_cookies()
    page.get_by_role("button", name="Maak abonnement").click()
    page.get_by_text("U bent afgemeld").first.wait_for()
    page.screenshot(path=TARGET / "toestand-afgemeld.png")


def main(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        photograph(browser, url)
        lines = [play(opened(browser, url, role, path)).line() for role, path, play in STORIES]
        (TARGET / "clicks.md").write_text(HEAD + "".join(lines), encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
