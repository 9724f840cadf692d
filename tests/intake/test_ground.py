"""The reference map comes in, in whatever order, and what stands on it is computed anew."""

import itertools
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pytest
import sqlalchemy as sa
from shapely import LineString, Point, box

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.base_maps import derivation
from tests.intake import papers
from tests.intake.conftest import Import, counts
from tests.intake.ground_scenes import FOOTPATH, HOUSES, SECTIONS, STREET, Rows, X, Y, at, bring, is_the_truth
from tests.scenes import unguarded

__all__ = ["bring"]  # fixtures


def test_a_map_in_any_order_gives_the_same_sections(bring: Any, rows: Rows, city: sa.Engine) -> None:
    steps = {"buildings": HOUSES, "pavements": FOOTPATH, "streets": STREET}
    found = []
    for order in itertools.permutations(steps):
        for target in order:
            assert counts(bring(target, steps[target]))["created"] == len(steps[target])
        found.append(rows(SECTIONS))
        with city.begin() as conn:
            unguarded(conn, "TRUNCATE buildings, pavement_sections, base_shapes, streets CASCADE")
    assert all(one == found[0] for one in found)
    assert [row[:6] for row in found[0]] == [
        ("footpath", "Gentsestraat", "even", "2", "10", False),
        ("footpath", "Gentsestraat", "even", "12", "20", False),
    ]


def test_the_same_again_changes_nothing_and_a_section_that_stays_keeps_its_id(bring: Any, rows: Rows) -> None:
    for target, what in (("streets", STREET), ("pavements", FOOTPATH), ("buildings", HOUSES)):
        bring(target, what)
    ids = "SELECT array_agg(id ORDER BY id) FROM pavement_sections"
    before = rows(ids)
    assert counts(bring("pavements", FOOTPATH)) == {"read": 1, "unchanged": 1}
    assert counts(bring("buildings", HOUSES)) == {"read": 10, "unchanged": 10}
    assert counts(bring("pavements", [("p1", "asfalt", FOOTPATH[0][-1])])) == {"read": 1, "changed": 1}
    assert rows(ids) == before
    assert rows("SELECT DISTINCT material FROM pavement_sections") == ["asfalt"]


def test_the_day_of_laying_is_read_as_any_other_date(rows: Rows, take_in: Import, tmp_path: Path) -> None:
    days = ["01/05/2019", "12/11/2024", "2019", "2019-04-30T22:00:00Z", "n.v.t.", "0000-00-00", None]
    features = [
        {"type": "Feature", "geometry": box(3.21 + n / 1e4, 50.92, 3.21005 + n / 1e4, 50.92005).__geo_interface__, "properties": {"id": n, "dag": day}}
        for n, day in enumerate(days)
    ]  # fmt: skip
    file, mapping = tmp_path / "a.geojson", tmp_path / "a.toml"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    mapping.write_text(
        'about = "t"\nsource = "map"\ntarget = "pavements"\nkind_default = "footpath"\n'
        'fields = { id = { from = ["id"] }, laid_on = { from = ["dag"] } }\ndates = { formats = ["%d/%m/%Y", "iso"] }\n',
        encoding="utf-8",
    )
    report = take_in("pavements", file, mapping=str(mapping))
    stored = rows("SELECT laid_on::text FROM base_shapes ORDER BY source_id")
    assert stored == ["2019-05-01", "2024-11-12", "2019-12-31", "2019-05-01", None, None, None]
    assert report.remarks.unknown_words == {"laid_on": {"n.v.t.": 1, "0000-00-00": 1}}


def hole_and_trench(take_in: Import, folder: Path, x: float) -> None:
    """A hole in the footpath, and a trench that comes within its section 10 m before it."""
    calls = folder / "calls.toml"
    calls.write_text(
        'about = "t"\nsource = "calls"\ntarget = "repairs"\ncrs = 31370\nplace = { x = "X", y = "Y" }\n'
        'constants = { owner = "Stad Izegem" }\nfields = { id = { from = ["Nr"] } }\n',
        encoding="utf-8",
    )
    hole = {"Nr": "1", "X": X + x, "Y": Y + 5}
    take_in("repairs", papers.csv_file(folder, [hole]), mapping=str(calls))
    works = folder / "works.toml"
    works.write_text(
        papers.MAPPING.replace("status_default", 'crs = 31370\nplace = { wkt = "Vorm" }\nstatus_default'),
        encoding="utf-8",
    )
    trench = at(box(x - 18, 4, x - 10, 5)).wkt
    take_in("works", papers.csv_file(folder, [{**papers.ROWS[0], "Vorm": trench}]), mapping=str(works))


