"""The optional background of the map: images of others below it, on request, and a map that does without when their service does not answer."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from geo_service.api.background import with_background
from geo_service.settings import load
from tests.viewer.map_scenes import WAIT_MS, counts, drawn, inked, redrawn

pytestmark = pytest.mark.browser

HOST = "https://images.example"
SETTINGS = load(
    background_wmts=f"{HOST}/{{z}}/{{x}}/{{y}}?LAYER=photo&V=1", background_credit="Photo: <Town>"
)
GREEN = (10, 200, 90)


def with_background_of_others(route: Route) -> None:
    """The page of a service whose settings name a background."""
    route.fulfill(body=with_background(route.fetch().text(), SETTINGS))


def green(route: Route) -> None:
    """An image as the service of another gives it."""
    image = io.BytesIO()
    Image.new("RGB", (256, 256), GREEN).save(image, "PNG")
    route.fulfill(
        body=image.getvalue(), content_type="image/png", headers={"Access-Control-Allow-Origin": "*"}
    )


def test_the_background_comes_on_request_and_the_map_does_without_when_it_is_silent(
    page: Page, viewer_url: str
) -> None:
    page.route(re.compile("/kaart"), with_background_of_others)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(f"{HOST}/**", green)

    drawn(page, viewer_url, "lagen=open")
    assert not [url for url in asked if HOST in url]
    assert inked(page, GREEN) == 0
    expect(page.locator(".sources")).not_to_contain_text("Photo")

    page.get_by_label("Achtergrond").check()
    expect(page.locator(".sources")).to_contain_text("Photo: <Town> · Bronnen: GIPOD", timeout=WAIT_MS)
    expect(page).to_have_url(re.compile("achtergrond=aan"))
    with redrawn(page):
        page.get_by_role("button", name="Uitzoomen").click()
    assert inked(page, GREEN) > 10_000
    images = [url for url in asked if HOST in url]
    assert {re.sub(r"/\d+/\d+/\d+\?", "/z/x/y?", url) for url in images} == {f"{HOST}/z/x/y?LAYER=photo&V=1"}

    page.get_by_label("Achtergrond").uncheck()
    expect(page.locator(".sources")).not_to_contain_text("Photo")

    page.unroute(f"{HOST}/**")
    page.route(f"{HOST}/**", lambda route: None)  # it takes the question, and says nothing
    drawn(page, viewer_url, "lagen=open&achtergrond=aan")
    expect(page.locator(".legend label", has_text="Achtergrond")).to_contain_text("antwoordt niet")
    assert int(counts(page)["Openbraak"]) > 0
