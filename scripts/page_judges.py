"""vnu, the checker of HTML behind validator.w3.org, reads the pages of a running demo: as they are served, and once they are filled.

    geo-service demo &
    .venv/bin/python -m scripts.page_judges http://127.0.0.1:8000

It needs Java. It is not the project's: npm fetches it, in the version named here, into `data/judges/npm`. Ends with 1 when it finds an error.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROJECT = Path(__file__).parent.parent
PLACE = PROJECT / "data" / "judges" / "npm"
VERSION = "26.9.27"
WAIT_MS = 90_000


@dataclass(frozen=True)
class Screen:
    """A page that somebody of a role opens; nobody has none. It is filled once `filled` is there, after a click on `opens`."""

    path: str
    role: str | None
    filled: str
    opens: str | None = None

    @property
    def name(self) -> str:
        """A file name."""
        return "".join(
            letter if letter.isalnum() else "-" for letter in f"{self.role}{self.path}{self.opens or ''}"
        )


SCREENS = (
    Screen("/", None, "form"),
    Screen("/docs", None, ".info"),
    Screen("/kaart", "workshop", ".legend"),
    Screen("/kaart?toets=3.2136,50.9145", "workshop", ".verdict"),
    Screen("/kaart?lijst=conflicten", "workshop", ".rows li"),
    Screen("/herstellingen", "workshop", ".jobs"),
    Screen("/afstemming", "utilities_desk", ".rows a[data-case]"),
    Screen("/afstemming", "utilities_desk", ".timeline", ".rows a[data-case]"),
    Screen("/afstemming", "partner", ".rows"),
    Screen("/overzicht", "coordinator", ".lane"),
    Screen("/overzicht?lijst=gebouwen", "coordinator", ".register"),
    Screen("/overzicht?lijst=projecten", "coordinator", ".project-form form", "text=Voeg een project toe"),
    Screen("/regels", "coordinator", ".rule-fields"),
    Screen("/regels/parameters", "coordinator", "[data-parameter]"),
    *(Screen(f"/beheer/{part}", "admin", ".admin-part :is(table, form, li)") for part in ("bronnen", "inlezen", "gebruikers", "sleutels", "logboek", "instellingen", "start", "voorkeuren")),
    Screen("/beheer/abonnementen", "admin", ".admin-part form", ".admin-part summary"),
    Screen("/account", "admin", "form"),
)  # fmt: skip


def install() -> None:
    """Lay the tool into a place of its own."""
    PLACE.mkdir(parents=True, exist_ok=True)
    words = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(PLACE), f"vnu-jar@{VERSION}"]  # fmt: skip
    subprocess.run(words, check=True)


@contextmanager
def open_as(browser: Browser, url: str, role: str | None) -> Iterator[BrowserContext]:
    """A browser in which the demo's person of this role is signed in."""
    context = browser.new_context(
        locale="nl-BE", viewport={"width": 1440, "height": 900}, service_workers="block"
    )
    if role:
        context.request.post(
            f"{url}/login/demo", form={"role": role}, headers={"Origin": url}, max_redirects=0
        )
    yield context
    context.close()


def texts(page: Page, url: str, screen: Screen) -> dict[str, str]:
    """The page as it is served, and as it stands once it is filled."""
    answer = page.goto(url + screen.path)
    served = answer.text() if answer else ""
    if screen.opens:
        page.locator(screen.opens).first.click(timeout=WAIT_MS)
    page.locator(screen.filled).first.wait_for(timeout=WAIT_MS, state="attached")
    filled = page.evaluate("document.documentElement.outerHTML")
    return {"served": served, "filled": f"<!DOCTYPE html>{filled}"}


def vnu(browser: Browser, url: str) -> list[dict[str, Any]]:
    """The errors on all screens, each with the name of the page in `url`."""
    with tempfile.TemporaryDirectory(prefix="page-judges-") as folder:
        for screen in SCREENS:
            with open_as(browser, url, screen.role) as context:
                for state, text in texts(context.new_page(), url, screen).items():
                    Path(folder, f"{screen.name}.{state}.html").write_text(text, encoding="utf-8")
        jar = PLACE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
        words = ["java", "-jar", str(jar), "--errors-only", "--format", "json", "--stdout", "--exit-zero-always", folder]  # fmt: skip
        done = subprocess.run(words, check=True, capture_output=True, text=True)
    messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return messages


def main() -> int:
    """Judge, and name each error."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    options.add_argument("url")
    url = options.parse_args().url.rstrip("/")
    install()
    with sync_playwright() as playwright:
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        errors = vnu(browser, url)
        browser.close()
    for one in errors:
        sys.stdout.write(f"{one['url'].rpartition('/')[2]}: {one['message']}: {one.get('extract', '')}\n")
    sys.stdout.write(f"{len(SCREENS)} screens, as served and as filled: {len(errors)} errors\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