def test_a_repair_that_was_there_first_takes_the_section_once_it_is_known(
    bring: Any, take_in: Import, rows: Rows, city: sa.Engine, tmp_path: Path
) -> None:
    hole_and_trench(take_in, tmp_path, 20)
    claim = "SELECT round(ST_Area(geom))::int, sides FROM claims WHERE kind = 'repair'"
    assert rows(f"SELECT count(*) FROM ({claim}) one WHERE round < 40") == [1]
    assert rows(
        "SELECT count(*) FROM conflicts WHERE rule_id = 'wasted_repair' AND status NOT IN ('expired', 'withdrawn')"
    ) == [0]
    bring("streets", STREET)
    bring("buildings", HOUSES)
    report = bring("pavements", FOOTPATH)
    assert rows(claim) == [(80, ["Gentsestraat/even"])]
    assert rows(
        "SELECT count(*) FROM conflicts WHERE rule_id = 'wasted_repair' AND status NOT IN ('expired', 'withdrawn')"
    ) == [1]
    assert report.conflicts_opened >= 1
    assert is_the_truth(city)


def test_a_dry_run_counts_a_conflict_in_two_squares_once(bring: Any, take_in: Import, tmp_path: Path) -> None:
    hole_and_trench(take_in, tmp_path, 325)  # squares meet at 300
    bring("streets", [("s1", "Gentsestraat", at(LineString([(260, 0), (340, 0)])))])
    footpath = [("p1", "klinkers", at(box(260, 4, 340, 6)))]
    tried = bring("pavements", footpath, dry_run=True)
    report = bring("pavements", footpath)
    assert report.conflicts_opened >= 1
    assert (counts(tried), tried.conflicts_opened) == (counts(report), report.conflicts_opened)


def test_addresses_give_buildings_their_number_and_footpaths_their_side(bring: Any, rows: Rows) -> None:
    bring("streets", STREET)
    bring("pavements", FOOTPATH)
    bring("buildings", [(key, None, None, shape) for key, _, _, shape in HOUSES])
    assert rows("SELECT DISTINCT side FROM pavement_sections") == [None]
    points = [
        (f"a{n}", "Gentsestraat", number, shape.centroid) for n, (_, _, number, shape) in enumerate(HOUSES)
    ]
    points.append(("lost", "Gentsestraat", "99", at(Point(500, 500))))
    assert counts(bring("addresses", points)) == {"read": 11, "changed": 10, "unchanged": 1}
    assert rows("SELECT DISTINCT side FROM pavement_sections") == ["even"]
    # the buildings come again without addresses: those stay
    bring("buildings", [(key, None, None, shape) for key, _, _, shape in HOUSES])
    assert rows("SELECT count(house_number) FROM buildings") == [10]


def test_a_dry_run_tells_the_same_and_leaves_nothing(bring: Any, rows: Rows) -> None:
    bring("streets", STREET)
    assert counts(bring("pavements", FOOTPATH, dry_run=True)) == {"read": 1, "created": 1}
    assert rows("SELECT count(*) FROM pavement_sections") == [0]
    assert rows("SELECT count(*) FROM base_tiles") == [0]


