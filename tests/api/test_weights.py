"""What the page weighs on its way: texts and tiles are compressed, files are asked for once, and no tile is heavier than a phone can wait for."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import httpx
import mapbox_vector_tile
import pytest

from geo_service.api import exports, viewer_pages
from geo_service.ogc.tile_documents import tile_at
from tests.api.scenario import Street
from tests.serving import TO_WGS84, Service

LARGEST_TILE_BYTES = 60_000
VIEWER = Path(exports.__file__).parent.parent / "viewer"


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """An answer, and its bytes as they came over the wire."""
    with client.stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/conflicts",
        "/api/v1/works?limit=1000",
        "/api/v1/works.geojson",
        "/openapi.json",
        "/kaart",
        "/viewer/locales/nl.json",
        "/viewer/static/js/screens/check/result.js",
        "/viewer/static/vendor/maplibre-gl-6.17.0/maplibre-gl.mjs",
        "/open311/v2/services.xml",
    ],
)
def test_text_comes_compressed_and_is_the_same(demo_server: Service, path: str) -> None:
    with demo_server.as_("viewer") as viewer:
        packed, sent = raw(viewer, path, **{"Accept-Encoding": "gzip"})
        plain, whole = raw(viewer, path, **{"Accept-Encoding": "identity"})
    assert packed.status_code == plain.status_code == 200
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(sent) < 0.5 * len(whole)
    assert gzip.decompress(sent) == whole


@pytest.mark.parametrize("path", ["/api/v1/works.parquet", "/viewer/static/fonts/ibm-plex-sans-latin-400-normal.woff2"])  # fmt: skip
def test_what_is_packed_by_itself_is_left_alone(demo_server: Service, path: str) -> None:
    with demo_server.as_("viewer") as viewer:
        answer, _ = raw(viewer, path, **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_an_event_is_told_at_once_and_not_when_a_packet_is_full(street: Street) -> None:
    with street.service.as_("viewer") as viewer:
        viewer.timeout = httpx.Timeout(20)
        with viewer.stream("GET", "/api/v1/alerts/stream", headers={"Accept-Encoding": "gzip"}) as answer:
            lines = answer.iter_lines()
            assert next(lines) == ": connected"
            street.works((30, 44))
            street.repair()
            assert any(line.startswith("event: ") for line in lines)
            assert "Content-Encoding" not in answer.headers


def test_a_file_is_asked_for_once_in_its_version(demo_server: Service) -> None:
    with demo_server.as_("viewer") as viewer:
        page = viewer.get("/kaart").text
        own = re.findall(r'(?:href|src)="(/viewer/[^"]+)"', page)
        answers = [viewer.get(path) for path in own]
        assert len(own) > 30
        assert {re.match(r"/viewer/v-([0-9a-f]{12})/", path) is not None for path in own} == {True}
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.headers["Cache-Control"] for answer in answers} == {
            "public, max-age=31536000, immutable"
        }

        [version] = {path.split("/")[2] for path in own}
        script = own[-1].removeprefix(f"/viewer/{version}/")
        old = viewer.get(f"/viewer/v-000000000000/{script}")
        again = viewer.get(f"/viewer/{script}", headers={"If-None-Match": answers[-1].headers["ETag"]})
    assert (old.status_code, old.headers["Cache-Control"], old.content) == (
        200,
        "no-cache",
        answers[-1].content,
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", sorted(viewer_pages.SCREENS))
def test_a_page_names_ahead_what_its_screen_imports_and_no_other_screen(
    demo_server: Service, path: str
) -> None:
    """Else each import is a way there and back after the other."""
    with demo_server.as_("viewer") as viewer:
        page = viewer.get(path).text
    ahead = re.findall(r'rel="modulepreload" href="/viewer/v-\w+/([^"]+)"', page)
    own = sorted(f"static/js/{name}" for name in modules("main.js", *viewer_pages.SCREENS[path]))
    assert ahead == own
    screens = {name.split("/")[3] for name in ahead if name.startswith("static/js/screens/")}
    assert {"check", "panel"} <= screens
    assert screens & {"cases", "decision", "detail"} == set() or path != "/kaart"


def modules(*entries: str) -> set[str]:
    """These scripts and what they import by name."""
    folder = VIEWER / "static" / "js"
    found: set[str] = set()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            script = (folder / name).read_text(encoding="utf-8")
            paths = re.findall(r'^import .* from "(\.[^"]+)";$', script, re.MULTILINE)
            waiting += [(folder / name).parent.joinpath(path).resolve().relative_to(folder.resolve()).as_posix() for path in paths]  # fmt: skip
    return found


def test_the_page_as_it_is_served_allows_exactly_its_own_import_map(demo_server: Service) -> None:
    with demo_server.as_("viewer") as viewer:
        page = viewer.get("/kaart").text
    [import_map] = re.findall(r'<script type="importmap">(.*?)</script>', page)
    digest = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
    assert re.findall(r"sha256-[^']+", page) == [f"sha256-{digest}"]


@pytest.mark.parametrize("path", ["static/../README.md", "static/%2e%2e/README.md", "README.md", "static", "static/none.js", "v-/static/js"])  # fmt: skip
def test_no_other_file_is_served(demo_server: Service, path: str) -> None:
    with demo_server.as_(None) as stranger:
        assert stranger.get(f"/viewer/{path}").status_code == 404


@pytest.mark.parametrize("z", range(10, 19))
def test_the_heaviest_tile_of_the_city_is_light(demo_server: Service, z: int) -> None:
    """Over the whole city, near zooms around its middle."""
    west, south, east, north = (3.17, 50.88, 3.27, 50.95) if z < 16 else (3.205, 50.91, 3.225, 50.925)
    (x0, y0), (x1, y1) = tile_at(west, north, z), tile_at(east, south, z)
    sizes = []
    with demo_server.as_("viewer") as viewer:
        for x, y in [(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)][: 150 if z > 16 else None]:
            answer, sent = raw(
                viewer, f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt", **{"Accept-Encoding": "gzip"}
            )
            assert answer.status_code == 200
            sizes.append(len(sent))
    assert 1_000 < max(sizes) <= LARGEST_TILE_BYTES


def test_nothing_that_happens_is_lost_from_afar(street: Street) -> None:
    """A hole of a metre is smaller than a pixel at zoom 12: it is a point there, and still counted."""
    street.works((30, 44))
    repair = street.repair(scope="spot", along=(5, 6), across=(0.5, 1.5))
    lon, lat = TO_WGS84.transform(80_000 + street.x + 5, 190_001)
    for z in range(10, 19):
        x, y = tile_at(lon, lat, z)
        with street.service.as_("viewer") as viewer:
            content = viewer.get(f"/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt").content
        layers = mapbox_vector_tile.decode(content)
        assert repair["id"] in [one["properties"]["id"] for one in layers["repairs"]["features"]], z
        assert layers["works"]["features"] and layers["conflicts"]["features"], z


def test_houses_that_people_know_by_name_are_the_same_on_the_map_and_in_the_tiles() -> None:
    script = (VIEWER / "static" / "js" / "map" / "layers" / "buildings.js").read_text(encoding="utf-8")
    statement = (VIEWER.parent / "ogc" / "layers" / "buildings.sql").read_text(encoding="utf-8")
    [on_map] = re.findall(r"CIVIC = \[([^\]]+)\]", script)
    [in_tiles] = re.findall(r"function IN \(([^)]+)\)", statement)
    assert re.findall(r"\w+", on_map) == re.findall(r"\w+", in_tiles)
