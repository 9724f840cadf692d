"""Measures the page as in the street, on a running demo: a phone with an empty cache, a CPU four times slower and a line of 1.6 Mbit/s.

    geo-service demo &
    .venv/bin/python scripts/viewer_speed.py http://127.0.0.1:8000

Text is the browser's first contentful paint. The map is usable once all that is in view is drawn and counted. The verdict counts from the
tap on the map. Frames are those that the browser asks the page for while a mouse drags the map, with neither brake on; drawn by SwiftShader, thus by
the CPU. The brakes are those of DevTools: they slow down the page, not its workers.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

RUNS = 3
WAIT_MS = 180_000
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
SLOWER = 4
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
DRAG_STEPS = 120
STOPWATCH = """
window.times = {};
const seen = (name, there) => { if (!times[name] && there) times[name] = performance.now(); };
new MutationObserver(() => {
  seen("map", /\\d/.test(document.querySelector(".kaart > [role=status]")?.textContent ?? ""));
  seen("verdict", document.querySelector("[data-verdict]"));
}).observe(document, { subtree: true, childList: true, characterData: true });
addEventListener("click", () => seen("tap", true), true);
"""
COUNT_FRAMES = "window.frames_seen = 0; const next = () => { frames_seen += 1; requestAnimationFrame(next); }; next(); performance.now()"


def visitor(browser: Browser, url: str, size: dict[str, int]) -> BrowserContext:
    """Somebody of the workshop, with nothing in the cache."""
    context = browser.new_context(locale="nl-BE", viewport=size, service_workers="block")  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MS)
    answer = context.request.post(
        f"{url}/login/demo", form={"role": "workshop"}, headers={"Origin": url}, max_redirects=0
    )
    assert answer.status == 303, answer.text()
    return context


def open_map(page: Page, url: str, place: dict[str, Any]) -> None:
    page.goto(f"{url}/kaart?c={place['lon']},{place['lat']}&z=18.4")
    page.locator(".kaart > [role=status]", has_text="in beeld").wait_for(state="attached")


def in_the_street(browser: Browser, url: str) -> dict[str, float]:
    """Seconds until the text, until the map, and from a tap to the verdict."""
    context = visitor(browser, url, PHONE)
    page = context.new_page()
    place = context.request.get(f"{url}/api/v1/status").json()["golden"][0]
    brakes = context.new_cdp_session(page)
    brakes.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    brakes.send("Network.enable")
    brakes.send("Network.emulateNetworkConditions", LINE)
    page.add_init_script(STOPWATCH)
    open_map(page, url, place)
    page.locator(".maplibregl-canvas").click(position={"x": 195, "y": 50})  # beside the weeks
    page.locator("[data-verdict]").wait_for()
    times = page.evaluate("times")
    text = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return {
        "text": text / 1000,
        "map": times["map"] / 1000,
        "verdict": (times["verdict"] - times["tap"]) / 1000,
    }


def frames_a_second(browser: Browser, url: str) -> float:
    """While the map of a desk is dragged."""
    context = visitor(browser, url, DESK)
    page = context.new_page()
    place = context.request.get(f"{url}/api/v1/status").json()["golden"][0]
    open_map(page, url, place)
    page.mouse.move(1000, 450)
    page.mouse.down()
    began = page.evaluate(COUNT_FRAMES)
    for step in range(DRAG_STEPS):
        page.mouse.move(1000 - 2 * step, 450 - step)
    frames, ended = page.evaluate("[frames_seen, performance.now()]")
    page.mouse.up()
    context.close()
    return float(1000 * frames / (ended - began))


def main(url: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        runs = [in_the_street(browser, url) for _ in range(RUNS)]
        frames = [frames_a_second(browser, url) for _ in range(RUNS)]
        browser.close()
    lines = [f"{name:8} {statistics.median(run[name] for run in runs):6.1f} s" for name in runs[0]]
    lines += [f"frames   {statistics.median(frames):6.0f} a second"]
    lines += [f"load     {os.getloadavg()[0]:6.1f} on {os.cpu_count()} cores"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
