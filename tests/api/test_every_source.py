"""Every source comes in by the command line and over HTTP, with the same counts: what the one stored the other finds unchanged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import osmium
import pytest
import sqlalchemy as sa
from click.testing import Result
from shapely import Point, box
from typer.testing import CliRunner

from geo_service import db
from geo_service.cli import app
from geo_service.cluster import Cluster
from geo_service.demo.peer import running as gipod_running
from geo_service.domain.errors import GeoServiceError
from geo_service.intake.base_maps import NAMES as GROUND
from geo_service.intake.registry import NAMES as SOURCES
from geo_service.settings import Settings
from tests.api.import_scenes import ended, working
from tests.intake import open311_server, test_ground
from tests.intake import test_gipod_excel as excel
from tests.intake.innames import inname
from tests.intake.test_pages import server
from tests.serving import TODAY, Service, running

Sample = Callable[[Path, Path], Path]
"""Where a sample is: written into the first folder, or found in the shared one."""


def shared(path: str) -> Sample:
    return lambda _, folder: folder / "data" / path


def grb(folder: Path, _: Path) -> Path:
    return test_ground.grb(folder)


def points(folder: Path, _: Path) -> Path:
    rows = {"AdresId": ["1", "2"], "Straatnaam": "Melkmarkt", "Huisnummer": ["12", ""]}
    places = [Point(68_704, 179_110), Point(68_712, 179_110)]  # in houses of the GRB
    geopandas.GeoDataFrame(rows, geometry=places, crs=31370).to_file(folder / "adres.gpkg", driver="GPKG")
    return folder / "adres.gpkg"


def parcels(folder: Path, _: Path) -> Path:
    drawn = [box(68_700, 179_110, 68_710, 179_140), box(68_710, 179_110, 68_720, 179_140)]
    geopandas.GeoDataFrame({"OIDN": [1, 2]}, geometry=drawn, crs=31370).to_file(
        folder / "adp.gpkg", driver="GPKG"
    )
    return folder / "adp.gpkg"


def openstreetmap(folder: Path, _: Path) -> Path:
    """A house with its address, a street, its sidewalk, and a house that is cut open by the edge of the extract."""
    path = folder / "izegem.osm.pbf"
    west, south, step = 3.2140, 50.9180, 0.0001
    corners = {
        1: (0, 0),
        2: (2, 0),
        3: (2, 2),
        4: (0, 2),
        5: (-5, -1),
        6: (8, -1),
        7: (-5, -0.5),
        8: (8, -0.5),
    }
    ways = {
        1: ([1, 2, 3, 4, 1], {"building": "house", "addr:street": "Melkmarkt", "addr:housenumber": "12"}),
        2: ([5, 6], {"highway": "residential", "name": "Melkmarkt"}),
        3: ([7, 8], {"highway": "footway", "footway": "sidewalk", "is_sidepath:of:name": "Melkmarkt"}),
        4: ([1, 2, 99, 1], {"building": "yes"}),
    }
    with osmium.SimpleWriter(str(path)) as writer:
        for id_, (x, y) in corners.items():
            place = (west + x * step, south + y * step)
            writer.add_node(osmium.osm.mutable.Node(id=id_, version=1, location=place))
        for id_, (nodes, tags) in ways.items():
            writer.add_way(osmium.osm.mutable.Way(id=id_, version=1, nodes=nodes, tags=tags))
    return path


def workbook(folder: Path, _: Path) -> Path:
    return excel.book(folder, excel.row(1), excel.row(2, Status="Misschien"))


# Source, mapping, its sample, and how many rows of it are read and stored.
FILES: list[tuple[str, str | None, Sample, int, int]] = [
    ("gipod", None, shared("gipod/ogc-inname-punt-2026-09-28.json"), 5, 5),
    ("gipod-excel", None, workbook, 2, 2),
    ("gipod-ldes", None, shared("gipod/ldes-production-2021-members.ttl"), 11, 11),
    ("works", "gipod-v2-hindrances", shared("real/gipod-v2-ldes-2021-2022/hindrances.geojson"), 264, 261),
    ("repairs", "osiris-programme-repairs", shared("real/osiris-schaerbeek-2025-2026/programme_2026-01.geojson.gz"), 474, 55),
    ("streets", "wegenregister", shared("real/wegenregister-hoegaarden-2023/segments.geojson"), 5, 4),
    ("pavements", "urbis-crossings", shared("real/osiris-schaerbeek-2025-2026/street_surfaces_crossings.geojson.gz"), 586, 586),
    ("buildings", "building-register", shared("real/buildings-baarle-2024/buildings_31370.geojson.gz"), 4141, 4141),
    ("parcels", "grb-parcels", parcels, 2, 2),
    ("grb", None, grb, 14, 13),
    ("addresses", "address-register", points, 2, 1),
    ("osm", None, openstreetmap, 4, 3),
]  # fmt: skip
FEEDS = ("gipod", "open311")
"""Asked at an address."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def database(cluster: Cluster, template: str) -> Iterator[str]:
    name = "api_every_source"
    cluster.drop_database(name)
    yield cluster.create_database(name, template)
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def service(database: str, home: Path) -> Iterator[Service]:
    """The service with its worker."""
    with running(database, home=home, allow_private_sources=True) as found, working(database, home):
        yield found


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command ends with its process; here its connections are closed for it."""
    made, create = [], db.create_engine_from

    def noted(config: Settings) -> sa.Engine:
        made.append(create(config))
        return made[-1]

    monkeypatch.setattr(db, "create_engine_from", noted)
    yield
    for engine in made:
        engine.dispose()


def command(service: Service, *asked: str) -> Result:
    url = service.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "GEO_DATABASE_URL": url, "GEO_TODAY": TODAY.isoformat()}
    return CliRunner().invoke(app, ["import", *asked, "--json"], env=environment)


def by_command(service: Service, *asked: str) -> dict[str, Any]:
    answer = command(service, *asked)
    assert answer.exit_code in (0, 1), answer.output
    told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    assert answer.exit_code == (1 if told["rejected"] else 0)
    return told


@pytest.mark.shared
@pytest.mark.parametrize(
    ("source", "mapping", "sample", "read", "stored"), FILES, ids=[one[0] for one in FILES]
)
def test_a_file_comes_in_by_either_way(
    service: Service, tmp_path: Path, shared: Path, source: str, mapping: str | None, sample: Sample, read: int, stored: int
) -> None:  # fmt: skip
    file = sample(tmp_path, shared)
    told = by_command(service, source, str(file), *(["--mapping", mapping] if mapping else []))
    new = told["created"] + told["changed"]  # an address changes its building
    assert (told["read"], new, told["rejected"]) == (read, stored, read - stored)

    with service.as_("coordinator") as client, file.open("rb") as content:
        data = {"source": source, **({"mapping": mapping} if mapping else {})}
        asked = client.post("/api/v1/imports", data=data, files={"file": (file.name, content)})
    over_http = ended(service, asked)
    assert (over_http["read"], over_http["unchanged"], over_http["rejected"]) == (read, stored, read - stored)
    with service.as_("coordinator") as client:
        listed = client.get(f"{asked.headers['location']}/rejected", params={"limit": 1000}).json()
    by_file = [(one["row"], one["id"], one["code"], one["message"]) for one in told["rejections"]]
    assert [(one["row"], one["id"], one["code"], one["message"]) for one in listed["items"]] == by_file


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def page_for_people(_: bytes) -> bytes:
    return b"<!doctype html><html><title>Onderhoud</title></html>"


def nothing(_: bytes) -> bytes:
    return b""


STORED = "SELECT " + " + ".join(
    f"(SELECT count(*) FROM {table})"
    for table in ("works", "repairs", "buildings", "base_shapes", "source_records", "organisations")
)


@pytest.fixture
def spoilt(
    request: pytest.FixtureRequest, service: Service, tmp_path: Path, shared: Path
) -> Iterator[tuple[list[str], Path]]:
    """The words of the command and a file of one of FILES that is no such file; afterwards nothing is stored."""
    (source, mapping, sample), spoil = request.param
    good = sample(tmp_path, shared)
    (tmp_path / "spoilt").mkdir()
    file = tmp_path / "spoilt" / good.name
    file.write_bytes(spoil(good.read_bytes()))
    with service.engine.connect() as conn:
        before = conn.scalar(sa.text(STORED))
    yield [source, *(["--mapping", mapping] if mapping else [])], file
    with service.engine.connect() as conn:
        assert conn.scalar(sa.text(STORED)) == before


def no_such_files(*spoils: Callable[[bytes], bytes]) -> pytest.MarkDecorator:
    both = [
        pytest.param((one[:3], spoil), id=f"{one[0]}-{spoil.__name__}") for one in FILES for spoil in spoils
    ]
    return pytest.mark.parametrize("spoilt", both, indirect=True)


@pytest.mark.shared
@no_such_files(half, page_for_people, nothing)
def test_a_file_that_is_no_such_file_costs_one_line(service: Service, spoilt: tuple[list[str], Path]) -> None:
    (source, *mapping), file = spoilt
    answer = command(service, source, str(file), *mapping)
    assert isinstance(answer.exception, GeoServiceError), answer.output
    assert "\n" not in str(answer.exception)


@pytest.mark.shared
@no_such_files(half)
def test_over_http_such_a_file_fails_without_saying_where_it_lies(
    service: Service, spoilt: tuple[list[str], Path]
) -> None:
    (source, *mapping), file = spoilt
    data = {"source": source, **({"mapping": mapping[1]} if mapping else {})}
    with service.as_("coordinator") as client:
        asked = client.post("/api/v1/imports", data=data, files={"file": (file.name, file.read_bytes())})
    told = ended(service, asked)
    assert told["status"] == "failed"
    assert told["error"]["code"] in ("source_unreachable", "invalid_input")
    assert str(file.parent.parent) not in json.dumps(told)


@pytest.mark.parametrize("source", FEEDS)
def test_a_feed_comes_in_by_either_way(service: Service, source: str) -> None:
    def requests(path: str, asked: int) -> Any:
        shown = [] if asked % 2 else [open311_server.request(1), open311_server.request(2)]
        return 200, "application/json", json.dumps(shown).encode()

    with gipod_running([inname(101), inname(102, x=400)]) as peer, server(requests) as (url, _):
        address = peer.url if source == "gipod" else open311_server.root(url)
        told = by_command(service, source, address)
        assert (told["read"], told["created"]) == (2, 2)
        with service.as_("coordinator") as client:
            asked = client.post("/api/v1/imports", json={"source": source, "url": address})
        over_http = ended(service, asked)
    assert (over_http["status"], over_http["read"], over_http["unchanged"]) == ("done", 2, 2)


def test_no_source_is_forgotten() -> None:
    assert {one[0] for one in FILES} | set(FEEDS) == {*SOURCES, *GROUND}
