"""The map in a browser that reaches nobody: it is drawn all the same, and what others wrote stays text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from geo_service_client import maps
from playwright.sync_api import Browser, Request
from shapely.geometry import box

EVIL = (
    "<img src=x onerror=\"document.title='broken in'\"></script><script>document.title='broken in'</script>"
)


@pytest.mark.browser
def test_a_map_is_drawn_without_any_server_and_titles_stay_text(browser: Browser, tmp_path: Path) -> None:
    works = gpd.GeoDataFrame(
        {"owner": [EVIL], "title": ["Gas & <b>water</b>"], "starts_on": pd.to_datetime([date(2026, 11, 23)])},
        geometry=[box(95_000, 175_000, 95_100, 175_100)],
        crs=31370,
    )
    file = tmp_path / "map.html"
    maps.draw({"works": works, "repairs": works[:0]}, background=False).save(file)

    fetched: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith("http"):
            fetched.append(request.url)

    page = browser.new_page()
    try:
        page.on("request", note)
        page.goto(file.as_uri())
        shape = page.locator("path.leaflet-interactive")
        shape.hover()
        tooltip = page.locator(".leaflet-tooltip")
        assert "Gas & <b>water</b>" in tooltip.inner_text()
        assert "<img src=x" in tooltip.inner_text()
        assert "2026-11-23" in tooltip.inner_text()
        assert "works" in page.locator(".leaflet-control-layers").inner_text()
        assert page.title() != "broken in"
        assert fetched == []
    finally:
        page.close()


def test_streets_of_openstreetmap_are_named_as_their_source() -> None:
    page = maps.draw({}).get_root().render()
    assert "tile.openstreetmap.org" in page
    assert "openstreetmap.org/copyright" in page