def test_what_a_killed_import_left_is_derived_by_the_next(
    bring: Any, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(derivation, "_sections", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring("pavements", FOOTPATH)
    assert rows("SELECT count(*) FROM base_shapes") == [1]
    assert rows("SELECT count(*) FROM pavement_sections") == [0]
    assert counts(bring("pavements", FOOTPATH)) == {"read": 1, "unchanged": 1}
    assert rows("SELECT count(*) FROM pavement_sections") == [1]
    assert rows("SELECT count(*) FROM base_tiles") == [0]


def test_two_villages_keep_their_own_kerkstraat_and_a_longer_street_stays_itself(
    bring: Any, rows: Rows
) -> None:
    near, far = at(LineString([(0, 0), (50, 0)])), at(LineString([(2000, 0), (2050, 0)]))
    bring("streets", [("1", "Kerkstraat", near), ("2", "Kerkstraat", far)])
    streets = rows("SELECT id FROM streets ORDER BY ST_XMin(geom)")
    assert len(streets) == 2
    bring("streets", [("3", "Kerkstraat", at(LineString([(50, 0), (90, 0)])))])
    assert rows("SELECT id FROM streets ORDER BY ST_XMin(geom)") == streets
    assert rows("SELECT round(ST_Length(geom))::int FROM streets ORDER BY ST_XMin(geom)") == [90, 50]


@pytest.mark.parametrize(
    ("target", "row", "code"),
    [
        ("pavements", ("x", "klinkers", at(LineString([(0, 0), (9, 0)]))), "geometry_kind"),
        ("streets", ("x", "Gentsestraat", at(box(0, 0, 9, 9))), "geometry_kind"),
        ("streets", ("x", None, at(LineString([(0, 0), (9, 0)]))), "name_missing"),
        ("addresses", ("x", "Gentsestraat", None, at(Point(0, 0))), "address_missing"),
        ("buildings", (None, "Gentsestraat", "2", at(box(0, 0, 9, 9))), "id_missing"),
        ("buildings", ("x", "Gentsestraat", "2", box(0, 0, 9, 9)), "geometry_outside_region"),
    ],
)
def test_a_shape_left_out_has_its_reason(bring: Any, target: str, row: tuple[Any, ...], code: str) -> None:
    report = bring(target, [row])
    assert [(one.row, one.code) for one in report.rejections] == [(1, code)]


def grb(tmp_path: Path) -> Path:
    """A delivery of the GRB as it is downloaded: one street of ten houses, in shapefiles."""
    folder = tmp_path / "grb"
    folder.mkdir()
    layers: dict[str, list[dict[str, Any]]] = {
        "Gbg36008": [{"OIDN": n, "geometry": shape} for n, (_, _, _, shape) in enumerate(HOUSES)],
        "Wbn36008": [{"OIDN": 1, "LBLTYPE": "wegsegment", "geometry": at(box(0, -6, 80, 6))}],
        "Wgo36008": [
            {"OIDN": 1, "LBLTYPE": "grens circulatiezone zwakke weggebruiker", "geometry": at(LineString([(0, 4), (80, 4)]))},
            {"OIDN": 2, "LBLTYPE": "rand van de rijbaan", "geometry": at(LineString([(0, -4), (80, -4)]))},
        ],
        "Wegsegment36008": [{"WS_OIDN": 1, "LSTRNM": "Gentsestraat", "RSTRNM": "Gentsestraat", "geometry": STREET[0][-1]}],
    }  # fmt: skip
    for name, records in layers.items():
        geopandas.GeoDataFrame(records, crs=31370).to_file(folder / f"{name}.shp")
    with zipfile.ZipFile(tmp_path / "grb.zip", "w") as archive:
        for one in folder.iterdir():
            archive.write(one, one.name)
    return tmp_path / "grb.zip"


def test_a_delivery_of_the_grb_is_read_layer_by_layer(take_in: Import, rows: Rows, tmp_path: Path) -> None:
    report = take_in("grb", grb(tmp_path))
    assert counts(report) == {"read": 14, "created": 13, "rejected": 1}
    assert [one.code for one in report.rejections] == ["kind_unknown"]
    assert {row[:2] + row[5:6] for row in rows(SECTIONS)} == {
        ("footpath", "Gentsestraat", True),
        ("carriageway", "Gentsestraat", True),
    }
    with pytest.raises(SourceUnreachable, match="of GRB we read gbg"):
        take_in("grb", papers.geopackage(tmp_path))


def test_the_ground_needs_a_file_and_a_mapping_that_is_about_it(take_in: Import, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="buildings need a file"):
        take_in("buildings")
    with pytest.raises(InvalidInput, match="there are building-register"):
        take_in("buildings", papers.geopackage(tmp_path))
    with pytest.raises(InvalidInput, match="makes streets, not buildings"):
        take_in("buildings", papers.geopackage(tmp_path), mapping="wegenregister")


@pytest.mark.shared
def test_the_buildings_of_baarle_and_the_streets_of_hoegaarden_come_in_whole(
    take_in: Import, rows: Rows, shared: Path
) -> None:
    real = shared / "data" / "real"
    baarle = real / "buildings-baarle-2024" / "buildings_31370.geojson.gz"
    assert counts(take_in("buildings", baarle, mapping="building-register")) == {
        "read": 4141,
        "created": 4141,
    }
    roads = real / "wegenregister-hoegaarden-2023" / "segments_around.geojson"
    report = take_in("streets", roads, mapping="wegenregister")
    assert counts(report) == {"read": 207, "created": 121, "rejected": 86}
    assert {one.code for one in report.rejections} == {"name_missing"}
    [names] = rows("SELECT count(DISTINCT name) FROM streets")
    assert 10 < names < 121
