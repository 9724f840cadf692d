"""docs/how-to/add-a-layer.md, done as it says on a copy of the map: the layer of that page is in the tile, in the legend and under a click."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import mapbox_vector_tile
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from geo_service import db
from geo_service.api import viewer_pages
from geo_service.cluster import Cluster
from geo_service.ogc import tiles
from geo_service.ogc.tile_documents import tile_at
from geo_service.ogc.tiles import TileLayer
from tests.serving import Service, running

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/how-to/add-a-layer.md").read_text(encoding="utf-8")
SELECT, SQL_LINES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
[LAYER] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SCRIPT, IMPORT = re.findall(r"```js\n(.*?)```", PAGE, re.DOTALL)
DUTCH, ENGLISH = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
WAIT_MS = 40_000


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQL of tiles and the viewer, with the layer of the page added."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(
        PROJECT / "geo_service/ogc", folder / "copied/ogc", ignore=shutil.ignore_patterns("*.pyc")
    )
    shutil.copytree(
        PROJECT / "geo_service/store", folder / "copied/store", ignore=shutil.ignore_patterns("*.py*")
    )
    shutil.copytree(PROJECT / "geo_service/viewer", folder / "viewer")
    (folder / "copied/ogc/layers/access_zones.sql").write_text(SELECT, encoding="utf-8")
    edit(folder / "copied/ogc/tile.sql", " AS tile\nFROM", f"\n{SQL_LINES} AS tile\nFROM")

    layers = folder / "viewer/static/js/map/layers"
    (layers / "access_zones.js").write_text(SCRIPT, encoding="utf-8")
    edit(layers / "index.js", 'import { buildings } from "./buildings.js";\n', f'{IMPORT}import {{ buildings }} from "./buildings.js";\n')  # fmt: skip
    edit(layers / "index.js", "  access,\n", "  access,\n  accessZones,\n")
    for language, words in (("nl", DUTCH), ("en", ENGLISH)):
        locale = folder / f"viewer/locales/{language}.json"
        locale.write_text(json.dumps({**json.loads(locale.read_text()), **words}), encoding="utf-8")
    return folder


def fetch_from_copy(conn: sa.Connection, package: str, name: str, **params: Any) -> list[dict[str, Any]]:
    """The rows of a statement, from the copy of its room."""
    return db.fetch(conn, package.replace("geo_service", "copied"), name, **params)


@pytest.fixture(scope="module")
def city(
    copy: Path, cluster: Cluster, demo_template: tuple[str, list[dict[str, object]]]
) -> Iterator[Service]:
    """The demo city with that map."""
    name, golden = demo_template
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(copy)
        patch.setattr(tiles, "db", SimpleNamespace(fetch=fetch_from_copy))
        [(name_of_layer, layer)] = eval(f"{{{LAYER}}}", vars(tiles)).items()
        patch.setitem(cast(dict[str, TileLayer], tiles.LAYERS), name_of_layer, layer)
        patch.setattr(viewer_pages, "VIEWER", copy / "viewer")
        with running(cluster.create_database("one_layer_more", name), golden=golden, demo=True) as service:
            yield service
    cluster.drop_database("one_layer_more")


def fire_station(city: Service) -> tuple[float, float]:
    with city.as_("viewer") as viewer:
        golden = viewer.get("/api/v1/status").json()["golden"]
    return next((one["lon"], one["lat"]) for one in golden if one["scenario"] == 11)


def test_the_script_of_the_page_has_no_wrong_types(copy: Path) -> None:
    (copy / "node_modules").symlink_to(PROJECT / "node_modules")
    check = [PROJECT / "node_modules/.bin/tsc", "--project", copy / "viewer/tsconfig.json"]
    done = subprocess.run(check, capture_output=True, text=True, check=False, timeout=120)
    assert (done.stdout, done.returncode) == ("", 0)


def test_the_tile_has_the_layer_from_its_zoom(city: Service) -> None:
    found = {}
    for z in (14, 16):
        x, y = tile_at(*fire_station(city), z)
        with city.as_("viewer") as viewer:
            layers = mapbox_vector_tile.decode(
                viewer.get(f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt").content
            )
        found[z] = {
            one["properties"]["name"] for one in layers.get("access_zones", {"features": []})["features"]
        }
    assert found[14] == set()
    assert "Brandweerpost" in " ".join(found[16])


@pytest.mark.parametrize(("language", "words"), [("nl", DUTCH), ("en", ENGLISH)])
def test_the_legend_names_it_counts_it_and_switches_it_on(
    city: Service, page: Page, language: str, words: dict[str, str]
) -> None:
    lon, lat = fire_station(city)
    page.add_init_script(f"localStorage.setItem('geo-service.language', '{language}')")
    page.goto(f"{city.url}/kaart?c={lon},{lat}&z=17.5&lagen=vrij")
    row = page.locator(".legend > label", has_text=words["layer.access_zone"])
    expect(row.locator("input")).to_be_checked(timeout=WAIT_MS)
    expect(row.locator(".count")).to_have_text(re.compile(r"^[1-9]\d*$"), timeout=WAIT_MS)
    counted = row.locator(".count").inner_text()
    row.locator("input").uncheck()
    expect(page).not_to_have_url(re.compile("vrij"))
    expect(row.locator(".count")).to_have_text(counted)  # of what lies there, drawn or not


def test_a_click_on_it_names_the_building(city: Service, page: Page) -> None:
    lon, lat = fire_station(city)
    page.goto(f"{city.url}/kaart?c={lon},{lat}&z=18&lagen=vrij")
    expect(page.locator(".kaart > [role=status]")).to_contain_text("in beeld", timeout=WAIT_MS)
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".panel .rows a", has_text="Brandweerpost").first).to_be_visible(timeout=WAIT_MS)
