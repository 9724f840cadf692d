"""A base map that shows less than before: when it is believed, and what stays."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from shapely import LineString, box

from geo_service.store.tables import building_projects
from tests.intake.conftest import Import
from tests.intake.ground_scenes import FOOTPATH, HOUSES, MAPS, SECTIONS, Rows, at, bring, few

__all__ = ["bring"]  # fixtures


def test_a_shape_on_a_line_that_is_cut_off_stays(rows: Rows, take_in: Import, tmp_path: Path) -> None:
    shapes = [box(3.21 + n / 1e4, 50.92, 3.21005 + n / 1e4, 50.92005).__geo_interface__ for n in range(3)]
    lines = [json.dumps({"type": "Feature", "geometry": one, "properties": {"id": n}}) for n, one in enumerate(shapes)]  # fmt: skip
    file, mapping = tmp_path / "a.jsonl", tmp_path / "a.toml"
    mapping.write_text(
        f'about = "t"\nsource = "map"\ntarget = "parcels"\nfull = true\n{MAPS["parcels"]}\n', "utf-8"
    )
    for last, vanished in ((lines[2], 0), (lines[2][:40], 0), ("", 1)):
        file.write_text("\n".join([*lines[:2], last]), encoding="utf-8")
        assert take_in("parcels", file, mapping=str(mapping)).vanished == vanished
    assert rows("SELECT count(*) FROM base_shapes") == [2]


def test_what_a_full_map_no_longer_shows_goes_with_its_sections(bring: Any, rows: Rows) -> None:
    other = ("p2", "klinkers", at(box(0, -6, 80, -4)))
    bring("pavements", [*FOOTPATH, other], full=True)
    report = bring("pavements", [other], full=True)
    assert (report.vanished, rows("SELECT count(*) FROM base_shapes")) == (1, [1])
    assert len(rows(SECTIONS)) == 1
    assert bring("pavements", [*FOOTPATH], full=False).vanished == 0


@pytest.mark.parametrize(
    ("target", "table"),
    [("buildings", "buildings"), ("pavements", "base_shapes"), ("parcels", "base_shapes"), ("streets", "base_shapes")],
)  # fmt: skip
def test_a_map_that_shrinks_too_much_is_not_believed_until_a_person_confirms_it(
    bring: Any, rows: Rows, target: str, table: str
) -> None:
    told = "SELECT count(*) FROM alerts WHERE type = 'feed.shrank'"
    bring(target, few(10)[target], full=True)
    report = bring(target, few(3)[target], full=True)
    assert (report.vanished, report.withheld) == (0, 7)
    assert bring(target, few(3)[target], full=True, dry_run=True).withheld == 7
    bring(target, few(3)[target], full=True)
    assert rows(f"SELECT count(*) FROM {table}") == [10]
    assert rows(told) == [1]  # once, not with every import
    report = bring(target, few(3)[target], full=True, accept_shrink=True)
    assert (report.vanished, report.withheld) == (7, 0)
    assert rows(f"SELECT count(*) FROM {table}") == [3]
    assert rows(told) == [2]


@pytest.mark.parametrize("target", ["buildings", "pavements", "parcels", "streets"])
def test_a_few_shapes_less_are_believed(bring: Any, target: str) -> None:
    bring(target, few(20)[target], full=True)
    report = bring(target, few(14)[target], full=True)
    assert (report.vanished, report.withheld) == (6, 0)


def test_a_building_that_is_there_and_cannot_be_read_has_not_gone(bring: Any, rows: Rows) -> None:
    bring("buildings", HOUSES[:3], full=True)
    folded = (*HOUSES[0][:3], at(LineString([(0, 6), (8, 16)])))
    report = bring("buildings", [folded, HOUSES[1]], full=True)
    assert (report.rejected, report.vanished) == (1, 1)
    assert rows("SELECT source_id FROM buildings ORDER BY 1") == ["b0", "b1"]


def test_a_building_of_a_project_of_the_city_stays_though_the_map_draws_another(
    bring: Any, rows: Rows, city: sa.Engine
) -> None:
    bring("buildings", HOUSES[:3], full=True)
    [hall] = rows("SELECT id FROM buildings WHERE source_id = 'b0'")
    with city.begin() as conn:
        conn.execute(sa.insert(building_projects).values(name="Nieuw stadhuis", building_id=hall))
    assert bring("buildings", HOUSES[2:3], full=True).vanished == 1
    assert rows("SELECT building_id FROM building_projects") == [hall]


def test_a_map_that_says_it_is_cut_off_takes_nothing_away(
    take_in: Import, rows: Rows, tmp_path: Path
) -> None:
    mapping = tmp_path / "t.toml"
    mapping.write_text(f'about = "t"\nsource = "map"\ntarget = "buildings"\n{MAPS["buildings"]}\n', "utf-8")
    house = {
        "type": "Polygon",
        "coordinates": [[[3.3, 50.95], [3.3001, 50.95], [3.3001, 50.9501], [3.3, 50.95]]],
    }
    shapes = [{"type": "Feature", "properties": {"id": f"b{n}"}, "geometry": house} for n in range(4)]
    file = tmp_path / "b.geojson"
    for some, members in ((shapes, {}), (shapes[:2], {"numberMatched": 4})):
        file.write_text(json.dumps({"type": "FeatureCollection", "features": some, **members}), "utf-8")
        report = take_in("buildings", file, mapping=str(mapping))
    assert (report.vanished, report.counts()["cut_off"]["total"]) == (0, 4)
    assert rows("SELECT count(*) FROM buildings") == [4]
