"""The page of the API works in a town hall without internet: nothing is asked of another host, and its policy stops nothing of it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

WAIT_MS = 30_000


def test_the_page_of_the_api_asks_nothing_of_another_host_and_opens_a_route(
    page: Page, viewer_url: str
) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{viewer_url}/docs")
    page.locator("[id='operations-tag-imports'] button").first.click(timeout=WAIT_MS)
    route = page.locator("[id^='operations-imports-']").first
    expect(route).to_be_visible(timeout=WAIT_MS)
    route.locator(".opblock-summary-control").click()
    expect(route.locator(".opblock-body")).to_be_visible(timeout=WAIT_MS)
    here = urlsplit(viewer_url).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {here}
    assert said == []
